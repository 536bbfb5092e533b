"""What the page says of answers that are lost, of time limits, and of retries of one's own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import ydb
from ydb import connection as connection_of_the_sdk

from alembic_ydb import timeouts
from guide.paths import TOOLKIT
from tests.project import SNIPPETS, Project, kill, project
from ydb_emulator import Emulator
from ydb_emulator.errors import Status

REVISION = """\
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "4c1d2e3f4a5b", "9085c679f5dc", None, None


def upgrade() -> None:
    op.create_table("made", sa.Column("id", sa.Integer(), primary_key=True))
"""


@pytest.fixture
def example(tmp_path: Path) -> Iterator[Project]:
    """At the head, but for one revision."""
    with project(tmp_path / "project") as example:
        example.at_head()
        example.revision("4c1d2e3f4a5b", REVISION)
        yield example


def creates_the_table(text: str) -> bool:
    return "CREATE TABLE made" in text


def test_a_lost_answer_leaves_a_revision_half_applied(example: Project) -> None:
    """UNDETERMINED: nothing is sent again."""
    faults = example.emulator.faults
    faults.fail(status=Status.UNDETERMINED, matching=creates_the_table, after=True)
    assert "State of operation is unknown." in example.run("alembic upgrade head", 1)
    assert example.query("SELECT * FROM made") == []
    assert example.query("SELECT version_num FROM alembic_version") == [("9085c679f5dc",)]


def test_a_broken_connection_leaves_a_revision_half_applied(example: Project) -> None:
    """Sent again or not, the upgrade fails: with the connection, or because the table is there."""
    example.emulator.faults.drop_connection(matching=creates_the_table, after=True)
    output = example.run("alembic upgrade head", 1)
    assert "Channel closed!" in output or "path exist" in output
    assert example.query("SELECT * FROM made") == []
    assert example.query("SELECT version_num FROM alembic_version") == [("9085c679f5dc",)]


def test_a_broken_connection_may_let_an_update_run_twice() -> None:
    """Whether it is sent again is a race of the driver's threads: it is, more often than not, and no error tells.

    So this is tried until it happens.
    """
    outcomes: set[tuple] = set()
    while ("done", 12) not in outcomes:
        with Emulator() as emulator:
            engine = sa.create_engine(emulator.url, poolclass=sa.NullPool)
            with engine.connect() as connection:
                connection.execute(sa.DDL("CREATE TABLE t (id Int64, n Int64, PRIMARY KEY (id))"))
                connection.execute(sa.text("INSERT INTO t (id, n) VALUES (1, 10)"))
                emulator.faults.drop_connection(after=True)
                try:
                    connection.execute(sa.text("UPDATE t SET n = n + 1 WHERE id = 1"))
                    told = "done"
                except sa.exc.OperationalError:
                    told = "failed"
            with engine.connect() as connection:
                outcomes.add((told, connection.scalar(sa.text("SELECT n FROM t"))))
            engine.dispose()
        assert outcomes <= {("failed", 11), ("done", 12)}


@pytest.mark.parametrize("command", ["alembic current", "python ready.py"])
def test_without_sessions_a_command_waits_for_ever(example: Project, command: str) -> None:
    """As far as one can see while it asks for a session a hundred times."""
    (example.folder / "ready.py").write_text((TOOLKIT / "ready.py").read_text())
    came = threading.Semaphore(0)

    def comes(_: str) -> bool:
        came.release()
        return True

    example.emulator.faults.fail("CreateSession", Status.UNAVAILABLE, times=1_000_000, matching=comes)
    process = example.start(*command.split())
    for _ in range(100):
        came.acquire()
    assert process.poll() is None
    kill(process)
    process.communicate()


@pytest.mark.parametrize("address", ["localhost:1", "localhost"])
def test_nothing_listens(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ten seconds are those that the driver is told to wait, which are shortened here. A port is never made up.

    As it stops, the driver waits for its own attempt to connect to end, whose limit is an option of the URL.
    """
    wait, told = ydb.Driver.wait, []

    def shortly(driver: ydb.Driver, timeout: float, **options: bool) -> None:
        told.append(timeout)
        wait(driver, 0.1, **options)

    monkeypatch.setattr(ydb.Driver, "wait", shortly)
    with pytest.raises(sa.exc.InterfaceError, match="Failed to connect to YDB"):
        sa.create_engine(f"yql+ydb://{address}/local?discovery_request_timeout=1", poolclass=sa.NullPool).connect()
    assert told == [10]


