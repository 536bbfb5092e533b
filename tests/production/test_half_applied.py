"""A process that dies in the middle of a revision, at every statement, and the ways back that the page shows."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command

from guide.paths import TOOLKIT
from guide.reader.fragment import apply_diff
from tests.project import SNIPPETS, Project, kill_before, project
from ydb_emulator import releases
from ydb_emulator.errors import Status

FOLDER = SNIPPETS / "production" / "half-applied"
REVISION, LATER = "3a7c52e1d904_add_people", "5b8e63f2ea15_add_country"
FIXED = apply_diff((FOLDER / "add_people.py").read_text(), (FOLDER / "fixed.py.diff").read_text())
BEFORE = "9085c679f5dc"
SERIES = [(1, "IT Crowd"), (2, "Silicon Valley")]
VERSION = "UPDATE alembic_version"
STATEMENTS = [
    "CREATE TABLE people",
    "ALTER TABLE series ADD COLUMN",
    "ALTER TABLE series ADD INDEX",
    "INSERT INTO people",
]
INVERSES = [
    "DROP TABLE people",
    "ALTER TABLE series DROP COLUMN rating",
    "ALTER TABLE series DROP INDEX ix_series_title",
    "DELETE FROM people WHERE person_id = 1",
]
"""What takes each of the statements back."""
BOUNDARIES = range(1, len(STATEMENTS) + 3)
"""The statement before which the process dies: each of these, the one for the version row, the next revision's."""


@pytest.fixture
def line() -> str:
    return releases.DEFAULT


