import sqlalchemy as sa
from attempt import attempt

print(
    attempt(lambda op: op.add_column("series", sa.Column("views", ydb_sqlalchemy.sqlalchemy.types.UInt64())))
)
#> NameError: name 'ydb_sqlalchemy' is not defined

import ydb_sqlalchemy.sqlalchemy.types

print(
    attempt(lambda op: op.add_column("series", sa.Column("views", ydb_sqlalchemy.sqlalchemy.types.UInt64())))
)
#> done
