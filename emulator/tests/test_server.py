"""The emulator as clients see it: connections, sessions, transactions, answers. What a query means is not tested here.

Queries are stand-ins: `SELECT 1` gives a row, `WRITE n` puts a row, `FAIL` is refused, `BUG` breaks, `WAIT` waits.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

import grpc
import pytest
import sqlalchemy as sa
import ydb
from packaging.version import Version
from pyrsistent import pmap
from sqlalchemy.ext.asyncio import create_async_engine
from ydb._grpc.common import (
    ydb_discovery_v1_pb2_grpc,
    ydb_query_v1_pb2_grpc,
    ydb_scheme_v1_pb2_grpc,
    ydb_table_v1_pb2_grpc,
)
from ydb._grpc.common.protos import ydb_discovery_pb2 as discovery_pb
from ydb._grpc.common.protos import ydb_operation_pb2 as operation_pb
from ydb._grpc.common.protos import ydb_query_pb2 as query_pb
from ydb._grpc.common.protos import ydb_scheme_pb2 as scheme_pb
from ydb._grpc.common.protos import ydb_table_pb2 as table_pb
from ydb._grpc.common.protos import ydb_value_pb2 as value_pb

from ydb_emulator import Emulator, server, session, types
from ydb_emulator.errors import Issue, Status, YdbError
from ydb_emulator.result import ResultSet
from ydb_emulator.services import query as query_service
from ydb_emulator.store.catalog import Column, Directory, Entry, Index, Table, View
from ydb_emulator.store.database import Database, State
from ydb_emulator.store.rows import TableId
from ydb_emulator.yql.syntax import Select

ONE = ResultSet((("column0", types.INT32),), ((1,),))
LONG = ResultSet((("n", types.INT64), ("s", types.optional(types.UTF8))), tuple((n, "x" * 100) for n in range(2000)))
TABLE = TableId(7)
PREPARED = "ydb://preparedqueryid/4?id="
UNKNOWN_SESSION = "ydb://session/3?node_id=1&id=bm9uZQ=="
SERIALIZABLE = query_pb.TransactionSettings(serializable_read_write={})


class Queries:
    """The stand-in for what runs queries."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.parameters: dict = {}
        self.services: list[bool] = []
        self.started, self.go_on = threading.Event(), threading.Event()

    def execute(
        self, database: Database, text: str, parameters: dict, transaction=None, user=None, is_query_service=True
    ) -> tuple[ResultSet, ...]:
        self.texts.append(text)
        self.services.append(is_query_service)
        self.parameters = parameters
        match text.split():
            case "SELECT", "1":
                return (ONE,)
            case "LONG", *_:
                return (LONG, ONE)
            case "WRITE", key:
                transaction.write(TABLE, {(key,): {"key": key}})
            case ["FAIL"]:
                raise YdbError(Status.GENERIC_ERROR, Issue("no", 1030))
            case ["BUG"]:
                raise ZeroDivisionError("oops")
            case ["WAIT"]:
                self.started.set()
                self.go_on.wait()
        return ()


@pytest.fixture
def queries(monkeypatch: pytest.MonkeyPatch) -> Queries:
    queries = Queries()
    monkeypatch.setattr("ydb_emulator.request.execute", queries.execute)
    return queries


@pytest.fixture
def emulator(queries: Queries) -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def channel(emulator: Emulator) -> Iterator[grpc.Channel]:
    with grpc.insecure_channel(f"127.0.0.1:{emulator.port}") as channel:
        yield channel


@pytest.fixture
def query_stub(channel: grpc.Channel) -> ydb_query_v1_pb2_grpc.QueryServiceStub:
    return ydb_query_v1_pb2_grpc.QueryServiceStub(channel)


@pytest.fixture
def table_stub(channel: grpc.Channel) -> ydb_table_v1_pb2_grpc.TableServiceStub:
    return ydb_table_v1_pb2_grpc.TableServiceStub(channel)


@pytest.fixture
def scheme_stub(channel: grpc.Channel) -> ydb_scheme_v1_pb2_grpc.SchemeServiceStub:
    return ydb_scheme_v1_pb2_grpc.SchemeServiceStub(channel)


@contextmanager
def attached(stub) -> Iterator[str]:
    """The id of a session with a stream attached to it."""
    id = stub.CreateSession(query_pb.CreateSessionRequest()).session_id
    stream = stub.AttachSession(query_pb.AttachSessionRequest(session_id=id))
    assert next(stream).status == Status.SUCCESS
    yield id
    stream.cancel()


@pytest.fixture
def session_id(query_stub) -> Iterator[str]:
    with attached(query_stub) as id:
        yield id


@contextmanager
def driver(emulator: Emulator, **settings: object) -> Iterator[ydb.Driver]:
    with ydb.Driver(endpoint=f"grpc://127.0.0.1:{emulator.port}", database="/local", **settings) as driver:
        driver.wait(60)
        yield driver


def execute_request(text: str, session_id: str = "", **fields: object) -> query_pb.ExecuteQueryRequest:
    content = query_pb.QueryContent(text=text, syntax=query_pb.SYNTAX_YQL_V1)
    fields = {"exec_mode": query_pb.EXEC_MODE_EXECUTE, "query_content": content} | fields
    return query_pb.ExecuteQueryRequest(session_id=session_id, **fields)