@pytest.fixture
def example(tmp_path: Path, line: str) -> Iterator[Project]:
    with before_the_revision(tmp_path / "project", line) as example:
        yield example


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the database holds where nothing was interrupted."""
    with before_the_revision(tmp_path_factory.mktemp("expected") / "project") as example:
        example.call(command.upgrade, "head")
        return example.dump()


@contextmanager
def before_the_revision(folder: Path, line: str = releases.DEFAULT) -> Iterator[Project]:
    """The project with rows, at the revision before."""
    with project(folder, line) as example:
        example.at_head()
        values = ", ".join(f"({id}, '{title}')" for id, title in SERIES)
        example.execute(f"UPSERT INTO series (series_id, title) VALUES {values}")
        (example.folder / "migrations" / "exists.py").write_text((TOOLKIT / "exists.py").read_text())
        example.revision(REVISION, FIXED)
        example.revision(LATER, FOLDER / "add_country.py")
        yield example


@pytest.mark.parametrize(
    ("statement", "line"), [*((at, releases.DEFAULT) for at in BOUNDARIES), (3, releases.NAMES[0])]
)
def test_killed_anywhere_each_way_leads_back(example: Project, expected: str, statement: int) -> None:
    seen = kill_before(example, statement, "upgrade", "head")
    expected_statements = [*STATEMENTS, VERSION, "ALTER TABLE series ADD COLUMN country"][:statement]
    assert [text.startswith(start) for text, start in zip(seen, expected_statements, strict=True)] == [True] * statement
    done = statement - 1
    is_complete = done > len(STATEMENTS)
    assert (BEFORE in example.run("alembic current")) is not is_complete
    database = example.emulator.database
    left = database.state
    if is_complete:
        example.call(command.upgrade, "head")
        assert example.dump() == expected
        return
    for way in (run_again, finish, undo):
        database.state = left
        way(example, done)
        assert example.dump() == expected, way.__name__
        assert example.query("SELECT series_id, title FROM series ORDER BY series_id") == SERIES


def run_again(example: Project, done: int) -> None:
    example.revision(REVISION, FOLDER / "rerunnable.py")
    example.call(command.upgrade, "head")


def finish(example: Project, done: int) -> None:
    example.revision(REVISION, FIXED)  # after run_again
    printed = example.run(f"alembic upgrade {BEFORE}:{REVISION[:12]} --sql 2>/dev/null")
    statements = [part.split("\n\n", 1)[-1].strip() for part in printed.split(";")]
    example.execute(*statements[done : len(STATEMENTS)])
    example.call(command.stamp, REVISION[:12])
    example.call(command.upgrade, "head")


def undo(example: Project, done: int) -> None:
    example.execute(*reversed(INVERSES[:done]))
    example.call(command.upgrade, "head")


@pytest.mark.parametrize("statement", BOUNDARIES)
def test_killed_anywhere_a_rerunnable_revision_runs_again(example: Project, expected: str, statement: int) -> None:
    example.revision(REVISION, FOLDER / "rerunnable.py")
    kill_before(example, statement, "upgrade", "head")
    example.call(command.upgrade, "head")
    assert example.dump() == expected
    assert example.query("SELECT series_id, title FROM series ORDER BY series_id") == SERIES


def test_an_index_of_other_columns_is_not_taken_for_it(example: Project) -> None:
    example.execute("ALTER TABLE series ADD INDEX ix_series_title GLOBAL ON (release_date)")
    example.revision(REVISION, FOLDER / "rerunnable.py")
    told = example.run("alembic upgrade head", status=255)
    assert "series has an index ix_series_title, on ['release_date'] instead of ['title']: drop it first" in told


def test_an_index_that_is_being_built_is_waited_for(example: Project) -> None:
    """The inspector has it already. Its revision is not done before it can be read."""
    example.execute("ALTER TABLE series ADD COLUMN rating Int64")
    delay = example.emulator.faults.delay_scheme_operation(3600, path="series")
    build = threading.Thread(
        target=example.execute, args=["ALTER TABLE series ADD INDEX ix_series_title GLOBAL ON (title)"]
    )
    build.start()
    delay.is_underway.wait()
    example.revision(REVISION, FOLDER / "rerunnable.py")
    told = example.run("alembic upgrade head", status=255)
    example.emulator.database.hurry()
    build.join()
    assert "the index ix_series_title of series cannot be read. If it is being built, wait for it" in told
    example.run("alembic upgrade head")


def test_both_forms_of_the_revision_print_the_same(example: Project) -> None:
    """Without a database the re-runnable form leaves nothing out."""
    printed = []
    for form in (FIXED, FOLDER / "rerunnable.py"):
        example.revision(REVISION, form)
        printed.append(example.run(f"alembic upgrade {BEFORE}:{REVISION[:12]} --sql 2>/dev/null"))
    plain, rerunnable = printed
    assert rerunnable.replace("TABLE IF NOT EXISTS", "TABLE").replace("UPSERT", "INSERT") == plain


def test_where_describing_fails_an_upgrade_is_refused(example: Project) -> None:
    before = example.dump()
    example.emulator.faults.fail("DescribeTable", Status.UNAUTHORIZED, times=100, message="Access denied")
    assert BEFORE not in example.run("alembic current")
    assert "path: '/local/alembic_version', error: path exist" in refusal(example.run("alembic upgrade head", 1))
    example.emulator.faults.clear()
    assert example.dump() == before


@pytest.mark.parametrize(("is_rerunnable", "error"), [(False, "/local/series"), (True, "Conflict with existing key.")])
def test_where_the_first_description_fails_the_first_revision_runs_again(
    example: Project, is_rerunnable: bool, error: str
) -> None:
    """At worst a revision that can run again does, and YDB refuses a second version row."""
    before = example.dump()
    if is_rerunnable:
        file = next((example.folder / "migrations" / "versions").glob("d91d9200b65c*"))
        key = 'sa.PrimaryKeyConstraint("series_id"),'
        file.write_text(file.read_text().replace(key, f"{key} if_not_exists=True,"))
    example.emulator.faults.fail("DescribeTable", Status.UNAUTHORIZED, message="Access denied")
    output = example.run("alembic upgrade head", 1)
    assert "Running upgrade  -> d91d9200b65c" in output
    assert error in refusal(output)
    assert not example.emulator.faults.pending
    assert example.dump() == before


def refusal(output: str) -> str:
    """The error that an output ends with."""
    return output.rpartition("\nsqlalchemy.exc.")[2].replace("\\'", "'")
