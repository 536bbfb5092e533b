"""Whatever comes in, each request is answered with a status, at a bounded cost, and the others don't notice.

`The emulator failed` in an answer is a defect of the emulator. Random tests have a seed: SEED=… tries another.
"""

from __future__ import annotations

import gc
import logging
import os
import random
import re
import socket
import threading
import time
import weakref
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from counting import Count, counting_calls
from ydb._grpc.common import (
    ydb_auth_v1_pb2,
    ydb_discovery_v1_pb2,
    ydb_operation_v1_pb2,
    ydb_query_v1_pb2,
    ydb_scheme_v1_pb2,
    ydb_scripting_v1_pb2,
    ydb_table_v1_pb2,
)
from ydb._grpc.common.protos import ydb_query_pb2 as pb
from ydb._grpc.common.protos import ydb_value_pb2 as value_pb
from ydb._grpc.common.ydb_query_v1_pb2_grpc import QueryServiceStub

from playground import transport
from ydb_emulator import Emulator, request
from ydb_emulator.errors import Status
from ydb_emulator.yql import lexer

SEED = int(os.environ.get("SEED", "1"))
TABLE = "CREATE TABLE t (id Int64 NOT NULL, n Int64, s Utf8, PRIMARY KEY (id))"
LIMIT = 64_000_000
OPTIONS = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture(scope="module")
def channel(emulator: Emulator) -> Iterator[grpc.Channel]:
    with grpc.insecure_channel(f"127.0.0.1:{emulator.port}", OPTIONS) as channel:
        yield channel


@pytest.fixture(scope="module")
def stub(channel: grpc.Channel) -> QueryServiceStub:
    return QueryServiceStub(channel)


@pytest.fixture
def in_place(emulator: Emulator) -> QueryServiceStub:
    """For thousands of calls that are about what is answered: gRPC would take longer than most answers."""
    transport.serve(emulator.port, emulator.methods())
    return QueryServiceStub(transport.Channel(f"127.0.0.1:{emulator.port}"))


