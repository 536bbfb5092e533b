import sqlalchemy as sa
from attempt import attempt

print(attempt(lambda op: op.add_column("series", sa.Column("views", sa.Integer(), nullable=False))))
"""
DataError: message: "Type annotation" issue_code: 1030 severity: 1 issues { position { row: 1 column: 13 } message: "At function: KiAlterTable!" end_position { row: 1 column: 13 } severity: 1 issues { position { row: 1 column: 31 } message: "AlterTable : db.[/local/series] Column: \"views\" already exists" end_position { row: 1 column: 31 } severity: 1 } } (server_code: 400080)
"""