def test_a_time_limit_ends_the_waiting_not_the_statement() -> None:
    with Emulator() as emulator:
        engine = sa.create_engine(emulator.url, poolclass=sa.NullPool)
        limited = engine.execution_options(ydb_request_settings=ydb.BaseRequestSettings().with_timeout(2))
        with limited.connect() as connection:
            emulator.faults.delay_scheme_operation(3600)
            with pytest.raises(sa.exc.OperationalError, match="Deadline exceeded on request"):
                connection.execute(sa.DDL("CREATE TABLE t (id Int64, PRIMARY KEY (id))"))
            assert emulator.faults.requests["ExecuteQuery"] == 1
            emulator.database.hurry()
            while emulator.database.under_operation:
                time.sleep(0.01)
            assert sa.inspect(connection).has_table("t")
        engine.dispose()


def test_a_limit_is_that_of_one_try(monkeypatch: pytest.MonkeyPatch) -> None:
    limits, limit_of = [], connection_of_the_sdk._get_request_timeout

    def record(settings: ydb.BaseRequestSettings | None) -> float | None:
        limits.append(limit_of(settings))
        return limits[-1]

    with Emulator() as emulator:
        engine = sa.create_engine(emulator.url, poolclass=sa.NullPool)
        with engine.connect().execution_options(**timeouts.options({"ALEMBIC_STATEMENT_SECONDS": "77"})) as connection:
            emulator.faults.fail(status=Status.UNAVAILABLE, times=3)
            monkeypatch.setattr(connection_of_the_sdk, "_get_request_timeout", record)
            connection.execute(sa.DDL("CREATE TABLE t (id Int64, PRIMARY KEY (id))"))
        engine.dispose()
    assert limits.count(77) == 4


def test_without_a_limit_of_its_own_a_statement_has_that_of_the_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten minutes, which are two seconds here."""
    assert connection_of_the_sdk.DEFAULT_TIMEOUT == 600
    monkeypatch.setattr(connection_of_the_sdk, "DEFAULT_TIMEOUT", 2)
    with Emulator() as emulator:
        engine = sa.create_engine(emulator.url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            emulator.faults.delay_scheme_operation(3600)
            with pytest.raises(sa.exc.OperationalError, match="Deadline exceeded on request"):
                connection.execute(sa.DDL("CREATE TABLE t (id Int64, PRIMARY KEY (id))"))
            emulator.database.hurry()
        engine.dispose()


# --- retries of one's own ----------------------------------------------------------------------------------------

ROWS = [(number, f"title {number}") for number in range(1, 6)]


@pytest.fixture
def filled(example: Project) -> Project:
    """With the page's backfill, and rows for it."""
    example.hasten_retries(example.add(SNIPPETS / "production" / "retries" / "backfill.py").name)
    values = ", ".join(f"({number}, '{title}')" for number, title in ROWS)
    example.execute(f"UPSERT INTO series (series_id, title) VALUES {values}")
    return example


def rows(example: Project) -> list[tuple]:
    return example.query("SELECT series_id, series_info FROM series ORDER BY series_id")


@pytest.mark.parametrize("status", [Status.ABORTED, Status.UNAVAILABLE, Status.UNDETERMINED])
@pytest.mark.parametrize("request_name", ["ExecuteQuery", "CommitTransaction"])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_backfill_is_repeated(filled: Project, request_name: str, status: Status, nth: int) -> None:
    """Whatever fails, and whether it took effect or not."""
    filled.emulator.faults.fail(request_name, status, nth=nth, after=True)
    filled.run("python backfill.py")
    assert not filled.emulator.faults.pending
    assert rows(filled) == ROWS


def test_without_the_decorator_a_backfill_fails(filled: Project) -> None:
    file = filled.folder / "backfill.py"
    file.write_text(file.read_text().replace("@retry_ydb(idempotent=True)\n", ""))
    filled.emulator.faults.fail("CommitTransaction", Status.ABORTED)
    assert "Transaction locks invalidated." in filled.run("python backfill.py", 1)
    assert rows(filled) == [(number, None) for number, _ in ROWS]


def test_not_idempotent_leaves_out_what_is_ambiguous(filled: Project) -> None:
    file = filled.folder / "backfill.py"
    file.write_text(file.read_text().replace("(idempotent=True)", "()"))
    filled.emulator.faults.fail("CommitTransaction", Status.ABORTED)
    filled.run("python backfill.py")
    filled.emulator.faults.fail("CommitTransaction", Status.UNDETERMINED, after=True)
    assert "State of operation is unknown." in filled.run("python backfill.py", 1)
