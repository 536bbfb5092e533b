"""JSON taken apart: `json["key"]`, `Yson::Lookup`, `Yson::YPath`, `Yson::ConvertTo` and their kin.

A parsed document is what Python's json makes of it, with its texts as bytes and JSON's null as `ENTITY`.
Source: yql/essentials/udfs/common/yson2/yson2_udf.cpp, yql/essentials/minikql/dom/{convert.h,peel.cpp}.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass

from ... import text
from ...errors import TERMINATED, Issue, Position, Status, YdbError, unsupported
from ...plan import Expr, Record
from ...types import (
    BITS,
    BOOL,
    DOUBLE,
    FLOAT,
    INT64,
    INTEGERS,
    JSON,
    JSON_DOCUMENT,
    JSON_NODE,
    NULL,
    RANGES,
    REALS,
    STRING,
    TEXTS,
    UINT64,
    UTF8,
    YSON,
    Dict,
    List,
    Optional,
    Type,
    TypeHandle,
    Value,
    is_optional,
    optional,
    strip,
)  # fmt: skip
from ..conversion import convert, refuse
from ..lift import as_bytes, lift
from .arguments import Call, Function, apply

ENTITY = object()


@dataclass(frozen=True)
class Options:
    """`Yson::Options(…)`. Without one a query is strict: a node of another type stops it."""

    auto_convert: bool = False
    strict: bool = True


def _terminated(reason: str, position: Position) -> YdbError:
    """A function that stops the query while it runs (a guess at the text around the reason)."""
    message = f"{TERMINATED}{len(reason)}): {reason}"
    return YdbError(Status.PRECONDITION_FAILED, Issue(message, position=position))


def parse(document: str) -> Value:
    """The node of a document that is known to be JSON."""
    return _node(json.loads(document))


def _node(value: object) -> Value:
    match value:
        case None:
            return ENTITY
        case str():
            return value.encode(errors="surrogatepass")
        case list():
            return [_node(item) for item in value]
        case dict():
            return {key.encode(errors="surrogatepass"): _node(item) for key, item in value.items()}
        case int() if not -(1 << 63) <= value < 1 << 64:
            return float(value)
    return value


def node(argument: Expr, position: Position) -> Expr:
    """A Json, or what was found in one, as a node. Raises GENERIC_ERROR for other types."""
    type = strip(argument.type)
    if type == JSON_NODE:
        return argument
    if type == JSON:
        return lift(argument, JSON_NODE, parse)
    if type in (YSON, JSON_DOCUMENT):
        raise unsupported(f"taking a {type} apart", position)
    raise refuse("Apply", f"Mismatch type argument #1, type diff: {JSON_NODE}!={argument.type}", position)


def lookup(of: Expr, index: Expr, position: Position) -> Expr:
    """`json[index]` and `Yson::Lookup(json, index)`."""
    if strip(index.type) in INTEGERS:
        key = lift(index, STRING, lambda value: str(value).encode())
    elif strip(index.type) in TEXTS:
        key = lift(index, STRING, as_bytes)
    else:
        raise unsupported(f"an item of a Json at {index.type}", position)
    found = apply(_find, JSON_NODE, [node(of, position), key])
    return Expr(Optional(JSON_NODE), found.evaluate)


def _find(of: Value, key: bytes) -> Value:
    if isinstance(of, dict):
        return of.get(key)
    if isinstance(of, list):
        try:
            index = int(key)
        except ValueError:
            return None
        return of[index] if -len(of) <= index < len(of) else None
    return None


def _path(of: Value, path: bytes, position: Position) -> Value:
    if not path.startswith(b"/") or path.endswith(b"/"):
        raise _terminated(f"Invalid YPath: '{path.decode(errors='replace')}'.", position)
    for key in path[2 if path[1:2] == b"/" else 1 :].split(b"/"):
        of = None if key == b"@" else _find(of, key)
        if of is None:
            return None
    return of


# --- nodes into values -----------------------------------------------------------------------------------------


def peel(value: Value, type: Type, options: Options, position: Position) -> Value:
    """A node as a value of a type (PeelDom)."""
    match type:
        case Optional(item):
            if value is ENTITY:
                return None
            return peel(value, item, options, position)
        case List(item):
            if isinstance(value, list):
                return tuple(peel(part, item, options, position) for part in value)
            return _other((), "Cannot parse list from entity, scalar value or dict.", options, position)
        case Dict(key, item) if key in TEXTS:
            if isinstance(value, dict):
                read = bytes.decode if key == UTF8 else bytes
                return {read(k): peel(part, item, options, position) for k, part in value.items()}
            return _other({}, "Cannot parse dict from entity, scalar value or list.", options, position)
    if type == JSON:
        return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))
    if type == BOOL:
        return _bool(value, options, position)
    if type in BITS:
        return _integer(value, type, options, position)
    if type in REALS:
        return _real(value, type, options, position)
    if type in TEXTS:
        return _text(value, type, options, position)
    if type == JSON_NODE:
        return value
    raise unsupported(f"Yson::ConvertTo {type}", position)


def _other(stub: Value, reason: str, options: Options, position: Position) -> Value:
    """What a node of a type that doesn't fit becomes."""
    if options.auto_convert:
        return stub
    if options.strict:
        raise _terminated(reason, position)
    return None


