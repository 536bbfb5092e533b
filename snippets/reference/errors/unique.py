from attempt import attempt

print(attempt(lambda op: op.create_unique_constraint("u", "series", ["title"])))
"""
DataError: position { row: 1 column: 36 } message: "no viable alternative at input \'UNIQUE\'" end_position { row: 1 column: 36 } severity: 1 (server_code: 400080)
"""
