"""Whether the database has what this code needs. As a program: the exit status tells."""

import os

import sqlalchemy as sa
import ydb_sqlalchemy.alembic  # noqa: F401 - registers YDB with Alembic
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory


class NotReady(Exception):
    """The database lacks revisions."""


def check(engine: sa.Engine, config: Config) -> str:
    """Compare the revision of a database with the head of this code.

    Out: how they compare, if the database is at the head, or further. Raises NotReady if it is behind, and the errors
    of SQLAlchemy if YDB cannot be asked.
    """
    script = ScriptDirectory.from_config(config)
    head = script.get_current_head()
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == head:
        return f"at the head, {head}"
    if current is None:
        raise NotReady(f"no revision can be read, this code needs {head}")
    if current in [revision.revision for revision in script.walk_revisions()]:
        raise NotReady(f"at {current}, this code needs {head}")
    return f"at {current}, which is newer than this code"


if __name__ == "__main__":
    config = Config("alembic.ini")
    url = os.environ.get("YDB_URL") or config.get_main_option("sqlalchemy.url", "")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        print("ready:", check(engine, config))
    except (NotReady, sa.exc.DBAPIError) as error:
        raise SystemExit(f"not ready: {error}") from None
