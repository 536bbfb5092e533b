"""The backfill of the guide, on many rows, killed at random. With more of both, as a program:

python -m tests.recipes.test_backfill 100000 20
"""

import datetime
import random
import signal
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa
import ydb

from tests.project import BATCHES, SNIPPETS, Project, kill, project

FOLDER = SNIPPETS / "recipes" / "backfill"
SIZE = 1000
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


def killed_at(example: Project, statement: int, runs: bool, *options: str) -> str:
    """Start the job and kill it as its n-th UPDATE comes, before that runs or while it does. Out: what it printed."""
    job = example.start("python", "backfill.py", "--size", str(SIZE), *options)
    left = iter(range(statement - 1))

    def strike(text: str) -> bool:
        if not text.startswith("UPDATE series") or next(left, None) is not None:
            return False
        kill(job)
        return True

    example.emulator.faults.drop_connection(matching=strike, after=runs)
    printed, _ = job.communicate()
    assert job.returncode == -signal.SIGKILL, printed
    return str(printed)


def killed(folder: Path, rows: int, kills: int, seed: int) -> None:
    """Fill rows with a job that is killed at random, and then compare every row."""
    chance = random.Random(seed)
    with project(folder) as example:
        example.revision("c5c5c5c5c5c5", FOLDER / "c5c5c5c5c5c5_add_release_year.py")
        example.add(FOLDER / "backfill.py")
        example.add(BATCHES)
        example.run("alembic upgrade head")
        fill(example.emulator.url, rows)
        most, place = 0, ""
        for number in range(kills):
            left = (rows - most) // SIZE
            runs, from_place = chance.random() < 0.5, place and chance.random() < 0.5
            statement = chance.randint(1, left // (kills - number))
            options = ["--after", place] if from_place else []
            printed = killed_at(example, statement, runs, *options)
            assert len(printed.splitlines()) >= statement - 1
            place = printed.split()[-1] if printed else place
            most += (statement - 1 + runs) * SIZE
            [(filled,)] = example.query("SELECT COUNT(*) FROM series WHERE release_year IS NOT NULL")
            assert 0 <= most - filled <= (number + 1) * SIZE
        after = f"--after {place}" if place and seed % 2 else ""
        assert "rows processed" in example.run(f"python backfill.py --size {SIZE} {after}")
        example.run("python backfill.py --check --size 10000")
        with example.connect() as connection:
            found = connection.execute(sa.text("SELECT series_id, title, release_date, release_year FROM series")).all()
    assert len(found) == rows
    epoch = datetime.date(1970, 1, 1)
    days = [(number, number % 20000) for number, *_ in found]
    expected = [(number, str(number), day, (epoch + datetime.timedelta(day)).year) for number, day in days]
    assert [pair for pair in zip(found, expected, strict=True) if tuple(pair[0]) != pair[1]] == []
    print(f"{rows} rows, killed {kills} times, nothing lost")


def test_a_killed_backfill_goes_on_and_loses_nothing(tmp_path: Path) -> None:
    killed(tmp_path / "project", rows=8_000, kills=2, seed=7)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        killed(Path(temporary) / "project", int(sys.argv[1]), int(sys.argv[2]), seed=29)
