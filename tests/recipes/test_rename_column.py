"""A column gets another name under writers that never stop."""

import threading
from pathlib import Path

import sqlalchemy as sa

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
