from attempt import attempt

print(attempt(lambda op: op.alter_column("series", "title", new_column_name="name")))
"""
DataError: position { row: 1 column: 26 } message: "no viable alternative at input \'RENAME title\'" end_position { row: 1 column: 26 } severity: 1 (server_code: 400080)
"""
