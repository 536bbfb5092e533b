"""Implicit conversion: what YQL turns into another type by itself, and what it refuses.

Source: yql/essentials/core/yql_expr_type_annotation.cpp (TryConvertToImpl, CommonType);
ydb/core/kqp/ut/effects/kqp_write_ut.cpp (CastValues).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .. import text
from ..errors import Issue, Position, YdbError, type_annotation, unsupported
from ..plan import Expr
from ..types import (
    DATE,
    DATE32,
    DATETIME,
    DATETIME64,
    DOUBLE,
    EMPTY_DICT,
    EMPTY_LIST,
    FLOAT,
    INT8,
    INT16,
    INT32,
    INT64,
    INTEGERS,
    INTERVAL,
    INTERVAL64,
    JSON,
    NULL,
    RANGES,
    STRING,
    TEXTS,
    TIMESTAMP,
    TIMESTAMP64,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    UTF8,
    YSON,
    ZONED,
    Data,
    Decimal,
    Dict,
    List,
    Optional,
    Struct,
    Tuple,
    Type,
    Value,
    is_nested,
    strip,
    struct,
)  # fmt: skip
from ..types import (
    decimal as decimal_type,
)

NUMERIC_RANK: tuple[Type, ...] = (UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64, FLOAT, DOUBLE)
"""A number converts to every type that stands after its own (GetNumericDataTypeLevel)."""

MICROS: dict[Type, int] = {
    DATE: 86_400_000_000, DATE32: 86_400_000_000, DATETIME: 1_000_000, DATETIME64: 1_000_000, TIMESTAMP: 1,
    TIMESTAMP64: 1,
}  # fmt: skip
"""How many microseconds the unit of a date or time type has."""

WIDER_MOMENTS: dict[Type, tuple[Type, ...]] = {
    DATE: (DATE32, DATETIME, TIMESTAMP, DATETIME64, TIMESTAMP64),
    DATETIME: (DATETIME64, TIMESTAMP, TIMESTAMP64),
    TIMESTAMP: (TIMESTAMP64,),
    DATE32: (DATETIME64, TIMESTAMP64),
    DATETIME64: (TIMESTAMP64,),
}

MOMENTS: tuple[Type, ...] = (DATE, DATETIME, TIMESTAMP, DATE32, DATETIME64, TIMESTAMP64)
"""The types of dates and times, those of 64 bits after the others (GetDateTypeLevel)."""

STRINGS = TEXTS | {JSON, YSON}
"""The types that have String as their common one (IsDataTypeString)."""

Convert = Callable[[Value], Value]


def refuse(function: str, message: str, position: Position) -> YdbError:
    """A refusal found while types are inferred, in the function where it was found. YDB's tree names the functions
    around it as well; the emulator gives the innermost one."""
    return type_annotation(function, position, Issue(message, position=position))


def convert(expression: Expr, target: Type) -> Expr | None:
    """The expression as a value of `target`, or None where YQL does not convert it by itself."""
    if expression.type == target:
        return expression
    change = _literal(expression, target) or conversion(expression.type, target)
    if change is None:
        return None
    evaluate = expression.evaluate
    return Expr(target, lambda row: change(evaluate(row)), expression.is_literal)


def conversion(source: Type, target: Type) -> Convert | None:
    """How a value of one type becomes one of another, literals apart; None where it doesn't."""
    if source == target:
        return _same
    if is_nested(source) or is_nested(target):
        raise unsupported(f"{source} as {target}")
    match source, target:
        case _, Optional(item) if (change := conversion(source, item)) is not None:
            return change
        case Optional(given), Optional(wanted) if (change := conversion(given, wanted)) is not None:
            return _optional(change)
        case _, Optional(_) if source == NULL:
            return _same
        case List(given), List(wanted) if (change := conversion(given, wanted)) is not None:
            return _items(change)
        case Tuple(given), Tuple(wanted) if len(given) == len(wanted):
            return _each([conversion(a, b) for a, b in zip(given, wanted, strict=True)])
        case Struct(), Struct():
            return _members(source, target)
        case Dict(key, payload), Dict(wanted_key, wanted) if key == wanted_key:
            change = conversion(payload, wanted)
            return change and (lambda values: {key: change(value) for key, value in values.items()})
        case _, List(_) if source == EMPTY_LIST:
            return lambda _: ()
        case _, Dict(_, _) if source == EMPTY_DICT:
            return lambda _: {}
    return _data(source, target)


