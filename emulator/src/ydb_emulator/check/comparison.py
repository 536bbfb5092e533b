"""Which values compare, and how: `=`, `<` and their kin, IS DISTINCT FROM, and IN among values.

Source of the rules: yql/essentials/core/yql_expr_type_annotation.cpp (CanCompare), type_ann_core.cpp (CompareWrapper).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence

from ..errors import Position, unsupported
from ..plan import Expr, Record, constant
from ..types import (
    BOOL,
    INTEGERS,
    INTERVALS,
    JSON,
    JSON_DOCUMENT,
    NULL,
    STRING,
    TEXTS,
    UTF8,
    YSON,
    Data,
    Decimal,
    Dict,
    List,
    Optional,
    Struct,
    Tuple,
    Type,
    Value,
    is_optional,
    optional,
    strip,
)  # fmt: skip
from .conversion import MICROS, NUMERIC_RANK, common_type, refuse
from .lift import as_bytes, hashable, lift2

COMPARISONS = {
    "=": operator.eq, "==": operator.eq, "!=": operator.ne, "<>": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_CALLABLE = {"=": "==", "<>": "!="}


def compare(op: str, left: Expr, right: Expr, position: Position) -> Expr:
    """`=`, `<` and their kin. Raises GENERIC_ERROR for types that don't compare."""
    if NULL in (left.type, right.type):
        return constant(Optional(BOOL), None)
    a, b = strip(left.type), strip(right.type)
    is_equality = op in ("=", "==", "!=", "<>")
    function = _CALLABLE.get(op, op)
    if not comparable(a, b, is_equality):
        raise refuse(function, f"Uncompatible types in compare: {left.type} '{function}' {right.type}", position)
    if not isinstance(a, Data):
        if not is_equality or _has_optional(a) or _has_optional(b):
            raise unsupported(f"comparing {left.type} with {right.type} here", position)
    compute, change = COMPARISONS[op], _comparison_form(a, b)
    if change is None:
        return lift2(left, right, BOOL, compute)
    return lift2(left, right, BOOL, lambda x, y: compute(*change(x, y)))


def _comparison_form(a: Type, b: Type) -> Callable[[Value, Value], tuple] | None:
    """What brings two values of comparable types into one form, None where they have it."""
    if {a, b} == {STRING, UTF8}:
        return lambda x, y: (as_bytes(x), as_bytes(y))
    if a in MICROS and b in MICROS and a != b:
        return lambda x, y: (x * MICROS[a], y * MICROS[b])
    if a == UTF8:  # by bytes, as code points beyond the surrogates sort in Python and in UTF-8 alike
        return None
    if not isinstance(a, Data):
        return lambda x, y: (hashable(x), hashable(y))
    return lambda x, y: (x.bytes, y.bytes) if hasattr(x, "bytes") else (x, y)


def comparable(a: Type, b: Type, is_equality: bool = True) -> bool:
    """Whether values of both types compare. `a` and `b` may be optional."""
    a, b = strip(a), strip(b)
    if NULL in (a, b):
        return True
    match a, b:
        case List(x), List(y):
            return comparable(x, y, is_equality)
        case Tuple(x), Tuple(y):
            return len(x) == len(y) and all(comparable(p, q, is_equality) for p, q in zip(x, y, strict=True))
        case Struct(x), Struct(y):
            names = [name for name, _ in x] == [name for name, _ in y]
            return is_equality and names and all(comparable(p, q) for (_, p), (_, q) in zip(x, y, strict=True))
        case Dict(k, x), Dict(m, y):
            return is_equality and comparable(k, m) and comparable(x, y)
    if a in NUMERIC_RANK and b in NUMERIC_RANK or a in TEXTS and b in TEXTS or a in MICROS and b in MICROS:
        return True
    if a in INTERVALS and b in INTERVALS:
        return True
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return common_type(a, b) is not None
    if isinstance(a, Decimal) and b in INTEGERS or a in INTEGERS and isinstance(b, Decimal):
        return True
    return a == b and isinstance(a, Data) and a not in (JSON, JSON_DOCUMENT, YSON)


def _has_optional(type: Type) -> bool:
    match type:
        case Optional():
            return True
        case List(item):
            return _has_optional(item)
        case Tuple(items):
            return any(map(_has_optional, items))
        case Struct(fields):
            return any(_has_optional(field) for _, field in fields)
        case Dict(key, payload):
            return _has_optional(key) or _has_optional(payload)
    return False


def distinct(left: Expr, right: Expr, negated: bool, position: Position) -> Expr:
    """`IS [NOT] DISTINCT FROM`."""
    if not comparable(left.type, right.type):
        message = f"Uncompatible types in compare: {left.type} '!=' {right.type}"
        raise refuse("IsDistinctFrom", message, position)
    change = _comparison_form(strip(left.type), strip(right.type)) or (lambda x, y: (x, y))

    def evaluate(row: Record) -> Value:
        a, b = left.evaluate(row), right.evaluate(row)
        differs = (a is None) != (b is None) if a is None or b is None else operator.ne(*change(a, b))
        return differs != negated

    return Expr(BOOL, evaluate)


def among(operand: Expr, items: Sequence[Expr], position: Position) -> Expr:
    """`operand IN (items)`: NULL where nothing is equal and something is NULL."""
    for item in items:
        _require_lookup(operand, item.type, position)
    change = [_comparison_form(strip(operand.type), strip(item.type)) or (lambda x, y: (x, y)) for item in items]
    if all(item.is_literal and not differs_in_unit(operand.type, item.type) for item in items):
        return _among_literals(operand, items)

    def evaluate(row: Record) -> Value:
        value = operand.evaluate(row)
        found: bool | None = False
        for item, form in zip(items, change, strict=True):
            other = item.evaluate(row)
            if value is None or other is None:
                found = None
            elif operator.eq(*form(value, other)):
                return True
        return found

    nullable = is_optional(operand.type) or any(is_optional(item.type) for item in items)
    return Expr(optional(BOOL) if nullable else BOOL, evaluate)


def _among_literals(operand: Expr, items: Sequence[Expr]) -> Expr:
    values = [item.evaluate(()) for item in items]
    known, with_null = {hashable(value) for value in values if value is not None}, None in values

    def evaluate(row: Record) -> Value:
        value = operand.evaluate(row)
        if value is None:
            return None
        return True if hashable(value) in known else None if with_null else False

    return Expr(optional(BOOL) if is_optional(operand.type) or with_null else BOOL, evaluate)


def inside(operand: Expr, item: Type, collection: Callable[[Record], frozenset | None], position: Position) -> Expr:
    """`operand IN collection`, whose values come in the form of `hashable`."""
    _require_lookup(operand, item, position)
    if differs_in_unit(operand.type, item):
        raise unsupported(f"looking {operand.type} up among {item}", position)

    def evaluate(row: Record) -> Value:
        value, values = operand.evaluate(row), collection(row)
        if value is None or values is None:
            return None
        return True if hashable(value) in values else None if None in values else False

    nullable = is_optional(operand.type) or is_optional(item)
    return Expr(optional(BOOL) if nullable else BOOL, evaluate)


def differs_in_unit(a: Type, b: Type) -> bool:
    return strip(a) != strip(b) and strip(a) in MICROS


def _require_lookup(operand: Expr, item: Type, position: Position) -> None:
    """The words after the first four are a guess."""
    if not comparable(operand.type, item):
        raise refuse("SqlIn", f"Can't lookup {operand.type} in collection of {item}: types {strip(operand.type)} and "
                     f"{strip(item)} are not comparable", position)  # fmt: skip
