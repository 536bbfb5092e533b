"""Save a series whose title nobody else has: python save.py ID TITLE"""

import os
import sys

import sqlalchemy as sa
import ydb
from ydb_sqlalchemy import retry_ydb_operation

TITLE = sa.text("INSERT INTO series_titles (title, series_id) VALUES (:title, :id)")
SERIES = sa.text("UPSERT INTO series (series_id, title) VALUES (:id, :title)")


def save(engine: sa.Engine, series_id: int, title: str) -> bool:
    """Whether it was saved. If not, the title is taken."""
    values = {"id": series_id, "title": title}

    def both() -> None:
        with engine.connect().execution_options(isolation_level="SERIALIZABLE") as connection, connection.begin():
            connection.execute(TITLE, values)
            connection.execute(SERIES, values)

    try:
        retry_ydb_operation(both)
    except ydb.issues.PreconditionFailed:
        return False
    return True


if __name__ == "__main__":
    url = os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    saved = save(engine, int(sys.argv[1]), sys.argv[2])
    print("saved" if saved else "the title is taken")
    sys.exit(not saved)