def execute(stub, text: str, session_id: str = "", **fields: object) -> list[query_pb.ExecuteQueryResponsePart]:
    return list(stub.ExecuteQuery(execute_request(text, session_id, **fields)))


def begin(stub, text: str, session_id: str) -> str:
    """Run a text in a new transaction that stays open; the transaction's id."""
    [part] = execute(stub, text, session_id, tx_control=query_pb.TransactionControl(begin_tx=SERIALIZABLE))
    return part.tx_meta.id


def in_tx(id: str, commit: bool = False) -> dict:
    return {"tx_control": query_pb.TransactionControl(tx_id=id, commit_tx=commit)}


def refusal(response) -> tuple[int, str]:
    """The status of a response, and the text of its one issue if it has one."""
    answer = getattr(response, "operation", response)
    return answer.status, "".join(issue.message for issue in answer.issues)


def rows(emulator: Emulator) -> set[str]:
    return {key for (key,) in emulator.database.state.rows.get(TABLE, pmap())}


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """Not the SDK's, which are about drivers of other tests: it warns as they are collected as garbage."""
    return [r for r in caplog.records if r.levelno >= logging.WARNING and not r.name.startswith("ydb.")]


def wait_until(condition: Callable[[], bool]) -> None:
    """For what no event tells. Where it never comes, the test's time limit says so."""
    while not condition():
        time.sleep(0.005)


# --- clients ---------------------------------------------------------------------------------------------------


def test_sdk(emulator):
    with driver(emulator) as sdk, ydb.QuerySessionPool(sdk) as pool:
        assert pool.execute_with_retries("SELECT 1")[0].rows[0]["column0"] == 1
        pool.retry_tx_sync(lambda tx: [*tx.execute("WRITE a"), *tx.execute("WRITE b")])

    assert rows(emulator) == {"a", "b"}


def test_parameters(emulator, queries):
    with driver(emulator) as sdk, ydb.QuerySessionPool(sdk) as pool:
        pool.execute_with_retries("ECHO", {"$a": (None, ydb.OptionalType(ydb.PrimitiveType.Int32)), "$b": "x"})

    given = {name: (parameter.type, parameter.value) for name, parameter in queries.parameters.items()}
    assert given == {"a": (types.optional(types.INT32), None), "b": (types.UTF8, "x")}


def test_async_sdk(emulator):
    async def run() -> int:
        endpoint = f"grpc://127.0.0.1:{emulator.port}"
        async with ydb.aio.Driver(endpoint=endpoint, database="/local") as sdk:
            await sdk.wait(60)
            async with ydb.aio.QuerySessionPool(sdk) as pool:
                result = await pool.execute_with_retries("SELECT 1")
                return result[0].rows[0]["column0"]

    assert asyncio.run(run()) == 1


def test_sqlalchemy(emulator):
    engine = sa.create_engine(emulator.url)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT 1")).scalar() == 1
    engine.dispose()


def test_sqlalchemy_transaction(emulator):
    engine = sa.create_engine(emulator.url, isolation_level="SERIALIZABLE")
    with engine.begin() as connection:
        connection.execute(sa.text("WRITE a"))
        assert rows(emulator) == set()
    with engine.connect() as connection:
        connection.execute(sa.text("WRITE b"))
        connection.rollback()
    engine.dispose()

    assert rows(emulator) == {"a"}


def test_sqlalchemy_async(emulator):
    async def run() -> int:
        engine = create_async_engine(emulator.url.replace("yql+ydb:", "yql+ydb_async:"))
        async with engine.connect() as connection:
            value = (await connection.execute(sa.text("SELECT 1"))).scalar_one()
        await engine.dispose()
        return value

    # The async dialect itself raises it with SQLAlchemy 2.1. Once it is mended, this test fails: then the filters of
    # this warning elsewhere can go.
    is_raised = Version(sa.__version__) >= Version("2.1")
    dbapi = pytest.warns(sa.exc.SADeprecationWarning, match="The dbapi.. classmethod")
    with dbapi if is_raised else nullcontext():
        assert asyncio.run(run()) == 1


def test_refusal_reaches_client_whole(emulator, queries):
    with (
        driver(emulator) as sdk,
        ydb.QuerySessionPool(sdk) as pool,
        pytest.raises(ydb.issues.GenericError) as error,
    ):
        pool.execute_with_retries("FAIL")

    assert [(issue.message, issue.issue_code) for issue in error.value.issues] == [("no", 1030)]


def test_own_fault_is_not_tried_again(emulator, queries, caplog):
    failed = pytest.raises(ydb.issues.Unsupported, match="The emulator failed: ZeroDivisionError: oops")
    with driver(emulator) as sdk, ydb.QuerySessionPool(sdk) as pool, failed:
        pool.execute_with_retries("BUG")

    assert queries.texts == ["BUG"]
    [record] = [r for r in caplog.records if r.name == "ydb_emulator"]
    assert record.levelno == logging.ERROR
    assert record.exc_info[0] is ZeroDivisionError


# --- discovery and databases -----------------------------------------------------------------------------------


