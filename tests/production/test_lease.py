"""The lease of the page, among processes: they start at once, are killed, frozen, slow, or wait in vain."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path

import pytest

from guide.paths import TOOLKIT
from guide.reader.fragment import apply_diff
from guide.reader.shell import piped
from tests.project import SNIPPETS, Project, kill, project
from ydb_emulator.errors import Status

FOLDER = SNIPPETS / "production" / "two-deploys"
REVISION = """\
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "4c1d2e3f4a5b", "9085c679f5dc", None, None


def upgrade() -> None:
    op.execute("UPDATE series SET release_date = release_date + 1 WHERE series_id = 1")
    op.add_column("series", sa.Column("rating", sa.Integer()))
    op.execute("UPDATE series SET release_date = release_date + 100 WHERE series_id = 1")
"""
FIRST, COLUMN, LAST = "release_date + 1 ", "ADD COLUMN rating", "release_date + 100 "
RENEWAL = "AND (owner = $"
RUNS = "Running upgrade 9085c679f5dc -> 4c1d2e3f4a5b"


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """With the lease; one revision is to be applied, which must not run twice."""
    with project(tmp_path / "project") as example:
        (example.folder / "migrations" / "lease.py").write_text((TOOLKIT / "lease.py").read_text())
        env = example.folder / "migrations" / "env.py"
        env.write_text(apply_diff(env.read_text(), (FOLDER / "env.py.diff").read_text()))
        example.start_from("the example, with the lease", lambda: example.run("alembic upgrade head"))
        example.execute("UPSERT INTO series (series_id, release_date) VALUES (1, 0)")
        example.revision("4c1d2e3f4a5b", REVISION)
        yield example


def start(example: Project, seconds: int = 3600, patience: int = 3600, warm: bool = True) -> subprocess.Popen:
    lease = {"ALEMBIC_LEASE_SECONDS": f"{seconds}", "ALEMBIC_LEASE_PATIENCE": f"{patience}"}
    return example.start("alembic", "upgrade", "head", warm=warm, **lease)


def end(process: subprocess.Popen, status: int = 0) -> str:
    """What a process printed. It has to end with the status."""
    output, _ = process.communicate()
    assert process.returncode == status, output
    return output


def on(example: Project, statement: str, act: Callable[[], object]) -> None:
    """Do something as a statement comes for the first time, before it runs."""
    acts = [act]

    def matching(text: str) -> bool:
        if statement in text and acts:
            acts.pop()()
        return False

    example.emulator.faults.fail(status=Status.UNAVAILABLE, matching=matching)


def wait_for(statement: str, example: Project) -> None:
    """Wait until a statement has come."""
    came = threading.Event()
    on(example, statement, came.set)
    came.wait()


def wait_for_line(part: str, process: subprocess.Popen) -> None:
    """Wait until a process prints a line with a text in it."""
    printed = list(takewhile(lambda line: part not in line, piped(process.stdout)))
    assert process.poll() is None, "".join(printed)


def release_date(example: Project) -> int:
    return example.query("SELECT release_date FROM series")[0][0]


def owners(example: Project) -> list[tuple]:
    return example.query("SELECT owner, expires FROM alembic_lease")


def expire(example: Project) -> None:
    """As if the time of the lease had passed."""
    example.execute("UPDATE alembic_lease SET expires = CurrentUtcTimestamp()")


def is_complete(example: Project) -> bool:
    return "4c1d2e3f4a5b (head)" in example.run("alembic current")


@pytest.mark.parametrize("is_new", [False, True])
def test_two_at_once_run_each_revision_once(example: Project, is_new: bool) -> None:
    """Where the database is new, they make the lease's table at the same time, too."""
    if is_new:
        example.emulator.database.clear()
    example.emulator.faults.delay_scheme_operation(0.3, times=10)
    outputs = [end(process) for process in [start(example), start(example)]]
    assert sum(output.count(RUNS) for output in outputs) == 1
    assert is_complete(example)
    assert owners(example) == [(None, None)]
    if not is_new:
        assert release_date(example) == 101


def test_without_the_lease_both_run_it(example: Project) -> None:
    """The tests above would notice: here both do, at the same place."""
    env = example.folder / "migrations" / "env.py"
    env.write_text(env.read_text().replace("held(context.get_context()), ", ""))
    delay = example.emulator.faults.delay_scheme_operation(3600)
    one = start(example)
    delay.is_underway.wait()
    other = start(example)
    wait_for(COLUMN, example)
    example.emulator.database.hurry()
    outputs = [process.communicate()[0] for process in (one, other)]
    assert sum(output.count(RUNS) for output in outputs) == 2
    assert release_date(example) % 100 == 2