def _bool(value: Value, options: Options, position: Position) -> Value:
    if isinstance(value, bool):
        return value
    if value in (b"true", b"false"):
        return value == b"true"
    stub = value is not ENTITY and bool(value)
    return _other(stub, f"Cannot parse boolean value from {_shown(value)}", options, position)


def _integer(value: Value, type: Type, options: Options, position: Position) -> Value:
    low, high = RANGES[type]
    is_integer = isinstance(value, int) and not isinstance(value, bool)
    if is_integer and low <= value <= high:
        return value
    stub = 0
    if is_integer or isinstance(value, bool) or isinstance(value, float) and math.isfinite(value):
        stub = (int(value) - low) % (high - low + 1) + low
    elif isinstance(value, bytes):
        try:
            stub = text.parse(type, value.decode())
        except ValueError:
            stub = 0
    return _other(stub, f"Cannot parse integer value from {_shown(value)}", options, position)


def _real(value: Value, type: Type, options: Options, position: Position) -> Value:
    round_ = text.to_float32 if type == FLOAT else float
    if isinstance(value, int | float) and not isinstance(value, bool):
        return round_(float(value))
    stub = 0.0
    if isinstance(value, bool):
        stub = float(value)
    elif isinstance(value, bytes):
        try:
            stub = text.parse(type, value.decode())
        except ValueError:
            stub = 0.0
    return _other(stub, f"Cannot parse floating point value from {_shown(value)}", options, position)


def _text(value: Value, type: Type, options: Options, position: Position) -> Value:
    if isinstance(value, bytes):
        return value.decode(errors="replace") if type == UTF8 else value
    written = b""
    if isinstance(value, bool):
        written = b"true" if value else b"false"
    elif isinstance(value, int):
        written = str(value).encode()
    elif isinstance(value, float):
        written = f"{value:.10g}".encode() if float(f"{value:.10g}") == value else repr(value).encode()
    stub = written.decode() if type == UTF8 else written
    return _other(stub, f"Cannot parse string value from {_shown(value)}", options, position)


def _plain(value: Value) -> object:
    match value:
        case bytes():
            return value.decode(errors="replace")
        case list():
            return [_plain(item) for item in value]
        case dict():
            return {key.decode(errors="replace"): _plain(item) for key, item in value.items()}
    return None if value is ENTITY else value


def _shown(value: Value) -> str:
    """How a message names a node (a guess)."""
    kinds = {bool: "boolean", int: "integer", float: "floating point", bytes: "string", list: "list", dict: "dict"}
    kind = kinds.get(type(value), "entity")
    return f"{kind} '{json.dumps(_plain(value))}'" if kind != "entity" else "entity '#'"


# --- functions -------------------------------------------------------------------------------------------------


def convert_to(call: Call, options: Options) -> Expr:
    """`Yson::ConvertTo(node, type[, options])`."""
    handle = call.arguments[1].type if len(call.arguments) > 1 else None
    if not isinstance(handle, TypeHandle):
        raise unsupported(f"{call.name} to what is no type", call.position)
    source = node(call.arguments[0], call.position)
    return _converted(source, handle.of, options, call.position)


def _converted(source: Expr, type: Type, options: Options, position: Position) -> Expr:
    evaluate = source.evaluate

    def evaluated(row: Record) -> Value:
        value = evaluate(row)
        return None if value is None else peel(value, type, options, position)

    return Expr(optional(type) if is_optional(source.type) else type, evaluated)


def _convert_to(type: Type) -> Callable[[Call, Options], Expr]:
    """`Yson::ConvertToString` and its kin, which give NULL for a node that there isn't."""

    def check(call: Call, options: Options) -> Expr:
        source = node(call.arguments[0], call.position)
        evaluate = source.evaluate

        def evaluated(row: Record) -> Value:
            value = evaluate(row)
            return None if value is None else peel(value, type, options, call.position)

        return Expr(Optional(type), evaluated)

    return check


def _collected(type: List | Dict) -> Callable[[Call, Options], Expr]:
    """`Yson::ConvertToList`, `Yson::ConvertToStringDict` and their kin, which take a node that there is."""

    def check(call: Call, options: Options) -> Expr:
        source = node(call.arguments[0], call.position)
        return lift(source, type, lambda value: _collection(value, type, options, call.position))

    return check


def _collection(value: Value, type: List | Dict, options: Options, position: Position) -> Value:
    """Without the strict mode items of another type are left out."""
    found = peel(value, type, options, position)
    if options.strict or options.auto_convert:
        return found
    if isinstance(type, Dict):
        return {key: item for key, item in (found or {}).items() if item is not None}
    return tuple(item for item in found or () if item is not None)


