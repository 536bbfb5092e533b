"""YQL's types, and how the emulator holds their values in Python.

| types | value |
| --- | --- |
| Bool | bool |
| Int8 … Uint64 | int |
| Float, Double | float (Float rounded to 32 bits) |
| Decimal(p,s), DyNumber | decimal.Decimal |
| String, Yson | bytes |
| Utf8, Json, JsonDocument | str |
| Uuid | uuid.UUID |
| Date, Date32 | int, days since 1970-01-01 |
| Datetime, Datetime64 | int, seconds since 1970-01-01 |
| Timestamp, Timestamp64 | int, microseconds since 1970-01-01 |
| Interval, Interval64 | int, microseconds |
| TzDate, TzDatetime, TzTimestamp | `Zoned`: the local time, as the type without a zone has it, and the zone |
| Optional | None, or the value of its item; of an Optional in an Optional None, or a `Just` of the inner one's |
| List, Tuple, Struct | tuple (a Struct's in the order of its fields, which is by name) |
| Dict | dict |

Sources: ydb/docs/en/core/yql/reference/types/primitive.md, yql/essentials/public/types/yql_types.proto.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Value = Any


@dataclass(frozen=True)
class Data:
    """A data type, one that a column can have: `Int32`, `Utf8`…"""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Decimal(Data):
    """`Decimal(precision,scale)`."""

    precision: int = 22
    scale: int = 9

    def __str__(self) -> str:
        return f"Decimal({self.precision},{self.scale})"


def decimal(precision: int, scale: int) -> Decimal:
    return Decimal("Decimal", precision, scale)


@dataclass(frozen=True)
class Optional:
    item: Type

    def __str__(self) -> str:
        return f"Optional<{_inner(self.item)}>"


@dataclass(frozen=True)
class Zoned:
    """A date or time in a time zone: the local one, and the zone's name."""

    local: int
    zone: str


@dataclass(frozen=True)
class Just:
    """A value of an Optional whose item is an Optional itself: what is in it, which may be NULL."""

    value: Value


@dataclass(frozen=True)
class List:
    item: Type

    def __str__(self) -> str:
        return f"List<{_inner(self.item)}>"


@dataclass(frozen=True)
class Tuple:
    items: tuple[Type, ...]

    def __str__(self) -> str:
        return f"Tuple<{','.join(map(_inner, self.items))}>"


@dataclass(frozen=True)
class Struct:
    """Fields by name; make it with `struct()`, which sorts them."""

    fields: tuple[tuple[str, Type], ...]

    def __str__(self) -> str:
        return f"Struct<{','.join(f'{_quoted(name)}:{_inner(type)}' for name, type in self.fields)}>"


def struct(fields: dict[str, Type]) -> Struct:
    return Struct(tuple(sorted(fields.items())))


@dataclass(frozen=True)
class Dict:
    key: Type
    value: Type

    def __str__(self) -> str:
        return f"Set<{_inner(self.key)}>" if self.value == VOID else f"Dict<{_inner(self.key)},{_inner(self.value)}>"


