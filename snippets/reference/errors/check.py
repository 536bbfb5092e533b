from attempt import attempt

print(attempt(lambda op: op.create_check_constraint("c", "series", "series_id > 0")))
"""
DataError: position { row: 1 column: 36 } message: "no viable alternative at input \'CHECK\'" end_position { row: 1 column: 36 } severity: 1 (server_code: 400080)
"""
