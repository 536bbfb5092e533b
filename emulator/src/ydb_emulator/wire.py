"""Types, values and issues to and from the protobuf messages of YDB's API.

Sources: ydb_value.proto, ydb_issue_message.proto; the texts of refusals: ydb/core/ydb_convert/ydb_convert.cpp.
Texts marked "a guess" have no counterpart there.
"""

from __future__ import annotations

import decimal
import functools
import uuid
from collections.abc import Callable, Iterable, Iterator

from google.protobuf.struct_pb2 import NULL_VALUE
from ydb._grpc.common.protos import ydb_issue_message_pb2 as issue_pb
from ydb._grpc.common.protos import ydb_value_pb2 as pb

from . import text, types
from .errors import NOWHERE, Issue, Status, YdbError, unsupported
from .result import ResultSet
from .types import Type, Value

Read = Callable[[pb.Value], Value]
Write = Callable[[Value], pb.Value]

_ID_NAMES = {
    "JsonDocument": "JSON_DOCUMENT",
    "TzDate": "TZ_DATE",
    "TzDatetime": "TZ_DATETIME",
    "TzTimestamp": "TZ_TIMESTAMP",
}
_DATA_TYPES = (*types.COLUMN_TYPES, types.TZ_DATE, types.TZ_DATETIME, types.TZ_TIMESTAMP)
_TYPE_IDS = {type: pb.Type.PrimitiveTypeId.Value(_ID_NAMES.get(type.name, type.name.upper())) for type in _DATA_TYPES}
_TYPES_BY_ID = {number: type for type, number in _TYPE_IDS.items()}

_SPECIAL_FIELDS = {
    "null_type": types.NULL,
    "void_type": types.VOID,
    "empty_list_type": types.EMPTY_LIST,
    "empty_dict_type": types.EMPTY_DICT,
}
_SPECIAL_NAMES = {type: name for name, type in _SPECIAL_FIELDS.items()}

_VALUE_FIELDS = {
    types.BOOL: "bool_value",
    **dict.fromkeys((types.INT8, types.INT16, types.INT32, types.DATE32), "int32_value"),
    **dict.fromkeys((types.UINT8, types.UINT16, types.UINT32, types.DATE, types.DATETIME), "uint32_value"),
    **dict.fromkeys((types.INT64, types.INTERVAL, types.DATETIME64, types.TIMESTAMP64), "int64_value"),
    types.INTERVAL64: "int64_value",
    **dict.fromkeys((types.UINT64, types.TIMESTAMP), "uint64_value"),
    types.FLOAT: "float_value",
    types.DOUBLE: "double_value",
    **dict.fromkeys((types.STRING, types.YSON), "bytes_value"),
    **dict.fromkeys((types.UTF8, types.JSON, types.JSON_DOCUMENT, types.DYNUMBER), "text_value"),
    **dict.fromkeys((types.TZ_DATE, types.TZ_DATETIME, types.TZ_TIMESTAMP), "text_value"),
    types.UUID: "low_128",
}
"""The field of `Value` that holds a value of each data type; Uuid and Decimal have `high_128` beside it."""

_HALF = 64
_MASK = (1 << _HALF) - 1
_MAX_PRECISION = 35
_INFINITY = 10**_MAX_PRECISION
_NAN = _INFINITY + 1
"""Numbers outside every Decimal that stand for inf and nan (yql/essentials/public/decimal/yql_decimal.h)."""


# --- requests: types and values in -----------------------------------------------------------------------------


def decode(message: pb.TypedValue) -> tuple[Type, Value]:
    """The type and value of a request's parameter.

    Raises BAD_REQUEST for a malformed type, and for a value that isn't one of its type; UNSUPPORTED for what the
    emulator has no type for.
    """
    type, read = _reader(message.type)
    return type, read(message.value)


def _bad_request(message: str) -> YdbError:
    return YdbError(Status.BAD_REQUEST, Issue(message))


