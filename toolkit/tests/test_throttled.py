"""What a serverless YDB answers when too much is asked of it, and what becomes of an upgrade.

The words and statuses are YDB's: ydb/core/grpc_services/grpc_request_check_actor.h, schemeshard__operation.cpp and
schemeshard_build_index__create.cpp in ydb/core/tx/schemeshard, ydb/core/kqp/gateway/actors/scheme.h,
ydb/library/grpc/server/grpc_request.h.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from project import Project
from ydb import retries

from ydb_emulator import Emulator
from ydb_emulator.errors import Status

THROUGHPUT = "Throughput limit exceeded"
QUOTA = "Request exceeded a limit on the number of schema operations, try again later."
REFUSED = f"Scheme operation failed, status: ExecError, reason: {QUOTA}"


@pytest.fixture
def two(project: Project) -> Project:
    """A project of two revisions, each with one table."""
    project.table("a1", None)
    project.table("a2", "a1")
    return project


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver tries again without waiting."""
    monkeypatch.setattr(retries.BackoffSettings, "calc_timeout", lambda *_: 0.0)


def creates(table: str) -> Callable[[str], bool]:
    return lambda text: f"CREATE TABLE {table}" in text


def state(project: Project) -> tuple[set[str], list[str]]:
    """The tables, without the version table, and the revisions."""
    engine = sa.create_engine(project.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        revisions = connection.scalars(sa.text("SELECT version_num FROM alembic_version")).all()
        return set(sa.inspect(connection).get_table_names()) - {"alembic_version"}, [*revisions]


@pytest.mark.parametrize("words", [THROUGHPUT, QUOTA])
def test_overloaded_is_sent_again(two: Project, ydb_emulator: Emulator, at_once: None, words: str) -> None:
    """Ten times an upgrade goes on. The eleventh is the last: it stops there, and the next one goes on."""
    ydb_emulator.faults.fail(status=Status.OVERLOADED, message=words, matching=creates("a2"), times=10)
    assert two.run("upgrade", "head") == 0
    assert two.run("downgrade", "a1") == 0
    ydb_emulator.faults.fail(status=Status.OVERLOADED, message=words, matching=creates("a2"), times=11)
    with pytest.raises(sa.exc.OperationalError, match=words):
        two.run("upgrade", "head")
    assert state(two) == ({"a1"}, ["a1"])
    assert not ydb_emulator.faults.pending
    assert two.run("upgrade", "head") == 0
    assert state(two) == ({"a1", "a2"}, ["a2"])


def test_a_quota_of_changes_stops_an_upgrade_at_once(two: Project, ydb_emulator: Emulator) -> None:
    """GENERIC_ERROR is not sent again. The next upgrade goes on."""
    ydb_emulator.faults.fail(status=Status.GENERIC_ERROR, message=REFUSED, matching=creates("a2"))
    with pytest.raises(sa.exc.DataError, match=QUOTA):
        two.run("upgrade", "head")
    assert state(two) == ({"a1"}, ["a1"])
    assert two.run("upgrade", "head") == 0
    assert state(two) == ({"a1", "a2"}, ["a2"])


def test_a_quota_within_a_revision_leaves_it_half_applied(project: Project, ydb_emulator: Emulator) -> None:
    both = "[op.create_table(name, sa.Column('id', sa.Integer(), primary_key=True)) for name in ('b1', 'b2')]"
    project.revision("b", None, both)
    ydb_emulator.faults.fail(status=Status.GENERIC_ERROR, message=REFUSED, matching=creates("b2"))
    with pytest.raises(sa.exc.DataError, match=QUOTA):
        project.run("upgrade", "head")
    assert state(project) == ({"b1"}, [])
    with pytest.raises(sa.exc.DataError, match="path exist"):
        project.run("upgrade", "head")


def test_exhausted_is_sent_again_over_another_connection(two: Project, ydb_emulator: Emulator) -> None:
    """The driver waits for as long as it does: meanwhile it looks for the nodes."""
    ydb_emulator.faults.requests.clear()
    ydb_emulator.faults.reject(matching=creates("a1"))
    assert two.run("upgrade", "head") == 0
    assert state(two) == ({"a1", "a2"}, ["a2"])
    assert ydb_emulator.faults.requests["ListEndpoints"] >= 2


def test_while_connecting_nothing_is_repeated(tmp_path: Path) -> None:
    with Emulator() as alone:  # where no other driver looks for the nodes
        project = Project(tmp_path / "project", alone.url)
        project.table("a1", None)
        alone.faults.fail("ListEndpoints", Status.OVERLOADED, message=THROUGHPUT)
        with pytest.raises(sa.exc.InterfaceError, match=rf"Failed to resolve endpoints(?s:.)*{THROUGHPUT}"):
            project.run("upgrade", "head")
        alone.faults.reject("ListEndpoints")
        with pytest.raises(sa.exc.InterfaceError, match="Failed to resolve endpoints(?s:.)*RESOURCE_EXHAUSTED"):
            project.run("upgrade", "head")


def test_descriptions_that_are_refused_change_nothing(two: Project, ydb_emulator: Emulator, at_once: None) -> None:
    """The dialect takes the version table for none: Alembic creates it, and YDB refuses that."""
    assert two.run("upgrade", "a1") == 0
    ydb_emulator.faults.fail("DescribeTable", Status.OVERLOADED, message=THROUGHPUT, times=1000)
    with pytest.raises(sa.exc.DataError, match="path exist"):
        two.run("upgrade", "head")
    ydb_emulator.faults.clear()
    assert state(two) == ({"a1"}, ["a1"])
