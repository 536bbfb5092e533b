"""Implicit conversion: what YQL turns into a column's type by itself, and what it refuses.

Source: ydb-behaviour §1.3 (ydb/core/kqp/ut/effects/kqp_write_ut.cpp, CastValues; measured literals).
"""

from __future__ import annotations

from collections.abc import Callable

from ..types import (
    DATE,
    DATE32,
    DATETIME,
    DATETIME64,
    DOUBLE,
    FLOAT,
    INT8,
    INT16,
    INT32,
    INT64,
    INTEGERS,
    INTERVAL,
    INTERVAL64,
    NULL,
    RANGES,
    STRING,
    TIMESTAMP,
    TIMESTAMP64,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    UTF8,
    Decimal,
    Optional,
    Type,
    Value,
    optional,
    strip,
)  # fmt: skip
from .context import Expr

NUMERIC_RANK = (UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64, FLOAT, DOUBLE)
"""A number converts to every type that stands after its own."""

_DATES_BY_WIDTH = ((DATE, DATE32), (DATETIME, DATETIME64), (TIMESTAMP, TIMESTAMP64), (INTERVAL, INTERVAL64))

Convert = Callable[[Value], Value]


def convert(expression: Expr, target: Type) -> Expr | None:
    """The expression as a value of `target`, or None where YQL does not convert it by itself."""
    if expression.type == target:
        return expression
    if expression.type == NULL:
        return Expr(target, expression.evaluate) if isinstance(target, Optional) else None
    if isinstance(expression.type, Optional) and not isinstance(target, Optional):
        return None
    change = _conversion(expression, strip(target))
    if change is None:
        return None
    evaluate = expression.evaluate

    def converted(row):
        value = evaluate(row)
        return None if value is None else change(value)

    return Expr(target, converted, expression.is_literal)


def _conversion(expression: Expr, target: Type) -> Convert | None:
    source = strip(expression.type)
    if source == target:
        return lambda value: value
    if source in NUMERIC_RANK and target in NUMERIC_RANK:
        if NUMERIC_RANK.index(source) < NUMERIC_RANK.index(target):
            return float if target in (FLOAT, DOUBLE) else _wrap(target)
        if expression.is_literal and source in INTEGERS and target in INTEGERS and _fits(expression, target):
            return lambda value: value
        return None
    if source == STRING and target == UTF8 and expression.is_literal and _is_utf8(expression):
        return lambda value: value.decode()
    if source == UTF8 and target == STRING:
        return lambda value: value.encode()
    if (source, target) in _DATES_BY_WIDTH:
        return lambda value: value
    return None


def _fits(literal: Expr, target: Type) -> bool:
    low, high = RANGES[target]
    return low <= literal.evaluate(()) <= high


def _is_utf8(literal: Expr) -> bool:
    try:
        literal.evaluate(()).decode()
    except UnicodeDecodeError:
        return False
    return True


def _wrap(target: Type) -> Convert:
    """Integers convert by rank, not by range: -1 becomes the largest Uint64 (kqp_write_ut, CastValues)."""
    low, high = RANGES[target]
    return lambda value: (value - low) % (high - low + 1) + low


def common_type(*types: Type) -> Type | None:
    """The type that all of the types convert to, as COALESCE, CASE, IN and set operations need it; None if none."""
    result = types[0]
    for type in types[1:]:
        merged = _common(strip(result), strip(type))
        if merged is None:
            return None
        nullable = isinstance(result, Optional) or isinstance(type, Optional) or NULL in (result, type)
        result = optional(merged) if nullable and merged != NULL else merged
    return result


def _common(left: Type, right: Type) -> Type | None:
    if left == right or right == NULL:
        return left
    if left == NULL:
        return right
    if left in NUMERIC_RANK and right in NUMERIC_RANK:
        return max(left, right, key=NUMERIC_RANK.index)
    if {left, right} == {STRING, UTF8}:
        return STRING
    for narrow, wide in _DATES_BY_WIDTH:
        if {left, right} == {narrow, wide}:
            return wide
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return None
    return None