def _reader(message: pb.Type) -> tuple[Type, Read]:
    """A type, and what reads its values. One walk gives both, as only the message knows a Struct's own order."""
    kind = message.WhichOneof("type")
    match kind:
        case "type_id":
            return _data_reader(message.type_id)
        case "decimal_type":
            return _decimal_reader(message.decimal_type.precision, message.decimal_type.scale)
        case "optional_type":
            return _optional_reader(message.optional_type.item)
        case "list_type":
            item, read = _reader(message.list_type.item)
            return types.List(item), lambda value: tuple(map(read, value.items))
        case "tuple_type":
            return _tuple_reader(message.tuple_type.elements)
        case "struct_type":
            return _struct_reader(message.struct_type.members)
        case "dict_type":
            return _dict_reader(message.dict_type)
        case None:
            raise _bad_request("Unknown protobuf type: ")
    if kind in _SPECIAL_FIELDS:
        return _SPECIAL_FIELDS[kind], _read_special
    raise unsupported(f"parameters of a {kind.removesuffix('_type')} type")


def _read_special(message: pb.Value) -> Value:
    """YDB looks at no field here. A List or Dict without a type of its items is empty."""
    return None


def _data_reader(type_id: int) -> tuple[Type, Read]:
    type = _TYPES_BY_ID.get(type_id)
    if type is None:
        raise _bad_request(f"Unsupported data type: {type_id}")
    field = _VALUE_FIELDS.get(type)
    if field is None:
        raise unsupported(f"parameters of the type {type}")
    bounds = types.RANGES.get(type)

    def read(message: pb.Value) -> Value:
        if message.WhichOneof("value") != field:
            raise _bad_request(f"Invalid value representation for type: {type}")
        value = getattr(message, field)
        if bounds and not bounds[0] <= value <= bounds[1]:
            raise _bad_request(f"Invalid {type} value")  # for integers a guess
        return value

    def read_text(message: pb.Value) -> Value:
        try:
            return text.parse(type, read(message))
        except ValueError:
            raise _bad_request(f"Invalid {type} value") from None

    def read_yson(message: pb.Value) -> Value:
        value = read(message)
        if not value.isascii() or b"\x01" <= value[:1] <= b"\x06":  # binary YSON begins so
            raise unsupported("parameters of binary YSON")
        if not text.is_yson(value.decode()):
            raise _bad_request("Invalid Yson value")
        return value

    def read_uuid(message: pb.Value) -> Value:
        low = read(message)
        return uuid.UUID(bytes_le=low.to_bytes(8, "little") + message.high_128.to_bytes(8, "little"))

    if type == types.UUID:
        return type, read_uuid
    if type == types.YSON:
        return type, read_yson
    return type, read_text if type in (types.JSON, types.JSON_DOCUMENT, types.DYNUMBER, *types.ZONED) else read


def _decimal_reader(precision: int, scale: int) -> tuple[Type, Read]:
    if not 1 <= precision <= _MAX_PRECISION or scale > precision:
        raise _bad_request(f"Invalid decimal type: Decimal({precision},{scale})")  # a guess

    def read(message: pb.Value) -> Value:
        if message.WhichOneof("value") != "low_128":
            raise _bad_request("Invalid value representation for type: Decimal")  # a guess
        number = (message.high_128 << _HALF) | message.low_128
        if message.high_128 >> _HALF - 1:
            number -= 1 << 2 * _HALF
        if number == _NAN:
            return decimal.Decimal("NaN")
        if abs(number) == _INFINITY:
            return decimal.Decimal("Infinity").copy_sign(decimal.Decimal(number))
        if abs(number) >= 10**precision:
            raise _bad_request("Invalid decimal value")
        # Built from digits: arithmetic would round to the 28 digits of Python's default context.
        return decimal.Decimal((int(number < 0), tuple(map(int, str(abs(number)))), -scale))

    return types.decimal(precision, scale), read


def _optional_reader(item: pb.Type) -> tuple[Type, Read]:
    inner, read_item = _reader(item)

    def read(message: pb.Value) -> Value:
        kind = message.WhichOneof("value")
        if kind == "null_flag_value":
            return None
        value = read_item(message.nested_value if kind == "nested_value" else message)
        if value is None and kind == "nested_value":
            raise unsupported("parameters with an Optional that holds NULL in another Optional")
        return types.Just(value) if types.is_optional(inner) else value

    return types.Optional(inner), read


