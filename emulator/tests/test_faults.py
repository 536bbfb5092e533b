"""Faults on demand, and what the client stack makes of them: who tries again, what reaches the program."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import grpc
import pytest
import sqlalchemy as sa
import ydb
from ydb._grpc.common.protos import ydb_query_pb2 as pb
from ydb._grpc.common.ydb_query_v1_pb2_grpc import QueryServiceStub

from ydb_emulator import Emulator
from ydb_emulator.conformance import client
from ydb_emulator.errors import Status
from ydb_emulator.store.catalog import Table

OVERLOADED = ydb.issues.Overloaded


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def engine(emulator: Emulator) -> Iterator[sa.Engine]:
    """With a table of one row; its requests are counted from here on."""
    engine = sa.create_engine(emulator.url)
    with engine.connect() as connection:
        connection.execute(sa.DDL("CREATE TABLE t (id Int64 NOT NULL, n Int64, PRIMARY KEY (id))"))
        connection.execute(sa.text("INSERT INTO t (id, n) VALUES (1, 10)"))
    emulator.faults.requests.clear()
    yield engine
    engine.dispose()


@pytest.fixture
def driver(emulator: Emulator) -> Iterator[ydb.Driver]:
    driver = client(f"127.0.0.1:{emulator.port}", "/local")
    yield driver
    driver.stop(timeout=1)


@pytest.fixture
def one(driver: ydb.Driver) -> ydb.QuerySession:
    session = ydb.QuerySession(driver).create()
    list(session.execute("CREATE TABLE t (id Int64 NOT NULL, n Int64, PRIMARY KEY (id))"))
    list(session.execute("INSERT INTO t (id, n) VALUES (1, 10)"))
    return session


@pytest.fixture
def other(driver: ydb.Driver) -> ydb.QuerySession:
    return ydb.QuerySession(driver).create()


def run(where: ydb.QuerySession | ydb.QueryTxContext, text: str) -> list[tuple]:
    with where.execute(text) as results:
        return [tuple(row.values()) for result in results for row in result.rows]


def select(engine: sa.Engine, text: str = "SELECT n FROM t") -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(text))]


# --- statuses --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "status",
    [Status.UNAVAILABLE, Status.ABORTED, Status.SESSION_EXPIRED, Status.BAD_SESSION, Status.OVERLOADED],
)
def test_client_tries_again(emulator: Emulator, engine: sa.Engine, status: Status) -> None:
    emulator.faults.fail("ExecuteQuery", status)
    assert select(engine) == [(10,)]
    assert emulator.faults.pending == ()
    assert emulator.faults.requests["ExecuteQuery"] == 2


@pytest.mark.parametrize(
    ("status", "error", "text"),
    [
        (Status.UNDETERMINED, sa.exc.OperationalError, "State of operation is unknown."),
        (Status.CANCELLED, sa.exc.OperationalError, "Operation cancelled."),
    ],
)
def test_client_does_not_try_again(
    emulator: Emulator, engine: sa.Engine, status: Status, error: type[Exception], text: str
) -> None:
    emulator.faults.fail("ExecuteQuery", status)
    with pytest.raises(error, match=text):
        select(engine)
    assert emulator.faults.requests["ExecuteQuery"] == 1
    assert select(engine) == [(10,)]


def test_client_gives_up_after_eleven_times(emulator: Emulator, engine: sa.Engine) -> None:
    emulator.faults.fail("ExecuteQuery", Status.ABORTED, times=11)
    with pytest.raises(sa.exc.OperationalError, match="Transaction locks invalidated."):
        select(engine)
    assert emulator.faults.requests["ExecuteQuery"] == 11
    assert emulator.faults.pending == ()


@pytest.mark.parametrize("status", [Status.UNAVAILABLE, Status.ABORTED, Status.UNDETERMINED])
def test_in_a_transaction_nothing_is_tried_again(emulator: Emulator, engine: sa.Engine, status: Status) -> None:
    serializable = engine.execution_options(isolation_level="SERIALIZABLE")
    with serializable.connect() as connection:
        connection.execute(sa.text("UPDATE t SET n = 11 WHERE id = 1"))
        emulator.faults.fail("ExecuteQuery", status)
        with pytest.raises(sa.exc.OperationalError):
            connection.execute(sa.text("UPDATE t SET n = 12 WHERE id = 1"))
        connection.rollback()
    assert select(engine) == [(10,)]
    assert not emulator.database._active


def test_commit_of_unknown_fate(emulator: Emulator, engine: sa.Engine) -> None:
    serializable = engine.execution_options(isolation_level="SERIALIZABLE")
    emulator.faults.fail("CommitTransaction", Status.UNDETERMINED, after=True)
    with pytest.raises(sa.exc.OperationalError, match="State of operation is unknown."), serializable.begin() as begun:
        begun.execute(sa.text("UPDATE t SET n = 11 WHERE id = 1"))
    assert select(engine) == [(11,)]


def test_kinds_and_numbers(emulator: Emulator, one: ydb.QuerySession) -> None:
    """The n-th request of a kind, that a text may tell, and those that follow."""
    emulator.faults.fail(status=Status.OVERLOADED, matching=lambda text: text.startswith("ALTER"), nth=2, times=2)
    run(one, "ALTER TABLE t ADD COLUMN a Int64")
    run(one, "SELECT 1")
    for column in "bc":
        with pytest.raises(OVERLOADED, match="Kikimr cluster or one of its subsystems is overloaded."):
            run(one, f"ALTER TABLE t ADD COLUMN {column} Int64")
    assert not emulator.faults.pending
    run(one, "ALTER TABLE t ADD COLUMN d Int64")
    table = emulator.database.state.catalog["t"]
    assert isinstance(table, Table)
    assert [column.name for column in table.columns] == ["id", "n", "a", "d"]


def test_faults_that_can_not_be() -> None:
    faults = Emulator().faults
    for ask in (
        lambda: faults.fail("ExecuteQeury"),
        lambda: faults.fail(nth=0),
        lambda: faults.fail(status=Status.INTERNAL_ERROR),
        lambda: faults.reject("ExecuteQeury"),
        lambda: faults.reject(code=grpc.StatusCode.OK),
        lambda: faults.delay_scheme_operation(1, times=0),
    ):
        with pytest.raises(ValueError):
            ask()
    assert faults.pending == ()


def test_a_fault_that_nothing_met_is_pending(emulator: Emulator) -> None:
    emulator.faults.fail("BulkUpsert")
    emulator.faults.delay_scheme_operation(1)
    assert len(emulator.faults.pending) == 2
    emulator.faults.clear()
    assert not emulator.faults.pending


# --- connections and restarts ----------------------------------------------------------------------------------


@pytest.mark.parametrize("keep_data", [True, False])
def test_restart(emulator: Emulator, engine: sa.Engine, keep_data: bool) -> None:
    port = emulator.port
    emulator.restart(keep_data)
    assert emulator.port == port
    if keep_data:
        assert select(engine) == [(10,)]
    else:
        assert not sa.inspect(engine).has_table("t")


def test_restart_ends_transactions(emulator: Emulator, engine: sa.Engine) -> None:
    serializable = engine.execution_options(isolation_level="SERIALIZABLE")
    with serializable.connect() as connection:
        connection.execute(sa.text("UPDATE t SET n = 11 WHERE id = 1"))
        emulator.restart()
        with pytest.raises(sa.exc.DBAPIError):
            connection.execute(sa.text("UPDATE t SET n = 12 WHERE id = 1"))
    assert select(engine) == [(10,)]


# --- connections -----------------------------------------------------------------------------------------------


@pytest.fixture
def stub(emulator: Emulator) -> Iterator[QueryServiceStub]:
    """A client below the SDK, on a connection of its own: whether the SDK tries again is a race of its threads."""
    options = [("grpc.use_local_subchannel_pool", 1)]
    with grpc.insecure_channel(f"127.0.0.1:{emulator.port}", options) as channel:
        yield QueryServiceStub(channel)


@pytest.mark.parametrize(("after", "rows"), [(False, [(10,)]), (True, [(11,)])])
def test_connection_drops(
    emulator: Emulator, engine: sa.Engine, stub: QueryServiceStub, after: bool, rows: list[tuple]
) -> None:
    """The client can't know whether the statement ran."""
    emulator.faults.drop_connection(after=after)
    content = pb.QueryContent(text="UPDATE t SET n = n + 1 WHERE id = 1", syntax=pb.SYNTAX_YQL_V1)
    request = pb.ExecuteQueryRequest(exec_mode=pb.EXEC_MODE_EXECUTE, query_content=content)
    with pytest.raises(grpc.RpcError) as dropped:
        list(stub.ExecuteQuery(request))
    assert dropped.value.code() is grpc.StatusCode.UNAVAILABLE
    assert emulator.faults.pending == ()
    assert select(engine) == rows


