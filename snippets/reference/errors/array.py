import sqlalchemy as sa
from attempt import attempt

print(attempt(lambda op: op.add_column("series", sa.Column("tags", sa.ARRAY(sa.String())))))
"""
ProgrammingError: message: "Type annotation" issue_code: 1030 severity: 1 issues { position { row: 1 column: 31 } message: "At function: KiAlterTable!" end_position { row: 1 column: 31 } severity: 1 issues { position { row: 1 column: 31 } message: "Invalid type for column: tags. Only YQL data types and PG types are currently supported" end_position { row: 1 column: 31 } issue_code: 2031 severity: 1 } } (server_code: 400010)
"""
