"""Aggregate functions over the rows of a group, with YQL's result types.

Source: ydb/docs/en/core/yql/reference/builtins/aggregation.md; yql/essentials/sql/v1/aggregation.cpp (texts).
"""

from __future__ import annotations

import decimal as python_decimal
import math
from collections.abc import Callable
from dataclasses import dataclass

from ..errors import Issue, Position, refusal, unsupported
from ..plan import Expr, Record
from ..store.order import null_first
from ..text import round_decimal
from ..types import (
    BOOL,
    DOUBLE,
    INT64,
    INTERVALS,
    JSON,
    JSON_DOCUMENT,
    NULL,
    REALS,
    SIGNED,
    UINT64,
    YSON,
    Decimal,
    List,
    Optional,
    Type,
    Value,
    decimal,
    is_optional,
    strip,
)  # fmt: skip
from ..yql import syntax
from .comparison import comparable
from .conversion import NUMERIC_RANK, refuse
from .dispatch import check
from .functions.names import normalized
from .lift import hashable, require_bool
from .scope import Scope


@dataclass(frozen=True)
class Aggregate:
    type: Type
    compute: Callable[[list[Record]], Value]


@dataclass(frozen=True)
class _Kind:
    """`type` of the result for that of the argument; `compute` of the values that aren't NULL, at least one."""

    shown: str
    type: Callable[[Type, Position], Type]
    compute: Callable[[list[Value], Type], Value]


def aggregate(node: syntax.Call, scope: Scope, is_whole: bool) -> Aggregate:
    """A checked call of an aggregate function. `is_whole`: over all rows, without GROUP BY, where there may be none.

    Raises GENERIC_ERROR where YQL refuses it, UNSUPPORTED for a function that the emulator lacks.
    """
    name = normalized(node.name)
    if node.named_arguments:
        raise unsupported(f"named arguments of {node.name}", node.position)
    if node.star:
        if name != "count":
            raise unsupported(f"{node.name}(*)", node.position)
        return Aggregate(UINT64, len)
    if name not in _KINDS and name not in ("count", "countif", "sumif", "avgif") and name not in _LISTS:
        raise unsupported(f"the aggregate function {node.name}", node.position)
    _require_arguments(node, name)
    if node.distinct and scope.is_join and isinstance(node.arguments[0], syntax.Name):
        # Source: ErrorDistinctWithoutCorrelation (yql/essentials/sql/v1/aggregation.cpp).
        column = node.arguments[0].name
        message = (
            "DISTINCT columns for JOIN in SELECT should have table aliases (correlation name), add it if necessary to "
            f"FROM section over 'AS <alias>' keyword and put it like '<alias>.{column}'"
        )
        raise refusal(Issue(message, position=node.arguments[0].position))
    arguments = [check(argument, scope) for argument in node.arguments]
    if node.distinct and strip(arguments[0].type) in (JSON, JSON_DOCUMENT, YSON):
        message = f"Expected hashable and equatable type for distinct column, but got: {arguments[0].type}"  # a guess
        raise refuse("Aggregate", message, node.position)
    if name in ("sumif", "avgif", "countif"):
        return _conditional(name, node, arguments, is_whole)
    if name == "count":
        return Aggregate(UINT64, lambda rows: len(_values(rows, arguments[0], node.distinct)))
    if name in _LISTS:
        return _list(name, arguments[0], node)
    return _simple(_KINDS[name], arguments[0], node.distinct, is_whole, node.position)


def _require_arguments(node: syntax.Call, name: str) -> None:
    wanted = 2 if name in ("sumif", "avgif") else 1
    if len(node.arguments) != wanted:
        shown = {"count": "Count", "countif": "CountIf", "sumif": "SumIf", "avgif": "AvgIf"}.get(name)
        shown = shown or (_KINDS[name].shown if name in _KINDS else "AggregateList")
        count = f"exactly {wanted} argument(s)" if wanted == 1 else f"{wanted} arguments"
        message = f"Aggregation function {shown} requires {count}, given: {len(node.arguments)}"
        raise refusal(Issue(message, position=node.position))


def _values(rows: list[Record], argument: Expr, distinct: bool) -> list[Value]:
    present = [value for row in rows if (value := argument.evaluate(row)) is not None]
    return list({hashable(value): value for value in present}.values()) if distinct else present


