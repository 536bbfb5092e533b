import sqlalchemy as sa
from attempt import attempt

print(attempt(lambda op: op.create_table("t", sa.Column("id", sa.Integer()))))
"""
DataError: position { row: 2 column: 1 } message: "Primary key is required for ydb tables." end_position { row: 2 column: 1 } severity: 1 (server_code: 400080)
"""
