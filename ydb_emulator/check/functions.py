"""YQL's functions: CAST, literals of a type such as `Date("…")`, and the built-in functions.

Source: ydb/docs/en/core/yql/reference/builtins/*.md.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable

from .. import text
from ..errors import Issue, Position, refusal, unsupported
from ..types import (
    BOOL,
    DATE,
    DATETIME,
    INT64,
    INTEGERS,
    INTERVAL,
    INTERVAL64,
    NULL,
    RANGES,
    REALS,
    STRING,
    TEXTS,
    TIMESTAMP,
    UINT32,
    UTF8,
    UUID,
    Data,
    Decimal,
    Optional,
    Type,
    TypeHandle,
    Value,
    by_name,
    decimal,
    format_type,
    is_optional,
    optional,
    strip,
)  # fmt: skip
from ..yql import syntax
from .context import Expr, constant
from .conversion import NUMERIC_RANK, common_type
from .typenames import MAX_PRECISION

AGGREGATES = frozenset(("count", "sum", "min", "max", "avg", "some"))
"""Aggregate functions that the emulator has, in lower case."""


def call(node: syntax.Call, scope, check: Callable) -> Expr:
    """A function call. Raises GENERIC_ERROR for what YQL refuses, UNSUPPORTED for a function that isn't here."""
    name = node.name.lower()
    if name in AGGREGATES:
        if not scope.has_source:
            raise refusal(Issue("Aggregation is not allowed without FROM", position=node.position))
        raise refusal(Issue("Aggregation is not allowed in this context", position=node.position))
    if node.star or node.distinct or node.named_arguments or node.over:
        raise unsupported(f"{node.name} with these arguments", node.position)
    if any(isinstance(argument, syntax.TypeName) for argument in node.arguments):
        raise unsupported(f"types as arguments of {node.name}", node.position)
    arguments = [check(argument, scope) for argument in node.arguments]
    if name == "decimal":
        return _decimal_literal(node, arguments)
    if by_name(name) and len(arguments) == 1:
        return _data_literal(by_name(name), node, arguments[0])
    if name in _FUNCTIONS:
        return _FUNCTIONS[name](arguments, node.position, scope.context)
    raise unsupported(f"the function {node.name}", node.position)


def _literal_text(node: syntax.Call, type: Type, argument: Expr) -> str:
    if not argument.is_literal or argument.type not in TEXTS:
        raise refusal(Issue(f"Expected literal string as argument in {type} function", position=node.position))
    value = argument.evaluate(())
    return value.decode(errors="surrogateescape") if isinstance(value, bytes) else value


def _data_literal(type: Data, node: syntax.Call, argument: Expr) -> Expr:
    written = _literal_text(node, type, argument)
    try:
        return constant(type, text.parse(type, written), is_literal=True)
    except ValueError:
        raise _invalid_value(written, type, node.position) from None


def _decimal_literal(node: syntax.Call, arguments: list[Expr]) -> Expr:
    if len(arguments) != 3 or not all(a.is_literal and a.type in INTEGERS for a in arguments[1:]):
        raise refusal(Issue("Decimal requires a literal string, precision and scale", position=node.position))
    precision, scale = (argument.evaluate(()) for argument in arguments[1:])
    if not 0 < precision <= MAX_PRECISION or scale > precision:
        raise refusal(Issue(f"Invalid decimal parameters: ({precision},{scale}).", position=node.position))
    type = decimal(precision, scale)
    written = _literal_text(node, type, arguments[0])
    try:
        return constant(type, text.parse(type, written), is_literal=True)
    except ValueError:
        raise _invalid_value(written, type, node.position) from None


def _invalid_value(written: str, type: Type, position: Position) -> Exception:
    """Source: yql/essentials/core/type_ann/type_ann_core.cpp, data constructors."""
    return refusal(Issue(f'Invalid value "{written}" for type {type}', position=position))


# --- CAST ------------------------------------------------------------------------------------------------------


def cast(operand: Expr, target: Type, position: Position) -> Expr:
    """`CAST(operand AS target)`: NULL where the value has no place in the target.

    Source: ydb/docs/en/core/yql/reference/types/cast.md (the tables of what casts to what).
    """
    source, goal = strip(operand.type), strip(target)
    if source == NULL:
        return constant(optional(target), None)
    if source == goal:
        return Expr(optional(goal) if is_optional(operand.type) or is_optional(target) else goal, operand.evaluate)
    convert, is_sure = _cast(source, goal)
    if convert is None:
        raise refusal(Issue(f"Cannot cast type {operand.type} into {target}", position=position))

    def evaluate(row):
        value = operand.evaluate(row)
        return None if value is None else convert(value)

    nullable = not is_sure or is_optional(operand.type) or is_optional(target)
    return Expr(optional(goal) if nullable else goal, evaluate)