@pytest.fixture(autouse=True)
def nothing_failed(emulator: Emulator, stub: QueryServiceStub, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Each test begins with a table of two rows. After it the emulator answers, and reported no fault of its own."""
    emulator.database.clear()
    send(stub, TABLE)
    send(stub, "INSERT INTO t (id, n, s) VALUES (1, 10, 'a'u), (2, 20, 'b'u)")
    yield
    assert [r for r in caplog.records if r.name == "ydb_emulator" and r.levelno >= logging.ERROR] == []
    assert send(stub, "SELECT 1").status == Status.SUCCESS
    assert not emulator.database._active


def send(stub: QueryServiceStub, text: str, **fields: object) -> pb.ExecuteQueryResponsePart:
    """The last part of the answer."""
    content = pb.QueryContent(text=text, syntax=pb.SYNTAX_YQL_V1)
    request = pb.ExecuteQueryRequest(exec_mode=pb.EXEC_MODE_EXECUTE, query_content=content, **fields)
    return list(stub.ExecuteQuery(request))[-1]


def text_of(part: pb.ExecuteQueryResponsePart) -> str:
    return " ".join(issue.message for issue in part.issues)


@pytest.fixture
def costs(monkeypatch: pytest.MonkeyPatch) -> list[Count]:
    """The calls that each query took, from its text to its rows."""
    execute, costs = request.execute, []

    def counted(*arguments: Any) -> Any:
        with counting_calls() as count:
            costs.append(count)
            return execute(*arguments)

    monkeypatch.setattr(request, "execute", counted)
    return costs


CHAIN = "\n".join(["$a0 = 1;", *(f"$a{i} = $a{i - 1} + 1;" for i in range(1, 1000))])
DOUBLED = "\n".join(["$a0 = 1l;", *(f"$a{i} = $a{i - 1} + $a{i - 1};" for i in range(1, 41))])
TWICE = (f"$f{i} = ($x) -> ($f{i - 1}($f{i - 1}($x)));" for i in range(1, 40))
LAMBDAS = "\n".join(["$f0 = ($x) -> ($x + $x);", *TWICE])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("SELECT " + "(" * 20_000 + "1" + ")" * 20_000, id="parentheses"),
        pytest.param("SELECT " + "(" * 20_000, id="open parentheses"),
        pytest.param("SELECT " + "[" * 10_000 + "]" * 10_000, id="lists"),
        pytest.param("SELECT " + "1 + " * 5_000 + "1", id="operators"),
        pytest.param("SELECT * FROM (" * 5_000 + "SELECT 1" + ")" * 5_000, id="subqueries"),
        pytest.param("DECLARE $a AS " + "List<" * 10_000 + "Int64" + ">" * 10_000, id="types"),
        pytest.param("SELECT " + "CASE WHEN true THEN " * 5_000 + "1" + " END" * 5_000, id="cases"),
        pytest.param("SELECT 1" + " UNION ALL SELECT 1" * 500, id="unions"),
        pytest.param(f"{CHAIN} SELECT $a999", id="named expressions in a chain"),
        pytest.param(f"{DOUBLED} SELECT $a40", id="named expressions doubled"),
        pytest.param(f"{LAMBDAS} SELECT $f39(1)", id="lambdas doubled"),
        pytest.param(f"{LAMBDAS} SELECT $f4(1)", id="arguments doubled"),
        pytest.param("SELECT ListFromRange(0, 1000000000)", id="a long list"),
        pytest.param("SELECT 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab' REGEXP '(a+)+$'", id="regular expression"),
        pytest.param("SELECT '" + "a" * 60 + "b' LIKE '" + "%a" * 30 + "%c'", id="LIKE"),
        pytest.param("SELECT " + "9" * 100_000, id="digits"),
        pytest.param("SELECT 0x" + "f" * 100_000, id="hexadecimal digits"),
        pytest.param(";" * 10_000, id="semicolons"),
        pytest.param("SELECT /*" * 10_000, id="open comment"),
        pytest.param("SELECT '" * 10_001, id="open string"),
        pytest.param("SELECT `" * 10_001, id="open name"),
        pytest.param("SELECT 1;" * 500, id="statements"),
        pytest.param("SELECT \0", id="NUL"),
        pytest.param("SELECT '\0'u, `\0` FROM t", id="NUL in a name"),
        pytest.param("SELECT '\\ud800'u", id="half a surrogate pair"),
        pytest.param("SELECT '\\xff\\xfe'u", id="no UTF-8"),
        pytest.param("SELECT Double('\\xff')", id="no UTF-8 in a message"),
        pytest.param("SELECT 1 AS `\\xff`", id="no UTF-8 in a name"),
        pytest.param("SELECT <|'\\xff': 1|>", id="no UTF-8 in a member's name"),
        pytest.param("SELECT 1 LIMIT 18446744073709551615", id="the largest limit"),
        pytest.param("SELECT 1 LIMIT 18446744073709551615 OFFSET 18446744073709551615", id="the largest offset"),
        pytest.param("\ufeffSELECT 1", id="byte order mark"),
        pytest.param("SELECT \U0001f600, \u202e1", id="no YQL at all"),
        pytest.param("CREATE TABLE `../../x` (id Int64, PRIMARY KEY (id))", id="path out of the database"),
        pytest.param("CREATE TABLE `/other/x` (id Int64, PRIMARY KEY (id))", id="path of another database"),
    ],
)
def test_statement(stub: QueryServiceStub, costs: list[Count], text: str) -> None:
    """At a cost that is a few times that of reading the longest of them."""
    answer = send(stub, text)
    assert answer.status in list(Status)
    assert "The emulator failed" not in text_of(answer)
    assert sum(cost.number for cost in costs) < 3_000_000


def test_statement_as_long_as_a_message_may_be(stub: QueryServiceStub) -> None:
    longest = LIMIT - 40
    half = longest // 2
    assert send(stub, "SELECT '" + "x" * (half - 9) + "'" + " " * half).status == Status.SUCCESS
    with pytest.raises(grpc.RpcError) as error:
        send(stub, "SELECT 1" + " " * LIMIT)
    assert error.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED


def test_lone_surrogate_is_no_text() -> None:
    """Protobuf itself has none in a string, so that nobody can send one."""
    with pytest.raises((ValueError, UnicodeEncodeError)):
        pb.QueryContent(text="SELECT '\ud800'").SerializeToString()


@pytest.mark.parametrize("depth", [5, 20, 40])
def test_parameter_of_deep_type(stub: QueryServiceStub, depth: int) -> None:
    """Beyond a hundred messages in one another, protobuf reads no more: gRPC's INTERNAL."""
    type = value_pb.Type(type_id=value_pb.Type.INT64)
    for _ in range(depth):
        type = value_pb.Type(list_type=value_pb.ListType(item=type))
    parameters = {"$a": value_pb.TypedValue(type=type, value=value_pb.Value())}
    try:
        assert "The emulator failed" not in text_of(send(stub, "SELECT 1", parameters=parameters))
    except grpc.RpcError as error:
        assert (error.code(), depth) == (grpc.StatusCode.INTERNAL, 40)


# --- bytes -----------------------------------------------------------------------------------------------------

SERVICES = (
    ydb_auth_v1_pb2, ydb_discovery_v1_pb2, ydb_operation_v1_pb2, ydb_query_v1_pb2, ydb_scheme_v1_pb2,
    ydb_scripting_v1_pb2, ydb_table_v1_pb2,
)  # fmt: skip
METHODS = [
    method
    for module in SERVICES
    for service in module.DESCRIPTOR.services_by_name.values()
    for method in service.methods
    if not method.client_streaming
]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.full_name)
def test_random_bytes(channel: grpc.Channel, method: Any) -> None:
    """Every RPC: bytes that are no message, and messages of random fields."""
    chance = random.Random(f"{SEED} {method.full_name}")
    path = f"/{method.containing_service.full_name}/{method.name}"
    call = channel.unary_stream(path) if method.server_streaming else channel.unary_unary(path)
    for _ in range(20):
        data = chance.randbytes(chance.randrange(64)) if chance.random() < 0.5 else _fields(chance, 3)
        try:
            answer = call(data)
            answer = b"".join(answer) if method.server_streaming else answer
            assert b"The emulator failed" not in answer
        except grpc.RpcError as error:
            assert error.code() in (grpc.StatusCode.INTERNAL, grpc.StatusCode.UNIMPLEMENTED), error


