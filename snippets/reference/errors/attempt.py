"""Run one operation of Alembic and return how it ends."""

from collections.abc import Callable

import sqlalchemy as sa
import ydb_sqlalchemy.alembic  # noqa: F401 - registers YDB with Alembic
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

engine = sa.create_engine("yql+ydb://localhost:2136/local", poolclass=sa.NullPool)


def attempt(operation: Callable[[Operations], object]) -> str:
    with engine.connect() as connection:
        try:
            operation(Operations(MigrationContext.configure(connection)))
        except sa.exc.DBAPIError as error:
            return f"{type(error).__name__}: {error.orig}"
        except Exception as error:
            return f"{type(error).__name__}: {error}"
    return "done"
