"""The method table: calls that run in place, without a port and without a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import grpc
import pytest
from ydb._grpc.common.protos import ydb_discovery_pb2 as discovery_pb
from ydb._grpc.common.protos import ydb_query_pb2 as query_pb
from ydb._grpc.common.protos import ydb_scheme_pb2 as scheme_pb
from ydb._grpc.common.protos import ydb_table_pb2 as table_pb

from ydb_emulator import Emulator
from ydb_emulator.errors import Status
from ydb_emulator.session import Session, Sessions
from ydb_emulator.store.database import Database

QUERY = "/Ydb.Query.V1.QueryService"


class Aborted(Exception):
    pass


class Call:
    """A call with headers, all that the services ask of one."""

    def __init__(self, **headers: str) -> None:
        self.headers = headers
        self.status: grpc.StatusCode | None = None

    def invocation_metadata(self) -> Iterable[tuple[str, Any]]:
        return [(name.replace("_", "-"), value) for name, value in self.headers.items()]

    def peer(self) -> str:
        return "here"

    def abort(self, code: grpc.StatusCode, details: str) -> NoReturn:
        self.status = code
        raise Aborted(details)

    def code(self) -> grpc.StatusCode | None:
        return self.status

    def add_callback(self, callback: Callable[[], None]) -> bool:
        return True


def test_a_statement_runs_in_place() -> None:
    before = threading.enumerate()
    methods = Emulator().methods()
    session = methods[f"{QUERY}/CreateSession"].answer(query_pb.CreateSessionRequest(), Call())
    attached = methods[f"{QUERY}/AttachSession"].answer(
        query_pb.AttachSessionRequest(session_id=session.session_id), Call()
    )
    assert next(attached).status == Status.SUCCESS
    for text in ("CREATE TABLE t (a Int64, PRIMARY KEY (a))", "SELECT 1 AS one", "SELECT * FROM nothing"):
        request = query_pb.ExecuteQueryRequest(session_id=session.session_id, exec_mode=query_pb.EXEC_MODE_EXECUTE)
        request.query_content.text = text
        parts = list(methods[f"{QUERY}/ExecuteQuery"].answer(request, Call()))
        assert [part.status for part in parts] == [Status.SCHEME_ERROR if "nothing" in text else Status.SUCCESS]
    attached.close()
    table = methods["/Ydb.Table.V1.TableService/DescribeTable"].answer(
        table_pb.DescribeTableRequest(path="/local/t"), Call()
    )
    described = table_pb.DescribeTableResult()
    assert table.operation.result.Unpack(described)
    assert [column.name for column in described.columns] == ["a"]
    assert set(threading.enumerate()) <= set(before)  # those of other tests may end meanwhile


def test_a_session_ends_with_its_stream() -> None:
    methods = Emulator().methods()
    session = methods[f"{QUERY}/CreateSession"].answer(query_pb.CreateSessionRequest(), Call())
    attached = methods[f"{QUERY}/AttachSession"].answer(
        query_pb.AttachSessionRequest(session_id=session.session_id), Call()
    )
    next(attached)
    attached.close()
    request = query_pb.BeginTransactionRequest(session_id=session.session_id)
    answer = methods[f"{QUERY}/BeginTransaction"].answer(request, Call())
    assert answer.status == Status.BAD_SESSION


def test_only_abort_raises() -> None:
    method = Emulator().methods()["/Ydb.Scheme.V1.SchemeService/ListDirectory"]
    assert (method.request, method.response) == (scheme_pb.ListDirectoryRequest, scheme_pb.ListDirectoryResponse)
    assert method.parse(b"\xff") is None
    for request, headers in ((None, {}), (method.request(path="/local"), {"x_ydb_database": "/elsewhere"})):
        with pytest.raises(Aborted):
            method.answer(request, Call(**headers))
    assert method.answer(method.request(path="/elsewhere"), Call()).operation.status == Status.SCHEME_ERROR


def test_discovery_tells_the_port() -> None:
    method = Emulator(2136).methods()["/Ydb.Discovery.V1.DiscoveryService/ListEndpoints"]
    found = discovery_pb.ListEndpointsResult()
    answer = method.answer(method.request(database="/local"), Call())
    assert answer.operation.result.Unpack(found)
    assert [endpoint.port for endpoint in found.endpoints] == [2136]


def test_sessions_end_in_two_threads_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The garbage collector may end one where sessions are looked at while it ends one where the database is held."""
    database = Database()
    sessions = Sessions(database)
    ids = [sessions.create().id for _ in range(2)]
    is_looked_at, is_held = threading.Event(), threading.Event()

    def is_over(_: Session) -> bool:
        is_looked_at.set()
        is_held.wait()
        sessions.delete(ids[0])
        return False

    def hold() -> None:
        is_looked_at.wait()
        with database.lock:
            is_held.set()
            sessions.delete(ids[1])
            sessions.close()

    with monkeypatch.context() as patched:
        patched.setattr(Session, "is_over", property(is_over))
        threads = [threading.Thread(target=target, daemon=True) for target in (sessions.create, hold)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert not any(thread.is_alive() for thread in threads)