def _at(step: Function, type: Type) -> Callable[[Call, Options], Expr]:
    """`Yson::LookupInt64`, `Yson::YPathList` and their kin: a step, then what it finds converted, NULL where it finds
    nothing."""

    def check(call: Call, options: Options) -> Expr:
        found = step(call)
        if isinstance(type, List | Dict):
            made = lift(found, type, lambda value: _collection(value, type, options, call.position))
            return Expr(Optional(type), made.evaluate)
        return _convert_to(type)(Call(call.name, [found], call.position, call.context), options)

    return check


_CONVERSIONS: dict[str, Callable[[Call, Options], Expr]] = {
    "ConvertTo": convert_to,
    **{f"ConvertTo{name}": _convert_to(type) for name, type in (
        ("String", STRING), ("Bool", BOOL), ("Double", DOUBLE), ("Uint64", UINT64),
        ("Int64", INT64),
    )},
}  # fmt: skip


def _ypath(call: Call) -> Expr:
    call.expect(2)
    path = convert(call.arguments[1], STRING)
    if path is None:
        raise refuse("Apply", f"Mismatch type argument #2, type diff: String!={call.arguments[1].type}", call.position)
    found = apply(
        lambda of, written: _path(of, written, call.position), JSON_NODE, [node(call.arguments[0], call.position), path]
    )
    return Expr(Optional(JSON_NODE), found.evaluate)


def _lookup(call: Call) -> Expr:
    call.expect(2)
    key = convert(call.arguments[1], STRING)
    if key is None:
        raise refuse("Apply", f"Mismatch type argument #2, type diff: String!={call.arguments[1].type}", call.position)
    return lookup(call.arguments[0], key, call.position)


def _serialize_json(call: Call) -> Expr:
    call.expect(1)
    source = node(call.arguments[0], call.position)
    found = lift(source, JSON, lambda value: json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":")))
    return Expr(Optional(JSON), found.evaluate)


def _parse_json(call: Call) -> Expr:
    call.expect(1)
    if strip(call.arguments[0].type) not in (JSON, NULL):
        raise unsupported(f"Yson::ParseJson of {call.arguments[0].type}", call.position)
    return node(call.arguments[0], call.position)


FUNCTIONS: dict[str, Function] = {
    "YPath": _ypath,
    "Lookup": _lookup,
    "SerializeJson": _serialize_json,
    "ParseJson": _parse_json,
    "From": lambda call: node(call.arguments[0], call.position),
}


def _is(*classes: type) -> Function:
    def check(call: Call) -> Expr:
        call.expect(1)
        return lift(node(call.arguments[0], call.position), BOOL, lambda value: value.__class__ in classes)

    return check


def _get_length(call: Call) -> Expr:
    call.expect(1)
    source = node(call.arguments[0], call.position)
    found = lift(source, UINT64, lambda value: len(value) if isinstance(value, list | dict) else _no_length(call))
    return Expr(Optional(UINT64), found.evaluate)


def _no_length(call: Call) -> Value:
    raise unsupported(f"{call.name} of a scalar", call.position)


def _equals(call: Call) -> Expr:
    call.expect(2)
    left, right = (node(argument, call.position) for argument in call.arguments)
    return apply(_same, BOOL, [left, right])


def _same(left: Value, right: Value) -> bool:
    """Whether two nodes are of one type and value, whatever the order of keys."""
    if left.__class__ is not right.__class__:
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(_same(item, right[key]) for key, item in left.items())
    if isinstance(left, list):
        return len(left) == len(right) and all(map(_same, left, right))
    return bool(left == right)


FUNCTIONS |= {
    "IsEntity": _is(object),
    "IsString": _is(bytes),
    "IsDouble": _is(float),
    "IsBool": _is(bool),
    "IsList": _is(list),
    "IsDict": _is(dict),
    "GetLength": _get_length,
    "Equals": _equals,
}

_SCALARS: dict[str, Type] = {"Bool": BOOL, "Int64": INT64, "Uint64": UINT64, "Double": DOUBLE, "String": STRING}
_NODES: dict[str, Type] = {"List": List(JSON_NODE), "Dict": Dict(STRING, JSON_NODE)}
CONVERSIONS: dict[str, Callable[[Call, Options], Expr]] = {
    **_CONVERSIONS,
    "ConvertToList": _collected(List(JSON_NODE)),
    "ConvertToDict": _collected(Dict(STRING, JSON_NODE)),
    **{f"ConvertTo{name}List": _collected(List(type)) for name, type in _SCALARS.items()},
    **{f"ConvertTo{name}Dict": _collected(Dict(STRING, type)) for name, type in _SCALARS.items()},
    **{f"Lookup{name}": _at(_lookup, type) for name, type in (_SCALARS | _NODES).items()},
    **{f"YPath{name}": _at(_ypath, type) for name, type in (_SCALARS | _NODES).items()},
}
"""Functions whose last argument may be `Yson::Options(…)`."""