def _tuple_reader(elements: Iterable[pb.Type]) -> tuple[Type, Read]:
    readers = [_reader(element) for element in elements]

    def read(message: pb.Value) -> Value:
        if len(message.items) != len(readers):
            raise _bad_request("Number of tuple elements and their types mismatched")
        return tuple(read(item) for (_, read), item in zip(readers, message.items, strict=True))

    return types.Tuple(tuple(type for type, _ in readers)), read


def _struct_reader(members: Iterable[pb.StructMember]) -> tuple[Type, Read]:
    readers = [(member.name, *_reader(member.type)) for member in members]
    fields = {name: type for name, type, _ in readers}
    if "" in fields:
        raise unsupported("parameters of a Struct with a member that has no name")
    if len(fields) != len(readers):
        raise _bad_request("Struct type has members of one name")  # a guess
    by_name = sorted(range(len(readers)), key=lambda number: readers[number][0])

    def read(message: pb.Value) -> Value:
        if len(message.items) != len(readers):
            raise _bad_request("Number of struct fields and their types mismatched")
        return tuple(readers[number][2](message.items[number]) for number in by_name)

    return types.struct(fields), read


def _dict_reader(message: pb.DictType) -> tuple[Type, Read]:
    key, read_key = _reader(message.key)
    payload, read_payload = _reader(message.payload)
    if not _is_hashable(key):
        raise unsupported(f"parameters of a Dict by {key}")
    return types.Dict(key, payload), lambda value: {
        read_key(pair.key): read_payload(pair.payload) for pair in value.pairs
    }


def _is_hashable(type: Type) -> bool:
    match type:
        case types.Dict() | types.JSON | types.JSON_DOCUMENT | types.YSON:
            return False
        case types.Optional(item) | types.List(item):
            return _is_hashable(item)
        case types.Tuple(items):
            return all(map(_is_hashable, items))
        case types.Struct(fields):
            return all(_is_hashable(field) for _, field in fields)
    return True


def column_type(message: pb.Type) -> types.Data | None:
    """The data type that a request gives a column, None for a number that is of none. Raises BAD_REQUEST for a Decimal
    that is none, UNSUPPORTED for a type that the emulator has not."""
    if message.WhichOneof("type") == "decimal_type":
        type, _ = _decimal_reader(message.decimal_type.precision, message.decimal_type.scale)
        assert isinstance(type, types.Data)
        return type
    return _TYPES_BY_ID.get(message.type_id)


# --- answers: types and values out -----------------------------------------------------------------------------


def encode_type(type: Type) -> pb.Type:
    match type:
        case types.Decimal(_, precision, scale):
            return pb.Type(decimal_type=pb.DecimalType(precision=precision, scale=scale))
        case types.Data():
            return pb.Type(type_id=_TYPE_IDS[type])
        case types.Optional(item):
            return pb.Type(optional_type=pb.OptionalType(item=encode_type(item)))
        case types.List(item):
            return pb.Type(list_type=pb.ListType(item=encode_type(item)))
        case types.Tuple(items):
            return pb.Type(tuple_type=pb.TupleType(elements=map(encode_type, items)))
        case types.Struct(fields):
            members = (pb.StructMember(name=name, type=encode_type(field)) for name, field in fields)
            return pb.Type(struct_type=pb.StructType(members=members))
        case types.Dict(key, payload):
            return pb.Type(dict_type=pb.DictType(key=encode_type(key), payload=encode_type(payload)))
        case types.Special() if type in _SPECIAL_NAMES:
            return pb.Type(**{_SPECIAL_NAMES[type]: NULL_VALUE})
    raise unsupported(f"results of the type {type}")


@functools.lru_cache(maxsize=1024)
def writer(type: Type) -> Write:
    """What makes the messages of a type's values. Raises UNSUPPORTED for a type that no result can have here."""
    match type:
        case types.Decimal():
            return functools.partial(_write_decimal, type)
        case types.Data():
            return _data_writer(type)
        case types.Optional(item) if types.is_nested(type):
            return _nested_writer(writer(item))
        case types.Optional(item):
            write = writer(item)
            return lambda value: pb.Value(null_flag_value=NULL_VALUE) if value is None else write(value)
        case types.List(item):
            write = writer(item)
            return lambda values: pb.Value(items=map(write, values))
        case types.Tuple(items):
            return _items_writer(tuple(map(writer, items)))
        case types.Struct(fields):
            return _items_writer(tuple(writer(field) for _, field in fields))
        case types.Dict(key, payload):
            write_key, write_payload = _key_writer(key), writer(payload)
            return lambda value: pb.Value(
                pairs=(pb.ValuePair(key=write_key(k), payload=write_payload(p)) for k, p in value.items())
            )
        case types.NULL:
            return lambda _: pb.Value(null_flag_value=NULL_VALUE)
        case types.Special() if type in _SPECIAL_NAMES:
            return lambda _: pb.Value()
    raise unsupported(f"results of the type {type}")