def _same(value: Value) -> Value:
    return value


def _optional(change: Convert) -> Convert:
    return lambda value: None if value is None else change(value)


def _items(change: Convert) -> Convert:
    return lambda values: tuple(map(change, values))


def _each(changes: list[Convert | None]) -> Convert | None:
    known = [change for change in changes if change is not None]
    if len(known) < len(changes):
        return None
    return lambda values: tuple(change(value) for change, value in zip(known, values, strict=True))


def _members(source: Struct, target: Struct) -> Convert | None:
    """By name; a member that is missing becomes NULL where it may, one too many is dropped."""
    places = {name: place for place, (name, _) in enumerate(source.fields)}
    types = dict(source.fields)
    parts: list[tuple[int, Convert]] = []
    for name, wanted in target.fields:
        change = conversion(types.get(name, NULL), wanted)
        if change is None:
            return None
        parts.append((places.get(name, -1), change))
    return lambda values: tuple(change(values[place] if place >= 0 else None) for place, change in parts)


def _data(source: Type, target: Type) -> Convert | None:
    if source in NUMERIC_RANK and target in NUMERIC_RANK:
        if NUMERIC_RANK.index(source) > NUMERIC_RANK.index(target):
            return None
        return number(target)
    if target in WIDER_MOMENTS.get(source, ()):
        return lambda value: value * MICROS[source] // MICROS[target]
    if (source, target) in ((INTERVAL, INTERVAL64), (JSON, UTF8), (YSON, STRING)):
        return _same
    if source in (UTF8, JSON) and target == STRING:
        return str.encode
    if isinstance(source, Decimal) and isinstance(target, Decimal) and _is_wider(target, source):
        return lambda value: text.round_decimal(target, value)
    return None


def _is_wider(target: Decimal, source: Decimal) -> bool:
    """Whether no digit is lost. That this is enough is a guess: the source read is of unknown age."""
    return source.scale <= target.scale and source.precision - source.scale <= target.precision - target.scale


def number(target: Type) -> Convert:
    """How any number becomes one of `target`. Integers go by rank, not by range: -1 becomes the largest Uint64, with
    a warning (kqp_write_ut, CastValues)."""
    if target == DOUBLE:
        return float
    if target == FLOAT:
        return lambda value: text.to_float32(float(value))
    low, high = RANGES[target]
    return lambda value: (value - low) % (high - low + 1) + low


def _literal(expression: Expr, target: Type) -> Convert | None:
    """What a literal becomes beyond other expressions: an integer that fits narrows, a string is text, JSON or YSON."""
    if not expression.is_literal:
        return None
    if isinstance(target, Optional):
        target = target.item
    if expression.type in INTEGERS and target in INTEGERS:
        low, high = RANGES[target]
        return _same if low <= expression.evaluate(()) <= high else None
    if expression.type in TEXTS and target in (UTF8, JSON, YSON):
        return _text_literal(expression.evaluate(()), target)
    return None


def _text_literal(value: str | bytes, target: Type) -> Convert | None:
    try:
        found = text.parse(target, text.decode(target, value))
    except ValueError:
        return None
    return lambda _: found


# --- common types ----------------------------------------------------------------------------------------------


def common_type(*types: Type) -> Type | None:
    """The type that all of the types convert to, as COALESCE, CASE, lists and set operations need it; None if none."""
    result = types[0]
    for type in types[1:]:
        merged = _common(result, type)
        if merged is None:
            return None
        result = merged
    return result


def _common(left: Type, right: Type) -> Type | None:
    """Source: CommonType<false> of the file above."""
    if left == right:
        return right
    match left, right:
        case Optional(a), Optional(b):
            return _wrapped(Optional, _common(a, b))
        case Optional(_), _ if right == NULL:
            return left
        case _, Optional(_) if left == NULL:
            return right
        case Optional(a), _:
            return _wrapped(Optional, _common(a, right))
        case _, Optional(b):
            return _wrapped(Optional, _common(left, b))
        case _, _ if left == NULL:
            return Optional(right)
        case _, _ if right == NULL:
            return Optional(left)
        case List(a), List(b):
            return _wrapped(List, _common(a, b))
        case Tuple(a), Tuple(b) if len(a) == len(b):
            items = [common for x, y in zip(a, b, strict=True) if (common := _common(x, y)) is not None]
            return Tuple(tuple(items)) if len(items) == len(a) else None
        case Struct(), Struct():
            return _common_struct(left, right)
        case Dict(a, x), Dict(b, y) if a == b:
            payload = _common(x, y)
            return payload and Dict(a, payload)
        case List(_), _ if right == EMPTY_LIST:
            return left
        case _, List(_) if left == EMPTY_LIST:
            return right
        case Dict(_, _), _ if right == EMPTY_DICT:
            return left
        case _, Dict(_, _) if left == EMPTY_DICT:
            return right
    return _common_data(left, right)


