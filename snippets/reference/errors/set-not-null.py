from attempt import attempt

print(attempt(lambda op: op.alter_column("series", "released", nullable=False)))
"""
DataError: position { row: 1 column: 20 } message: "SET NOT NULL is currently not supported." end_position { row: 1 column: 20 } severity: 1 (server_code: 400080)
"""
