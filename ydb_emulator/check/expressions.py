"""Expressions checked: names resolved, types inferred, and a function of the row made that gives the value.

NULL goes through operators as YQL has it: an operator on an optional operand gives an optional.
Source: ydb/docs/en/core/yql/reference/syntax/expressions.md; refusals' texts as marked.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..errors import Issue, Position, refusal, unsupported
from ..types import (
    BOOL,
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
    JSON,
    NULL,
    RANGES,
    REALS,
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
    Data,
    Decimal,
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
from ..yql import syntax
from . import functions
from .context import Context, Expr, Record, Relation, constant
from .conversion import NUMERIC_RANK, common_type, convert
from .typenames import resolve_type


@dataclass(frozen=True)
class Column:
    """A column that expressions may name: its source's alias (or None), its own name, its type."""

    source: str | None
    name: str
    type: Type


@dataclass(frozen=True)
class Scope:
    """Where an expression stands: the request, and the columns of the row, in the row's order."""

    context: Context
    columns: Sequence[Column] = ()
    has_source: bool = False

    def column(self, source: str | None, name: str, position: Position) -> Expr:
        found = [
            (index, column)
            for index, column in enumerate(self.columns)
            if column.name == name and source in (None, column.source)
        ]
        if not found and not self.has_source:
            raise refusal(Issue("Column references are not allowed without FROM", position=position))
        if not found:
            raise member_not_found(name if source is None else f"{source}.{name}", position)
        if len(found) > 1:
            sources = " and ".join(str(column.source) for _, column in found)
            raise refusal(Issue(f"Column reference is ambiguous: {name}: {sources}", position=position))
        index, column = found[0]
        return Expr(column.type, operator.itemgetter(index))

    def is_source(self, name: str) -> bool:
        return any(column.source == name for column in self.columns)


def member_not_found(name: str, position: Position) -> Exception:
    """Source: yql/essentials/core/type_ann, Member; what YDB answers for a column that is not there."""
    return refusal(
        Issue("Type annotation", 1030, issues=(Issue("At function: Member", position=position, issues=(
            Issue(f"Member not found: {name}", position=position),)),))
    )  # fmt: skip


def check(node: syntax.Expression, scope: Scope) -> Expr:
    """The checked form of an expression in a scope. Raises YdbError where YQL refuses it."""
    match node:
        case syntax.Integer() | syntax.Real() | syntax.String() | syntax.Bool() | syntax.Null():
            return literal(node)
        case syntax.Bind(name):
            return _bind(name, scope, node.position)
        case syntax.Name(name):
            return scope.column(None, name, node.position)
        case syntax.Member(of, name):
            return _member(of, name, scope, node.position)
        case syntax.Unary(op, operand):
            return _unary(op, check(operand, scope), node.position)
        case syntax.Binary(op, left, right):
            return _binary(op, check(left, scope), check(right, scope), node.position)
        case syntax.IsNull(operand, negated):
            inner = check(operand, scope)
            return Expr(BOOL, lambda row: (inner.evaluate(row) is None) != negated)
        case syntax.IsDistinctFrom(left, right, negated):
            return _distinct(check(left, scope), check(right, scope), negated)
        case syntax.Between(operand, low, high, negated, False):
            value = check(operand, scope)
            inside = _logic(
                "AND",
                _binary(">=", value, check(low, scope), node.position),
                _binary("<=", value, check(high, scope), node.position),
                node.position,
            )
            return _unary("NOT", inside, node.position) if negated else inside
        case syntax.In(operand, collection, negated):
            found = _in(check(operand, scope), collection, scope, node.position)
            return _unary("NOT", found, node.position) if negated else found
        case syntax.Like(op, operand, pattern, escape, negated):
            matched = _like(op, check(operand, scope), check(pattern, scope), escape, node.position)
            return _unary("NOT", matched, node.position) if negated else matched
        case syntax.Case():
            return _case(node, scope)
        case syntax.Cast(operand, type, False):
            return functions.cast(check(operand, scope), resolve_type(type), node.position)
        case syntax.Call():
            return functions.call(node, scope, check)
        case syntax.Tuple(items):
            parts = [check(item, scope) for item in items]
            return Expr(
                Tuple(tuple(part.type for part in parts)), lambda row: tuple(part.evaluate(row) for part in parts)
            )
        case syntax.Subquery(query):
            return _scalar_subquery(query, scope, node.position)
        case syntax.Exists(query):
            relation = _subquery(query, scope)
            return Expr(BOOL, lambda _: next(iter(relation.rows()), None) is not None)
    raise unsupported(f"{type(node).__name__.lower()} expressions", node.position)


