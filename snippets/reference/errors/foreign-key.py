from attempt import attempt

print(
    attempt(
        lambda op: op.create_foreign_key("fk", "series", "series", ["series_id"], ["series_id"])
    )
)
"""
DataError: position { row: 1 column: 37 } message: "no viable alternative at input \'FOREIGN\'" end_position { row: 1 column: 37 } severity: 1 (server_code: 400080)
"""
