"""The backfill of the guide, on many rows, killed in the middle."""

import datetime
from pathlib import Path

import sqlalchemy as sa
import ydb

from tests.project import SNIPPETS, kill_at, project

FOLDER = SNIPPETS / "recipes" / "backfill"
ROWS = 20_000
FILL = """
DECLARE $rows AS List<Struct<id: Int64>>;
UPSERT INTO series
SELECT id AS series_id, CAST(id AS Utf8) AS title, CAST(id % 20000 AS Int64) AS release_date FROM AS_TABLE($rows)
"""


def fill(url: str, rows: int) -> None:
    kind = ydb.ListType(ydb.StructType().add_member("id", ydb.PrimitiveType.Int64))
    endpoint, _, database = url.removeprefix("yql+ydb://").partition("/")
    with (
        ydb.Driver(endpoint=f"grpc://{endpoint}", database=f"/{database}") as driver,
        ydb.QuerySessionPool(driver) as pool,
    ):
        for first in range(0, rows, 10_000):
            values = [{"id": number} for number in range(first, min(first + 10_000, rows))]
            pool.execute_with_retries(FILL, {"$rows": (values, kind)})


def test_a_killed_backfill_goes_on_and_loses_nothing(tmp_path: Path) -> None:
    with project(tmp_path / "project") as example:
        example.revision("c5c5c5c5c5c5", FOLDER / "c5c5c5c5c5c5_add_release_year.py")
        example.add(FOLDER / "backfill.py")
        example.run("alembic upgrade head")
        fill(example.emulator.url, ROWS)
        job = example.start("python", "backfill.py", "--size", "4000")
        printed = kill_at(example, job, "UPDATE series", nth=3)
        assert [line.split(",")[0] for line in printed.splitlines()] == ["4000 rows"] * 2
        with example.connect() as connection:
            lacking = connection.scalar(sa.text("SELECT COUNT(*) FROM series WHERE release_year IS NULL"))
            assert lacking == ROWS - 8_000
            example.run("python backfill.py --size 4000")
            rows = connection.execute(sa.text("SELECT series_id, title, release_date, release_year FROM series")).all()
    assert len(rows) == ROWS
    epoch = datetime.date(1970, 1, 1)
    days = [(number, number % 20000) for number, *_ in rows]
    expected = [(number, str(number), day, (epoch + datetime.timedelta(day)).year) for number, day in days]
    assert [pair for pair in zip(rows, expected, strict=True) if tuple(pair[0]) != pair[1]] == []
