"""Is the database ready for this version of the application? `python ready.py` ends with 0 if it is."""

import os
import sys

import sqlalchemy as sa
import ydb_sqlalchemy.alembic  # noqa: F401 - registers YDB with Alembic
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory


def missing(connection: sa.Connection, scripts: ScriptDirectory) -> list[str]:
    """The revisions that this code has and the database lacks, oldest first.

    Empty, too, for a database at a revision that this code does not know: that of a newer version of it.
    """
    current = MigrationContext.configure(connection).get_current_revision()
    known = [script.revision for script in scripts.walk_revisions()]
    if current is None:
        return known[::-1]
    return known[: known.index(current)][::-1] if current in known else []


if __name__ == "__main__":
    engine = sa.create_engine(os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local"))
    with engine.connect() as connection:
        lacks = missing(connection, ScriptDirectory.from_config(Config("alembic.ini")))
    print(f"the database lacks {', '.join(lacks)}" if lacks else "ready")
    sys.exit(bool(lacks))
