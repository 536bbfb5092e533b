"""The data side from inside: what a statement reads and locks, what converts, what the tables of functions hold."""

from __future__ import annotations

import decimal
from typing import Any

import pytest
from counting import counting_lines

from ydb_emulator import request, text, types
from ydb_emulator.check import conversion
from ydb_emulator.check.functions import basic, lists, names
from ydb_emulator.errors import Status, YdbError
from ydb_emulator.plan import constant
from ydb_emulator.releases import Line
from ydb_emulator.store.database import Database

OPTIONAL = types.Optional(types.UTF8)
TABLE = "CREATE TABLE t (id Int64 NOT NULL, part Utf8 NOT NULL, v Utf8, PRIMARY KEY (id, part))"


@pytest.fixture
def database() -> Database:
    made = Database()
    request.execute(made, TABLE, {})
    request.execute(made, "UPSERT INTO t (id, part, v) VALUES (1, 'a', 'x'), (1, 'b', 'y'), (2, 'a', 'z')", {})
    return made


def table(database: Database) -> Any:
    return database.state.catalog["t"]


@pytest.mark.parametrize(
    ("statement", "keys"),
    [
        ("SELECT v FROM t WHERE id = 1 AND part = 'a'", {(1, "a")}),
        ("SELECT v FROM t WHERE part = 'a'u AND 1 = id AND v = 'x'", {(1, "a")}),
        ("SELECT v FROM t AS x WHERE x.id = 1 AND x.part IN ('a', 'b')", {(1, "a"), (1, "b")}),
        ("SELECT v FROM t WHERE id IN (1, 7) AND part = 'a'", {(1, "a"), (7, "a")}),
        ("SELECT v FROM t WHERE id = 1", None),
        ("SELECT v FROM t WHERE id = 1 OR part = 'a'", None),
        ("SELECT v FROM t WHERE id = 1 AND NOT (part = 'a')", None),
        ("UPDATE t SET v = 'q' WHERE id = 1 AND part = 'a'", {(1, "a")}),
        ("UPDATE t SET v = 'q' WHERE v = 'x'", None),
        ("DELETE FROM t WHERE id = $id AND part = 'a'", {(1, "a")}),
    ],
)
def test_a_whole_key_is_looked_up(database: Database, statement: str, keys: set | None) -> None:
    transaction = database.begin()
    request.execute(database, statement, {"id": request.Parameter(types.INT64, 1)}, transaction)
    assert transaction.reads[table(database).id] == keys


@pytest.mark.parametrize(
    ("expression", "here", "there"),
    [
        ("1 IN (2, 3, NULL)", None, False),
        ("1 IN (1, NULL)", True, True),
        ("1 NOT IN (2, NULL)", None, True),
        ("NULL IN ()", False, None),
        ("(1, NULL) IN ((1, 2), (1, 3))", None, None),
        ("(1, NULL) IN ((2, 2), (3, 3))", False, None),
    ],
)
def test_in_of_each_service(database: Database, expression: str, here: bool | None, there: bool | None) -> None:
    """IN is the standard's on the query service, YQL's older one on the table service.

    Source: ydb/core/kqp/host/kqp_translate.cpp; yql/essentials/tests/sql/suites/in/in_ansi.sql, in_noansi.sql.
    """
    answers = [request.execute(database, f"SELECT {expression}", {}, is_query_service=is_it) for is_it in (True, False)]
    assert [result.rows for (result,) in answers] == [((here,),), ((there,),)]


def test_the_table_service_can_ask_for_the_standard_in(database: Database) -> None:
    asked = "PRAGMA AnsiInForEmptyOrNullableItemsCollections; SELECT 1 IN (2, NULL)"
    (result,) = request.execute(database, asked, {}, is_query_service=False)
    assert result.rows == ((None,),)


def test_the_table_service_computes_what_needs_no_table_elsewhere(database):
    for asked in ("SELECT Unwrap(CAST('x' AS Int32))", "UPSERT INTO t (id, part) VALUES (Ensure(1, false, 'no'), 'a')"):
        with pytest.raises(YdbError) as caught:
            request.execute(database, asked, {}, is_query_service=False)
        assert caught.value.status is Status.UNSUPPORTED

    with pytest.raises(YdbError, match="too small"):
        request.execute(database, "SELECT Ensure(id, id > 5, 'too small') FROM t", {}, is_query_service=False)


