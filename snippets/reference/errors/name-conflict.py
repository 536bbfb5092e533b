import sqlalchemy as sa
from attempt import attempt

print(
    attempt(
        lambda op: op.create_table("series", sa.Column("series_id", sa.Integer(), primary_key=True))
    )
)
"""
DataError: message: "Type annotation" issue_code: 1030 severity: 1 issues { position { row: 2 column: 1 } message: "At function: KiCreateTable!" end_position { row: 2 column: 1 } severity: 1 issues { position { row: 2 column: 1 } message: "Table name conflict: db.[/local/series] is used to reference multiple tables." end_position { row: 2 column: 1 } severity: 1 } } (server_code: 400080)
"""
