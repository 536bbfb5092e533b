import sqlalchemy as sa
from attempt import attempt

print(attempt(lambda op: op.add_column("series", sa.Column("price", sa.Numeric()))))
"""
DataError: position { row: 1 column: 44 } message: "mismatched input \'None\' expecting {\'$\', DIGITS, INTEGER_VALUE}" end_position { row: 1 column: 44 } severity: 1 (server_code: 400080)
"""
print(attempt(lambda op: op.add_column("series", sa.Column("price", sa.Numeric(22, 9)))))
#> done
