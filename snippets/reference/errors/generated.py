import sqlalchemy as sa
from attempt import attempt

print(
    attempt(
        lambda op: op.add_column("series", sa.Column("next", sa.Integer(), sa.Computed("series_id + 1")))
    )
)
"""
DataError: position { row: 1 column: 41 } message: "no viable alternative at input \'GENERATED\'" end_position { row: 1 column: 41 } severity: 1 (server_code: 400080)
"""