@pytest.mark.parametrize("database", ["/local", "/local/", "local", "//local"])
def test_endpoints(emulator, channel, database):
    stub = ydb_discovery_v1_pb2_grpc.DiscoveryServiceStub(channel)

    operation = stub.ListEndpoints(discovery_pb.ListEndpointsRequest(database=database)).operation

    result = discovery_pb.ListEndpointsResult()
    operation.result.Unpack(result)
    assert (operation.ready, operation.status) == (True, Status.SUCCESS)
    [endpoint] = result.endpoints
    assert (endpoint.address, endpoint.port, endpoint.ssl, endpoint.node_id) == ("127.0.0.1", emulator.port, False, 1)


@pytest.mark.parametrize(
    ("database", "text"),
    [
        ("", "Database  does not exist"),
        ("/other", "Database other does not exist"),
        ("/localx", "Database localx does not exist"),
        ("/local/other", "Requested database does not exist"),
        ("/local/folder", "Requested path is not database name"),
    ],
)
def test_endpoints_of_another_database(emulator, channel, database, text):
    emulator.database.change_schema(State(pmap({"": Directory(), "folder": Directory()})))
    stub = ydb_discovery_v1_pb2_grpc.DiscoveryServiceStub(channel)

    assert refusal(stub.ListEndpoints(discovery_pb.ListEndpointsRequest(database=database))) == (Status.NOT_FOUND, text)


def test_request_for_another_database(query_stub):
    with pytest.raises(grpc.RpcError) as error:
        query_stub.CreateSession(query_pb.CreateSessionRequest(), metadata=[("x-ydb-database", "/other")])

    assert (error.value.code(), error.value.details()) == (grpc.StatusCode.UNAUTHENTICATED, "Unknown database")


def test_sqlalchemy_of_another_database(emulator):
    engine = sa.create_engine(emulator.url.replace("/local", "/other") + "?disable_discovery=true")
    with pytest.raises(sa.exc.DBAPIError, match="Unknown database"), engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
    engine.dispose()


# --- sessions --------------------------------------------------------------------------------------------------


def test_query_needs_attached_session(query_stub):
    id = query_stub.CreateSession(query_pb.CreateSessionRequest()).session_id

    [part] = execute(query_stub, "SELECT 1", id)

    assert refusal(part) == (Status.BAD_REQUEST, "Attempt to execute query on explicit session without attach")


def test_query_without_session(query_stub):
    [part] = execute(query_stub, "SELECT 1")

    assert part.status == Status.SUCCESS
    assert part.result_set.rows[0].items[0].int32_value == 1


@pytest.mark.parametrize(
    ("id", "status", "text"),
    [
        ("", Status.BAD_REQUEST, "Empty session id"),
        ("x", Status.BAD_REQUEST, "Failed to parse session id: x"),
        (UNKNOWN_SESSION, Status.BAD_SESSION, f"Session not found: {UNKNOWN_SESSION}"),
    ],
)
def test_no_such_session(query_stub, table_stub, id, status, text):
    [state] = query_stub.AttachSession(query_pb.AttachSessionRequest(session_id=id))
    begun = query_stub.BeginTransaction(query_pb.BeginTransactionRequest(session_id=id, tx_settings=SERIALIZABLE))
    alive = table_stub.KeepAlive(table_pb.KeepAliveRequest(session_id=id))

    assert [refusal(answer) for answer in (state, begun, alive)] == [(status, text)] * 3
    if id:
        assert [refusal(part) for part in execute(query_stub, "SELECT 1", id)] == [(status, text)]


def test_delete_session(emulator, query_stub):
    with attached(query_stub) as id:
        begin(query_stub, "WRITE a", id)
        deleted = query_stub.DeleteSession(query_pb.DeleteSessionRequest(session_id=id))
        again = query_stub.DeleteSession(query_pb.DeleteSessionRequest(session_id=id))

        assert [refusal(answer) for answer in (deleted, again)] == [(Status.SUCCESS, "")] * 2
        assert refusal(execute(query_stub, "SELECT 1", id)[0]) == (Status.BAD_SESSION, f"Session not found: {id}")
    assert not emulator.database._active


def test_stream_ends_with_its_session(query_stub):
    id = query_stub.CreateSession(query_pb.CreateSessionRequest()).session_id
    stream = query_stub.AttachSession(query_pb.AttachSessionRequest(session_id=id))
    next(stream)

    query_stub.DeleteSession(query_pb.DeleteSessionRequest(session_id=id))

    assert list(stream) == []


def test_session_ends_with_its_stream(emulator, query_stub):
    with attached(query_stub) as id:
        begin(query_stub, "WRITE a", id)
        assert emulator.database._active

    wait_until(lambda: not emulator.database._active)
    assert refusal(execute(query_stub, "SELECT 1", id)[0])[0] == Status.BAD_SESSION
    assert rows(emulator) == set()


def test_session_is_busy(query_stub, queries, session_id):
    waiting = query_stub.ExecuteQuery(execute_request("WAIT", session_id))
    assert queries.started.wait()

    [part] = execute(query_stub, "SELECT 1", session_id)
    queries.go_on.set()

    assert refusal(part) == (Status.SESSION_BUSY, "Pending previous query completion")
    assert [part.status for part in waiting] == [Status.SUCCESS]
    assert execute(query_stub, "SELECT 1", session_id)[0].status == Status.SUCCESS


