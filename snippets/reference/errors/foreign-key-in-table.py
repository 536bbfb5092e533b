import sqlalchemy as sa
from attempt import attempt

print(
    attempt(
        lambda op: op.create_table("t", sa.Column("id", sa.Integer(), sa.ForeignKey("series.series_id"), primary_key=True))
    )
)
"""
DataError: position { row: 5 column: 9 } message: "extraneous input \'KEY\' expecting {\',\', \')\'}" end_position { row: 5 column: 9 } severity: 1 (server_code: 400080)
"""
