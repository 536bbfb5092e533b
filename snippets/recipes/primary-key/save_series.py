"""Write both tables, in one transaction: python save_series.py save ID TITLE, python save_series.py delete ID"""

import os
import sys

import sqlalchemy as sa
from ydb_sqlalchemy import retry_ydb_operation

OLD_TITLE = sa.text("SELECT COALESCE(title, ''u) FROM series WHERE series_id = :id")
SAVE = sa.text("UPSERT INTO series (series_id, title) VALUES (:id, :title)")
DELETE = sa.text("DELETE FROM series WHERE series_id = :id")
FORGET = sa.text("DELETE FROM series_v2 WHERE title = :old AND series_id = :id")
COPY = sa.text("""
    UPSERT INTO series_v2 (title, series_id, series_info, release_date)
    SELECT COALESCE(title, ''u) AS title, series_id, series_info, release_date FROM series WHERE series_id = :id
""")


def save(engine: sa.Engine, series_id: int, title: str) -> None:
    def both() -> None:
        with engine.connect().execution_options(isolation_level="SERIALIZABLE") as connection, connection.begin():
            old = connection.scalar(OLD_TITLE, {"id": series_id})
            if old not in (None, title):
                connection.execute(FORGET, {"id": series_id, "old": old})
            connection.execute(SAVE, {"id": series_id, "title": title})
            connection.execute(COPY, {"id": series_id})

    retry_ydb_operation(both)


def delete(engine: sa.Engine, series_id: int) -> None:
    def both() -> None:
        with engine.connect().execution_options(isolation_level="SERIALIZABLE") as connection, connection.begin():
            old = connection.scalar(OLD_TITLE, {"id": series_id})
            if old is not None:
                connection.execute(FORGET, {"id": series_id, "old": old})
                connection.execute(DELETE, {"id": series_id})

    retry_ydb_operation(both)


if __name__ == "__main__":
    url = os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    match sys.argv[1:]:
        case ["save", series_id, title]:
            save(engine, int(series_id), title)
        case ["delete", series_id]:
            delete(engine, int(series_id))
        case _:
            sys.exit(__doc__)