def test_too_many_sessions(query_stub, monkeypatch):
    monkeypatch.setattr(session, "MAX_SESSIONS", 2)
    ids = [query_stub.CreateSession(query_pb.CreateSessionRequest()).session_id for _ in range(2)]

    refused = query_stub.CreateSession(query_pb.CreateSessionRequest())
    query_stub.DeleteSession(query_pb.DeleteSessionRequest(session_id=ids[0]))

    assert refusal(refused) == (Status.OVERLOADED, "Active sessions limit exceeded, maximum allowed: 2")
    assert query_stub.CreateSession(query_pb.CreateSessionRequest()).status == Status.SUCCESS


def test_idle_sessions_make_room(query_stub, monkeypatch):
    monkeypatch.setattr(session, "MAX_SESSIONS", 2)
    with attached(query_stub) as kept:
        old = query_stub.CreateSession(query_pb.CreateSessionRequest()).session_id
        monkeypatch.setattr(session, "IDLE_TIMEOUT", -1.0)
        new = query_stub.CreateSession(query_pb.CreateSessionRequest())

        assert new.status == Status.SUCCESS
        assert execute(query_stub, "SELECT 1", kept)[0].status == Status.SUCCESS
        assert refusal(execute(query_stub, "SELECT 1", old)[0])[0] == Status.BAD_SESSION


def test_pings_of_idle_session_are_welcome(emulator):
    """By default a server of gRPC hangs up at the third: it sends GOAWAY. In HTTP/2's own bytes, as gRPC's client pings
    once a second at most.
    """
    settings, ping, goaway, is_answer = 4, 6, 7, 1
    with socket.create_connection(("127.0.0.1", emulator.port)) as client, client.makefile("rb") as answers:

        def send(kind: int, payload: bytes = b"") -> None:
            client.sendall(len(payload).to_bytes(3) + bytes([kind, 0, 0, 0, 0, 0]) + payload)

        client.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        send(settings)
        for _ in range(10):
            send(ping, bytes(8))
            kind = flags = None
            while (kind, flags) != (ping, is_answer):
                header = answers.read(9)
                answers.read(int.from_bytes(header[:3]))
                kind, flags = header[3:5]
                assert kind != goaway


# --- transactions ----------------------------------------------------------------------------------------------


def test_transaction_id_is_in_first_part(query_stub, session_id):
    control = query_pb.TransactionControl(begin_tx=SERIALIZABLE)
    first, *others = execute(query_stub, "LONG", session_id, tx_control=control, response_part_limit_bytes=1000)

    assert first.tx_meta.id
    assert len(others) > 5


def test_commit_with_statement(emulator, query_stub, session_id):
    id = begin(query_stub, "WRITE a", session_id)
    assert rows(emulator) == set()

    [part] = execute(query_stub, "WRITE b", session_id, **in_tx(id, commit=True))

    assert part.tx_meta.id == ""
    assert rows(emulator) == {"a", "b"}
    [part] = execute(query_stub, "WRITE c", session_id, **in_tx(id))
    assert refusal(part) == (Status.NOT_FOUND, f"Transaction not found: {id}")


def test_commit_and_rollback(emulator, query_stub, session_id):
    settings = {"session_id": session_id, "tx_settings": SERIALIZABLE}
    for key, finish in ("a", query_stub.CommitTransaction), ("b", query_stub.RollbackTransaction):
        id = query_stub.BeginTransaction(query_pb.BeginTransactionRequest(**settings)).tx_meta.id
        execute(query_stub, f"WRITE {key}", session_id, **in_tx(id))
        request = query_pb.CommitTransactionRequest(session_id=session_id, tx_id=id)
        if finish is query_stub.RollbackTransaction:
            request = query_pb.RollbackTransactionRequest(session_id=session_id, tx_id=id)

        assert refusal(finish(request)) == (Status.SUCCESS, "")
        assert refusal(finish(request)) == (Status.NOT_FOUND, f"Transaction not found: {id}")
    assert rows(emulator) == {"a"}


@pytest.mark.parametrize("text", ["FAIL", "BUG"])
def test_failed_statement_ends_transaction(emulator, query_stub, session_id, text):
    id = begin(query_stub, "WRITE a", session_id)

    [failed] = execute(query_stub, text, session_id, **in_tx(id))
    [after] = execute(query_stub, "WRITE b", session_id, **in_tx(id, commit=True))

    assert failed.status != Status.SUCCESS
    assert refusal(after) == (Status.NOT_FOUND, f"Transaction not found: {id}")
    assert not emulator.database._active


def test_transaction_of_another_session(query_stub, session_id):
    id = begin(query_stub, "WRITE a", session_id)

    with attached(query_stub) as other:
        [part] = execute(query_stub, "WRITE b", other, **in_tx(id))

    assert refusal(part) == (Status.NOT_FOUND, f"Transaction not found: {id}")


