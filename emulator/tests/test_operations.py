"""Builds of indexes and of columns as operations: listed, told, cancelled, forgotten; and who waits for them.

Sources: ydb/core/grpc_services/rpc_{list,get,cancel,forget}_operation*.cpp, operation_helpers.cpp;
ydb/core/tx/schemeshard/schemeshard_build_index__*.cpp, ut_index_build/ut_index_build.cpp.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest
import sqlalchemy as sa
import ydb
from ydb._grpc.common import ydb_operation_v1_pb2_grpc
from ydb._grpc.common.protos import ydb_operation_pb2 as pb
from ydb._grpc.common.protos import ydb_table_pb2 as table_pb

from ydb_emulator import Emulator
from ydb_emulator.__main__ import main
from ydb_emulator.errors import Status

ADD = "ALTER TABLE t ADD INDEX i GLOBAL ON (n) COVER (s)"
UNKNOWN = "ydb://buildindex/7?id=1"


class Client:
    """A YDB with a table, and what asks it."""

    def __init__(self, emulator: Emulator):
        self.emulator = emulator
        self.engine = sa.create_engine(emulator.url)
        self.channel = grpc.insecure_channel(f"127.0.0.1:{emulator.port}")
        self.operations = ydb_operation_v1_pb2_grpc.OperationServiceStub(self.channel)
        self.run("CREATE TABLE t (id Int64 NOT NULL, n Int64, s Utf8, PRIMARY KEY (id))")

    def run(self, text: str) -> None:
        with self.engine.connect() as connection:
            connection.execute(sa.DDL(text))

    def listed(self, **given: object) -> pb.ListOperationsResponse:
        return self.operations.ListOperations(pb.ListOperationsRequest(**{"kind": "buildindex"} | given))

    def get(self, id: str) -> pb.Operation:
        return self.operations.GetOperation(pb.GetOperationRequest(id=id)).operation

    def cancel(self, id: str) -> pb.CancelOperationResponse:
        return self.operations.CancelOperation(pb.CancelOperationRequest(id=id))

    def forget(self, id: str) -> pb.ForgetOperationResponse:
        return self.operations.ForgetOperation(pb.ForgetOperationRequest(id=id))

    @property
    def indexes(self) -> list[str | None]:
        return [index["name"] for index in sa.inspect(self.engine).get_indexes("t")]

    @property
    def columns(self) -> list[str]:
        return [column["name"] for column in sa.inspect(self.engine).get_columns("t")]

    def start(self, text: str) -> tuple[threading.Thread, list[sa.exc.DBAPIError]]:
        """A statement that takes its time, once it does, and what it will have failed with."""
        delay = self.emulator.faults.delay_scheme_operation(3600)
        failed: list[sa.exc.DBAPIError] = []

        def statement() -> None:
            try:
                self.run(text)
            except sa.exc.DBAPIError as error:
                failed.append(error)

        thread = threading.Thread(target=statement)
        thread.start()
        assert delay.is_underway.wait(10)
        return thread, failed


def metadata(operation: pb.Operation) -> table_pb.IndexBuildMetadata:
    found = table_pb.IndexBuildMetadata()
    assert operation.metadata.Unpack(found)
    return found


@pytest.fixture
def make() -> Iterator[Callable[..., Client]]:
    clients: list[Client] = []

    def make(**given: Any) -> Client:
        clients.append(Client(Emulator(**given).start()))
        return clients[-1]

    yield make
    for client in clients:
        client.engine.dispose()  # before the emulator stops: a driver would look for it
        client.channel.close()
        client.emulator.stop()


@pytest.fixture
def client(make: Callable[..., Client]) -> Client:
    return make()


def test_a_build_that_is_done(client: Client) -> None:
    client.run(ADD)
    [operation] = client.listed().operations
    assert operation.id.startswith("ydb://buildindex/7?id=")
    assert (operation.ready, operation.status) == (True, Status.SUCCESS)
    told = metadata(operation)
    assert (told.state, told.progress) == (table_pb.IndexBuildState.STATE_DONE, 100)
    assert (told.description.path, told.description.index.name) == ("/local/t", "i")
    assert list(told.description.index.index_columns) == ["n"]
    assert list(told.description.index.data_columns) == ["s"]
    assert told.description.index.WhichOneof("type") == "global_index"
    assert client.get(operation.id) == operation


def test_a_build_that_goes_on_is_listed_and_so_is_its_index(client: Client) -> None:
    """ToOperation: not ready, and without a status. FillIndexDescription: STATUS_BUILDING; clients see an index."""
    thread, failed = client.start(ADD)
    [operation] = client.listed().operations
    assert (operation.ready, operation.status) == (False, 0)
    assert metadata(operation).state == 2  # the transfer of data
    assert 0 <= metadata(operation).progress < 100
    assert client.indexes == ["i"]
    assert client.forget(operation.id).status == Status.PRECONDITION_FAILED
    client.emulator.database.hurry()
    thread.join()
    assert not failed and client.indexes == ["i"]
    assert client.get(operation.id).status == Status.SUCCESS


def test_a_cancelled_build_leaves_no_index_and_its_statement_fails(client: Client) -> None:
    """CancelBuild in ut_index_build.cpp; for the statement, pull request 20268 of ydb-platform/ydb."""
    thread, failed = client.start(ADD)
    [operation] = client.listed().operations
    assert client.cancel(operation.id).status == Status.SUCCESS
    thread.join()
    assert client.indexes == []
    told = client.get(operation.id)
    assert (told.ready, told.status, list(told.issues)) == (True, Status.CANCELLED, [])
    assert metadata(told).state == table_pb.IndexBuildState.STATE_CANCELLED and metadata(told).progress == 0
    [error] = failed
    assert getattr(error.orig, "status", None) == Status.PRECONDITION_FAILED
    client.run(ADD)
    assert client.indexes == ["i"]


def test_a_rejected_build_says_why(client: Client) -> None:
    client.emulator.faults.reject_build("Bulk upsert: no such shard")
    with pytest.raises(sa.exc.IntegrityError, match="no such shard"):
        client.run(ADD)
    assert client.indexes == []
    [operation] = client.listed().operations
    assert (operation.ready, operation.status) == (True, Status.ABORTED)
    assert metadata(operation).state == table_pb.IndexBuildState.STATE_REJECTED
    assert [issue.message for issue in operation.issues] == ["Bulk upsert: no such shard"]
    with pytest.raises(ValueError, match="why"):
        client.emulator.faults.reject_build("")


@pytest.mark.parametrize("line", ["25.1", "25.2"])
def test_what_a_statement_says_of_its_failed_build_is_not_known_of_older_lines(
    make: Callable[..., Client], line: str
) -> None:
    client = make(line=line)
    client.emulator.faults.reject_build("for a reason")
    with pytest.raises(sa.exc.NotSupportedError, match="The emulator does not support"):
        client.run(ADD)
    assert client.indexes == []


def test_a_column_with_a_default_is_a_build_as_well(client: Client) -> None:
    """ColumnBuildTest in ut_column_build.cpp: it is in the list, can be cancelled, and then there is no column."""
    thread, failed = client.start("ALTER TABLE t ADD COLUMN c Int64 DEFAULT 7")
    [operation] = client.listed().operations
    assert client.columns[-1] == "c", "table_description.cpp leaves no column out"
    assert metadata(operation).description.path == "/local/t"
    assert not metadata(operation).description.HasField("index") or not metadata(operation).description.index.name
    client.cancel(operation.id)
    thread.join()
    assert len(failed) == 1
    assert "c" not in client.columns


@pytest.mark.parametrize(
    "statement",
    ["ALTER TABLE t ADD COLUMN c Int64", "CREATE TABLE u (id Int64, n Int64, PRIMARY KEY (id), INDEX j GLOBAL ON (n))"],
)
def test_what_is_no_build(client: Client, statement: str) -> None:
    client.run(statement)
    assert not client.listed().operations


def test_a_refused_index_is_no_build(client: Client) -> None:
    with pytest.raises(sa.exc.DBAPIError):
        client.run("ALTER TABLE t ADD INDEX i GLOBAL ON (nothing)")
    assert not client.listed().operations


def test_a_build_outlives_its_client(client: Client) -> None:
    """The concept page of secondary indexes: it goes on where the connection is interrupted."""
    driver = ydb.Driver(endpoint=f"grpc://127.0.0.1:{client.emulator.port}", database="/local")
    driver.wait(5)
    delay = client.emulator.faults.delay_scheme_operation(3600)
    session = ydb.QuerySession(driver).create()

    def statement() -> None:
        with pytest.raises(ydb.issues.Error):
            for _ in session.execute(ADD):
                pass

    thread = threading.Thread(target=statement)
    thread.start()
    assert delay.is_underway.wait(10)
    driver.stop(timeout=1)
    thread.join()
    [operation] = client.listed().operations
    assert not operation.ready
    client.emulator.database.hurry()
    while not client.get(operation.id).ready:
        pass
    assert client.indexes == ["i"]


def test_the_newest_comes_first_page_by_page(client: Client) -> None:
    """schemeshard_build_index__list.cpp: ten a page, a hundred at most, 0 after the last one."""
    for number in range(12):
        client.run(f"ALTER TABLE t ADD INDEX i{number} GLOBAL ON (n)")
    names = [f"i{number}" for number in reversed(range(12))]

    def named(page: pb.ListOperationsResponse) -> list[str]:
        return [metadata(operation).description.index.name for operation in page.operations]

    first = client.listed()
    assert (named(first), first.next_page_token) == (names[:10], "2")
    second = client.listed(page_token="2")
    assert (named(second), second.next_page_token) == (names[10:], "0")
    assert named(client.listed(page_size=1000)) == names
    assert named(client.listed(page_size=5, page_token="0")) == names[:5]
    assert client.listed(page_token="x").status == Status.BAD_REQUEST


def test_forgotten(client: Client) -> None:
    client.run(ADD)
    [operation] = client.listed().operations
    assert client.forget(operation.id).status == Status.SUCCESS
    assert not client.listed().operations and client.indexes == ["i"]
    assert client.forget(operation.id).status == Status.NOT_FOUND


@pytest.mark.parametrize(
    ("id", "status", "words"),
    [
        (UNKNOWN, Status.NOT_FOUND, "Index build process with id <1> not found"),
        ("nonsense", Status.BAD_REQUEST, "Invalid operation id"),
        ("", Status.BAD_REQUEST, "Invalid operation id"),
        ("ydb://buildindex/7?id=", Status.BAD_REQUEST, "Unable to extract operation id"),
        ("ydb://buildindex/7?id=x", Status.BAD_REQUEST, "Unable to extract operation id"),
        ("ydb://buildindex/7?id=0", Status.BAD_REQUEST, "Unable to extract operation id"),
        ("ydb://export/6?id=1&kind=s3", Status.UNSUPPORTED, "The emulator does not support the operation"),
    ],
)
def test_an_id_of_no_build(client: Client, id: str, status: Status, words: str) -> None:
    """rpc_cancel_operation.cpp and rpc_forget_operation.cpp. GetOperation says less: a status alone."""
    for answer in (client.cancel(id), client.forget(id)):
        assert answer.status == status and answer.issues[0].message.startswith(words)
    got = client.get(id)
    assert got.ready and got.status == (Status.PRECONDITION_FAILED if id == UNKNOWN else status)
    assert status is Status.UNSUPPORTED or not got.issues


def test_cancelled_twice_and_too_late(client: Client) -> None:
    """RejectsCancel in ut_index_build.cpp."""
    client.run(ADD)
    [operation] = client.listed().operations
    late = client.cancel(operation.id)
    assert late.status == Status.PRECONDITION_FAILED
    assert "has been finished already" in late.issues[0].message
    with client.emulator.database.lock:
        build = client.emulator.database.builds.begin("t", None)
        client.emulator.database.builds.cancel(build.id)
    twice = client.cancel(f"ydb://buildindex/7?id={build.id}")
    assert twice.status == Status.UNSUPPORTED


def test_other_kinds_and_views_of_an_index_under_build_are_the_emulators_to_refuse(client: Client) -> None:
    assert client.listed(kind="export/s3").status == Status.UNSUPPORTED
    thread, _ = client.start(ADD)
    with client.engine.connect() as connection, pytest.raises(sa.exc.NotSupportedError, match="emulator does not"):
        connection.execute(sa.text("SELECT * FROM t VIEW i"))
    client.emulator.database.hurry()
    thread.join()


def test_each_build_takes_as_long_as_it_is_told(make: Callable[..., Client], capsys: pytest.CaptureFixture) -> None:
    client = make(build_seconds=0.01)
    client.run("ALTER TABLE t ADD COLUMN c Int64")
    client.run(ADD)
    with pytest.raises(SystemExit) as end:
        main(["--build-seconds", "soon"])
    assert end.value.code == 2
    assert capsys.readouterr().err.endswith("--build-seconds: 'soon' is no whole number of seconds\n")


def test_one_is_cancelled_and_another_goes_on(client: Client) -> None:
    """Builds on several tables at once."""
    client.run("CREATE TABLE u (id Int64 NOT NULL, n Int64, PRIMARY KEY (id))")
    first, failed = client.start(ADD)
    second, _ = client.start("ALTER TABLE u ADD INDEX j GLOBAL ON (n)")
    other, operation = client.listed().operations
    assert metadata(other).description.path == "/local/u"
    client.cancel(operation.id)
    first.join()
    assert len(failed) == 1 and not client.get(other.id).ready
    client.emulator.database.hurry()
    second.join()
    assert client.get(other.id).status == Status.SUCCESS
