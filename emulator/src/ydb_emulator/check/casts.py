"""`CAST(operand AS type)`: NULL where the value has no place in the type.

Source: ydb/docs/en/core/yql/reference/types/cast.md (the tables of what casts to what);
yql/essentials/core/yql_expr_type_annotation.cpp (CastResult).
"""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable

from .. import text
from ..errors import Position, unsupported
from ..plan import Expr, Record, constant
from ..types import (
    BITS,
    BOOL,
    FLOAT,
    INTEGERS,
    INTERVALS,
    JSON,
    JSON_DOCUMENT,
    NULL,
    RANGES,
    REALS,
    STRING,
    TEXTS,
    UTF8,
    UUID,
    YSON,
    ZONED,
    Data,
    Decimal,
    Type,
    Value,
    is_optional,
    optional,
    strip,
)  # fmt: skip
from .container_casts import container_cast
from .conversion import MICROS, refuse

Convert = Callable[[Value], Value]


def cast(operand: Expr, target: Type, position: Position) -> Expr:
    """The operand as a `target`; optional unless every value has its place there. Raises GENERIC_ERROR for types
    that don't cast."""
    source, goal = strip(operand.type), strip(target)
    if source == NULL:
        return constant(optional(target), None)
    nullable = is_optional(operand.type) or is_optional(target)
    if source == goal:
        return Expr(optional(goal) if nullable else goal, operand.evaluate)
    if isinstance(source, Data) and isinstance(goal, Data):
        found = _cast(source, goal)
    else:
        found = container_cast(source, goal, _cast)
        if found is None:
            raise unsupported(f"CAST of {operand.type} AS {target}", position)
    if found is None:
        raise refuse("SafeCast", f"Cannot cast type {operand.type} into {target}", position)
    convert, is_sure = found
    evaluate = operand.evaluate

    def evaluated(row: Record) -> Value:
        value = evaluate(row)
        return None if value is None else convert(value)

    return Expr(optional(goal) if nullable or not is_sure else goal, evaluated)


def _cast(source: Data, goal: Data) -> tuple[Convert, bool] | None:
    """How a value is cast, and whether that always succeeds; None where YQL has no such cast."""
    if source in TEXTS:
        return _from_text(source, goal)
    if goal in TEXTS:
        return _to_text(source, goal)
    if source in ZONED or goal in ZONED:
        raise unsupported(f"CAST of {source} AS {goal}")
    if (source, goal) in ((JSON, JSON_DOCUMENT), (JSON_DOCUMENT, JSON)):
        return (text.json_document if goal == JSON_DOCUMENT else lambda value: value), True
    if source in (JSON, JSON_DOCUMENT, YSON, UUID) or goal in (JSON, JSON_DOCUMENT, YSON, UUID):
        return None
    if isinstance(goal, Decimal):
        return _to_decimal(source, goal)
    if isinstance(source, Decimal):
        return _from_decimal(source, goal)
    if source in MICROS and goal in MICROS:
        return _moment(source, goal)
    if source in INTERVALS and goal in INTERVALS:
        return _ranged(lambda value: value, source, goal)
    if source in INTEGERS or source == BOOL or source in REALS:
        return _from_number(source, goal)
    if goal in REALS and (source in MICROS or source in INTERVALS):
        return (text.to_float32 if goal == FLOAT else float), True
    if goal in INTEGERS and (source in MICROS or source in INTERVALS):
        return _ranged(lambda value: value, source, goal)
    return None


def _ranged(convert: Convert, source: Data, goal: Data) -> tuple[Convert, bool]:
    """A conversion whose result must lie in the goal's range."""
    low, high = RANGES[goal]
    is_sure = source in RANGES and low <= convert(RANGES[source][0]) and convert(RANGES[source][1]) <= high

    def converted(value: Value) -> Value:
        result = convert(value)
        return result if low <= result <= high else None

    return (convert, True) if is_sure else (converted, False)


def _from_number(source: Data, goal: Data) -> tuple[Convert, bool] | None:
    if goal in REALS:
        return (text.to_float32 if goal == FLOAT else float), True
    if goal == BOOL:
        return (bool, True) if source in INTEGERS else (_truth, False)
    if source == BOOL:
        return (int, True) if goal in BITS else None
    if source in REALS:
        return (lambda value: _truncated(value, goal), False) if goal in BITS else None
    if goal in RANGES:  # mkql_builtins_convert.cpp (RegisterToDateConvert): days, seconds or microseconds
        return _ranged(lambda value: value, source, goal)
    return None


def _truth(value: float) -> bool:
    if value != value:
        raise unsupported("CAST of NaN to Bool")
    return bool(value)


def _truncated(value: float, goal: Data) -> int | None:
    low, high = RANGES[goal]
    return int(value) if math.isfinite(value) and low <= value <= high else None


def _moment(source: Data, goal: Data) -> tuple[Convert, bool]:
    """Between wide types a part of a day or second is cut towards 1970; from one of them, before 1970, others get none.

    Source: yql/essentials/minikql/invoke_builtins/mkql_builtins_convert.cpp (TBigDateScaleDown,
    TBigDateToNarrowScaleDown).
    """

    def rescaled(value: int) -> int:
        micros = value * MICROS[source]
        return -(-micros // MICROS[goal]) if micros < 0 and RANGES[goal][0] < 0 else micros // MICROS[goal]

    return _ranged(rescaled, source, goal)


def _to_decimal(source: Data, goal: Decimal) -> tuple[Convert, bool] | None:
    """From integers and decimals alone, never NULL. Source: CastResultsTable
    (yql/essentials/public/udf/udf_data_type.cpp), CastResult (yql_expr_type_annotation.cpp)."""
    if source not in INTEGERS and not isinstance(source, Decimal):
        return None
    return lambda value: text.parse(goal, text.format(source, value)), True


def _from_decimal(source: Decimal, goal: Data) -> tuple[Convert, bool] | None:
    """To an integer it goes by way of a decimal without digits behind the point, which is rounded, half to even.

    Source: yql/essentials/minikql/mkql_program_builder.cpp (ToIntegral, ToDecimal),
    invoke_builtins/mkql_builtins_convert.cpp (TScaleDown).
    """
    if goal in REALS:
        return (text.to_float32 if goal == FLOAT else float), True
    if goal not in BITS:
        return None
    if source.precision == source.scale:
        raise unsupported(f"CAST of {source} AS {goal}")
    low, high = RANGES[goal]
    most = 10 ** (source.precision - source.scale)

    def converted(value: Value) -> int | None:
        if not value.is_finite():
            return None
        rounded = int(value.to_integral_value(decimal.ROUND_HALF_EVEN))
        return rounded if -most < rounded < most and low <= rounded <= high else None

    return converted, False


def _from_text(source: Data, goal: Data) -> tuple[Convert, bool] | None:
    if goal == STRING:
        return str.encode, True
    if goal == UTF8:
        return _decode, False
    return lambda value: parse_or_null(goal, value), False


def _to_text(source: Data, goal: Data) -> tuple[Convert, bool] | None:
    if source == YSON and goal == STRING:
        return lambda value: value, True
    if source == YSON:
        return None  # CastResultsTable (yql/essentials/public/udf/udf_data_type.cpp)
    if goal == STRING:
        return lambda value: text.format(source, value).encode(), True
    return lambda value: text.format(source, value), True


def _decode(value: bytes) -> str | None:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def parse_or_null(type: Data, value: str | bytes) -> Value:
    """The value that a text means in a type, None where it means none."""
    try:
        return text.parse(type, text.decode(type, value))
    except ValueError:
        return None
