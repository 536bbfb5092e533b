"""Measure the emulator, as a process of its own, beside SQLite in memory, and print a table of medians.

The last column is what ten times the input takes, as a multiple of what the input takes: it should not be far over 10.
Exits with 1 where a target is missed.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from guide.paths import ROOT
from guide.reader.shell import piped
from ydb_emulator.yql.parser import parse

READY, STATEMENT, READING, UPGRADE, GROWTH = 0.5, 0.004, 0.16, 1.3, 15.0
"""Targets: seconds until ready, a one-row statement, the reading of 1,000 rows (8,000 tokens, each 20 µs), the tutorial
by SQLite's time, ten times the input."""

Work = Callable[[sa.Connection], object]


@dataclass(frozen=True)
class Result:
    """Medians in seconds; `growth` is that of the emulator, None where there is nothing to make larger."""

    name: str
    emulator: float
    sqlite: float | None
    target: float | None = None
    growth: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.emulator / self.sqlite if self.sqlite else None

    @property
    def misses(self) -> list[str]:
        missed = []
        if self.target is not None and self.emulator > self.target:
            missed.append(f"{self.name}: {self.emulator * 1000:.1f} ms, not {self.target * 1000:.1f}")
        if self.growth is not None and self.growth > GROWTH:
            missed.append(f"{self.name}: ten times the input takes {self.growth:.1f} times as long")
        return missed


def main() -> int:
    results = []
    print(f"{'':32}{'emulator':>12}{'SQLite':>12}{'ratio':>8}{'10 x':>8}")
    for result in measure():
        ratio = f"{result.ratio:.1f}" if result.ratio else ""
        sqlite = f"{result.sqlite * 1000:.2f} ms" if result.sqlite else ""
        growth = f"{result.growth:.1f}" if result.growth else ""
        print(f"{result.name:32}{result.emulator * 1000:9.2f} ms{sqlite:>12}{ratio:>8}{growth:>8}", flush=True)
        results.append(result)
    missed = [miss for result in results for miss in result.misses]
    print("\n".join(["", "Targets missed:", *missed]) if missed else "\nAll targets are met.")
    return 1 if missed else 0


def measure() -> Iterator[Result]:
    yield Result("start-up, process to ready", median(start_up, 7), None, READY)
    yield Result("reading of 1,000 rows", median(reading, 7), None, READING)
    with emulator() as url:
        yield from statements(url)
        closing = connect_and_close(url)
        yield closing
    yield from growth()
    yield upgrade("tutorial's upgrade, a process", ROOT / "example", 7, closing.emulator)
    with tempfile.TemporaryDirectory() as folder:
        yield upgrade("1,000 revisions, a process", long_history(Path(folder), 1000), 3)


# --- processes -------------------------------------------------------------------------------------------------


