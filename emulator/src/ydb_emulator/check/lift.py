"""What operators and functions share: a computation on values lifted to expressions, and what an operand must be."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import Position
from ..plan import Expr, Record
from ..types import BOOL, NULL, Data, Type, Value, is_optional, optional, strip
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


def require_data(operand: Expr, function: str, position: Position) -> None:
    if not isinstance(strip(operand.type), Data):
        raise refuse(function, f"Expected data or optional of data, but got: {operand.type}", position)


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
    return value