def test_a_result_that_cannot_be_sent_stops_the_commit(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(results: tuple) -> None:
        raise ValueError

    monkeypatch.setattr(request, "check_encodable", refused)
    with pytest.raises(ValueError):
        request.execute(database, "DELETE FROM t RETURNING id", {})
    (result,) = request.execute(database, "SELECT COUNT(*) FROM t", {})
    assert result.rows == ((3,),)


@pytest.mark.parametrize(
    ("written", "is_read"),
    [
        ("{a=1;b=[2;{c=#}]}", True),
        ('<a=1>["x";%true;-1.5;2u;]', True),
        ("{}", True),
        ("{a=", False),
        ("{a}", False),
        ("[1,2]", False),
        ("[1;;2]", False),
        ("<a=1>", False),
        ("1 2", False),
        ("", False),
    ],
)
def test_yson_is_read(written: str, is_read: bool) -> None:
    assert text.is_yson(written) is is_read


def test_a_lookup_checks_the_rest_of_the_condition(database: Database) -> None:
    (result,) = request.execute(database, "SELECT v FROM t WHERE id = 1 AND part = 'a' AND v = 'nope'", {})
    assert result.rows == ()


def test_a_row_of_a_large_table_costs_what_one_of_a_small_does() -> None:
    small, large = (_cost(rows) for rows in (100, 20_000))
    assert large < 2 * small


def _cost(rows: int) -> int:
    made = Database()
    request.execute(made, "CREATE TABLE t (id Int64, a Int64, PRIMARY KEY (id), INDEX i GLOBAL UNIQUE SYNC ON (a))", {})
    fill = f"$all = ListMap(ListFromRange(0l, {rows}l), ($x) -> (AsStruct($x AS id, $x AS a)));"
    request.execute(made, f"{fill} UPSERT INTO t SELECT id, a FROM AS_TABLE($all)", {})
    with counting_lines() as count:
        for number in range(20):
            request.execute(made, f"UPSERT INTO t (id, a) VALUES ({rows + number}, {rows + number})", {})
            request.execute(made, f"SELECT a FROM t WHERE id = {number}", {})
    return count.number


def test_unique_values_may_change_hands_in_one_statement() -> None:
    made = Database()
    request.execute(made, "CREATE TABLE u (id Int64, a Int64, PRIMARY KEY (id), INDEX i GLOBAL UNIQUE SYNC ON (a))", {})
    request.execute(made, "UPSERT INTO u (id, a) VALUES (1, 10), (2, 20)", {})
    request.execute(made, "UPSERT INTO u (id, a) VALUES (1, 20), (2, 10)", {})
    with pytest.raises(YdbError, match="Conflict with existing key"):
        request.execute(made, "UPSERT INTO u (id, a) VALUES (3, 10)", {})


@pytest.mark.parametrize(
    ("index", "change", "lines"),
    [
        ("(a) COVER (v)", "UPDATE u SET v = 1", {"25.1"}),
        ("(a) COVER (v)", "UPDATE u ON (id, part, v) VALUES (1, 1, 1)", {"25.1"}),
        ("(a) COVER (v)", "UPDATE u SET v = 1, a = 1", {"25.1", "25.4", "26.2"}),
        ("(a)", "UPDATE u SET v = 1", {"25.1", "25.4", "26.2"}),
        ("(part)", "UPDATE u SET v = 1", {"25.1", "25.4", "26.2"}),
        ("(part)", "UPDATE u ON (id, part, v) VALUES (1, 1, 1)", {"26.2"}),
        ("(part)", "UPSERT INTO u (id, part) VALUES (1, 1)", {"26.2"}),
    ],
)
def test_changes_beside_a_unique_index_are_run_on_lines_of_which_they_are_known(
    index: str, change: str, lines: set[str]
) -> None:
    ran = set()
    for line in ("25.1", "25.4", "26.2"):
        made = Database(line=Line(line))
        columns = "id Int64, part Int64, a Int64, v Int64, PRIMARY KEY (id, part)"
        request.execute(made, f"CREATE TABLE u ({columns}, INDEX i GLOBAL UNIQUE SYNC ON {index})", {})
        try:
            request.execute(made, change, {})
            ran.add(line)
        except YdbError as error:
            assert error.status is Status.UNSUPPORTED
    assert ran == lines


@pytest.mark.parametrize(
    ("source", "target", "value", "expected"),
    [
        (types.INT32, types.INT64, 1, 1),
        (types.INT32, types.UINT64, -1, 2**64 - 1),
        (types.INT64, types.INT32, 1, None),
        (types.UINT64, types.INT64, 2**64 - 1, -1),
        (types.DOUBLE, types.FLOAT, 1.5, None),
        (types.UTF8, types.STRING, "é", "é".encode()),
        (types.STRING, types.UTF8, b"a", None),
        (types.DATE, types.TIMESTAMP, 1, 86_400_000_000),
        (types.TIMESTAMP, types.DATE, 1, None),
        (types.decimal(10, 2), types.decimal(22, 9), decimal.Decimal("1.5"), decimal.Decimal("1.500000000")),
        (types.decimal(22, 9), types.decimal(10, 2), decimal.Decimal("1.5"), None),
        (types.INT32, types.Optional(types.INT64), 1, 1),
        (types.Optional(types.INT32), types.INT64, 1, None),
        (types.List(types.INT32), types.List(types.INT64), (1,), (1,)),
        (types.struct({"a": types.INT32}), types.struct({"a": types.INT64, "b": OPTIONAL}), (1,), (1, None)),
    ],
)  # fmt: skip
def test_conversion(source: types.Type, target: types.Type, value: object, expected: object) -> None:
    """Not of literals; None where the types don't convert."""
    found = conversion.convert(constant(source, value), target)
    assert (found and found.evaluate(())) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (types.UINT8, types.INT8, types.INT8),
        (types.UINT64, types.INT32, types.UINT64),
        (types.INT32, types.NULL, types.Optional(types.INT32)),
        (types.STRING, types.UTF8, types.STRING),
        (types.INT32, types.STRING, None),
        (types.List(types.INT32), types.EMPTY_LIST, types.List(types.INT32)),
        (types.DATE, types.DATETIME, types.DATETIME),
    ],
)
def test_common_type(left: types.Type, right: types.Type, expected: types.Type | None) -> None:
    assert conversion.common_type(left, right) == conversion.common_type(right, left) == expected


