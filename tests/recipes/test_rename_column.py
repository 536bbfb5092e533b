"""A column gets another name under writers that never stop."""

import re
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from alembic_ydb import batches
from guide.paths import ROOT
from guide.reader.engine import Engine
from guide.reader.snippets import load
from tests.project import BATCHES, SNIPPETS, kill_at, project

FOLDER = SNIPPETS / "recipes" / "rename-column"
ROWS = 20  # of each writer
PAUSE = 0.005  # seconds: on one core, a writer without any would leave no time to those that read what it writes


class Writer(threading.Thread):
    """One copy of the application: saves rows of its own as its step does, again and again, and keeps what it saved."""

    def __init__(self, app, url: str, step: int, first: int) -> None:
        super().__init__()
        self.app, self.url, self.step, self.first = app, url, step, first
        self.saved: dict[int, str] = {}
        self.all_saved, self.stopped = threading.Event(), threading.Event()
        self.errors: list[Exception] = []

    def run(self) -> None:
        engine = sa.create_engine(self.url)
        count = 0
        with engine.connect() as connection:
            while not self.stopped.wait(PAUSE):
                count += 1
                number, text = self.first + count % ROWS, f"step {self.step}, {count}"
                try:
                    self.app.save(connection, self.step, number, text)
                    self.saved[number] = text
                    if len(self.saved) == ROWS:
                        self.all_saved.set()
                    assert self.app.load(connection, self.step, number) == text
                except Exception as error:
                    self.errors.append(error)
                    self.all_saved.set()
                    return
        engine.dispose()

    def end(self) -> dict[int, str]:
        self.stopped.set()
        self.join()
        assert self.errors == []
        return self.saved


def test_no_write_is_lost(tmp_path: Path) -> None:
    """At each step the one before still runs; rows of both have to be there in the end."""
    with project(tmp_path / "project") as example:
        app = load(example.add(FOLDER / "app.py"))
        example.add(FOLDER / "copy_names.py")
        example.add(BATCHES)
        expected: dict[int, str] = {}

        def begin(step: int) -> Writer:
            writer = Writer(app, example.emulator.url, step, first=100 * step)
            writer.start()
            assert writer.all_saved.wait()
            return writer

        def upgrade(revision: str) -> None:
            example.revision(revision, FOLDER / f"{revision}.py")
            example.run("alembic upgrade head")

        example.at_head()
        first = begin(1)
        upgrade("d5d5d5d5d5d5_series_have_a_name")
        second = begin(2)
        expected |= first.end()
        copy = example.start("python", "copy_names.py", "--size", "7")
        kill_at(example, copy, "SET name = title", nth=2)
        example.run("python copy_names.py --size 7")
        example.run("python copy_names.py --check")
        third = begin(3)
        expected |= second.end()
        fourth = begin(4)
        expected |= third.end()
        upgrade("d6d6d6d6d6d6_series_have_no_title")
        expected |= fourth.end()
        assert dict(example.query("SELECT series_id, name FROM series")) == expected


def test_going_back_from_the_last_step_reads_older_values(tmp_path: Path) -> None:
    with project(tmp_path / "project") as example:
        app = load(example.add(FOLDER / "app.py"))
        example.at_head()
        example.execute("ALTER TABLE series ADD COLUMN name Utf8")
        with example.connect() as connection:
            app.save(connection, 3, 1, "before")
            assert [app.load(connection, step, 1) for step in (1, 2, 3, 4)] == ["before"] * 4
            app.save(connection, 4, 1, "after")
            assert [app.load(connection, step, 1) for step in (1, 2, 3, 4)] == ["before", "before", "after", "after"]


@pytest.mark.parametrize("type_", ["Json", "JsonDocument"])
def test_json_is_copied_by_its_text(ydb: Engine, type_: str) -> None:
    due = "CAST(name AS String) IS DISTINCT FROM CAST(title AS String)"
    assert due in (ROOT / "docs" / "recipes" / "rename-column.md").read_text()
    job = batches.Job("series", "UPDATE series SET name = title WHERE {rows}", due)
    engine = sa.create_engine(ydb.url)
    with engine.connect() as connection:
        columns = f"series_id Int64 NOT NULL, title {type_}, name {type_}"
        connection.execute(sa.DDL(f"CREATE TABLE series ({columns}, PRIMARY KEY (series_id))"))
        rows = """(1, '{"a":1}', NULL), (2, '[]', '{}'), (3, NULL, '{}'), (4, NULL, NULL), (5, '{"b":2}', '{"b":2}')"""
        rows = re.sub(r"'.*?'", lambda text: f"{type_}({text[0]})", rows).replace(":", "\\:")
        connection.execute(sa.text(f"UPSERT INTO series (series_id, title, name) VALUES {rows}"))
        assert batches.run(engine, job, batches.Options(), str).due == 3
        assert batches.run(engine, job, batches.Options(check=True), str).due == 0
        assert connection.execute(sa.text(f"SELECT COUNT(*) FROM series WHERE {due}")).scalar() == 0
    engine.dispose()
