"""Statements next to those that YDB refuses, which the emulator refuses in its own name.

The cases tell what is refused in YDB's name. Were one of its conditions wider than it is, these would be, too.
"""

from __future__ import annotations

import pytest

from ydb_emulator.errors import Status, YdbError
from ydb_emulator.request import execute
from ydb_emulator.store.database import Database

TABLE = "CREATE TABLE t (id Int64 NOT NULL, a Int32, s Utf8, PRIMARY KEY (id))"


@pytest.mark.parametrize(
    ("statement", "feature"),
    [
        # --- pragmas
        ("PRAGMA yt.Auth = 'x'; SELECT 1", "PRAGMA yt.Auth"),
        ("PRAGMA ydb.Other = 'x'; SELECT 1", "PRAGMA ydb.Other"),
        ("PRAGMA TablePathPrefix('a', 'b'); SELECT 1", "PRAGMA TablePathPrefix of this form"),
        ("PRAGMA GroupByCubeLimit = '4'; SELECT 1", "PRAGMA GroupByCubeLimit"),
        ("PRAGMA db.Other = 'x'; SELECT 1", "PRAGMA db.Other"),
        ("PRAGMA ydb.Flags('a', 'b'); SELECT 1", "PRAGMA ydb.Flags"),
        ("PRAGMA yt.PackageVersion('a', 'b'); SELECT 1", "PRAGMA yt.PackageVersion"),
        ("PRAGMA yson.AutoConvert; SELECT 1", "PRAGMA yson.AutoConvert"),
        # --- schema
        (
            "CREATE TABLE c (k Int64 NOT NULL, PRIMARY KEY (k)) WITH (STORE = COLUMN, PARTITION_COUNT = 4)",
            "the table setting PARTITION_COUNT",
        ),
        (
            "CREATE TABLE c (k Int64 NOT NULL, PRIMARY KEY (k), "
            "FAMILY default (COMPRESSION = 'lz4')) WITH (STORE = COLUMN)",
            "column families of a column table on this line",
        ),
        # --- queries
        ("SELECT id FROM t LIMIT 1l", "an Int64 as LIMIT or OFFSET"),
        ("SELECT id FROM t SAMPLE 0.5 FLATTEN BY s", "FLATTEN"),
        ("SELECT t.id FROM t JOIN /*+ merge() compact() */ t AS o ON o.id = t.id", "the hint compact after merge"),
        # --- values
        ("SELECT TzDate('2020-01-02,GMT') + Interval('P1D')", "'+' with a TzDate"),
        ("SELECT Interval('P1D') + TzDatetime('2020-01-02T03:04:05,GMT')", "'+' with a TzDatetime"),
        ("SELECT Date('2020-01-02') - TzTimestamp('2020-01-02T03:04:05,GMT')", "'-' with a TzTimestamp"),
        ("SELECT TzDate('2020-01-02,GMT') - TzDate('2020-01-01,GMT')", "'-' with a TzDate"),
        ("SELECT TzDate('2020-01-02,GMT') - Interval('P1D')", "'-' with a TzDate"),
        (
            "SELECT Decimal('0', 35, 0) = Decimal('0', 5, 2)",
            "the common type of Decimal(35,0) and Decimal(5,2)",
        ),
        (
            "SELECT COALESCE(Just(Decimal('0', 35, 10)), Decimal('0', 35, 5))",
            "the common type of Decimal(35,10) and Decimal(35,5)",
        ),
        ("SELECT CAST('P613566757W' AS Interval)", "an interval that is too long to be counted"),
        ("SELECT CAST('PT5124095577H' AS Interval64)", "an interval that is too long to be counted"),
        ("SELECT CAST('2020-13-01' AS Date32)", "the month 13 of a wide date"),
        ("SELECT CAST('2020-0-1T00:00:00Z' AS Date32)", "the month 0 of a wide date"),
        ("SELECT Timestamp64('2020-99-01T00:00:00Z')", "the month 99 of a wide date"),
        ("SELECT CAST('+2020-01-02,GMT' AS TzDate)", "'+2020-01-02,GMT' as TzDate"),
        (
            "SELECT CAST('-2020-01-02T03:04:05,GMT' AS TzDatetime)",
            "'-2020-01-02T03:04:05,GMT' as TzDatetime",
        ),
        (r"SELECT CAST('[\x01\x06abc]' AS Yson)", "Yson in its binary form"),
        (r"SELECT CAST('\x01\x02\xff' AS Yson)", "Yson in its binary form"),
        ("SELECT CAST('1;' AS Yson)", "Yson with something after its end"),
        (r"SELECT CAST('1\x00x' AS Yson)", "Yson with something after its end"),
        ("SELECT AddMember(<|a: 1|>, '', 2)", "AddMember that makes a member without a name"),
        ("SELECT ForceRemoveMembers(<|a: 1|>, [''])", "ForceRemoveMembers of such arguments"),
        ("SELECT SpreadMembers([('a', 1)], ['a', 'a'])", "SpreadMembers with such names"),
        (r"SELECT RenameMembers(<|a: 1|>, [('a', '\xff')])", "a name that is not UTF-8"),
        (r"SELECT AddMember(<|a: 1|>, '\xff', 2)", "a name that is not UTF-8"),
        ("SELECT FormatType(TypeOf(($x) -> ($x)))", "TypeOf of a function or its options"),
        ("SELECT FormatType(TypeOf(AsTuple(Re2::Match('a'))))", "TypeOf of a function or its options"),
        ("SELECT FormatType(TypeOf(Re2::Options(true AS CaseSensitive)))", "TypeOf of a function or its options"),
        ("SELECT FormatType(DataType('Decimal', '36', '0'))", "DataType of Decimal"),
        ("SELECT FormatType(DataType('int32'))", "DataType of int32"),
        ("SELECT FormatType(ParseType('int32'))", "the type 'int32'"),
        ("SELECT FormatType(ParseType('Text'))", "the type 'Text'"),
        ("SELECT FormatType(ParseType('list<Int32>'))", "the type 'list<Int32>'"),
        ("SELECT FormatType(ParseType('Int32 -- x'))", "the type 'Int32 -- x'"),
        ("SELECT FormatType(ParseType('Int32 /* x */'))", "the type 'Int32 /* x */'"),
        ("SELECT FormatType(ParseType('Tuple<Int32,>'))", "the type 'Tuple<Int32,>'"),
        ("SELECT FormatType(ParseType('Struct<`a`:Int32>'))", "the type 'Struct<`a`:Int32>'"),
        ("SELECT FormatType(ParseType('Struct<Int32:Int32>'))", "the type 'Struct<Int32:Int32>'"),
        ("SELECT FormatType(ParseType('Struct<a:Int32,a:Int32>'))", "the type 'Struct<a:Int32,a:Int32>'"),
        ("SELECT FormatType(ParseType('Decimal(022,9)'))", "the type 'Decimal(022,9)'"),
        ("SELECT FormatType(ParseType('Generic'))", "the type 'Generic'"),
        ("SELECT FormatType(DataType('Decimal', '5', '6'))", "DataType of Decimal"),
        ("SELECT FormatType(DictType(DataType('Json'), DataType('Int32')))", "a Dict by Json"),
        ("SELECT DictCreate(Json, Int32)", "a Dict by Json"),
        ("SELECT SetCreate(Yson)", "a Dict by Yson"),
        ("SELECT FormatType(Dict<Tuple<Int32, Json>, Int32>)", "a Dict by Json"),
        ("SELECT FormatType(Set<JsonDocument>)", "a Dict by JsonDocument"),
    ],
)
def test_is_refused_in_the_emulators_own_name(statement: str, feature: str) -> None:
    database = Database()
    execute(database, TABLE, {})

    with pytest.raises(YdbError) as caught:
        execute(database, statement, {})

    [issue] = caught.value.issues
    assert (caught.value.status, issue.message) == (Status.UNSUPPORTED, f"The emulator does not support {feature}")


def test_words_of_a_wrong_json_path_are_the_emulators_own() -> None:
    """YDB's are its parser's (yql/essentials/minikql/jsonpath/JsonPath.g); that it refuses the path is YDB's."""
    with pytest.raises(YdbError, match="^PRECONDITION_FAILED: .*\njsonpath:1:2: Error: Unexpected character\n$"):
        execute(Database(), "SELECT JSON_EXISTS(CAST('1' AS Json), '$ #')", {})