def test_like_takes_time_in_proportion() -> None:
    """Otherwise this would not end for years."""
    (result,) = request.execute(Database(), f"SELECT '{'a' * 5000}b' LIKE '{'%a' * 200}c'", {})
    assert result.rows == ((False,),)


def test_every_function_here_is_one_of_yqls() -> None:
    assert {*basic.FUNCTIONS, *lists.FUNCTIONS} <= names.BUILTINS


@pytest.mark.parametrize(
    ("part", "v", "error"),
    [
        ("x" * 1_049_592, "x", None),
        ("x" * 1_049_593, "x", "Row key size of 1049601 bytes is larger than the allowed threshold 1049600"),
        ("a", "x" * 2**24, None),
        ("a", "é" * (2**23 + 1), "Row cell size of 16777218 bytes is larger than the allowed threshold 16777216"),
    ],
    ids=["a key", "a longer key", "a value", "a longer value"],
)
def test_what_is_too_long_is_refused(database: Database, part: str, v: str, error: str | None) -> None:
    """ydb/core/tx/datashard/datashard_write_operation.cpp; the status: kqp_limits_ut.cpp, TooBigKey."""
    given = {name: request.Parameter(types.UTF8, value) for name, value in (("part", part), ("v", v))}
    for statement in (
        "UPSERT INTO t (id, part, v) VALUES (9, $part, $v)",
        "REPLACE INTO t (id, part, v) VALUES (9, $part, $v)",
    ):
        if error is None:
            request.execute(database, statement, given)
            continue
        with pytest.raises(YdbError, match=error) as refused:
            request.execute(database, statement, given)
        assert refused.value.status is Status.BAD_REQUEST


@pytest.mark.parametrize(
    "expression",
    [
        "CAST('\"\\\\ud800\"' AS JsonDocument)",
        "JSON_VALUE(CAST('{\"a\": \"\\\\udc00\"}' AS Json), '$.a')",
    ],
)
def test_half_of_a_surrogate_pair_is_not_supported(expression: str) -> None:
    with pytest.raises(YdbError, match="half of a surrogate pair in JSON"):
        request.execute(Database(), f"SELECT {expression}", {})


def test_a_whole_surrogate_pair_is_a_letter() -> None:
    [made] = request.execute(Database(), "SELECT CAST('\"\\\\ud83d\\\\ude00\"' AS JsonDocument)", {})
    assert made.rows == (('"\N{GRINNING FACE}"',),)


def test_it_is_brought_back_to_what_was_kept(database: Database) -> None:
    """With the numbers that a Serial column has given: it would give them again, and refuse the rows."""
    request.execute(database, "CREATE TABLE numbered (id Serial, v Utf8, PRIMARY KEY (id))", {})
    request.execute(database, "INSERT INTO numbered (v) VALUES ('a'), ('b')", {})
    kept = database.kept()
    for _ in range(2):
        request.execute(database, "DROP TABLE t", {})
        request.execute(database, "INSERT INTO numbered (v) VALUES ('c')", {})
        [rows] = request.execute(database, "SELECT id FROM numbered ORDER BY id", {})
        assert rows.rows == ((1,), (2,), (3,))
        database.clear()
        database.bring_back(kept)
        [rows] = request.execute(database, "SELECT COUNT(*) AS n FROM t", {})
        assert rows.rows == ((3,),)
