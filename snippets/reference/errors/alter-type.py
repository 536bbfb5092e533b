import sqlalchemy as sa
from attempt import attempt

print(attempt(lambda op: op.alter_column("series", "title", type_=sa.Integer())))
"""
DataError: position { row: 1 column: 38 } message: "no viable alternative at input \'ALTER COLUMN title TYPE\'" end_position { row: 1 column: 38 } severity: 1 (server_code: 400080)
"""