def _simple(kind: _Kind, argument: Expr, distinct: bool, is_whole: bool, position: Position) -> Aggregate:
    if argument.type == NULL:
        return Aggregate(NULL, lambda rows: None)
    result = kind.type(strip(argument.type), position)

    def compute(rows: list[Record]) -> Value:
        present = _values(rows, argument, distinct)
        return kind.compute(present, result) if present else None

    return Aggregate(Optional(result) if is_whole or is_optional(argument.type) else result, compute)


def _conditional(name: str, node: syntax.Call, arguments: list[Expr], is_whole: bool) -> Aggregate:
    *value, condition = arguments
    require_bool(condition, node.position, "Aggregate")
    if name == "countif":
        if node.distinct:
            raise unsupported("COUNT_IF of DISTINCT values", node.position)
        return Aggregate(UINT64, lambda rows: sum(condition.evaluate(row) is True for row in rows))
    inner = _simple(_KINDS[name.removesuffix("if")], value[0], node.distinct, is_whole, node.position)
    type = inner.type if is_optional(inner.type) else Optional(inner.type)
    return Aggregate(type, lambda rows: inner.compute([row for row in rows if condition.evaluate(row)]))


def _list(name: str, argument: Expr, node: syntax.Call) -> Aggregate:
    distinct = node.distinct or name.endswith("distinct")
    return Aggregate(List(strip(argument.type)), lambda rows: tuple(_values(rows, argument, distinct)))


_LISTS = frozenset(
    ("agglist", "aggrlist", "aggregatelist", "agglistdistinct", "aggrlistdistinct", "aggregatelistdistinct")
)


# --- types and computations ------------------------------------------------------------------------------------


def _same(type: Type, position: Position) -> Type:
    return type


def _ordered(type: Type, position: Position) -> Type:
    if not comparable(type, type, False):
        raise refuse("AggrMin", f"Expected comparable type, but got: {type}", position)  # a guess
    return type


def _bool(type: Type, position: Position) -> Type:
    if type != BOOL:
        raise refuse("Aggregate", f"Expected bool or optional of bool, but got: {type}", position)  # a guess
    return type


def _sum_type(type: Type, position: Position) -> Type:
    """Integers widen to 64 bits, a Decimal to 35 digits."""
    if isinstance(type, Decimal):
        return decimal(35, type.scale)
    if type in REALS or type in INTERVALS:
        return type
    if type not in NUMERIC_RANK:
        raise refuse("Aggregate", f"Unsupported type in SUM: {type}", position)  # a guess
    return INT64 if type in SIGNED else UINT64


def _average_type(type: Type, position: Position) -> Type:
    if isinstance(type, Decimal):  # that it stays as it is: a guess
        return type
    if type in INTERVALS:
        raise unsupported(f"AVG of {type}", position)
    if type not in NUMERIC_RANK:
        raise refuse("Aggregate", f"Unsupported type in AVG: {type}", position)  # a guess
    return DOUBLE


_EXACT = python_decimal.Context(prec=80)


def _sum(values: list[Value], type: Type) -> Value:
    if type in REALS:
        return math.fsum(values) if all(map(math.isfinite, values)) else sum(values)
    if isinstance(type, Decimal):
        exact = python_decimal.Decimal(0)
        for value in values:
            exact = _EXACT.add(exact, value)
        return round_decimal(type, exact)
    total = sum(values)
    bits = (1 << 64) - 1
    if type == UINT64:
        return total & bits
    return ((total + (1 << 63)) & bits) - (1 << 63)


def _average(values: list[Value], type: Type) -> Value:
    if isinstance(type, Decimal):
        return round_decimal(type, _EXACT.divide(_sum(values, decimal(35, type.scale)), len(values)))
    return _sum([float(value) for value in values], DOUBLE) / len(values)


_KINDS = {
    "some": _Kind("Some", _same, lambda values, _: values[0]),
    "min": _Kind("Min", _ordered, lambda values, _: min(values, key=null_first)),
    "max": _Kind("Max", _ordered, lambda values, _: max(values, key=null_first)),
    "sum": _Kind("Sum", _sum_type, _sum),
    "avg": _Kind("Avg", _average_type, _average),
    "booland": _Kind("BoolAnd", _bool, lambda values, _: all(values)),
    "every": _Kind("Every", _bool, lambda values, _: all(values)),
    "boolor": _Kind("BoolOr", _bool, lambda values, _: any(values)),
}
"""By normalized name."""
