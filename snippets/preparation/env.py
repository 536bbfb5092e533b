# --8<-- [start:dialect]
from ydb_sqlalchemy.alembic import YDBImpl  # noqa: F401 - registers YDB with Alembic
# --8<-- [end:dialect]
