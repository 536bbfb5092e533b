"""Save and load the name of a series: python app.py STEP save ID TEXT, python app.py STEP load ID"""

import os
import sys

import sqlalchemy as sa

READS = {1: "title", 2: "title", 3: "name", 4: "name"}
WRITES = {1: ["title"], 2: ["title", "name"], 3: ["title", "name"], 4: ["name"]}


def save(connection: sa.Connection, step: int, series_id: int, text: str) -> None:
    columns = ", ".join(WRITES[step])
    values = ", ".join(":text" for _ in WRITES[step])
    statement = sa.text(f"UPSERT INTO series (series_id, {columns}) VALUES (:id, {values})")
    connection.execute(statement, {"id": series_id, "text": text})


def load(connection: sa.Connection, step: int, series_id: int) -> str | None:
    statement = sa.text(f"SELECT {READS[step]} FROM series WHERE series_id = :id")
    return connection.execute(statement, {"id": series_id}).scalar()


if __name__ == "__main__":
    step, command, series_id = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    url = os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        if command == "save":
            save(connection, step, series_id, sys.argv[4])
        else:
            print(load(connection, step, series_id))