def check_condition(node: syntax.Expression, scope: Scope) -> Expr:
    """A checked expression that must be a Bool, NULL included."""
    condition = check(node, scope)
    _require_bool(condition, node.position)
    return condition


def _require_bool(expression: Expr, position: Position) -> None:
    if strip(expression.type) not in (BOOL, NULL):
        raise refusal(Issue(f"Expected bool or optional of bool, but got: {expression.type}", position=position))


# --- literals and names ----------------------------------------------------------------------------------------

_INTEGER_SUFFIXES = {
    "u": UINT32, "l": INT64, "ul": UINT64, "t": INT8, "ut": UINT8, "s": INT16, "us": UINT16,
}  # fmt: skip


def literal(node: syntax.Integer | syntax.Real | syntax.String | syntax.Bool | syntax.Null) -> Expr:
    """Source of the types: ydb/docs/en/core/yql/reference/syntax/lexer.md."""
    match node:
        case syntax.Integer(value, suffix):
            types = [_INTEGER_SUFFIXES[suffix]] if suffix else [INT32, INT64, UINT64]
            type = next((t for t in types if RANGES[t][0] <= value <= RANGES[t][1]), None)
            if type is None:
                message = f"Failed to parse number from string: {value}, out of range"
                raise refusal(Issue(message, position=node.position))
            return constant(type, value, is_literal=True)
        case syntax.Real(text, suffix):
            return constant(FLOAT if suffix == "f" else DOUBLE, float(text), is_literal=True)
        case syntax.String(value, suffix):
            return _string(value, suffix, node.position)
        case syntax.Bool(value):
            return constant(BOOL, value, is_literal=True)
        case syntax.Null():
            return constant(NULL, None, is_literal=True)


def _string(value: bytes, suffix: str, position: Position) -> Expr:
    if suffix in ("", "s"):
        return constant(STRING, value, is_literal=True)
    if suffix == "y":
        return constant(YSON, value, is_literal=True)
    if suffix in ("u", "j"):
        try:
            return constant(UTF8 if suffix == "u" else JSON, value.decode(), is_literal=True)
        except UnicodeDecodeError:
            raise refusal(Issue("Invalid UTF8 sequence", position=position)) from None
    raise unsupported(f"string literals with the suffix {suffix}", position)


def _bind(name: str, scope: Scope, position: Position) -> Expr:
    bound = scope.context.binds.get(name)
    if bound is None:
        raise refusal(Issue(f"Unknown name: ${name}", position=position))
    return _scalar(bound) if isinstance(bound, Relation) else bound


def _member(of: syntax.Expression, name: str, scope: Scope, position: Position) -> Expr:
    if isinstance(of, syntax.Name) and scope.is_source(of.name):
        return scope.column(of.name, name, position)
    whole = check(of, scope)
    structure = strip(whole.type)
    if isinstance(structure, Struct):
        names = [field for field, _ in structure.fields]
        if name not in names:
            raise member_not_found(name, position)
        index = names.index(name)
        return _nullable_in(whole, structure.fields[index][1], operator.itemgetter(index))
    if isinstance(structure, Tuple) and name.isdigit() and int(name) < len(structure.items):
        return _nullable_in(whole, structure.items[int(name)], operator.itemgetter(int(name)))
    raise refusal(Issue(f"Expected struct or tuple type, but got: {whole.type}", position=position))


def _nullable_in(operand: Expr, type: Type, apply: Callable[[Value], Value]) -> Expr:
    """`apply` on the operand's value, NULL for NULL; optional where the operand is."""

    def evaluate(row: Record) -> Value:
        value = operand.evaluate(row)
        return None if value is None else apply(value)

    return Expr(optional(type) if is_optional(operand.type) else type, evaluate)