def _fields(chance: random.Random, depth: int) -> bytes:
    """A well-formed message of fields with low numbers: texts, numbers and messages."""
    message = b""
    for _ in range(chance.randrange(4)):
        number = chance.randrange(1, 9)
        if chance.random() < 0.4:
            message += bytes([number << 3, chance.randrange(128)])
        else:
            inner = _fields(chance, depth - 1) if depth and chance.random() < 0.7 else chance.choice(
                [b"", b"/local", b"SELECT 1", b"/local/t", b"$a", b"\xff"]
            )  # fmt: skip
            inner = inner[:120]
            message += bytes([number << 3 | 2, len(inner)]) + inner
    return message


# --- random statements -----------------------------------------------------------------------------------------


def _words() -> list[str]:
    """The words of YQL's grammar, and things that stand between them."""
    grammar = "".join(path.read_text() for path in Path(lexer.__file__).parent.glob("*.lark"))
    keywords = sorted(set(re.findall(r"\b[A-Z]{2,}\b", grammar)))
    others = [
        "t", "id", "n", "s", "x", "$a", "1", "2", "0", "'a'", "'a'u", "1.5", "NULL", "true", "(", ")", "(", ")", ",",
        ";", "=", "<", ">", "+", "-", "*", "/", "%", ".", "::", "[", "]", "{", "}", "->", "|", "||", "??", "?", ":",
        "Int64", "Utf8", "Decimal(22,9)", "`t`", "`/local/t`", "COUNT(*)", "CAST(1 AS Utf8)", "--x\n", "/*x*/", "Date",
    ]  # fmt: skip
    return keywords + others * 3


SENTENCES = [
    "SELECT id , n FROM t WHERE id = 1 ORDER BY n LIMIT 1",
    "SELECT a . id , COUNT(*) FROM t AS a JOIN t AS b ON a . id = b . id GROUP BY a . id",
    "INSERT INTO t ( id , n ) VALUES ( 5 , 6 )",
    "UPSERT INTO t ( id , n ) SELECT id + 1 AS id , n FROM t",
    "UPDATE t SET n = n + 1 WHERE s LIKE 'a%' RETURNING *",
    "DELETE FROM t WHERE id IN ( 1 , 2 )",
    "CREATE TABLE x ( id Int64 NOT NULL , s Utf8 DEFAULT 'a'u , PRIMARY KEY ( id ) , INDEX i GLOBAL ON ( s ) )",
    "ALTER TABLE t ADD COLUMN x Int64 , DROP COLUMN s",
    "DROP TABLE x",
    "$a = ( SELECT id FROM t ) ; SELECT * FROM $a",
    "SELECT CASE WHEN id > 1 THEN 'a' ELSE s END , ListMap ( AsList ( 1 , 2 ) , ( $x ) -> { RETURN $x ; } ) FROM t",
]


def test_thousands_of_random_statements(in_place: QueryServiceStub) -> None:
    """Half of them words in any order, half of them statements with some words changed, doubled or left out."""
    chance, words = random.Random(SEED), _words()
    failed: list[str] = []
    statuses: Counter[int] = Counter()

    def statement() -> str:
        if chance.random() < 0.5:
            return " ".join(chance.choices(words, k=chance.randrange(1, 25)))
        parts = chance.choice(SENTENCES).split()
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(parts))
            new = [[], [parts[at]] * 2, [chance.choice(words)], chance.choices(parts, k=2)]
            parts[at : at + 1] = chance.choice(new)
            parts = parts or ["SELECT"]
        return " ".join(parts)

    id = in_place.CreateSession(pb.CreateSessionRequest()).session_id
    stream = in_place.AttachSession(pb.AttachSessionRequest(session_id=id))
    next(stream)
    for number in range(2_000):
        text = statement()
        answer = send(in_place, text, session_id=id)
        statuses[answer.status] += 1
        if "The emulator failed" in text_of(answer) or answer.status not in list(Status):
            failed.append(f"{text!r}: {text_of(answer)}")
        if number % 100 == 0:
            send(in_place, "DROP TABLE IF EXISTS x")
            send(in_place, TABLE)
    stream.cancel()
    assert failed == []
    assert statuses[Status.GENERIC_ERROR] > 1_000