def _wrapped(make: Callable[[Type], Type], item: Type | None) -> Type | None:
    return None if item is None else make(item)


def _common_struct(left: Struct, right: Struct) -> Type | None:
    """Members of one side alone may be NULL."""
    a, b = dict(left.fields), dict(right.fields)
    fields: dict[str, Type] = {}
    for name in {**a, **b}:
        common = _common(a.get(name, NULL), b.get(name, NULL))
        if common is None:
            return None
        fields[name] = common
    return struct(fields)


def wider(left: Type, right: Type) -> Type:
    """The one of two numeric types to which the other converts."""
    return max(left, right, key=NUMERIC_RANK.index)


def _common_data(left: Type, right: Type) -> Type | None:
    """Source: GetSuperType of the file above."""
    if left in NUMERIC_RANK and right in NUMERIC_RANK:
        return wider(left, right)
    if left in STRINGS and right in STRINGS:
        return UTF8 if {left, right} == {JSON, UTF8} else STRING
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        scale = max(left.scale, right.scale)
        whole = max(left.precision - left.scale, right.precision - right.scale)
        if whole + scale > 35:  # YDB cuts the scale, and then newer lines refuse to convert (TryConvertToImpl)
            raise unsupported(f"the common type of {left} and {right}")
        return decimal_type(whole + scale, scale)
    if {left, right} == {INTERVAL, INTERVAL64}:
        return INTERVAL64
    if left in MOMENTS and right in MOMENTS:
        return _common_moment(left, right)
    if {left, right} <= {*MOMENTS, *ZONED}:
        raise unsupported(f"the common type of {left} and {right}")
    return None


def _common_moment(left: Type, right: Type) -> Type:
    """As fine as the finer of both, of 64 bits where one is.

    Source: yql/essentials/core/yql_expr_type_annotation.cpp (GetSuperType).
    """
    places = [MOMENTS.index(type) for type in (left, right)]
    fineness = max(place % 3 for place in places)
    return MOMENTS[fineness + max(place // 3 * 3 for place in places)]


def no_common_type(types: Sequence[Type]) -> str:
    """How YDB says that types have no common one, which it looks for in halves.

    Source: yql/essentials/core/yql_expr_type_annotation.cpp (CommonType).
    """
    if len(types) > 2:
        halves = types[: len(types) // 2], types[len(types) // 2 :]
        merged = [common_type(*half) for half in halves]
        known = [type for type in merged if type is not None]
        return no_common_type(known if len(known) == 2 else halves[merged.index(None)])
    one, other = map(strip, types)
    match one, other:
        case List(a), List(b):
            return no_common_type([a, b])
        case Tuple(a), Tuple(b):
            pairs = zip(a, b, strict=False)
            return next((no_common_type(pair) for pair in pairs if common_type(*pair) is None), _NO_COMMON)
        case Struct(), Struct():
            return _NO_COMMON
        case Dict(a, x), Dict(b, y):
            return no_common_type([x, y] if a == b else [a, b])
        case Data(), Data():
            return f"{_NO_COMMON} for {' and '.join(str(type).partition('(')[0] for type in (one, other))}"
    kinds = ("Data" if isinstance(type, Data) else type.__class__.__name__ for type in (one, other))
    return f"{_NO_COMMON} for {' and '.join(kinds)}"


_NO_COMMON = "Cannot infer common type"


def unify(expression: Expr, type: Type) -> Expr:
    """An expression as the common type that it was merged into."""
    converted = convert(expression, type)
    if converted is None:
        raise AssertionError(f"{expression.type} was merged into {type}")
    return converted


def unified(expressions: list[Expr]) -> list[Expr] | None:
    """Expressions as their common type, or None where they have none."""
    type = common_type(*(expression.type for expression in expressions))
    return None if type is None else [unify(expression, type) for expression in expressions]
