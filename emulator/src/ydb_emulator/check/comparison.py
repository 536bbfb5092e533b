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
    TEXTS,
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
    is_optional,
    optional,
    strip,
)  # fmt: skip
from .context import Context
from .conversion import MICROS, NUMERIC_RANK, common_type, refuse
from .equality import Compare, equality, has_optional, operation, order, sameness
from .lift import hashable, lift2

COMPARISONS = {
    "=": operator.eq, "==": operator.eq, "!=": operator.ne, "<>": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_CALLABLE = {"=": "==", "<>": "!="}


def compare(op: str, left: Expr, right: Expr, position: Position) -> Expr:
    """`=`, `<` and their kin. Raises GENERIC_ERROR for types that don't compare."""
    if NULL in (left.type, right.type):
        return constant(Optional(BOOL), None)
    if is_nested(left.type) or is_nested(right.type):
        raise unsupported(f"comparing {left.type} with {right.type} here", position)
    a, b = strip(left.type), strip(right.type)
    is_equality = op in ("=", "==", "!=", "<>")
    function = _CALLABLE.get(op, op)
    if not comparable(a, b, is_equality):
        raise refuse(function, f"Uncompatible types in compare: {left.type} '{function}' {right.type}", position)
    if isinstance(a, Data):
        return lift2(left, right, BOOL, operation(COMPARISONS[op], a, b))
    made = lift2(left, right, BOOL, _of_containers(COMPARISONS[op], a, b))
    nullable = is_optional(made.type) or has_optional(a) or has_optional(b)
    return Expr(optional(BOOL) if nullable else BOOL, made.evaluate)


def _of_containers(op: Callable[[Value, Value], bool], a: Type, b: Type) -> Compare:
    if op not in (operator.eq, operator.ne):
        return order(op, a, b)
    same = equality(a, b)
    if op is operator.eq:
        return same

    def differs(x: Value, y: Value) -> bool | None:
        found = same(x, y)
        return None if found is None else not found

    return differs


def comparable(a: Type, b: Type, is_equality: bool = True) -> bool:
    """Whether values of both types compare. `a` and `b` may be optional."""
    a, b = strip(a), strip(b)
    if NULL in (a, b):
        return True
    if a in ZONED or b in ZONED:
        raise unsupported(f"comparing {a} with {b}")
    if isinstance(a, Optional) or isinstance(b, Optional):
        if not comparable(a, b, is_equality):
            return False
        raise unsupported("comparing an Optional in an Optional")
    match a, b:
        case List(x), List(y):
            return comparable(x, y, is_equality)
        case Tuple(x), Tuple(y):
            if not all(comparable(p, q, is_equality) for p, q in zip(x, y, strict=False)):
                return False
            return _same_members(a, b, len(x) == len(y))
        case Struct(x), Struct(y):
            others = dict(y)
            if not is_equality or not all(comparable(p, others[name]) for name, p in x if name in others):
                return False
            return _same_members(a, b, dict(x).keys() == others.keys())
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


def _same_members(a: Type, b: Type, are_same: bool) -> bool:
    """True. Raises UNSUPPORTED where one lacks what the other has: YDB compares that with NULL."""
    if not are_same:
        raise unsupported(f"comparing {a} with {b}, which has other members")
    return True


def distinct(left: Expr, right: Expr, negated: bool, position: Position) -> Expr:
    """`IS [NOT] DISTINCT FROM`."""
    if not comparable(left.type, right.type):
        message = f"Uncompatible types in compare: {left.type} '!=' {right.type}"
        raise refuse("IsDistinctFrom", message, position)
    same = sameness(left.type, right.type)
    return Expr(BOOL, lambda row: same(left.evaluate(row), right.evaluate(row)) == negated)


def among(operand: Expr, items: Sequence[Expr], context: Context, position: Position) -> Expr:
    """`operand IN (items)`: NULL where nothing is equal and something is NULL. On the table service, which knows no
    standard IN, it is NULL for an operand that holds NULL alone, and items that do are as good as none.

    Source: yql/essentials/tests/sql/suites/in/in_ansi.sql, in_noansi.sql, in_tuple_check0_fail.sql;
    ydb/core/kqp/host/kqp_translate.cpp.
    """
    for item in items:
        if not comparable(operand.type, item.type):
            raise refuse("SqlIn", f"Can't compare {operand.type} with {item.type}", position)
    is_standard = context.is_standard_in
    nullable = has_optional(operand.type) or is_standard and any(has_optional(item.type) for item in items)
    type = optional(BOOL) if nullable else BOOL
    if isinstance(strip(operand.type), Data) and is_standard:
        if all(item.is_literal and not differs_in_unit(operand.type, item.type) for item in items):
            return Expr(type, _among_literals(operand, items))
    parts = [(item.evaluate, equality(operand.type, item.type)) for item in items]

    def evaluate(row: Record) -> Value:
        value = operand.evaluate(row)
        if not is_standard and holds_null(value):
            return None
        found: bool | None = False
        for item, same in parts:
            is_same = same(value, item(row))
            if is_same:
                return True
            if is_same is None and is_standard:
                found = None
        return found

    return Expr(type, evaluate)


def holds_null(value: Value) -> bool:
    """Whether a value is NULL, or a tuple that one is in."""
    return value is None or isinstance(value, tuple) and any(map(holds_null, value))


def _among_literals(operand: Expr, items: Sequence[Expr]) -> Callable[[Record], Value]:
    values = [item.evaluate(()) for item in items]
    known, with_null = {hashable(value) for value in values if value is not None}, None in values

    def evaluate(row: Record) -> Value:
        value = operand.evaluate(row)
        if value is None:
            return None if values else False
        return True if hashable(value) in known else None if with_null else False

    return evaluate


def inside(
    operand: Expr, item: Type, collection: Callable[[Record], frozenset | None], context: Context, position: Position
) -> Expr:
    """`operand IN collection`, whose values come in the form of `hashable`; NULL as in `among`."""
    _require_lookup(operand, item, position)
    if differs_in_unit(operand.type, item):
        raise unsupported(f"looking {operand.type} up among {item}", position)
    is_standard = context.is_standard_in
    is_nested = not isinstance(strip(item), Data) and (has_optional(strip(item)) or has_optional(strip(operand.type)))
    same = equality(operand.type, item) if is_nested else None

    def evaluate(row: Record) -> Value:
        value, values = operand.evaluate(row), collection(row)
        if values is None or not is_standard and holds_null(value):
            return None
        if same is not None:
            known = {same(hashable(value), other) for other in values}
            return True if True in known else None if is_standard and None in known else False
        if value is None:
            return None if values else False
        return True if hashable(value) in values else None if is_standard and None in values else False

    nullable = has_optional(operand.type) or is_standard and has_optional(item)
    return Expr(optional(BOOL) if nullable else BOOL, evaluate)


def differs_in_unit(a: Type, b: Type) -> bool:
    return strip(a) != strip(b) and strip(a) in MICROS


def _require_lookup(operand: Expr, item: Type, position: Position) -> None:
    """The words after the first four are a guess."""
    if not comparable(operand.type, item):
        raise refuse("SqlIn", f"Can't lookup {operand.type} in collection of {item}: types {strip(operand.type)} and "
                     f"{strip(item)} are not comparable", position)  # fmt: skip
