import sqlalchemy as sa
from attempt import attempt

print(attempt(lambda op: op.add_column("series", sa.Column("cost", sa.Numeric(40, 2)))))
"""
DataError: position { row: 1 column: 36 } message: "Invalid decimal precision: 40" end_position { row: 1 column: 36 } severity: 1 (server_code: 400080)
"""