def test_memory_does_not_grow(stub: QueryServiceStub) -> None:
    def objects() -> int:
        """The emulator's own: what others in this process make meanwhile is not its business."""
        gc.collect()
        counts = Counter(map(type, gc.get_objects()))
        return sum(count for kind, count in counts.items() if str(kind.__module__).startswith("ydb_emulator."))

    def some(numbers: range) -> None:
        for number in numbers:
            send(stub, f"SELECT {number} FROM nowhere{number}")
            send(stub, f"UPSERT INTO t (id, n) VALUES (1, {number})")
            send(stub, f"SELECT {number} +")

    kept = request._parsed.cache_info().maxsize  # of two of the three, the tree
    assert kept
    some(range(kept // 2 + 1))
    before = objects()
    some(range(1000, 1040))
    assert objects() < before + 40  # of no kind is an object kept for each


def test_nothing_outlives_a_stopped_emulator() -> None:
    emulator = Emulator().start()
    with grpc.insecure_channel(f"127.0.0.1:{emulator.port}", OPTIONS) as channel:
        stub = QueryServiceStub(channel)
        send(stub, TABLE)
        send(stub, "INSERT INTO t (id, n, s) VALUES (1, 10, 'a'u)")
        assert send(stub, "SELECT * FROM t").result_set.rows
    (rows,) = emulator.database.state.rows.values()
    kept = [weakref.ref(each) for each in (emulator, emulator.database, rows)]
    emulator.stop()
    del emulator, rows
    deadline = time.monotonic() + 5
    while any(each() is not None for each in kept) and time.monotonic() < deadline:  # gRPC's thread ends a moment later
        gc.collect()
        time.sleep(0.01)
    assert [each() for each in kept] == [None, None, None]


# --- the others ------------------------------------------------------------------------------------------------


def test_others_go_on_meanwhile(emulator: Emulator, stub: QueryServiceStub) -> None:
    hostile = ["SELECT " + "(" * 5_000, "\xff" * 1000, "UPSERT INTO t (id) VALUES (1), (NULL)", "SELECT 1 FROM x"]
    done = threading.Event()

    def attack() -> None:
        while not done.is_set():
            for text in hostile:
                send(stub, text)

    threads = [threading.Thread(target=attack) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for number in range(10):
            send(stub, f"UPSERT INTO t (id, n) VALUES (100, {number})")
            part = send(stub, "SELECT n FROM t WHERE id = 100")
            assert part.result_set.rows[0].items[0].int64_value == number
    finally:
        done.set()
        for thread in threads:
            thread.join()


def test_databases_have_nothing_in_common(stub: QueryServiceStub) -> None:
    send(stub, "CREATE TABLE secret (id Int64, PRIMARY KEY (id)); ")
    with Emulator(path="/local") as other:
        with grpc.insecure_channel(f"127.0.0.1:{other.port}") as channel:
            foreign = QueryServiceStub(channel)
            assert send(foreign, "SELECT * FROM secret").status == Status.SCHEME_ERROR
            assert send(foreign, "SELECT * FROM t").status == Status.SCHEME_ERROR
            send(foreign, "CREATE TABLE t (id Int64, PRIMARY KEY (id))")
            id = foreign.CreateSession(pb.CreateSessionRequest()).session_id
            [state] = stub.AttachSession(pb.AttachSessionRequest(session_id=id))
            assert state.status == Status.BAD_SESSION
    assert send(stub, "SELECT COUNT(n) AS n FROM t").status == Status.SUCCESS


def test_it_listens_on_loopback_only(emulator: Emulator) -> None:
    """As the kernel has it, where it tells; elsewhere no other address of this machine answers."""
    found = []
    tables = [path for path in map(Path, ("/proc/net/tcp", "/proc/net/tcp6")) if path.exists()]
    for table in tables:
        sockets = [line.split() for line in table.read_text().splitlines()[1:]]
        found += [local for _, local, _, state, *_ in sockets if (local[-4:], state) == (f"{emulator.port:04X}", "0A")]
    assert bool(found) == bool(tables)
    assert all("0100007F" in address for address in found)
    for address in {str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}:
        if not address.startswith("127."):
            with socket.socket() as client:
                client.settimeout(0.2)
                assert client.connect_ex((address, emulator.port)) != 0