@dataclass(frozen=True)
class Special:
    """A type with one value: `Null` (of the literal NULL), `Void`, `EmptyList`, `EmptyDict`; or one that no column and
    no result can have: `Callable` of functions, `Options` of some, the `Resource` of parsed JSON. The first two are not
    written as YDB writes them."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class TypeHandle:
    """The type of a type used as a value, as in `FormatType(TypeOf(1))`."""

    of: Type

    def __str__(self) -> str:
        return f"Type<{_inner(self.of)}>"


_ESCAPES = dict(zip('\\"\t\n\r\b\f\a\v', ("\\" + letter for letter in '\\"tnrbfav'), strict=True))


def _inner(type: Type) -> str:
    """The type as it is written in another one: `Int32?`, which by itself is `Optional<Int32>`.

    Source: yql/essentials/ast/yql_type_string.cpp (TTypePrinter).
    """
    return f"{_inner(type.item)}?" if isinstance(type, Optional) else str(type)


def _quoted(name: str) -> str:
    """The name of a member. Source: yql/essentials/ast/yql_ast_escaping.cpp (EscapeArbitraryAtom)."""

    def escape(found: re.Match) -> str:
        code = ord(found[0])
        wide = f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
        return _ESCAPES.get(found[0]) or (f"\\x{code:02X}" if code < 0x80 else wide)

    return "'" + re.sub(r'[^ -~]|["\\]', escape, name) + "'"


Type = Data | Optional | List | Tuple | Struct | Dict | Special | TypeHandle

BOOL = Data("Bool")
INT8, INT16, INT32, INT64 = Data("Int8"), Data("Int16"), Data("Int32"), Data("Int64")
UINT8, UINT16, UINT32, UINT64 = Data("Uint8"), Data("Uint16"), Data("Uint32"), Data("Uint64")
FLOAT, DOUBLE = Data("Float"), Data("Double")
DYNUMBER = Data("DyNumber")
STRING, UTF8, YSON = Data("String"), Data("Utf8"), Data("Yson")
JSON, JSON_DOCUMENT = Data("Json"), Data("JsonDocument")
UUID = Data("Uuid")
DATE, DATETIME, TIMESTAMP, INTERVAL = Data("Date"), Data("Datetime"), Data("Timestamp"), Data("Interval")
DATE32, DATETIME64 = Data("Date32"), Data("Datetime64")
TIMESTAMP64, INTERVAL64 = Data("Timestamp64"), Data("Interval64")
TZ_DATE, TZ_DATETIME, TZ_TIMESTAMP = Data("TzDate"), Data("TzDatetime"), Data("TzTimestamp")
ZONED: dict[Type, Data] = {TZ_DATE: DATE, TZ_DATETIME: DATETIME, TZ_TIMESTAMP: TIMESTAMP}
"""The types with a time zone, and those without."""
CALLABLE, OPTIONS, JSON_NODE = Special("Callable"), Special("Options"), Special("Resource<'Yson2.Node'>")
NULL, VOID, EMPTY_LIST, EMPTY_DICT = Special("Null"), Special("Void"), Special("EmptyList"), Special("EmptyDict")

COLUMN_TYPES = (
    BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, FLOAT, DOUBLE, DYNUMBER, STRING, UTF8, YSON, JSON,
    JSON_DOCUMENT, UUID, DATE, DATETIME, TIMESTAMP, INTERVAL, DATE32, DATETIME64, TIMESTAMP64, INTERVAL64,
)  # fmt: skip

SIGNED = (INT8, INT16, INT32, INT64)
UNSIGNED = (UINT8, UINT16, UINT32, UINT64)
INTEGERS = frozenset(SIGNED + UNSIGNED)
REALS = frozenset((FLOAT, DOUBLE))
TEXTS = frozenset((STRING, UTF8))
INSTANTS = frozenset((DATE, DATETIME, TIMESTAMP, DATE32, DATETIME64, TIMESTAMP64))
INTERVALS = frozenset((INTERVAL, INTERVAL64))

BITS: dict[Type, int] = {INT8: 8, INT16: 16, INT32: 32, INT64: 64, UINT8: 8, UINT16: 16, UINT32: 32, UINT64: 64}

_DAYS = 49673  # 1970-01-01 to 2106-01-01
_DAYS_64 = (-53375809, 53375807)  # 144169-01-01 before to 148107-12-31 after
_DAY = 24 * 3600
_SPAN_64 = (_DAYS_64[1] - _DAYS_64[0] + 1) * _DAY * 10**6 - 1  # from the first to the last Timestamp64

RANGES: dict[Type, tuple[int, int]] = {
    **{type: (-(1 << bits - 1), (1 << bits - 1) - 1) for type, bits in BITS.items() if type in SIGNED},
    **{type: (0, (1 << bits) - 1) for type, bits in BITS.items() if type in UNSIGNED},
    DATE: (0, _DAYS - 1),
    DATETIME: (0, _DAYS * _DAY - 1),
    TIMESTAMP: (0, _DAYS * _DAY * 10**6 - 1),
    INTERVAL: (-_DAYS * _DAY * 10**6 + 1, _DAYS * _DAY * 10**6 - 1),
    DATE32: _DAYS_64,
    DATETIME64: (_DAYS_64[0] * _DAY, (_DAYS_64[1] + 1) * _DAY - 1),
    TIMESTAMP64: (_DAYS_64[0] * _DAY * 10**6, (_DAYS_64[1] + 1) * _DAY * 10**6 - 1),
    INTERVAL64: (-_SPAN_64, _SPAN_64),
}
"""First and last value of the types that are held as an int (yql/essentials/public/udf/udf_data_type.h)."""

_NO_KEY = frozenset((FLOAT, DOUBLE, JSON, JSON_DOCUMENT, YSON))


def can_be_key(type: Type) -> bool:
    """Whether a primary key or an index may hold the type. Source: ydb-behaviour §1.1 (measured, docs)."""
    return type not in _NO_KEY


_ALIASES = {
    "bool": BOOL,
    "tinyint": INT8,
    "smallint": INT16,
    "int": INT32,
    "integer": INT32,
    "bigint": INT64,
    "bytes": STRING,
    "varchar": STRING,
    "text": UTF8,
}

_BY_NAME = {type.name.lower(): type for type in (*COLUMN_TYPES, TZ_DATE, TZ_DATETIME, TZ_TIMESTAMP)} | _ALIASES


def by_name(name: str) -> Data | None:
    """The data type that YQL calls so, in any case, or None. `Decimal` is not here: it needs its two numbers.

    Source: yql/essentials/core/sql_types/simple_types.cpp (names and aliases).
    """
    return _BY_NAME.get(name.lower())


SERIAL_TYPES = {
    "smallserial": INT16,
    "serial2": INT16,
    "serial": INT32,
    "serial4": INT32,
    "bigserial": INT64,
    "serial8": INT64,
}
"""Serial names of CREATE TABLE, in lower case, and the type that is stored."""


def optional(type: Type) -> Type:
    """The type that also holds NULL; the type itself if it does already."""
    return type if is_optional(type) else Optional(type)


def is_optional(type: Type) -> bool:
    return isinstance(type, Optional) or type == NULL


def is_nested(type: Type) -> bool:
    """Whether the type is an Optional of an Optional, whose values are `Just`."""
    return isinstance(type, Optional) and is_optional(type.item)


def strip(type: Type) -> Type:
    """The type without its Optional."""
    return type.item if isinstance(type, Optional) else type


def parts(type: Type) -> Iterator[Type]:
    """The type, and all that are in it."""
    yield type
    inner: Iterable[Type] = ()
    match type:
        case Optional(item) | List(item):
            inner = (item,)
        case Tuple(items):
            inner = items
        case Struct(fields):
            inner = (field for _, field in fields)
        case Dict(key, value):
            inner = (key, value)
    for each in inner:
        yield from parts(each)


def is_persistable(type: Type) -> bool:
    """Whether a column of a query may have the type: it holds no lambda, no type and no parsed JSON."""
    return not any(isinstance(part, TypeHandle) or part in (CALLABLE, JSON_NODE) for part in parts(type))
