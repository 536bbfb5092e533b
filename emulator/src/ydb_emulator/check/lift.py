"""What operators and functions share: a computation on values lifted to expressions, and what an operand must be."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import Position, unsupported
from ..plan import Expr, Record
from ..types import (
    BOOL,
    JSON,
    JSON_DOCUMENT,
    NULL,
    TEXTS,
    YSON,
    Data,
    Optional,
    Tuple,
    Type,
    Value,
    is_optional,
    optional,
    strip,
)  # fmt: skip
from .conversion import refuse


def lift(operand: Expr, type: Type, compute: Callable[[Value], Value]) -> Expr:
    """`compute` on the operand's value, NULL for NULL; optional where the operand is."""
    evaluate = operand.evaluate
    if not is_optional(operand.type):
        return Expr(type, lambda row: compute(evaluate(row)))

    def evaluated(row: Record) -> Value:
        value = evaluate(row)
        return None if value is None else compute(value)

    return Expr(optional(type), evaluated)


def lift2(left: Expr, right: Expr, type: Type, compute: Callable[[Value, Value], Value]) -> Expr:
    """`compute` on both values, NULL where one is NULL."""

    def evaluate(row: Record) -> Value:
        a, b = left.evaluate(row), right.evaluate(row)
        return None if a is None or b is None else compute(a, b)

    nullable = is_optional(left.type) or is_optional(right.type)
    return Expr(optional(type) if nullable else type, evaluate)


def require_bool(expression: Expr, position: Position, function: str = "Filter") -> None:
    """Raises GENERIC_ERROR unless the expression is a Bool, NULL included."""
    if strip(expression.type) not in (BOOL, NULL):
        message = f"Expected bool or optional of bool, but got: {expression.type}"
        raise refuse(function, message, position)


def require_logical(operand: Expr, function: str, position: Position) -> None:
    """Raises GENERIC_ERROR unless an operand of logic is a Bool, NULL included.

    Source: yql/essentials/core/type_ann/type_ann_core.cpp (LogicalWrapper, BoolOpt1Wrapper, LikelyWrapper).
    """
    if operand.type != NULL:
        require_data(operand, function, position)
        if strip(operand.type) != BOOL:
            raise refuse(function, f"Expected data type: Bool, but got: {strip(operand.type)}", position)


def require_condition(condition: Expr, position: Position) -> None:
    """Raises GENERIC_ERROR unless what decides between values is a Bool, NULL included: YQL puts false for its NULL.

    Source: yql/essentials/sql/v1/builtin.cpp (TYqlIf); type_ann_core.cpp (CoalesceWrapper).
    """
    if strip(condition.type) not in (BOOL, NULL):
        message = f"uncompatible coalesce types, first type: {condition.type}, second type: Bool"
        raise refuse("Coalesce", message, position)


def require_data(operand: Expr, function: str, position: Position) -> None:
    """Source of the texts: yql/essentials/core/yql_expr_type_annotation.cpp (IsDataOrOptionalOfData)."""
    if not isinstance(strip(operand.type), Data):
        of = f" optional of: {operand.type.item}" if isinstance(operand.type, Optional) else f": {operand.type}"
        raise refuse(function, f"Expected data or optional of data, but got{of}", position)


def require_text(operand: Expr, function: str, position: Position) -> None:
    """Raises GENERIC_ERROR for what isn't a String or a Utf8, or may be NULL.

    Source: yql/essentials/core/yql_expr_type_annotation.cpp (EnsureStringOrUtf8Type).
    """
    if operand.type not in TEXTS:
        raise refuse(function, f"Expected String or Utf8, but got: {operand.type}", position)


def as_bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def hashable(value: Value) -> Value:
    """A value that equals another one exactly where YQL's values are equal: a text is its bytes."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, tuple):
        return tuple(map(hashable, value))
    if isinstance(value, dict):
        return frozenset((hashable(key), hashable(payload)) for key, payload in value.items())
    if value != value:
        raise unsupported("NaN as a key, or among values to tell apart")
    return value


def require_key(type: Type, position: Position) -> None:
    """Raises UNSUPPORTED for keys of a dict that can't be given back from the form of `hashable`, and for those that
    YDB refuses in words that differ from line to line (TDictExprType::Validate in yql/essentials/ast/yql_expr.cpp)."""
    match type:
        case Optional(item):
            return require_key(item, position)
        case Tuple(items):
            for item in items:
                require_key(item, position)
            return None
        case Data() if type not in (JSON, JSON_DOCUMENT, YSON):
            return None
    raise unsupported(f"a Dict by {type}", position)