@pytest.mark.parametrize(("statement", "result"), [(FIRST, 101), (COLUMN, 102)])
def test_a_killed_owner_is_replaced_when_its_lease_expires(example: Project, statement: str, result: int) -> None:
    """Not before. The next owner begins the revision anew, so what had run by itself runs twice."""
    one = start(example)

    def strike(text: str) -> bool:
        if statement not in text:
            return False
        kill(one)
        return True

    example.emulator.faults.drop_connection(matching=strike)
    end(one, -signal.SIGKILL)
    other = start(example)
    wait_for_line("Waiting for the lease", other)
    assert not is_complete(example)
    expire(example)
    end(other)
    assert is_complete(example)
    assert release_date(example) == result


def test_a_statement_may_take_longer_than_the_lease(example: Project) -> None:
    """It is renewed meanwhile, every third of its time."""
    delay = example.emulator.faults.delay_scheme_operation(3600, path="series")
    one = start(example, seconds=3)
    delay.is_underway.wait()
    [(owner, before)] = owners(example)
    for _ in range(2):  # the first has run when the second comes
        wait_for(RENEWAL, example)
    [(same, after)] = owners(example)
    assert same == owner and after > before
    example.emulator.database.hurry()
    assert RUNS in end(one)
    assert release_date(example) == 101


def test_who_has_lost_the_lease_stops_before_the_next_statement(example: Project) -> None:
    """It is frozen during its first statement, and wakes up when another one has done all."""
    stopped = threading.Event()

    def freeze() -> None:
        one.send_signal(signal.SIGSTOP)
        stopped.set()

    on(example, FIRST, freeze)
    one = start(example, warm=False)
    stopped.wait()
    other = start(example)
    wait_for_line("Waiting for the lease", other)
    expire(example)
    end(other)
    assert is_complete(example)
    sent = example.emulator.faults.requests["ExecuteQuery"]
    one.send_signal(signal.SIGCONT)
    assert "has taken the lease: nothing more is sent" in end(one, 255)
    assert release_date(example) == 102
    assert example.emulator.faults.requests["ExecuteQuery"] - sent < 10


def test_the_lease_of_another_one_is_respected(example: Project) -> None:
    """Until it expires, by the clock of YDB."""
    example.run("alembic stamp 9085c679f5dc")  # makes the table
    values = "('alembic', 'someone', CurrentUtcTimestamp() + Interval('PT1H'))"
    example.execute(f"UPSERT INTO alembic_lease (name, owner, expires) VALUES {values}")
    before = example.dump()
    assert "FAILED: someone owns the lease: waited 1 s for the lease" in end(start(example, patience=1), 255)
    assert example.dump() == before
    expire(example)
    assert RUNS in end(start(example))


def test_who_only_reads_needs_no_lease(example: Project) -> None:
    before = example.dump()
    example.run("alembic current")
    assert example.dump() == before
    example.run("alembic stamp 4c1d2e3f4a5b")
    assert owners(example) == [(None, None)]
    example.execute("UPDATE alembic_lease SET owner = 'someone', expires = CurrentUtcTimestamp() + Interval('PT1H')")
    assert "(head)" in example.run("alembic current")
    assert "No new upgrade operations detected." in example.run("alembic check")


def test_a_revision_that_fails_gives_the_lease_back(example: Project) -> None:
    example.emulator.faults.fail(status=Status.UNDETERMINED, matching=lambda text: COLUMN in text)
    assert "State of operation is unknown." in end(start(example), 1)
    assert owners(example) == [(None, None)]


def test_nothing_is_sent_where_the_lease_cannot_be_renewed(example: Project) -> None:
    renewals = iter([False, False])  # the first is for reading the version, the second for the first statement

    def matching(text: str) -> bool:
        return RENEWAL in text and next(renewals, True)

    example.hasten_retries()  # so that the lease's thread is not in the middle of one when the process ends
    example.emulator.faults.fail(status=Status.UNDETERMINED, times=1_000_000, matching=matching)
    assert "the lease cannot be renewed: nothing more is sent" in end(start(example, seconds=3), 255)
    assert release_date(example) == 1
    assert example.query("SELECT version_num FROM alembic_version") == [("9085c679f5dc",)]
