import sqlalchemy as sa
from attempt import attempt

print(
    attempt(
        lambda op: op.create_table("t", sa.Column("id", sa.Integer()), sa.PrimaryKeyConstraint("id", name="t_pk"))
    )
)
"""
DataError: position { row: 4 column: 17 } message: "no viable alternative at input \'PRIMARY\'" end_position { row: 4 column: 17 } severity: 1 (server_code: 400080)
"""
print(
    attempt(
        lambda op: op.create_table("t", sa.Column("id", sa.Integer()), sa.PrimaryKeyConstraint("id"))
    )
)
#> done
