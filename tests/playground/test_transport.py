"""The playground's stand-ins for gRPC and for the SDK's threads, against the real ones."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Self

import pytest
from ydb._grpc.common.protos import ydb_query_pb2 as pb
from ydb._grpc.common.ydb_query_v1_pb2_grpc import QueryServiceStub

from guide.paths import ROOT
from playground import transport
from tests.playground import story
from ydb_emulator import Emulator
from ydb_emulator.errors import Status
from ydb_emulator.session import Session


@pytest.fixture(scope="module")
def in_place() -> dict:
    """The story as a process tells it that has neither gRPC nor threads nor protobuf's C extension."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.playground.story"],
        cwd=ROOT,
        env=os.environ | {"PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": "python"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_both_tell_the_same(in_place: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YDB_URL", "")
    with Emulator() as emulator, story.project():
        told = story.tell(emulator.url.replace("127.0.0.1", "localhost"))
    assert len(in_place["told"]) == len(told)
    for here, there in zip(in_place["told"], told, strict=True):
        assert here == there


def test_each_command_is_as_if_in_a_new_process(in_place: dict) -> None:
    lines = in_place["lines"]
    assert [status for _, status, _ in lines] == [0, 0, 255, 2, 0, 0, 0, 3, 1, 2, 0, 1, 1, 0]
    printed = [text for _, _, text in lines]
    assert printed[0].count("Running upgrade") == 3
    assert printed[1] == printed[13]
    assert printed[1].endswith("9085c679f5dc (head)\n")
    assert printed[2].endswith("FAILED: Can't locate revision identified by 'nowhere'\n")
    assert "invalid choice: 'nonsense'" in printed[3]
    assert printed[4:8] == ["1\n", "2\n", "", "['-c', 'a']\n"]
    assert printed[8].splitlines()[0] == "Traceback (most recent call last):"
    assert printed[8].splitlines()[-1] == "ZeroDivisionError: division by zero"
    assert "No such file or directory" in printed[9]
    assert printed[10] == "version_num\n'9085c679f5dc'\n"
    assert printed[11].splitlines()[0] == "SCHEME_ERROR"
    assert 'Failed to establish connection to YDB discovery endpoint: "localhost:2137"' in printed[12]


def test_the_state_shows_files_database_and_statements(in_place: dict) -> None:
    state = in_place["state"]
    assert "migrations/env.py" in state["files"]
    assert "table series\n  series_id Int64 not null" in state["database"]
    assert ["SELECT * FROM nothing", True] in [[text, bool(error)] for text, error in state["statements"]]
    assert not [text for text, _ in state["statements"] if "`/local/" in text]  # the look at the database itself
    assert state["archive"] > 1000
    assert state["outside"] == "../outside.txt is outside of the project"


def test_nothing_runs_beside_it(in_place: dict) -> None:
    assert in_place["threads"] == []
    assert in_place["protobuf"] == "python"
    assert in_place["late"] > 100  # messages that nothing has asked for
    assert in_place["has_grpc"] is False


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def stub(emulator: Emulator) -> QueryServiceStub:
    transport.serve(emulator.port, emulator.methods())
    return QueryServiceStub(transport.Channel(f"127.0.0.1:{emulator.port}"))


@pytest.fixture
def streams(stub: QueryServiceStub) -> list[Iterator[pb.SessionState]]:
    """Those of two sessions, each with an open transaction: a session ends with its stream, which nobody else holds."""
    streams = []
    for _ in range(2):
        id = stub.CreateSession(pb.CreateSessionRequest()).session_id
        streams.append(stub.AttachSession(pb.AttachSessionRequest(session_id=id)))
        next(streams[-1])
        mode = pb.TransactionSettings(serializable_read_write=pb.SerializableModeSettings())
        stub.BeginTransaction(pb.BeginTransactionRequest(session_id=id, tx_settings=mode))
    return streams


def test_a_session_ends_where_the_emulator_looks_at_its_sessions(
    emulator: Emulator, stub: QueryServiceStub, streams: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The garbage collector comes in the middle of anything."""

    def is_over(_: Session) -> bool:
        streams.clear()
        gc.collect()
        return True

    with monkeypatch.context() as patched:
        patched.setattr(Session, "is_over", property(is_over))
        assert stub.CreateSession(pb.CreateSessionRequest()).status == Status.SUCCESS
    assert len(emulator._sessions._sessions) == 1


def test_a_session_ends_where_another_one_commits(emulator: Emulator, stub: QueryServiceStub, streams: list) -> None:
    class Deleted(set):
        def __ior__(self, gone: object) -> Self:
            streams.clear()
            gc.collect()
            return self

    for text in ("CREATE TABLE t (id Int64 NOT NULL, PRIMARY KEY (id))", "DELETE FROM t WHERE id = 1"):
        for transaction in emulator.database._active.values():
            transaction.deleted = Deleted()
        query = pb.QueryContent(text=text, syntax=pb.SYNTAX_YQL_V1)
        request = pb.ExecuteQueryRequest(exec_mode=pb.EXEC_MODE_EXECUTE, query_content=query)
        assert [part.status for part in stub.ExecuteQuery(request)][-1] == Status.SUCCESS
    assert not emulator.database._active