def test_too_many_transactions(emulator, query_stub, session_id):
    for _ in range(session.MAX_TRANSACTIONS):
        begin(query_stub, "SELECT 1", session_id)

    [part] = execute(query_stub, "SELECT 1", session_id, tx_control=query_pb.TransactionControl(begin_tx=SERIALIZABLE))

    assert refusal(part) == (Status.BAD_SESSION, "Too many transactions, current active: 10 MaxTxPerSession: 10")
    assert not emulator.database._active


@pytest.mark.parametrize(
    ("control", "status", "text"),
    [
        (query_pb.TransactionControl(), Status.BAD_REQUEST, "Invalid tx_control settings"),
        (query_pb.TransactionControl(begin_tx={}), Status.BAD_REQUEST, "Invalid tx_settings"),
        (query_pb.TransactionControl(tx_id=""), Status.NOT_FOUND, "Transaction not found: "),
        (
            query_pb.TransactionControl(begin_tx={"read_committed_read_write": {}}),
            Status.UNSUPPORTED,
            "The emulator does not support the transaction mode read_committed_read_write",
        ),
    ],
)
def test_transaction_control_refused(query_stub, session_id, control, status, text):
    [part] = execute(query_stub, "SELECT 1", session_id, tx_control=control)

    assert refusal(part) == (status, text)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "Empty tx_settings."),
        ({"tx_settings": {}}, "Failed to begin transaction: tx mode was not set"),
        (
            {"tx_settings": {"stale_read_only": {}}},
            "Failed to begin transaction: open transactions not supported for transaction mode StaleReadOnly, "
            "use tx_control field in ExecuteDataQueryRequest to begin transaction with this mode.",
        ),
    ],
)
def test_begin_refused(query_stub, table_stub, session_id, fields, text):
    for stub, messages in (query_stub, query_pb), (table_stub, table_pb):
        request = messages.BeginTransactionRequest(session_id=session_id, **fields)
        assert refusal(stub.BeginTransaction(request)) == (Status.BAD_REQUEST, text)


def test_commit_refused(query_stub, session_id):
    request = query_pb.CommitTransactionRequest(session_id=session_id)

    assert refusal(query_stub.CommitTransaction(request)) == (Status.BAD_REQUEST, "Empty transaction id.")


# --- queries ---------------------------------------------------------------------------------------------------


TYPED = value_pb.TypedValue()


@pytest.mark.parametrize(
    ("fields", "status", "text"),
    [
        ({"exec_mode": query_pb.EXEC_MODE_UNSPECIFIED}, Status.BAD_REQUEST, "Unexpected query mode"),
        ({"exec_mode": 77}, Status.BAD_REQUEST, "Unexpected query mode"),
        ({"exec_mode": query_pb.EXEC_MODE_EXPLAIN}, Status.UNSUPPORTED, "EXEC_MODE_EXPLAIN"),
        ({"query_content": None}, Status.BAD_REQUEST, "Unexpected query option"),
        ({"query_content": {}}, Status.BAD_REQUEST, "Empty query text"),
        ({"query_content": {"text": "x", "syntax": 2}}, Status.UNSUPPORTED, "a syntax other than YQL v1"),
        ({"stats_mode": query_pb.STATS_MODE_FULL}, Status.UNSUPPORTED, "query statistics"),
        ({"result_set_format": 2}, Status.UNSUPPORTED, "a result set format other than VALUE"),
        ({"pool_id": "mine"}, Status.UNSUPPORTED, "resource pools"),
        ({"parameters": {"a": TYPED}}, Status.UNSUPPORTED, "a parameter whose name has no dollar sign: a"),
        ({"parameters": {"$a": TYPED}}, Status.BAD_REQUEST, "Unknown protobuf type: "),
    ],
)  # fmt: skip
def test_query_refused(query_stub, queries, fields, status, text):
    [part] = execute(query_stub, "SELECT 1", **fields)

    prefix = "The emulator does not support " if status == Status.UNSUPPORTED else ""
    assert refusal(part) == (status, prefix + text)
    assert queries.texts == []


@pytest.mark.parametrize("schema_inclusion_mode", ["SCHEMA_INCLUSION_MODE_ALWAYS", "SCHEMA_INCLUSION_MODE_FIRST_ONLY"])
def test_long_result_comes_in_parts(query_stub, monkeypatch, schema_inclusion_mode):
    monkeypatch.setattr(query_service, "PART_BYTES", 50_000)

    parts = execute(query_stub, "LONG", schema_inclusion_mode=schema_inclusion_mode)

    long = [part.result_set for part in parts if part.result_set_index == 0]
    assert [part.result_set_index for part in parts] == [0] * len(long) + [1]
    assert [row.items[0].int64_value for part in long for row in part.rows] == list(range(2000))
    assert max(part.ByteSize() for part in long) < 60_000
    columns = [len(part.columns) for part in long]
    repeated = 2 if schema_inclusion_mode == "SCHEMA_INCLUSION_MODE_ALWAYS" else 0
    assert columns == [2] + [repeated] * (len(long) - 1)


def test_nothing_to_return(query_stub):
    [part] = execute(query_stub, "NOTHING")

    assert part == query_pb.ExecuteQueryResponsePart(status=Status.SUCCESS)


# --- tables ----------------------------------------------------------------------------------------------------