def _scalar(relation: Relation) -> Expr:
    """A query as one value: the first column of its first row, NULL without one."""

    def evaluate(_: Record) -> Value:
        row = next(iter(relation.rows()), None)
        return None if row is None else row[0]

    return Expr(optional(relation.columns[0][1]), evaluate)


def _subquery(query: syntax.Query, scope: Scope) -> Relation:
    from .queries import check_query  # queries are made of expressions, which hold queries

    return check_query(query, scope.context)


def _scalar_subquery(query: syntax.Query, scope: Scope, position: Position) -> Expr:
    relation = _subquery(query, scope)
    if len(relation.columns) != 1:
        raise unsupported("a subquery of several columns as a value", position)
    return _scalar(relation)


# --- operators -------------------------------------------------------------------------------------------------


def _unary(op: str, operand: Expr, position: Position) -> Expr:
    inner = strip(operand.type)
    if op == "NOT":
        _require_bool(operand, position)
        return _nullable_in(operand, BOOL, operator.not_)
    if op in ("-", "+") and (inner in NUMERIC_RANK or isinstance(inner, Decimal) or inner in (INTERVAL, INTERVAL64)):
        if op == "+":
            return operand
        negate = _in_range(inner, operator.neg)
        result = _nullable_in(operand, inner, negate)
        return Expr(result.type, result.evaluate, operand.is_literal)
    raise refusal(Issue(f"Cannot apply {op} to {operand.type}", position=position))


def _in_range(type: Type, compute: Callable) -> Callable:
    """Integer arithmetic wraps around as the machine's does."""
    if type not in INTEGERS:
        return compute
    low, high = RANGES[type]
    span = high - low + 1
    return lambda *values: (compute(*values) - low) % span + low