def _nested_writer(write: Write) -> Write:
    """An Optional in an Optional is nested where the innermost one is NULL (ydb_value.proto, nested_value).

    Source: ExportValueToProtoImpl in ydb/library/mkql_proto/mkql_proto.cpp; ydb-java-sdk, OptionalVariantTest.java.
    """

    def write_nested(value: Value) -> pb.Value:
        if value is None:
            return pb.Value(null_flag_value=NULL_VALUE)
        innermost = value.value
        while isinstance(innermost, types.Just):
            innermost = innermost.value
        written = write(value.value)
        return pb.Value(nested_value=written) if innermost is None else written

    return write_nested


def _key_writer(type: Type) -> Write:
    """A key may be in the form in which `check` looks one up, where a text is its bytes."""
    write = writer(type)
    if type != types.UTF8:
        return write
    return lambda key: write(key.decode() if isinstance(key, bytes) else key)


def _items_writer(writers: tuple[Write, ...]) -> Write:
    return lambda values: pb.Value(items=(write(value) for write, value in zip(writers, values, strict=True)))


def _data_writer(type: types.Data) -> Write:
    field = _VALUE_FIELDS.get(type)
    if field is None:
        raise unsupported(f"results of the type {type}")
    if type == types.UUID:
        return _write_uuid
    if type == types.DYNUMBER or type in types.ZONED:
        return lambda value: pb.Value(text_value=text.format(type, value))
    return lambda value: pb.Value(**{field: value})


def _write_uuid(value: uuid.UUID) -> pb.Value:
    halves = value.bytes_le
    return pb.Value(low_128=int.from_bytes(halves[:8], "little"), high_128=int.from_bytes(halves[8:], "little"))


def _write_decimal(type: types.Decimal, value: decimal.Decimal) -> pb.Value:
    if value.is_nan():
        number = _NAN
    elif value.is_infinite():
        number = -_INFINITY if value.is_signed() else _INFINITY
    else:
        number = int(value.scaleb(type.scale, decimal.Context(prec=2 * _MAX_PRECISION)))
    return pb.Value(low_128=number & _MASK, high_128=(number >> _HALF) & _MASK)


def encode(type: Type, value: Value) -> pb.TypedValue:
    """A value with its type, such as a column's default."""
    return pb.TypedValue(type=encode_type(type), value=writer(type)(value))


def encode_columns(result: ResultSet) -> list[pb.Column]:
    return [pb.Column(name=name, type=encode_type(type)) for name, type in result.columns]


def encode_rows(result: ResultSet) -> Iterator[pb.Value]:
    write = _items_writer(tuple(writer(type) for _, type in result.columns))
    return map(write, result.rows)


def check_encodable(results: Iterable[ResultSet]) -> None:
    """Raises where a result can't be sent, for a caller that hasn't committed yet."""
    for result in results:
        encode_columns(result)
        for _ in encode_rows(result):
            pass


# --- issues ----------------------------------------------------------------------------------------------------


def encode_issue(issue: Issue) -> issue_pb.IssueMessage:
    """An issue with the issues below it.

    A byte of the message that is no UTF-8 is a question mark (yql/essentials/public/issue/yql_issue.cpp,
    SanitizeNonAscii).
    """
    message = issue_pb.IssueMessage(
        message=issue.message.encode(errors="replace").decode(),
        issue_code=issue.code,
        severity=issue.severity,
        issues=map(encode_issue, issue.issues),
    )
    if issue.position != NOWHERE:
        position = issue_pb.IssueMessage.Position(row=issue.position.row, column=issue.position.column)
        message.position.CopyFrom(position)
        message.end_position.CopyFrom(position)
    return message