@pytest.fixture
def catalog(emulator) -> None:
    columns = (
        Column("id", types.INT64, not_null=True, sequence="_serial_column_id"),
        Column("name", types.UTF8, default=("x",)),
        Column("price", types.decimal(22, 9), not_null=True, family="cold"),
    )
    indexes = (
        Index("by_name", ("name",), ("price",)),
        Index("later", ("name",), asynchronous=True),
        Index("one", ("price",), unique=True),
    )
    settings = pmap({"AUTO_PARTITIONING_BY_LOAD": "ENABLED", "AUTO_PARTITIONING_MAX_PARTITIONS_COUNT": "9"})
    entries: dict[str, Entry] = {
        "": Directory(),
        "folder": Directory(),
        "folder/row": Table(TableId(1), columns, ("id",), indexes, settings=settings),
        "column": Table(TableId(2), columns[:1], ("id",), is_column=True),
        "view": View("SELECT 1", Select(())),
    }
    emulator.database.change_schema(State(pmap(entries)))


def described(stub, path: str, **wishes: bool) -> table_pb.DescribeTableResult:
    operation = stub.DescribeTable(table_pb.DescribeTableRequest(path=path, **wishes)).operation
    assert operation.status == Status.SUCCESS, operation
    result = table_pb.DescribeTableResult()
    operation.result.Unpack(result)
    return result


def test_describe_row_table(table_stub, catalog):
    table = described(table_stub, "/local/folder/row")

    assert (table.self.name, table.self.type) == ("row", scheme_pb.Entry.TABLE)
    assert list(table.primary_key) == ["id"]
    id, name, price = table.columns
    assert (id.name, id.type.type_id, id.from_sequence.name) == ("id", value_pb.Type.INT64, "_serial_column_id")
    assert name.type.optional_type.item.type_id == value_pb.Type.UTF8
    assert name.from_literal.value.text_value == "x"
    assert (price.type.decimal_type.precision, price.type.decimal_type.scale, price.family) == (22, 9, "cold")
    found = [(i.name, i.WhichOneof("type"), list(i.index_columns), list(i.data_columns)) for i in table.indexes]
    assert found == [
        ("by_name", "global_index", ["name"], ["price"]),
        ("later", "global_async_index", ["name"], []),
        ("one", "global_unique_index", ["price"], []),
    ]
    assert {index.status for index in table.indexes} == {table_pb.TableIndexDescription.STATUS_READY}
    settings = table.partitioning_settings
    assert (settings.partitioning_by_size, settings.partition_size_mb, settings.partitioning_by_load) == (1, 2048, 1)
    assert (settings.min_partitions_count, settings.max_partitions_count) == (1, 9)


def test_describe_other_entries(table_stub, catalog):
    column, view, folder = (described(table_stub, f"/local/{name}") for name in ("column", "view", "folder"))

    assert (column.self.type, column.store_type) == (scheme_pb.Entry.COLUMN_TABLE, table_pb.STORE_TYPE_COLUMN)
    assert column.columns[0].not_null
    assert (view.self.type, list(view.columns)) == (scheme_pb.Entry.VIEW, [])
    assert (folder.self.type, list(folder.columns)) == (scheme_pb.Entry.DIRECTORY, [])


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/local/nope", Status.SCHEME_ERROR, "Path not found"),
        ("/other/row", Status.SCHEME_ERROR, "Root not found"),
        ("", Status.BAD_REQUEST, "Invalid path"),
        (
            "/local/folder/row/by_name/indexImplTable",
            Status.UNSUPPORTED,
            "The emulator does not support what a table holds as a path of its own",
        ),
        ("/local/.sys/partition_stats", Status.UNSUPPORTED, "The emulator does not support system views"),
    ],
)
def test_nothing_to_describe(table_stub, scheme_stub, catalog, path, status, text):
    answers = [
        table_stub.DescribeTable(table_pb.DescribeTableRequest(path=path)),
        scheme_stub.DescribePath(scheme_pb.DescribePathRequest(path=path)),
        scheme_stub.ListDirectory(scheme_pb.ListDirectoryRequest(path=path)),
    ]

    assert [refusal(answer) for answer in answers] == [(status, text)] * 3


def test_describe_with_statistics_refused(table_stub, catalog):
    request = table_pb.DescribeTableRequest(path="/local/folder/row", include_table_stats=True)

    refused = "The emulator does not support DescribeTable with include_table_stats"
    assert refusal(table_stub.DescribeTable(request)) == (Status.UNSUPPORTED, refused)


def test_reflection(emulator, catalog):
    inspector = sa.inspect(engine := sa.create_engine(emulator.url))

    assert sorted(inspector.get_table_names()) == ["column", "folder/row"]
    assert [(c["name"], c["nullable"]) for c in inspector.get_columns("folder/row")] == [
        ("id", False),
        ("name", True),
        ("price", False),
    ]
    assert not inspector.has_table("nope")
    engine.dispose()


