"""Types, values and issues over the wire; the SDK's own conversion is the other side."""

from __future__ import annotations

import datetime
import decimal
import uuid

import pytest
import ydb
from ydb import convert
from ydb._grpc.common.protos import ydb_value_pb2 as pb

from ydb_emulator import types, wire
from ydb_emulator.errors import Issue, Position, Severity, Status, YdbError
from ydb_emulator.result import ResultSet
from ydb_emulator.types import List, Optional, Tuple, struct
from ydb_emulator.types import decimal as decimal_type

SDK = ydb.PrimitiveType
UUID = uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")
BIG = decimal.Decimal("-12345678901234567890123456.789012345")

VALUES = [
    (SDK.Bool, True, types.BOOL, True),
    (SDK.Int8, -128, types.INT8, -128),
    (SDK.Uint8, 255, types.UINT8, 255),
    (SDK.Int16, -(2**15), types.INT16, -(2**15)),
    (SDK.Uint16, 2**16 - 1, types.UINT16, 2**16 - 1),
    (SDK.Int32, -(2**31), types.INT32, -(2**31)),
    (SDK.Uint32, 2**32 - 1, types.UINT32, 2**32 - 1),
    (SDK.Int64, -(2**63), types.INT64, -(2**63)),
    (SDK.Uint64, 2**64 - 1, types.UINT64, 2**64 - 1),
    (SDK.Float, 0.5, types.FLOAT, 0.5),
    (SDK.Double, 1e300, types.DOUBLE, 1e300),
    (SDK.String, b"\xff\x00", types.STRING, b"\xff\x00"),
    (SDK.Utf8, "größe", types.UTF8, "größe"),
    (SDK.Json, '{"b": 1}', types.JSON, '{"b": 1}'),
    (SDK.JsonDocument, '{"b": 1, "a": null}', types.JSON_DOCUMENT, '{"a":null,"b":1}'),
    (SDK.DyNumber, ".15e1", types.DYNUMBER, decimal.Decimal("1.5")),
    (SDK.UUID, UUID, types.UUID, UUID),
    (SDK.Date, datetime.date(2026, 1, 2), types.DATE, 20455),
    (SDK.Datetime, datetime.datetime(1970, 1, 2), types.DATETIME, 86400),
    (SDK.Timestamp, datetime.datetime(1970, 1, 1, 0, 0, 1), types.TIMESTAMP, 10**6),
    (SDK.Interval, datetime.timedelta(seconds=-1), types.INTERVAL, -(10**6)),
    (SDK.Date32, datetime.date(1969, 12, 31), types.DATE32, -1),
    (SDK.Datetime64, datetime.datetime(1969, 12, 31), types.DATETIME64, -86400),
    (SDK.Timestamp64, datetime.datetime(1969, 12, 31), types.TIMESTAMP64, -86400 * 10**6),
    (SDK.Interval64, datetime.timedelta(days=-1), types.INTERVAL64, -86400 * 10**6),
    (ydb.DecimalType(22, 9), decimal.Decimal("-1.5"), decimal_type(22, 9), decimal.Decimal("-1.500000000")),
    (ydb.DecimalType(35, 9), BIG, decimal_type(35, 9), BIG),
    (ydb.DecimalType(35, 0), decimal.Decimal("Infinity"), decimal_type(35, 0), decimal.Decimal("Infinity")),
    (ydb.DecimalType(35, 0), decimal.Decimal("-Infinity"), decimal_type(35, 0), decimal.Decimal("-Infinity")),
    (ydb.OptionalType(SDK.Int32), None, Optional(types.INT32), None),
    (ydb.OptionalType(SDK.Int32), 1, Optional(types.INT32), 1),
    (ydb.OptionalType(ydb.OptionalType(SDK.Int32)), None, Optional(Optional(types.INT32)), None),
    (ydb.OptionalType(ydb.OptionalType(SDK.Int32)), 1, Optional(Optional(types.INT32)), types.Just(1)),
    (ydb.ListType(ydb.OptionalType(SDK.Utf8)), ["a", None], List(Optional(types.UTF8)), ("a", None)),
    (ydb.TupleType().add_element(SDK.Int8).add_element(SDK.Utf8), (1, "a"), Tuple((types.INT8, types.UTF8)), (1, "a")),
    (ydb.DictType(SDK.Utf8, SDK.Int32), {"a": 1}, types.Dict(types.UTF8, types.INT32), {"a": 1}),
    (
        ydb.StructType().add_member("b", SDK.Int32).add_member("a", SDK.Utf8),
        {"a": "x", "b": 1},
        struct({"a": types.UTF8, "b": types.INT32}),
        ("x", 1),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("sdk_type", "sdk_value", "type", "value"), VALUES, ids=lambda v: str(v)[:20])
def test_value_in_and_out(sdk_type, sdk_value, type, value):
    message = convert.to_typed_value_from_native(sdk_type.proto, sdk_value)

    assert wire.decode(message) == (type, value)
    assert wire.decode(wire.encode(type, value)) == (type, value)


@pytest.mark.parametrize(("sdk_type", "sdk_value", "type", "value"), VALUES, ids=lambda v: str(v)[:20])
def test_sdk_reads_what_is_written(sdk_type, sdk_value, type, value):
    columns = wire.encode_columns(ResultSet((("c", type),), ()))
    rows = list(wire.encode_rows(ResultSet((("c", type),), ((value,),))))
    settings = ydb.QueryClientSettings()
    settings._native_json_in_result_sets = False

    with decimal.localcontext(prec=35):  # the SDK divides, which rounds to the 28 digits that are Python's default
        result = convert.ResultSet.from_message(pb.ResultSet(columns=columns, rows=rows), settings)

    assert result.rows[0]["c"] == (sdk_value if type != types.JSON_DOCUMENT else value)


def test_decimal_nan():
    type = decimal_type(22, 9)
    nan = convert.to_typed_value_from_native(ydb.DecimalType(22, 9).proto, decimal.Decimal("NaN"))

    assert wire.decode(nan)[1].is_nan()
    assert wire.encode(type, decimal.Decimal("NaN")).value == nan.value


@pytest.mark.parametrize("name", ["null_type", "void_type", "empty_list_type", "empty_dict_type"])
def test_types_of_one_value(name):
    message = pb.TypedValue(type=pb.Type(**{name: 0}), value=pb.Value(null_flag_value=0))
    type, value = wire.decode(message)

    assert value is None
    assert wire.encode(type, value).type == message.type


def typed(type: pb.Type | int, **value: object) -> pb.TypedValue:
    return pb.TypedValue(type=pb.Type(type_id=type) if isinstance(type, int) else type, value=pb.Value(**value))


TUPLE = ydb.TupleType().add_element(SDK.Int32).proto
TWICE = ydb.StructType().add_member("a", SDK.Int32).add_member("a", SDK.Utf8).proto


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (typed(pb.Type()), "Unknown protobuf type: "),
        (typed(99, int32_value=1), "Unsupported data type: 99"),
        (typed(pb.Type.INT32), "Invalid value representation for type: Int32"),
        (typed(pb.Type.INT32, int64_value=1), "Invalid value representation for type: Int32"),
        (typed(pb.Type.INT32, null_flag_value=0), "Invalid value representation for type: Int32"),
        (typed(pb.Type.INT8, int32_value=128), "Invalid Int8 value"),
        (typed(pb.Type.UINT8, uint32_value=256), "Invalid Uint8 value"),
        (typed(pb.Type.DATE, uint32_value=49673), "Invalid Date value"),
        (typed(pb.Type.TIMESTAMP, uint64_value=2**63), "Invalid Timestamp value"),
        (typed(pb.Type.INTERVAL, int64_value=-(2**62)), "Invalid Interval value"),
        (typed(pb.Type.DATE32, int32_value=2**31 - 1), "Invalid Date32 value"),
        (typed(pb.Type.JSON, text_value="{"), "Invalid Json value"),
        (typed(pb.Type.DYNUMBER, text_value="x"), "Invalid DyNumber value"),
        (typed(pb.Type.YSON, bytes_value=b"{"), "Invalid Yson value"),
        (typed(pb.Type.TZ_DATE, text_value="2026-01-01,Nowhere"), "Invalid TzDate value"),
        (typed(pb.Type(decimal_type={"precision": 36}), low_128=1), "Invalid decimal type: Decimal(36,0)"),
        (typed(pb.Type(decimal_type={"precision": 2}), low_128=100), "Invalid decimal value"),
        (typed(TUPLE), "Number of tuple elements and their types mismatched"),
        (typed(TWICE), "Struct type has members of one name"),
        (typed(ydb.OptionalType(SDK.Int32).proto), "Invalid value representation for type: Int32"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)  # fmt: skip
def test_malformed_parameter(message, text):
    with pytest.raises(YdbError) as refusal:
        wire.decode(message)

    assert refusal.value.status == Status.BAD_REQUEST
    assert refusal.value.issues == (Issue(text),)


@pytest.mark.parametrize(
    "message",
    [
        typed(pb.Type(pg_type=pb.PgType(type_name="int4")), text_value="1"),
        typed(pb.Type(variant_type=pb.VariantType())),
        typed(pb.Type.YSON, bytes_value=b"\x01\x02a"),
        typed(ydb.OptionalType(ydb.OptionalType(SDK.Int32)).proto, nested_value=pb.Value(null_flag_value=0)),
        typed(ydb.DictType(ydb.DictType(SDK.Int8, SDK.Int8), SDK.Int8).proto),
        typed(ydb.DictType(SDK.Json, SDK.Int8).proto),
        typed(ydb.DictType(ydb.TupleType().add_element(SDK.Yson), SDK.Int8).proto),
        typed(ydb.StructType().add_member("", SDK.Int8).proto),
    ],
)
def test_unsupported_parameter(message):
    with pytest.raises(YdbError, match="The emulator does not support parameters") as refusal:
        wire.decode(message)

    assert refusal.value.status == Status.UNSUPPORTED


@pytest.mark.parametrize(
    "message",
    [
        typed(pb.Type.TZ_DATE, text_value="2026-01-01,Europe/Moscow"),
        typed(pb.Type.TZ_DATETIME, text_value="2026-01-01T10:00:00,Europe/Moscow"),
        typed(pb.Type.TZ_TIMESTAMP, text_value="2026-01-01T10:00:00.123456,UTC"),
        typed(pb.Type.YSON, bytes_value=b'{"a"=1}'),
    ],
)
def test_text_in_and_out(message):
    """ydb-python-sdk, tests/query/test_types.py."""
    assert wire.encode(*wire.decode(message)) == message


@pytest.mark.parametrize(
    ("value", "depth"), [(None, 0), (types.Just(None), 1), (types.Just(types.Just(None)), 2)], ids=str
)
def test_optional_in_optionals(value, depth):
    """Each level around a NULL is written. Source: ydb-java-sdk, OptionalVariantTest.java (testOptionals)."""
    expected = pb.Value(null_flag_value=0)
    for _ in range(depth):
        expected = pb.Value(nested_value=expected)
    assert wire.writer(Optional(Optional(Optional(types.INT32))))(value) == expected


def test_unsupported_result():
    with pytest.raises(YdbError, match="The emulator does not support results of the type Type<Int32>"):
        wire.encode_columns(ResultSet((("t", types.TypeHandle(types.INT32)),), ()))


def test_issue_tree():
    cause = Issue("cause", 2003, Position(2, 5), Severity.WARNING)
    message = wire.encode_issue(Issue("Type annotation", 1030, issues=(cause,)))

    assert (message.message, message.issue_code, message.severity) == ("Type annotation", 1030, 1)
    assert not message.HasField("position")
    below = message.issues[0]
    assert (below.message, below.issue_code, below.severity) == ("cause", 2003, 2)
    assert (below.position.row, below.position.column) == (2, 5)
