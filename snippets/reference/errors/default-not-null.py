import sqlalchemy as sa
from attempt import attempt

print(
    attempt(
        lambda op: op.add_column("series", sa.Column("plays", sa.Integer(), nullable=False, server_default=sa.text("0")))
    )
)
"""
DataError: position { row: 1 column: 51 } message: "\'DEFAULT\' option can not use expr which contains literall \'NOT NULL\'. If you wanted to use two different options \'DEFAULT\' and \'NOT NULL\', it is recommended to use the syntax \'(DEFAULT value, NOT NULL, ...)\'" end_position { row: 1 column: 51 } severity: 1 (server_code: 400080)
"""
print(
    attempt(
        lambda op: op.execute(sa.DDL("ALTER TABLE series ADD COLUMN plays Int64 NOT NULL DEFAULT 0"))
    )
)
#> done