@contextmanager
def emulator() -> Iterator[str]:
    """The URL of an emulator that runs as a process."""
    command = [sys.executable, "-m", "ydb_emulator", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield piped(process.stdout).readline().strip()
        finally:
            process.terminate()


def start_up() -> float:
    started = time.perf_counter()
    with emulator() as url:
        seconds = time.perf_counter() - started
        assert url
    return seconds


def reading() -> float:
    """Processor time, since nothing else is waited for."""
    text = upsert("UPSERT", range(1000))
    parse("SELECT 1")  # the first statement waits for the grammar
    started = time.process_time()
    parse(text)
    return time.process_time() - started


def upgrade(name: str, project: Path, times: int, closing: float | None = None) -> Result:
    """`alembic upgrade head` of a project as a process, on an emulator that waits for it and on an SQLite file.

    `closing` is what the SDK takes to connect and to close (see `connect_and_close`); the target allows for it.
    """

    def seconds(url: str) -> float:
        code = (
            "import sys, alembic.config, alembic.command; config = alembic.config.Config('alembic.ini');"
            "config.set_main_option('sqlalchemy.url', sys.argv[1]); alembic.command.upgrade(config, 'head')"
        )
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", code, url], cwd=project, check=True, capture_output=True)
        return time.perf_counter() - started

    on_emulator, on_sqlite = [], []
    for _ in range(times):
        with emulator() as url:
            time.sleep(1)  # it is ready, and reads its grammar in the background
            on_emulator.append(seconds(url))
        with tempfile.TemporaryDirectory() as folder:
            on_sqlite.append(seconds(f"sqlite:///{folder}/database"))
    sqlite = statistics.median(on_sqlite)
    target = None if closing is None else sqlite * UPGRADE + closing
    return Result(name, statistics.median(on_emulator), sqlite, target)


def long_history(folder: Path, revisions: int) -> Path:
    """The example's project with that many revisions instead of its own: a table, then a column in each."""
    project = folder / "project"
    shutil.copytree(ROOT / "example", project, ignore=shutil.ignore_patterns("__pycache__", "*.py[co]"))
    versions = project / "migrations" / "versions"
    for file in versions.glob("*.py"):
        file.unlink()
    shutil.copy(ROOT / "example" / "models.py", project)
    for number in range(revisions):
        table, down = number // 100, f"'{number - 1:06}'" if number else None
        if number % 100:
            up = f"op.add_column('t{table}', sa.Column('c{number}', sa.Integer()))"
        else:
            up = f"op.create_table('t{table}', sa.Column('id', sa.Integer(), primary_key=True))"
        text = f"import sqlalchemy as sa\nfrom alembic import op\n\nrevision = '{number:06}'\ndown_revision = {down}\n"
        (versions / f"{number:06}.py").write_text(f"{text}\n\ndef upgrade():\n    {up}\n")
    return project


# --- statements ------------------------------------------------------------------------------------------------


def median(work: Callable[[], float], times: int) -> float:
    return statistics.median(work() for _ in range(times))


def timed(connection: sa.Connection, work: Work, times: int = 100) -> float:
    def once() -> float:
        started = time.perf_counter()
        work(connection)
        return time.perf_counter() - started

    once()
    return median(once, times)


def statements(url: str) -> Iterator[Result]:
    engines = [sa.create_engine(url), sa.create_engine("sqlite://")]
    with engines[0].connect() as on_emulator, engines[1].connect() as on_sqlite:
        connections = (on_emulator, on_sqlite)
        for connection in connections:
            make_table(connection, "t")
            fill(connection, 1000)
        for name, work, times, target in WORK:
            emulator, sqlite = (timed(connection, work, times) for connection in connections)
            yield Result(name, emulator, sqlite, target)
        for connection in connections:
            for number in range(50):
                make_table(connection, f"r{number}")
        reflection = (timed(connection, reflect, 5) for connection in connections)
        yield Result("reflection of 50 tables", *reflection)
    for engine in engines:
        engine.dispose()


def connect_and_close(url: str) -> Result:
    """As `alembic` does: an engine of one connection.

    Closing it waits for the SDK's discovery thread, which closes its own channel as soon as it has the list of nodes;
    until it was open gRPC watched that channel, and it wakes from that only every 0.2 s (`_poll_connectivity` in
    grpc/_channel.py). No answer of a server ends that sooner.
    """

    def once(url: str) -> float:
        started = time.perf_counter()
        engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
        return time.perf_counter() - started

    return Result("connect, SELECT 1, close", *(median(partial(once, u), 7) for u in (url, "sqlite://")))


def growth() -> Iterator[Result]:
    """What ten times the input takes, on databases of their own."""
    rows = {}
    for size in (1000, 10_000):
        with emulator() as url:
            engine = sa.create_engine(url)
            with engine.connect() as connection:
                make_table(connection, "t")
                started = time.perf_counter()
                for _ in range(size // 1000):
                    fill(connection, 1000)
                filled = time.perf_counter() - started
                rows[size] = (
                    filled,
                    timed(connection, lambda c: c.execute(sa.text("SELECT COUNT(*), SUM(n) FROM t")).all(), 5),
                    timed(connection, by_key, 50),
                    timed(connection, update, 50),
                )
            engine.dispose()
    names = ("UPSERT of rows, 1,000 a time", "scan of 1,000 rows", "SELECT by key of 1,000", "UPDATE by key of 1,000")
    for name, small, large in zip(names, rows[1000], rows[10_000], strict=True):
        yield Result(name, small, None, growth=large / small)
    times = {}
    for size in (5, 50):
        with emulator() as url:
            engine = sa.create_engine(url)
            with engine.connect() as connection:
                for number in range(size):
                    make_table(connection, f"r{number}")
                times[size] = timed(connection, reflect, 5)
            engine.dispose()
    yield Result("reflection of 5 tables", times[5], None, growth=times[50] / times[5])


numbers = count(1_000_000)


def make_table(connection: sa.Connection, name: str) -> None:
    columns = (sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False), sa.Column("n", sa.BigInteger))
    sa.Table(name, sa.MetaData(), *columns, sa.Column("s", sa.Unicode)).create(connection)


def fill(connection: sa.Connection, rows: int) -> None:
    """Rows of new keys in one statement, the way each database takes it."""
    first = next(numbers) * rows
    verb = "UPSERT" if connection.dialect.name == "yql" else "INSERT OR REPLACE"
    connection.exec_driver_sql(upsert(verb, range(first, first + rows)))


def upsert(verb: str, keys: range) -> str:
    return f"{verb} INTO t (id, n, s) VALUES " + ", ".join(f"({key}, {key}, 'row')" for key in keys)


def by_key(connection: sa.Connection) -> None:
    connection.execute(sa.text("SELECT n, s FROM t WHERE id = :id"), {"id": 1_000_000_500}).all()


def update(connection: sa.Connection) -> None:
    connection.execute(sa.text("UPDATE t SET n = n + 1 WHERE id = :id"), {"id": 1_000_000_500})


def insert(connection: sa.Connection) -> None:
    connection.execute(sa.text("INSERT INTO t (id, n, s) VALUES (:id, 1, 'x')"), {"id": -next(numbers)})


def reflect(connection: sa.Connection) -> None:
    inspector = sa.inspect(connection)
    for name in inspector.get_table_names():
        inspector.get_columns(name)
        inspector.get_pk_constraint(name)
        inspector.get_indexes(name)


WORK = [
    ("SELECT 1", lambda connection: connection.execute(sa.text("SELECT 1")).all(), 200, STATEMENT),
    ("CREATE TABLE", lambda connection: make_table(connection, f"t{next(numbers)}"), 50, STATEMENT),
    ("INSERT", insert, 200, STATEMENT),
    ("SELECT by key", by_key, 200, STATEMENT),
    ("UPDATE by key", update, 200, STATEMENT),
    ("UPSERT of 1,000 rows", lambda connection: fill(connection, 1000), 10, None),
]

if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    sys.exit(main())
