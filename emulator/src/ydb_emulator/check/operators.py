"""Operators checked: which operator is which computation, logic, and concatenation.

NULL goes through them as YQL has it: an operator on an optional operand gives an optional.
Source of types and texts: yql/essentials/core/type_ann/type_ann_core.cpp (ConcatWrapper, LogicalWrapper).
"""

from __future__ import annotations

import operator

from ..errors import Position
from ..plan import Expr, Record, constant
from ..types import BOOL, NULL, STRING, TEXTS, UTF8, Value, is_optional, optional, strip
from ..yql import syntax
from .arithmetic import BITS, SHIFTS, arithmetic, bits, shift, sign
from .comparison import COMPARISONS, compare, distinct
from .constants import negative
from .conversion import refuse
from .dispatch import check, checks
from .functions.arguments import Call
from .functions.basic import coalesce
from .lift import as_bytes, lift, lift2, require_data, require_logical
from .scope import Scope


@checks(syntax.Unary)
def _unary(node: syntax.Unary, scope: Scope) -> Expr:
    match node:
        case syntax.Unary("-", syntax.Integer(value, "")):
            return negative(value, node.position)
        case syntax.Unary("NOT", operand):
            return not_(check(operand, scope), node.position)
    return sign(node.operator, check(node.operand, scope), node.position)


@checks(syntax.Binary)
def _binary(node: syntax.Binary, scope: Scope) -> Expr:
    op, left, right = node.operator, check(node.left, scope), check(node.right, scope)
    if op == "??":
        return coalesce(Call("Coalesce", [left, right], node.position, scope.context))
    if op in ("AND", "OR", "XOR"):
        return logic(op, left, right, node.position)
    if op in COMPARISONS:
        return compare(op, left, right, node.position)
    if op == "||":
        return _concatenate(left, right, node.position)
    if op in BITS:
        return bits(op, left, right, node.position)
    if op in SHIFTS:
        return shift(op, left, right, node.position)
    return arithmetic(op, left, right, node.position)


@checks(syntax.IsNull)
def _is_null(node: syntax.IsNull, scope: Scope) -> Expr:
    inner, negated = check(node.operand, scope), node.negated
    return Expr(BOOL, lambda row: (inner.evaluate(row) is None) != negated)


@checks(syntax.IsDistinctFrom)
def _is_distinct_from(node: syntax.IsDistinctFrom, scope: Scope) -> Expr:
    return distinct(check(node.left, scope), check(node.right, scope), node.negated, node.position)


@checks(syntax.Between)
def _between(node: syntax.Between, scope: Scope) -> Expr:
    value, low, high = (check(part, scope) for part in (node.operand, node.low, node.high))

    def between(least: Expr, most: Expr) -> Expr:
        return logic(
            "AND", compare(">=", value, least, node.position), compare("<=", value, most, node.position), node.position
        )

    found = between(low, high)
    if node.symmetric:
        found = logic("OR", found, between(high, low), node.position)
    return not_(found, node.position) if node.negated else found


def not_(operand: Expr, position: Position) -> Expr:
    """`NOT operand`, NULL for NULL."""
    require_logical(operand, "Not", position)
    return lift(operand, BOOL, operator.not_)


def _xor(left: Expr, right: Expr) -> Expr:
    """What stands on the right of a NULL is never asked for (yql/essentials/tests/sql/suites/expr/xor.sql)."""

    def evaluate(row: Record) -> Value:
        a = left.evaluate(row)
        b = None if a is None else right.evaluate(row)
        return None if b is None else a != b

    nullable = is_optional(left.type) or is_optional(right.type)
    return Expr(optional(BOOL) if nullable else BOOL, evaluate)


def logic(op: str, left: Expr, right: Expr, position: Position) -> Expr:
    """`AND`, `OR`, `XOR` of three-valued logic."""
    for side in (left, right):
        require_logical(side, op.capitalize(), position)
    if op == "XOR":
        return _xor(left, right)
    decides = op == "OR"

    def evaluate(row: Record) -> Value:
        a = left.evaluate(row)
        if a is decides:
            return decides
        b = right.evaluate(row)
        if b is decides:
            return decides
        return None if a is None or b is None else not decides

    nullable = is_optional(left.type) or is_optional(right.type)
    return Expr(optional(BOOL) if nullable else BOOL, evaluate)


def _concatenate(left: Expr, right: Expr, position: Position) -> Expr:
    if NULL in (left.type, right.type):
        return constant(NULL, None)
    for side in (left, right):
        require_data(side, "Concat", position)
        if strip(side.type) not in TEXTS:
            raise refuse("Concat", f"Expected (optional) String or Utf8, but got: {side.type}", position)
    if strip(left.type) == strip(right.type) == UTF8:
        return lift2(left, right, UTF8, operator.add)
    return lift2(left, right, STRING, lambda a, b: as_bytes(a) + as_bytes(b))
