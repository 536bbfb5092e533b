import sqlalchemy as sa
from attempt import attempt

print(attempt(lambda op: op.add_column("series", sa.Column("rank", sa.Integer()), schema="folder")))
"""
DataError: position { row: 1 column: 13 } message: "Unknown cluster: folder" end_position { row: 1 column: 13 } severity: 1 (server_code: 400080)
"""
print(
    attempt(
        lambda op: op.create_table("folder/series", sa.Column("id", sa.Integer(), primary_key=True))
    )
)
#> done