def test_a_call_is_rejected(emulator: Emulator, engine: sa.Engine, stub: QueryServiceStub) -> None:
    """With a status of gRPC, and without a look at it; other calls, and the next one, go on."""
    emulator.faults.reject(times=2)
    content = pb.QueryContent(text="UPDATE t SET n = n + 1 WHERE id = 1", syntax=pb.SYNTAX_YQL_V1)
    request = pb.ExecuteQueryRequest(exec_mode=pb.EXEC_MODE_EXECUTE, query_content=content)
    for _ in range(2):
        with pytest.raises(grpc.RpcError) as rejected:
            list(stub.ExecuteQuery(request))
        assert (rejected.value.code(), rejected.value.details()) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "no resource")
    assert emulator.faults.pending == ()
    assert select(engine) == [(10,)]


# --- scheme operations that take time --------------------------------------------------------------------------


@contextmanager
def meanwhile(emulator: Emulator, session: ydb.QuerySession, text: str) -> Iterator[None]:
    """While a scheme statement takes its time; it succeeds in the end."""
    delay = emulator.faults.delay_scheme_operation(3600)
    failed: list[Exception] = []

    def slow() -> None:
        try:
            run(session, text)
        except ydb.issues.Error as error:
            failed.append(error)
        delay.is_underway.set()  # it never was, if it failed at once

    thread = threading.Thread(target=slow)
    thread.start()
    delay.is_underway.wait()
    yield
    emulator.database.hurry()
    thread.join()
    assert not failed
    assert not emulator.database.under_operation


