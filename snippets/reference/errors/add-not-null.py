import sqlalchemy as sa
from attempt import attempt

print(attempt(lambda op: op.add_column("series", sa.Column("likes", sa.Integer(), nullable=False))))
"""
ProgrammingError: position { row: 1 column: 31 } message: "Cannot add not null column without default value" end_position { row: 1 column: 31 } issue_code: 2017 severity: 1 (server_code: 400010)
"""
