# --8<-- [start:dialect]
from ydb_sqlalchemy.alembic import YDBImpl  # noqa: F401
# --8<-- [end:dialect]