def test_table_client(emulator):
    with driver(emulator) as sdk, ydb.SessionPool(sdk) as pool:
        one = pool.retry_operation_sync(lambda s: s.transaction().execute("SELECT 1", commit_tx=True))
        pool.retry_operation_sync(lambda s: s.transaction().execute("WRITE a", commit_tx=True))

        def rolled_back(session: ydb.Session) -> None:
            transaction = session.transaction().begin()
            transaction.execute("WRITE b")
            transaction.rollback()

        pool.retry_operation_sync(rolled_back)
        pool.retry_operation_sync(lambda s: s.keep_alive())

    assert one[0].rows[0]["column0"] == 1
    assert rows(emulator) == {"a"}


def test_each_service_says_which_it_is(emulator, queries):
    """What its queries go by: test_data.py, test_in_of_each_service."""
    with driver(emulator) as sdk, ydb.SessionPool(sdk) as pool, ydb.QuerySessionPool(sdk) as query_pool:
        pool.retry_operation_sync(lambda s: s.transaction().execute("SELECT 1", commit_tx=True))
        query_pool.execute_with_retries("SELECT 1")

    assert queries.services == [False, True]


def test_data_query_cuts_result(emulator, table_stub):
    operation = table_stub.CreateSession(table_pb.CreateSessionRequest()).operation
    created = table_pb.CreateSessionResult()
    operation.result.Unpack(created)
    request = table_pb.ExecuteDataQueryRequest(
        session_id=created.session_id,
        query={"yql_text": "LONG"},
        tx_control={"begin_tx": {"serializable_read_write": {}}, "commit_tx": True},
    )

    result = table_pb.ExecuteQueryResult()
    table_stub.ExecuteDataQuery(request).operation.result.Unpack(result)

    assert [(len(r.rows), r.truncated) for r in result.result_sets] == [(1000, True), (1, False)]


@pytest.mark.parametrize(
    ("fields", "status", "text"),
    [
        ({"tx_control": None}, Status.BAD_REQUEST, "Empty tx_control."),
        ({"query": None}, Status.BAD_REQUEST, "Unexpected query option"),
        ({"query": {"yql_text": ""}}, Status.BAD_REQUEST, "Empty query text"),
        ({"query": {"id": ""}}, Status.BAD_REQUEST, "Empty query id"),
        ({"query": {"id": "x"}}, Status.BAD_REQUEST, "Unable to parse input string"),
        ({"query": {"id": f"{PREPARED}x"}}, Status.NOT_FOUND, "Query not found: x"),
        (
            {"query": {"id": "ydb://preparedqueryid/5?id=x"}},
            Status.UNSUPPORTED,
            "The emulator does not support a query id of another form",
        ),
        ({"collect_stats": 2}, Status.UNSUPPORTED, "The emulator does not support query statistics"),
        (
            {"tx_control": {"begin_tx": {"online_read_only": {}}}},
            Status.BAD_REQUEST,
            "Failed to execute query: open transactions not supported for transaction mode: OnlineReadOnly, "
            "use commit_tx flag to explicitely commit transaction.",
        ),
    ],
)
def test_data_query_refused(table_stub, session_id, fields, status, text):
    control = {"begin_tx": {"serializable_read_write": {}}, "commit_tx": True}
    fields = {"query": {"yql_text": "SELECT 1"}, "tx_control": control} | fields
    request = table_pb.ExecuteDataQueryRequest(session_id=session_id, **fields)

    assert refusal(table_stub.ExecuteDataQuery(request)) == (status, text)


@pytest.mark.parametrize(
    ("text", "status", "message"),
    [
        ("DROP TABLE t", Status.SUCCESS, ""),
        ("", Status.BAD_REQUEST, "Empty query text"),
        ("SELECT 1", Status.UNSUPPORTED, "The emulator does not support data statements in ExecuteSchemeQuery"),
    ],
)
def test_scheme_query(table_stub, queries, session_id, text, status, message):
    request = table_pb.ExecuteSchemeQueryRequest(session_id=session_id, yql_text=text)

    assert refusal(table_stub.ExecuteSchemeQuery(request)) == (status, message)
    assert queries.texts == ([text] if status == Status.SUCCESS else [])


# --- directories -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/local", "/local/"])
def test_list_directory(scheme_stub, catalog, path):
    result = scheme_pb.ListDirectoryResult()
    scheme_stub.ListDirectory(scheme_pb.ListDirectoryRequest(path=path)).operation.result.Unpack(result)

    kinds = scheme_pb.Entry
    assert (result.self.name, result.self.type) == ("local", kinds.DIRECTORY)
    assert [(child.name, child.type) for child in result.children] == [
        ("column", kinds.COLUMN_TABLE),
        ("folder", kinds.DIRECTORY),
        ("view", kinds.VIEW),
    ]


