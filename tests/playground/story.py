"""A story of one database, told through the whole client stack: what Alembic prints, rows of all types, refusals.

`python -m tests.playground.story` tells it in one process, through the playground's stand-ins. What it prints has to be
what the same story gives on a server of gRPC.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PORT = 2136

TYPES = """
    SELECT true, -1t, 2ut, -3s, 4us, -5, 6u, -7l, 8ul, Float("1.5"), Double("-2.5"), Decimal("1.23", 22, 9),
        "bytes\\x00"s, "text é"u, Json('{"a": [1]}'), JsonDocument('{"b": null}'), Yson("[1;2]"),
        Uuid("f9d5cc3f-f1dc-4d9c-b97e-766e57ca4ccb"), Date("2026-01-02"), Datetime("2026-01-02T03:04:05Z"),
        Timestamp("2026-01-02T03:04:05.678901Z"), Interval("P1DT2H"), DyNumber("1e5"), NULL, Just(1), AsList(1, 2),
        AsTuple(1, "x"u), AsStruct(1 AS a), AsDict(AsTuple(1, 2u))
"""
REFUSED = [
    "SELECT * FROM nothing",
    "SELECT 1 +",
    "CREATE TABLE t (a Int64)",
    "INSERT INTO series (series_id, title) VALUES (1, 'a'u), (1, 'b'u)",
    "SELECT Fancy::Thing(1)",
]
HISTORY = {
    path.relative_to(ROOT / "example").as_posix(): path.read_text()
    for path in sorted((ROOT / "example" / "migrations").rglob("*.*"))
    if path.is_file() and path.suffix != ".pyc"
}
LINES = [
    "alembic upgrade head",
    "alembic current",
    "alembic upgrade nowhere",
    "alembic nonsense",
    "echo 'kept = 1' >> models.py && python -c 'import models; print(models.kept)'",
    "echo 'kept = 2' >> models.py && python -c 'import models; print(models.kept)'",
    "python -c 'import logging; logging.basicConfig(level=0)'",
    "python -c 'import sys; print(sys.argv); sys.exit(3)' a",
    "python -c '1 / 0'",
    "python nothing.py",
    "yql 'SELECT version_num FROM alembic_version'",
    "yql 'SELECT * FROM nothing'",
    "YDB_URL=yql+ydb://localhost:2137/local alembic current",
    "alembic current",
]


def tell(url: str) -> list[Any]:
    """The story, on the database at an address of SQLAlchemy. Out: what came of each part, as JSON has it."""
    import sqlalchemy as sa
    import ydb

    os.environ["YDB_URL"] = url
    told: list[Any] = [_alembic("upgrade", "head"), _alembic("current"), _alembic("check")]
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        table = sa.Table("episodes", sa.MetaData(), autoload_with=connection)
        told.append(
            [f"{column.name} {column.type!r} {column.nullable} {column.primary_key}" for column in table.columns]
        )
        told.append(sorted(sa.inspect(connection).get_table_names()))
        connection.execute(
            sa.text("UPSERT INTO series (series_id, title) VALUES (:id, :title)"), {"id": 7, "title": "ü"}
        )
        told.append(repr(connection.execute(sa.text("SELECT * FROM series")).all()))
        for text in REFUSED:
            told.append(_refusal(partial(connection.exec_driver_sql, text)))
    serializable = engine.execution_options(isolation_level="SERIALIZABLE")
    with serializable.connect() as connection, connection.begin() as begun:
        connection.execute(sa.text("DELETE FROM series"))
        begun.rollback()
    address = sa.make_url(url)
    with ydb.Driver(endpoint=f"grpc://{address.host}:{address.port}", database=f"/{address.database}") as driver:
        driver.wait(5, fail_fast=True)
        with ydb.QuerySessionPool(driver) as pool:
            for text in (
                TYPES,
                "SELECT COUNT(*) FROM series",
                "SELECT * FROM AS_TABLE(ListReplicate(AsStruct('long'u AS a), 2000))",
            ):
                told += [[repr(dict(row)) for row in result.rows] for result in pool.execute_with_retries(text)]
            given = {"$n": ydb.TypedValue([1, None], ydb.ListType(ydb.OptionalType(ydb.PrimitiveType.Int64)))}
            told.append(repr(pool.execute_with_retries("SELECT $n AS n", given)[0].rows))
            told.append(repr(pool.execute_with_retries_async("SELECT 1 AS one").result()[0].rows))
        told.append([child.name for child in driver.scheme_client.list_directory(f"/{address.database}").children])
        told.append(_refusal(lambda: driver.scheme_client.describe_path("/elsewhere")))
    with ydb.Driver(endpoint=f"grpc://{address.host}:{address.port}", database="/elsewhere") as driver:
        told.append(_refusal(lambda: driver.wait(5, fail_fast=True)))
    engine.dispose()
    told += [_alembic("downgrade", "base"), _alembic("upgrade", "nowhere")]
    return json.loads(json.dumps(told).replace(str(address.port), str(PORT)))


def _alembic(name: str, *arguments: str) -> list[str]:
    """What a command prints and logs, and how it ends."""
    from alembic import command
    from alembic.config import Config

    printed = io.StringIO()
    handler, logger = logging.StreamHandler(printed), logging.getLogger("alembic")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        ended = _refusal(lambda: getattr(command, name)(Config("alembic.ini", stdout=printed), *arguments))
    finally:
        logger.removeHandler(handler)
    return [*printed.getvalue().splitlines(), ended]


def _refusal(do: Callable[[], Any]) -> str:
    try:
        return f"not refused: {do()}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@contextlib.contextmanager
def project() -> Any:
    """The guide's example in a folder of its own, which is the current one meanwhile."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        shutil.copytree(ROOT / "example", folder, dirs_exist_ok=True)
        yield


def commands() -> list[Any]:
    """What the playground's terminal makes of some lines: each with its status and with what it printed."""
    from playground.tab import Tab

    printed: list[str] = []
    files = {path.name: path.read_text() for path in (ROOT / "example").glob("*.*")}
    told: list[Any] = []
    with tempfile.TemporaryDirectory() as folder:
        tab = Tab(f"{folder}/project", files, "26.2", printed.append)
        for name, text in HISTORY.items():
            tab.save(name, text)
        tab.warm()
        for line in LINES:
            status = tab.run(line)
            told.append([line, status, "".join(printed)])
            printed.clear()
        tab.save("models.py", "")
        state = tab.state() | {"archive": len(tab.archive())}
        try:
            tab.save("../outside.txt", "")
        except ValueError as error:
            state["outside"] = str(error)
    return [told, state]


def main() -> None:
    from playground import tab, transport
    from ydb_emulator import Emulator

    transport.serve(PORT, Emulator(PORT).methods())
    with project():
        told = tell(f"yql+ydb://localhost:{PORT}/local")
    del sys.modules["models"]  # it was of that project
    lines, state = commands()
    threads = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    from google.protobuf.internal import api_implementation

    from playground import messages

    found = {"threads": threads, "protobuf": api_implementation.Type(), "has_grpc": "grpc._cython" in sys.modules}
    found["late"] = len(messages.waiting)
    json.dump(found | {"told": told, "lines": lines, "state": state, "port": tab.PORT}, sys.stdout)


if __name__ == "__main__":
    main()
