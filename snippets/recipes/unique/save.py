"""Save a series whose title nobody else has: python save.py ID TITLE"""

import os
import sys

import sqlalchemy as sa
import ydb
from ydb_sqlalchemy import retry_ydb_operation

OLD = sa.text("SELECT title FROM series WHERE series_id = :id")
TITLE = sa.text("INSERT INTO series_titles (title, series_id) VALUES (:title, :id)")
SERIES = sa.text("UPSERT INTO series (series_id, title) VALUES (:id, :title)")
GIVE_BACK = sa.text("DELETE FROM series_titles WHERE title = :old AND series_id = :id")


def save(engine: sa.Engine, series_id: int, title: str) -> bool:
    """Whether it was saved. If not, the title is taken."""
    values = {"id": series_id, "title": title}

    def change() -> None:
        with engine.connect().execution_options(isolation_level="SERIALIZABLE") as connection, connection.begin():
            old = connection.scalar(OLD, values)
            if old == title:
                return
            connection.execute(TITLE, values)
            connection.execute(SERIES, values)
            if old is not None:
                connection.execute(GIVE_BACK, {"old": old, "id": series_id})

    try:
        retry_ydb_operation(change)
    except ydb.issues.PreconditionFailed:
        return False
    return True


if __name__ == "__main__":
    url = os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    saved = save(engine, int(sys.argv[1]), sys.argv[2])
    print("saved" if saved else "the title is taken")
    sys.exit(not saved)