def test_make_and_remove_directory(emulator):
    with driver(emulator) as sdk:
        client = sdk.scheme_client
        client.make_directory("/local/a/b")
        client.make_directory("/local/a/b")
        assert client.describe_path("/local/a/b").is_directory()
        with pytest.raises(ydb.issues.SchemeError, match="path has children"):
            client.remove_directory("/local/a")
        client.remove_directory("/local/a/b")
        client.remove_directory("/local/a")
        with pytest.raises(ydb.issues.SchemeError, match="Path does not exist"):
            client.remove_directory("/local/a")


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        ("/local/folder/row", Status.SCHEME_ERROR, "unexpected path type"),
        ("/local/folder/row/x", Status.GENERIC_ERROR, "path is not a directory"),
        ("/local/a b", Status.SCHEME_ERROR, "symbol ' ' is not allowed in the path part 'a b'"),
        ("/local/..", Status.SCHEME_ERROR, "is not allowed path part contains only dots '..'"),
        ("/local/.sys", Status.SCHEME_ERROR, "path part '.sys' is reserved by the system"),
    ],
)
def test_directory_not_made(emulator, scheme_stub, catalog, path, status, error):
    before = emulator.database.state

    answered, text = refusal(scheme_stub.MakeDirectory(scheme_pb.MakeDirectoryRequest(path=path)))

    assert answered == status
    assert text.startswith("Check failed: path: '/local/")
    assert f"error: {error}" in text
    assert emulator.database.state == before


# --- what is refused, and what is broken -----------------------------------------------------------------------


def test_other_requests_are_refused(query_stub, table_stub):
    answers = [
        table_stub.ExplainDataQuery(table_pb.ExplainDataQueryRequest()),
        table_stub.DescribeTableOptions(table_pb.DescribeTableOptionsRequest()),
        *table_stub.StreamExecuteScanQuery(table_pb.ExecuteScanQueryRequest()),
        query_stub.ExecuteScript(query_pb.ExecuteScriptRequest()),
    ]

    assert [answer.operation.status if hasattr(answer, "operation") else answer.status for answer in answers] == [
        Status.UNSUPPORTED
    ] * 4
    assert refusal(answers[1])[1] == "The emulator does not support the request Ydb.Table.DescribeTableOptionsRequest"


def test_background_operation_is_refused(table_stub):
    params = operation_pb.OperationParams(operation_mode=operation_pb.OperationParams.ASYNC)

    answer = table_stub.CreateSession(table_pb.CreateSessionRequest(operation_params=params))

    assert refusal(answer) == (Status.UNSUPPORTED, "The emulator does not support asynchronous operations")


@pytest.mark.parametrize(
    "method", ["Ydb.Query.V1.QueryService/CreateSession", "Ydb.Table.V1.TableService/DescribeTable"]
)
def test_garbage(channel, query_stub, caplog, capfd, method):
    with pytest.raises(grpc.RpcError) as error:
        channel.unary_unary(f"/{method}")(b"\xff\xff\xff")
    with pytest.raises(grpc.RpcError):
        list(channel.unary_stream("/Ydb.Query.V1.QueryService/ExecuteQuery")(b"\xff"))

    assert error.value.code() == grpc.StatusCode.INTERNAL
    assert execute(query_stub, "SELECT 1")[0].status == Status.SUCCESS
    assert warnings_of(caplog) == []
    assert capfd.readouterr().err == ""


def test_message_size(emulator, query_stub):
    assert execute(query_stub, "x" * (5 << 20))[0].status == Status.SUCCESS


# --- start and stop --------------------------------------------------------------------------------------------


def test_port_in_use(emulator, capfd):
    with pytest.raises(OSError, match=f"port {emulator.port} is in use: stop what listens there, or choose another"):
        Emulator(emulator.port).start()

    assert capfd.readouterr().err == ""


def test_loopback_only(emulator):
    others = {address[4][0] for address in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in {"127.0.0.2", *others} - {"127.0.0.1"}:
        with socket.socket() as client:
            client.settimeout(0.2)
            assert client.connect_ex((address, emulator.port)) != 0


def test_nothing_is_left_after_stop(queries, capfd, caplog, monkeypatch):
    monkeypatch.setattr(server, "_GRACE", 60)  # that no stream uses, however busy the machine is
    before = set(threading.enumerate())
    with Emulator() as emulator, grpc.insecure_channel(f"127.0.0.1:{emulator.port}") as channel:
        stub = ydb_query_v1_pb2_grpc.QueryServiceStub(channel)
        ids = [stub.CreateSession(query_pb.CreateSessionRequest()).session_id for _ in range(20)]
        streams = [stub.AttachSession(query_pb.AttachSessionRequest(session_id=id)) for id in ids]
        assert all(next(stream).status == Status.SUCCESS for stream in streams)
        emulator.stop()
        assert [list(stream) for stream in streams] == [[]] * 20  # each came to its end: none was cut off
    emulator.stop()

    wait_until(lambda: not [thread for thread in threading.enumerate() if thread not in before])
    with socket.socket() as client:
        assert client.connect_ex(("127.0.0.1", emulator.port)) != 0
    assert capfd.readouterr().err == ""
    assert warnings_of(caplog) == []


def test_several_emulators(queries):
    with Emulator() as one, Emulator(path="/Root/test") as other:
        engine = sa.create_engine(other.url)
        with engine.connect() as connection:
            assert connection.execute(sa.text("SELECT 1")).scalar() == 1
        with driver(one) as sdk:
            sdk.scheme_client.make_directory("/local/a")
        engine.dispose()

        assert one.port != other.port
        assert "a" in one.database.state.catalog
        assert "a" not in other.database.state.catalog


def test_same_port_again(queries):
    with Emulator() as first:
        pass
    with Emulator(first.port) as second, driver(second) as sdk:
        assert sdk.discovery_debug_details() is not None