_ARITHMETIC = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_COMPARISONS = {
    "=": operator.eq, "==": operator.eq, "!=": operator.ne, "<>": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def _binary(op: str, left: Expr, right: Expr, position: Position) -> Expr:
    if op in ("AND", "OR"):
        return _logic(op, left, right, position)
    if op == "??":
        return functions.coalesce([left, right], position)
    if op in _COMPARISONS:
        return _compare(op, left, right, position)
    if op == "||":
        return _concatenate(left, right, position)
    if op in _ARITHMETIC or op in ("/", "%"):
        return _arithmetic(op, left, right, position)
    raise unsupported(f"the operator {op}", position)


def _lift(left: Expr, right: Expr, type: Type, compute: Callable) -> Expr:
    """`compute` on both values, NULL where one is NULL."""

    def evaluate(row: Record) -> Value:
        a, b = left.evaluate(row), right.evaluate(row)
        return None if a is None or b is None else compute(a, b)

    nullable = is_optional(left.type) or is_optional(right.type)
    return Expr(optional(type) if nullable else type, evaluate)


def _arithmetic(op: str, left: Expr, right: Expr, position: Position) -> Expr:
    a, b = strip(left.type), strip(right.type)
    if a == NULL or b == NULL:
        return constant(NULL, None)
    if a in NUMERIC_RANK and b in NUMERIC_RANK:
        return _numbers(op, left, right, common_type(a, b))
    if op in ("+", "-") and (type := _date_arithmetic(op, a, b)):
        to_micros = _MICROS.get(a, 1) if b not in _MICROS else 1
        if a in _MICROS and b in _MICROS:
            return _lift(left, right, type, lambda x, y: x * _MICROS[a] - y * _MICROS[b])
        return _lift(left, right, type, lambda x, y: _ARITHMETIC[op](x * to_micros, y) // to_micros)
    if isinstance(a, Decimal) and a == b and op in ("+", "-"):
        return _lift(left, right, a, _ARITHMETIC[op])
    raise refusal(Issue(f"Cannot {_VERBS[op]} type {left.type} and {right.type}", position=position))


_VERBS = {"+": "add", "-": "substract", "*": "multiply", "/": "divide", "%": "mod"}
_MICROS = {
    DATE: 86_400_000_000, DATE32: 86_400_000_000, DATETIME: 1_000_000, DATETIME64: 1_000_000, TIMESTAMP: 1,
    TIMESTAMP64: 1,
}  # fmt: skip


def _date_arithmetic(op: str, left: Data, right: Data) -> Type | None:
    if left in _MICROS and right in (INTERVAL, INTERVAL64):
        return Optional(left)
    if left in (INTERVAL, INTERVAL64) and left == right:
        return Optional(left)
    if op == "-" and left in _MICROS and left == right:
        return INTERVAL64 if left in (DATE32, DATETIME64, TIMESTAMP64) else INTERVAL
    return None


def _numbers(op: str, left: Expr, right: Expr, type: Type) -> Expr:
    if op in _ARITHMETIC:
        return _lift(left, right, type, _in_range(type, _ARITHMETIC[op]))
    if type in REALS:
        divide = _divide_reals if op == "/" else _modulo_reals
        return _lift(left, right, type, divide)
    divide = _divide_integers if op == "/" else _modulo_integers
    return _lift(left, right, Optional(type), divide)


def _divide_integers(a: int, b: int) -> int | None:
    """Division cuts towards zero; by zero it gives NULL."""
    if b == 0:
        return None
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def _modulo_integers(a: int, b: int) -> int | None:
    quotient = _divide_integers(a, b)
    return None if quotient is None else a - b * quotient


def _divide_reals(a: float, b: float) -> float:
    if b != 0:
        return a / b
    return float("nan") if a == 0 or a != a else float("inf") if a > 0 else float("-inf")


def _modulo_reals(a: float, b: float) -> float:
    return float("nan") if b == 0 else a - b * int(a / b)


def _concatenate(left: Expr, right: Expr, position: Position) -> Expr:
    types = {strip(left.type), strip(right.type)} - {NULL}
    if not types <= TEXTS:
        raise refusal(Issue(f"Expected string or utf8, but got: {left.type} and {right.type}", position=position))
    if types == {UTF8}:
        return _lift(left, right, UTF8, operator.add)
    return _lift(left, right, STRING, lambda a, b: as_bytes(a) + as_bytes(b))


def as_bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _compare(op: str, left: Expr, right: Expr, position: Position) -> Expr:
    a, b = strip(left.type), strip(right.type)
    if not _comparable(a, b):
        raise refusal(Issue(f"Cannot compare {left.type} and {right.type}", position=position))
    compute = _COMPARISONS[op]
    if {a, b} == {STRING, UTF8}:
        return _lift(left, right, BOOL, lambda x, y: compute(as_bytes(x), as_bytes(y)))
    if a in _MICROS and b in _MICROS and a != b:
        return _lift(left, right, BOOL, lambda x, y: compute(x * _MICROS[a], y * _MICROS[b]))
    return _lift(left, right, BOOL, compute)


def _comparable(a: Type, b: Type) -> bool:
    if NULL in (a, b):
        return True
    if a in NUMERIC_RANK and b in NUMERIC_RANK or a in TEXTS and b in TEXTS or a in _MICROS and b in _MICROS:
        return True
    if isinstance(a, Tuple) and isinstance(b, Tuple) and len(a.items) == len(b.items):
        return all(x == y and not is_optional(x) for x, y in zip(a.items, b.items, strict=True))
    return a == b and isinstance(a, Data) and a not in (JSON, YSON)


def _distinct(left: Expr, right: Expr, negated: bool) -> Expr:
    def evaluate(row: Record) -> Value:
        return (left.evaluate(row) != right.evaluate(row)) != negated

    return Expr(BOOL, evaluate)


def _logic(op: str, left: Expr, right: Expr, position: Position) -> Expr:
    for side in (left, right):
        _require_bool(side, position)
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


def _in(operand: Expr, collection: syntax.Expression, scope: Scope, position: Position) -> Expr:
    match collection:
        case syntax.Tuple(items):
            parts = [check(item, scope) for item in items]
        case syntax.Subquery(query):
            return _in_query(operand, _subquery(query, scope), position)
        case syntax.Bind(name) if isinstance(scope.context.binds.get(name), Relation):
            return _in_query(operand, scope.context.binds[name], position)
        case _:
            whole = check(collection, scope)
            if isinstance(whole.type, List | Tuple):
                items = whole.type.items if isinstance(whole.type, Tuple) else (whole.type.item,)
                _require_comparable(operand, items, position)
                return _lift(operand, whole, BOOL, lambda value, values: value in values)
            parts = [whole]
    _require_comparable(operand, [part.type for part in parts], position)

    def evaluate(row: Record) -> Value:
        value = operand.evaluate(row)
        found = False
        for part in parts:
            item = part.evaluate(row)
            if value is None or item is None:
                found = None if found is False else found
            elif equal(value, item):
                return True
        return found

    nullable = is_optional(operand.type) or any(is_optional(part.type) for part in parts)
    return Expr(optional(BOOL) if nullable else BOOL, evaluate)


def equal(a: Value, b: Value) -> bool:
    if isinstance(a, bytes | str) and isinstance(b, bytes | str):
        return as_bytes(a) == as_bytes(b)
    return a == b


def _in_query(operand: Expr, relation: Relation, position: Position) -> Expr:
    if len(relation.columns) != 1:
        raise unsupported("IN with a query of several columns", position)
    _require_comparable(operand, [relation.columns[0][1]], position)

    def evaluate(row: Record) -> Value:
        value = operand.evaluate(row)
        if value is None:
            return None
        return any(equal(value, other) for (other,) in relation.rows() if other is not None)

    return Expr(optional(BOOL) if is_optional(operand.type) else BOOL, evaluate)


def _require_comparable(operand: Expr, types: Sequence[Type], position: Position) -> None:
    for type in types:
        if not _comparable(strip(operand.type), strip(type)):
            raise refusal(Issue(f"Can't lookup {operand.type} in collection of {type}", position=position))


def _like(op: str, operand: Expr, pattern: Expr, escape: syntax.Expression | None, position: Position) -> Expr:
    if op not in ("LIKE", "ILIKE") or escape is not None:
        raise unsupported(f"{op} with ESCAPE" if escape else op, position)
    for side in (operand, pattern):
        if strip(side.type) not in TEXTS | {NULL}:
            raise refusal(Issue(f"Expected string or utf8 argument, but got: {side.type}", position=position))
    flags = re.DOTALL | (re.IGNORECASE if op == "ILIKE" else 0)

    def matches(value: Value, template: Value) -> bool:
        return like_pattern(as_bytes(template).decode(errors="surrogateescape"), flags).fullmatch(
            as_bytes(value).decode(errors="surrogateescape")
        ) is not None

    return _lift(operand, pattern, BOOL, matches)


def like_pattern(template: str, flags: int) -> re.Pattern:
    parts = {"%": ".*", "_": "."}
    return re.compile("".join(parts.get(char) or re.escape(char) for char in template), flags)


def _case(node: syntax.Case, scope: Scope) -> Expr:
    conditions, results = [], []
    for when, then in node.branches:
        if node.operand is None:
            condition = check_condition(when, scope)
        else:
            condition = _compare("=", check(node.operand, scope), check(when, scope), when.position)
        conditions.append(condition)
        results.append(check(then, scope))
    results.append(check(node.otherwise, scope) if node.otherwise is not None else constant(NULL, None))
    type = common_type(*(result.type for result in results))
    if type is None:
        raise refusal(Issue("Uncompatible types in CASE", position=node.position))
    branches = [unify(result, type) for result in results]

    def evaluate(row: Record) -> Value:
        for condition, branch in zip(conditions, branches, strict=False):
            if condition.evaluate(row):
                return branch.evaluate(row)
        return branches[-1].evaluate(row)

    return Expr(type, evaluate)


def unify(expression: Expr, type: Type) -> Expr:
    """An expression as the common type that it was merged into."""
    converted = convert(expression, type)
    if converted is None and strip(type) == STRING:
        return _nullable_in(expression, STRING, as_bytes)
    return converted or Expr(type, expression.evaluate)