CREATE_U = "CREATE TABLE u (id Int64, PRIMARY KEY (id))"


@pytest.mark.parametrize(
    ("slow", "statement", "error"),
    [
        (CREATE_U, CREATE_U, "path exists but creating right now (…, type: EPathTypeTable, state: EPathStateCreate)"),
        (CREATE_U, CREATE_U.replace("TABLE", "TABLE IF NOT EXISTS"), "path exists but creating right now"),
        ("ALTER TABLE t ADD COLUMN c Int64", "ALTER TABLE t ADD COLUMN d Int64",
         "path is under operation (…, type: EPathTypeTable, state: EPathStateAlter)"),
        ("ALTER TABLE t ADD INDEX i GLOBAL ON (n)", "DROP TABLE t", "path is under operation"),
        ("ALTER TABLE t RENAME TO u", "ALTER TABLE t DROP COLUMN n", "state: EPathStateMoving"),
        ("ALTER TABLE t RENAME TO u", CREATE_U, "path exists but creating right now"),
        ("DROP TABLE t", "ALTER TABLE t DROP COLUMN n", "path is being deleted right now"),
        ("DROP TABLE t", "DROP TABLE t", "path is being deleted right now (…, state: EPathStateDrop)"),
    ],
)  # fmt: skip
def test_second_scheme_operation_is_overloaded(
    emulator: Emulator, one: ydb.QuerySession, other: ydb.QuerySession, slow: str, statement: str, error: str
) -> None:
    """ydb/core/tx/schemeshard/schemeshard_path.cpp; OVERLOADED for StatusMultipleModifications."""
    with meanwhile(emulator, one, slow):
        with pytest.raises(OVERLOADED) as refused:
            run(other, statement)
        assert all(part in str(refused.value) for part in error.split("…"))