def _cast(source: Type, goal: Type) -> tuple[Callable | None, bool]:
    """How a value is cast, and whether that always succeeds; (None, False) where YQL has no such cast."""
    if not isinstance(source, Data) or not isinstance(goal, Data):
        return None, False
    if source in TEXTS and goal in TEXTS:
        return (lambda v: v.encode(), True) if goal == STRING else (_decode, False)
    if source in TEXTS:
        return lambda value: _parse_or_null(goal, value), False
    if goal == STRING:
        return lambda value: text.format(source, value).encode(), True
    if goal == UTF8:
        return lambda value: text.format(source, value), True
    if source in INTEGERS and goal in INTEGERS:
        low, high = RANGES[goal]
        is_sure = low <= RANGES[source][0] and RANGES[source][1] <= high
        return lambda value: value if low <= value <= high else None, is_sure
    if source in NUMERIC_RANK and goal in REALS:
        return (text.to_float32 if goal.name == "Float" else float), True
    if source in REALS and goal in INTEGERS:
        low, high = RANGES[goal]
        return lambda value: int(value) if value == value and low <= value <= high else None, False
    if source == BOOL and goal in NUMERIC_RANK:
        return (float if goal in REALS else int), True
    if source in INTEGERS and goal == BOOL:
        return bool, True
    if source in (INTERVAL, INTERVAL64) and goal in INTEGERS:
        low, high = RANGES[goal]
        return lambda value: value if low <= value <= high else None, goal == INT64
    if (source in INTEGERS or isinstance(source, Decimal)) and isinstance(goal, Decimal):
        return lambda value: _parse_or_null(goal, str(value).encode()), False
    if isinstance(source, Decimal) and goal in REALS:
        return float, False
    micros = {DATE: 86_400_000_000, DATETIME: 1_000_000, TIMESTAMP: 1}
    if source in micros and goal in micros:
        return lambda value: value * micros[source] // micros[goal], True
    return None, False


def _decode(value: bytes) -> str | None:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def _parse_or_null(type: Data, value: str | bytes) -> Value:
    try:
        return text.parse(type, value.decode() if isinstance(value, bytes) else value)
    except ValueError:
        return None


# --- built-in functions ----------------------------------------------------------------------------------------


def coalesce(arguments: list[Expr], position: Position) -> Expr:
    """The first value that is not NULL; optional only when the last argument is."""
    type = common_type(*(strip(argument.type) for argument in arguments))
    if type is None:
        raise refusal(Issue("Uncompatible types in COALESCE", position=position))
    from .expressions import unify  # expressions call functions, which unify expressions

    target = type if not is_optional(arguments[-1].type) else optional(type)
    parts = [unify(argument, target if not is_optional(argument.type) else optional(type)) for argument in arguments]

    def evaluate(row):
        return next((value for part in parts if (value := part.evaluate(row)) is not None), None)

    return Expr(target, evaluate)


def _expect(count: int, name: str, arguments: list[Expr], position: Position) -> None:
    if len(arguments) != count:
        message = f"{name} requires exactly {count} argument{'s' if count > 1 else ''}, given: {len(arguments)}"
        raise refusal(Issue(message, position=position))


def _if(arguments, position, _):
    if len(arguments) not in (2, 3):
        raise refusal(Issue("IF requires two or three arguments", position=position))
    condition, then = arguments[:2]
    otherwise = arguments[2] if len(arguments) == 3 else constant(NULL, None)
    if strip(condition.type) not in (BOOL, NULL):
        raise refusal(Issue(f"Expected bool or optional of bool, but got: {condition.type}", position=position))
    type = common_type(then.type, otherwise.type)
    if type is None:
        raise refusal(Issue("Uncompatible types in IF", position=position))
    from .expressions import unify

    yes, no = unify(then, type), unify(otherwise, type)
    return Expr(type, lambda row: (yes if condition.evaluate(row) else no).evaluate(row))


def _length(arguments, position, _):
    _expect(1, "Length", arguments, position)
    (argument,) = arguments
    if strip(argument.type) not in TEXTS | {NULL}:
        raise refusal(Issue(f"Expected string or utf8 argument, but got: {argument.type}", position=position))

    def evaluate(row):
        value = argument.evaluate(row)
        return None if value is None else len(value.encode() if isinstance(value, str) else value)

    return Expr(optional(UINT32) if is_optional(argument.type) else UINT32, evaluate)


def _unwrap(arguments, position, _):
    argument = arguments[0] if arguments else None
    if argument is None or not isinstance(argument.type, Optional):
        raise refusal(Issue("Expected optional type in Unwrap", position=position))

    def evaluate(row):
        value = argument.evaluate(row)
        if value is None:
            raise refusal(Issue("Failed to unwrap empty optional", position=position))
        return value

    return Expr(argument.type.item, evaluate)


def _just(arguments, position, _):
    _expect(1, "Just", arguments, position)
    return Expr(Optional(arguments[0].type), arguments[0].evaluate)


def _type_of(arguments, position, _):
    _expect(1, "TypeOf", arguments, position)
    return constant(TypeHandle(arguments[0].type), arguments[0].type)


def _format_type(arguments, position, _):
    _expect(1, "FormatType", arguments, position)
    if not isinstance(arguments[0].type, TypeHandle):
        raise refusal(Issue(f"Expected type, but got: {arguments[0].type}", position=position))
    return constant(STRING, format_type(arguments[0].type.of).encode())


def _current(type: Data, unit: datetime.timedelta):
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return lambda arguments, position, context: constant(type, (context.now - epoch) // unit)


def _random_uuid(arguments, position, _):
    return Expr(UUID, lambda row: uuid.uuid4())



_FUNCTIONS: dict[str, Callable] = {
    "coalesce": lambda arguments, position, _: coalesce(arguments, position),
    "nvl": lambda arguments, position, _: coalesce(arguments, position),
    "if": _if,
    "length": _length,
    "len": _length,
    "unwrap": _unwrap,
    "just": _just,
    "typeof": _type_of,
    "formattype": _format_type,
    "currentutcdate": _current(DATE, datetime.timedelta(days=1)),
    "currentutcdatetime": _current(DATETIME, datetime.timedelta(seconds=1)),
    "currentutctimestamp": _current(TIMESTAMP, datetime.timedelta(microseconds=1)),
    "randomuuid": _random_uuid,
}
"""Built-in functions by their name in lower case: checked arguments, position, context → checked call."""
