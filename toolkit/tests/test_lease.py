"""The lease among faults of YDB: it answers badly, late or not at all, and somebody else writes the row.

`tests/production/test_lease.py` of the guide has processes that are killed, frozen and race each other.
"""

from __future__ import annotations

import inspect
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
import ydb
from alembic import command
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from project import Project
from ydb_sqlalchemy.alembic import YDBImpl

import alembic_ydb.lease
from alembic_ydb.lease import READERS, TABLE, Lease, LeaseError, Settings, held, include_name
from ydb_emulator import Emulator
from ydb_emulator.errors import Status

pytestmark = pytest.mark.usefixtures("shared_driver")

TOP = "from alembic_ydb import lease"
INSIDE = "lease.held(context.get_context()), "
ALWAYS = 1_000_000
RENEWAL = "AND (owner = $"


@pytest.fixture
def engine(ydb_url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(ydb_url, poolclass=sa.NullPool)
    yield engine
    engine.dispose()


class Clock:
    """What a lease and the SDK know of the time module. To sleep takes next to none, and the clock goes on as told."""

    def __init__(self) -> None:
        self.slept = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.slept

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        time.sleep(0.001)  # others go on meanwhile


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Nobody waits between two tries. What waits for an answer of YDB still does."""
    clock = Clock()
    monkeypatch.setattr(alembic_ydb.lease, "time", clock)
    monkeypatch.setattr(ydb.retries, "time", clock)
    return clock


@contextmanager
def leased(engine: sa.Engine, seconds: int = 60, patience: int = 60) -> Iterator[Lease]:
    """A lease that is not taken yet. At the end its thread has to have ended what it does."""
    lease = Lease(engine, Settings(seconds, patience))
    yield lease
    lease.leave()
    assert lease.has_left.wait(60)


@contextmanager
def blocked(emulator: Emulator, part: str, request: str = "ExecuteQuery") -> Iterator[threading.Event]:
    """YDB does not answer a request with this text until this ends. Out: an event, set when it has come."""
    came, go_on = threading.Event(), threading.Event()

    def block(text: str) -> bool:
        if part in text and not go_on.is_set():
            came.set()
            go_on.wait()
        return False

    emulator.faults.fail(request, Status.UNAVAILABLE, times=ALWAYS, matching=block)
    try:
        yield came
    finally:
        go_on.set()


def row(engine: sa.Engine) -> Any:
    """Who owns the lease, and whether it expires."""
    with engine.connect() as connection:
        return connection.execute(sa.text(f"SELECT owner, expires IS NOT NULL FROM {TABLE}")).one()


def write(engine: sa.Engine, owner: str | None) -> None:
    """Somebody else writes the row."""
    value = f"'{owner}'u" if owner else "NULL"
    with engine.connect() as connection:
        connection.execute(sa.text(f"UPDATE {TABLE} SET owner = {value} WHERE name = 'alembic'"))


# --- Taking it ----------------------------------------------------------------------------------------------------


def test_taken_and_given_back(engine: sa.Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="alembic")
    with leased(engine) as lease:
        lease.acquire()
        assert row(engine) == (lease.owner, True)
    assert row(engine) == (None, False)
    told = [record.message for record in caplog.records if record.name == "alembic.lease"]
    assert told == [f"Lease taken for 60 s, by {lease.owner}", "Lease released"]


@pytest.mark.parametrize("request_name", ["CreateSession", "ExecuteQuery"])
def test_patience_ends_while_ydb_is_overloaded(
    engine: sa.Engine, ydb_emulator: Emulator, caplog: pytest.LogCaptureFixture, request_name: str
) -> None:
    """Before, it went on for minutes, and logged nothing."""
    caplog.set_level("INFO", logger="alembic")
    ydb_emulator.faults.fail(request_name, Status.OVERLOADED, times=ALWAYS)
    with leased(engine, patience=60) as lease:
        with pytest.raises(LeaseError, match="overloaded.*waited 60 s for the lease"):
            lease.acquire()
        ydb_emulator.faults.clear()
    assert "Waiting for the lease: " in caplog.text and "overloaded" in caplog.text


@pytest.mark.parametrize("request_name", ["CreateSession", "AttachSession", "ExecuteQuery"])
def test_patience_ends_while_ydb_does_not_answer(engine: sa.Engine, ydb_emulator: Emulator, request_name: str) -> None:
    with leased(engine, seconds=3, patience=1) as lease, blocked(ydb_emulator, "", request_name):
        with pytest.raises(LeaseError, match="waited 1 s for the lease"):
            lease.acquire()


def test_what_takes_effect_after_patience_has_ended_is_given_back(engine: sa.Engine, ydb_emulator: Emulator) -> None:
    """Nobody else would get it until it expires."""
    with leased(engine, seconds=30) as lease:
        lease.acquire()
    with leased(engine, seconds=30, patience=1) as lease:
        with blocked(ydb_emulator, "owner IS NULL OR"), pytest.raises(LeaseError):
            lease.acquire()
        lease.leave()
    assert row(engine) == (None, False)


def test_a_lost_answer_is_no_harm(engine: sa.Engine, ydb_emulator: Emulator) -> None:
    """The lease is taken, YDB says that it does not know, and the second try finds it taken by itself."""
    ydb_emulator.faults.fail(status=Status.UNDETERMINED, matching=lambda text: "owner IS NULL" in text, after=True)
    with leased(engine) as lease:
        lease.acquire()
        assert not ydb_emulator.faults.pending
        assert row(engine) == (lease.owner, True)


def test_what_cannot_pass_is_told_at_once(engine: sa.Engine, ydb_emulator: Emulator) -> None:
    ydb_emulator.faults.fail(status=Status.UNAUTHORIZED, message="Access denied", times=ALWAYS)
    with leased(engine, patience=86400) as lease:
        with pytest.raises(LeaseError, match="Access denied"):
            lease.acquire()


def test_a_table_of_that_name_with_other_columns_is_left_alone(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.execute(sa.DDL(f"CREATE TABLE {TABLE} (id Int64, PRIMARY KEY (id))"))
    with leased(engine, patience=86400) as lease:
        with pytest.raises(LeaseError):
            lease.acquire()
    with engine.connect() as connection:
        assert [column["name"] for column in sa.inspect(connection).get_columns(TABLE)] == ["id"]


# --- Renewing it --------------------------------------------------------------------------------------------------


def test_who_has_lost_it_stops_and_leaves_the_row_alone(engine: sa.Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="alembic")
    with leased(engine) as lease:
        lease.acquire()
        write(engine, "other")
        for _ in range(2):
            with pytest.raises(LeaseError, match="other has taken the lease: nothing more is sent"):
                lease.before_statement()
    assert row(engine).owner == "other"
    assert caplog.text.count("Lease lost: other has taken the lease") == 1
    assert "Lease released" not in caplog.messages


def test_it_may_be_broken_by_hand(engine: sa.Engine) -> None:
    with leased(engine) as lease:
        lease.acquire()
        write(engine, None)
        with pytest.raises(LeaseError, match="somebody has taken the lease: nothing more is sent"):
            lease.before_statement()


def test_a_late_renewal_is_told(engine: sa.Engine, caplog: pytest.LogCaptureFixture) -> None:
    """As if nothing had happened for an hour: nobody has taken it meanwhile."""
    with leased(engine) as lease:
        lease.acquire()
        assert lease.renewed is not None
        lease.renewed -= 3600
        lease.before_statement()
        lease.before_statement()
    assert [message for message in caplog.messages if "late" in message] == ["Lease renewed late: after 3600 s, of 60"]


PASSING = {
    Status.OVERLOADED: 3,
    Status.UNAVAILABLE: 9,
    Status.ABORTED: 3,
    Status.UNDETERMINED: 3,
    Status.BAD_SESSION: 1,
    Status.SESSION_EXPIRED: 1,
}
"""How often YDB answers with a status before it does what it is asked."""


def test_faults_that_pass_stop_nothing(engine: sa.Engine, ydb_emulator: Emulator) -> None:
    with leased(engine) as lease:
        lease.acquire()
        for status, times in PASSING.items():
            ydb_emulator.faults.fail(status=status, times=times, matching=lambda text: RENEWAL in text)
            lease.before_statement()
            assert not ydb_emulator.faults.pending
        assert row(engine) == (lease.owner, True)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("part", [RENEWAL, "SELECT owner"])
def test_broken_connections_stop_nothing(engine: sa.Engine, ydb_emulator: Emulator, part: str, after: bool) -> None:
    with leased(engine, seconds=3600) as lease:  # the driver takes a moment of real time to connect again
        lease.acquire()
        ydb_emulator.faults.drop_connection(matching=lambda text: part in text, after=after, times=3)
        for _ in range(3):
            lease.before_statement()
        assert row(engine) == (lease.owner, True)


def test_nothing_is_sent_once_it_may_have_expired(engine: sa.Engine, ydb_emulator: Emulator) -> None:
    with leased(engine, seconds=3) as lease:
        lease.acquire()
        with blocked(ydb_emulator, RENEWAL), pytest.raises(LeaseError, match="cannot be renewed: nothing more is sent"):
            lease.before_statement()


def test_leaving_does_not_wait_for_a_renewal_that_hangs(
    engine: sa.Engine, ydb_emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    """The thread gives it back as soon as YDB answers, if the process still runs then."""
    with leased(engine, seconds=3) as lease:
        lease.acquire()
        with blocked(ydb_emulator, RENEWAL) as came:
            came.wait()
            lease.leave()
            assert not lease.has_left.is_set()
        assert lease.has_left.wait(60)
    assert "Lease not released, YDB does not answer: it expires within 3 s" in caplog.messages


# --- In env.py ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variable", ["ALEMBIC_LEASE_SECONDS", "ALEMBIC_LEASE_PATIENCE"])
def test_nonsense_ends_with_a_sentence_and_changes_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], variable: str
) -> None:
    project.env(TOP, INSIDE)
    project.table("a1", None)
    for value in ("", "soon", "0", "-60", "6.5", "1e3", "nan", "86401", "60 s"):
        monkeypatch.setenv(variable, value)
        assert project.run("upgrade", "head") == 255, value
        assert f"FAILED: {variable}" in (told := "".join(capfd.readouterr())) or f"and {variable} are" in told
    assert project.tables() == set()


def test_a_revision_that_raises_gives_it_back(project: Project, engine: sa.Engine) -> None:
    project.env(TOP, INSIDE)
    project.revision("a1", None, "nonsense")
    with pytest.raises(NameError):
        project.run("upgrade", "head")
    assert row(engine) == (None, False)
    project.revision("a1", None, "raise SystemExit(7)")
    assert project.run("upgrade", "head") == 7
    assert row(engine) == (None, False)


def test_two_commands_of_one_process_wait_for_each_other(project: Project) -> None:
    """Each has a name of its own."""
    project.env(TOP, INSIDE)
    project.table("a1", None)
    for _ in range(2):
        assert project.run("upgrade", "head") == 0
        assert project.run("downgrade", "base") == 0
    assert project.tables() == set()


def test_who_only_reads_or_writes_a_script_needs_none(project: Project) -> None:
    project.env(TOP, INSIDE)
    project.table("a1", None)
    assert project.run("current") == 0
    assert project.run("upgrade", "head", "--sql") == 0
    engine = sa.create_engine(project.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == []
    engine.dispose()


def test_a_context_that_a_program_made_holds_it(engine: sa.Engine) -> None:
    """Nothing was held, without a word, before."""
    assert YDBImpl.__dialect__ == engine.dialect.name  # a program that has no env.py imports it
    with engine.connect() as connection, held(MigrationContext.configure(connection), Settings(60, 1)):
        with engine.connect() as second, pytest.raises(LeaseError, match="owns the lease"):
            with held(MigrationContext.configure(second), Settings(60, 1)):
                pass


def test_a_function_of_a_program_holds_it(project: Project, caplog: pytest.LogCaptureFixture) -> None:
    """It was taken for a command that only reads, before, unless it named where it goes."""
    project.env(TOP, INSIDE)
    project.table("a1", None)
    script = ScriptDirectory.from_config(project.config())
    with EnvironmentContext(project.config(), script, fn=lambda current, _: script._upgrade_revs("head", current)):
        script.run_env()
    assert project.tables() == {"a1"} and any("Lease taken" in message for message in caplog.messages)


def test_every_command_that_only_reads_is_known(project: Project) -> None:
    project.env(TOP, INSIDE)
    project.table("a1", None)
    ini = project.folder / "alembic.ini"
    ini.write_text(f"{ini.read_text()}revision_environment = true\n")
    for arguments in ("ensure_version", "current", "history -i", "show current", "check", "merge -m x heads"):
        project.run(*arguments.split())
    assert not sa.inspect(sa.create_engine(project.url, poolclass=sa.NullPool)).has_table(TABLE)
    assert READERS >= set(re.findall(r"fn=(\w+)", inspect.getsource(command))) - {"upgrade", "downgrade", "do_stamp"}


def test_an_asynchronous_engine_is_refused() -> None:
    dialect = SimpleNamespace(is_async=True)
    migration: Any = SimpleNamespace(
        as_sql=False, opts={"destination_rev": "head"}, connection=SimpleNamespace(dialect=dialect)
    )
    with pytest.raises(LeaseError, match="synchronous engine"), held(migration):
        pass


def test_autogenerate_leaves_its_table_alone() -> None:
    assert not include_name(TABLE, "table", {})
    assert include_name("series", "table", {}) and include_name(TABLE, "column", {})