def test_reads_and_writes_go_on(emulator: Emulator, one: ydb.QuerySession, other: ydb.QuerySession) -> None:
    with meanwhile(emulator, one, "ALTER TABLE t ADD COLUMN c Int64"):
        run(other, "UPDATE t SET n = 11 WHERE id = 1")
        assert run(other, "SELECT * FROM t") == [(1, 11)]
        run(other, "CREATE TABLE u (id Int64, PRIMARY KEY (id))")
    assert run(other, "SELECT id, n, c FROM t") == [(1, 11, None)]


@pytest.mark.parametrize(
    ("statement", "status", "error"),
    [
        ("UPDATE t SET c = 1 WHERE id = 1", Status.BAD_REQUEST, "Column 'c' is under the build operation '/local/t'."),
        (
            "UPSERT INTO t (id, c) VALUES (1, 1)",
            Status.BAD_REQUEST,
            "Column is under build operation, write operation is not allowed to column: c for table: /local/t",
        ),
        ("SELECT c FROM t", Status.GENERIC_ERROR, "Member not found: c"),
    ],
)
def test_column_under_build(
    emulator: Emulator, one: ydb.QuerySession, other: ydb.QuerySession, statement: str, status: Status, error: str
) -> None:
    """ydb/core/kqp/ut/scheme/kqp_constraints_ut.cpp, AddNonColumnDoesnotReturnInternalError."""
    with meanwhile(emulator, one, "ALTER TABLE t ADD COLUMN c Int64 DEFAULT 7"):
        with pytest.raises(ydb.issues.Error) as refused:
            run(other, statement)
        assert refused.value.status == status
        assert error in str(refused.value).replace("\\'", "'")
        run(other, "UPSERT INTO t (id, n) VALUES (2, 20)")
    assert run(other, "SELECT id, c FROM t") == [(1, 7), (2, 7)]


def test_delay_of_one_path(emulator: Emulator, one: ydb.QuerySession) -> None:
    delay = emulator.faults.delay_scheme_operation(0.1, path="t")
    run(one, CREATE_U)
    assert emulator.faults.pending and not delay.is_underway.is_set()
    run(one, "ALTER TABLE t ADD COLUMN c Int64")
    assert not emulator.faults.pending and delay.is_underway.is_set()


def test_sqlalchemy_waits_for_the_other_one(emulator: Emulator, engine: sa.Engine) -> None:
    """The client tries OVERLOADED again after a second or so: two deploys at once get along, one after the other."""
    delay = emulator.faults.delay_scheme_operation(3600)
    came = threading.Semaphore(0)

    def comes(text: str) -> bool:
        if "ADD COLUMN b" in text:
            came.release()
        return False

    emulator.faults.fail(matching=comes)
    other = sa.create_engine(emulator.url)

    def alter(engine: sa.Engine, column: str) -> None:
        with engine.connect() as connection:
            connection.execute(sa.DDL(f"ALTER TABLE t ADD COLUMN {column} Int64"))

    first, second = (threading.Thread(target=alter, args=each) for each in ((other, "a"), (engine, "b")))
    first.start()
    delay.is_underway.wait()
    second.start()
    for _ in range(2):  # it is refused, and comes again
        came.acquire()
    emulator.database.hurry()
    for thread in (first, second):
        thread.join()
    other.dispose()
    assert [column["name"] for column in sa.inspect(engine).get_columns("t")] == ["id", "n", "a", "b"]


def test_stop_does_not_wait_for_a_slow_operation(emulator: Emulator, one: ydb.QuerySession) -> None:
    """Otherwise this would not end for an hour."""
    delay = emulator.faults.delay_scheme_operation(3600)
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(run, one, CREATE_U)
        delay.is_underway.wait()
        emulator.stop()
    assert not emulator.database.under_operation
    assert slow.done()
