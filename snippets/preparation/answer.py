from ydb_sqlalchemy.alembic import YDBImpl  # noqa: F401 - registers YDB with Alembic
