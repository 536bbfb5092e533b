"""Aggregate functions over the rows of a group, with YQL's result types.

Source: ydb/docs/en/core/yql/reference/builtins/aggregation.md; yql/essentials/sql/v1/aggregation.cpp (texts).
"""

from __future__ import annotations

import decimal as python_decimal
import functools
import math
import operator
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
    INTEGERS,
    INTERVALS,
    NULL,
    REALS,
    SIGNED,
    UINT64,
    Data,
    Decimal,
    List,
    Optional,
    Type,
    Value,
    decimal,
    is_optional,
    optional,
    strip,
)  # fmt: skip
from ..yql import syntax
from .casts import cast
from .comparison import comparable
from .conversion import NUMERIC_RANK, refuse
from .dispatch import check
from .functions.names import normalized
from .lift import hashable, require_condition
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
    if name not in _KINDS and name not in _OTHERS and name not in _LISTS:
        raise unsupported(f"the aggregate function {node.name}", node.position)
    _require_arguments(node, name)
    first, *_ = node.arguments
    if node.distinct and scope.is_join and isinstance(first, syntax.Name):
        # Source: ErrorDistinctWithoutCorrelation (yql/essentials/sql/v1/aggregation.cpp).
        message = (
            "DISTINCT columns for JOIN in SELECT should have table aliases (correlation name), add it if necessary to "
            f"FROM section over 'AS <alias>' keyword and put it like '<alias>.{first.name}'"
        )
        raise refusal(Issue(message, position=first.position))
    arguments = [check(argument, scope) for argument in node.arguments]
    if (node.distinct or name.endswith("distinct")) and not comparable(arguments[0].type, arguments[0].type):
        raise unsupported(f"DISTINCT values of {arguments[0].type}", node.position)
    if name in ("sumif", "avgif", "countif"):
        return _conditional(name, node, arguments, is_whole)
    if name == "count":
        return Aggregate(UINT64, lambda rows: len(_values(rows, arguments[0], node.distinct)))
    if name in _LISTS:
        return _list(name, arguments, node)
    if name in ("maxby", "minby"):
        return _by(name, arguments, node)
    if name in _LOGICAL:
        return _logical(name, arguments[0], node, is_whole)
    return _simple(_KINDS[name], arguments[0], node.distinct, is_whole, node.position)


def _require_arguments(node: syntax.Call, name: str) -> None:
    wanted = 2 if name in ("sumif", "avgif", "maxby", "minby") else 1
    may_be_limited = name in _LISTS or name in ("maxby", "minby")
    if len(node.arguments) != wanted and not (may_be_limited and len(node.arguments) == wanted + 1):
        shown = _OTHERS.get(name) or (_KINDS[name].shown if name in _KINDS else "AggregateList")
        if may_be_limited:
            message = f"Aggregation function {shown} requires {wanted} or {wanted + 1} arguments, given: "
            raise refusal(Issue(f"{message}{len(node.arguments)}", position=node.position))
        count = f"exactly {wanted} argument(s)" if wanted == 1 else f"{wanted} arguments"
        message = f"Aggregation function {shown} requires {count}, given: {len(node.arguments)}"
        raise refusal(Issue(message, position=node.position))


def _values(rows: list[Record], argument: Expr, distinct: bool) -> list[Value]:
    present = [value for row in rows if (value := argument.evaluate(row)) is not None]
    return list({hashable(value): value for value in present}.values()) if distinct else present


def _simple(kind: _Kind, argument: Expr, distinct: bool, is_whole: bool, position: Position) -> Aggregate:
    if argument.type == NULL:
        return Aggregate(NULL, lambda rows: None)
    result = kind.type(argument.type, position)

    def compute(rows: list[Record]) -> Value:
        present = _values(rows, argument, distinct)
        return kind.compute(present, result) if present else None

    return Aggregate(Optional(result) if is_whole or is_optional(argument.type) else result, compute)


def _conditional(name: str, node: syntax.Call, arguments: list[Expr], is_whole: bool) -> Aggregate:
    *value, condition = arguments
    require_condition(condition, node.position)
    if name == "countif":
        if node.distinct:
            raise unsupported("COUNT_IF of DISTINCT values", node.position)
        return Aggregate(UINT64, lambda rows: sum(condition.evaluate(row) is True for row in rows))
    inner = _simple(_KINDS[name.removesuffix("if")], value[0], node.distinct, is_whole, node.position)
    type = inner.type if is_optional(inner.type) else Optional(inner.type)
    return Aggregate(type, lambda rows: inner.compute([row for row in rows if condition.evaluate(row)]))


def _list(name: str, arguments: list[Expr], node: syntax.Call) -> Aggregate:
    """The values that aren't NULL, at most as many as the second argument says; zero means all."""
    distinct = node.distinct or name.endswith("distinct")
    most = None
    if len(arguments) > 1:
        if arguments[1].type not in INTEGERS or not arguments[1].is_literal or arguments[1].evaluate(()) < 0:
            raise unsupported(f"{node.name} with a limit that is no integer literal", node.position)
        most = arguments[1].evaluate(()) or None
    return Aggregate(List(strip(arguments[0].type)), lambda rows: tuple(_values(rows, arguments[0], distinct)[:most]))


def _by(name: str, arguments: list[Expr], node: syntax.Call) -> Aggregate:
    """MAX_BY and MIN_BY: the value of the row with the greatest or least key; rows whose key is NULL don't count.

    Source: double_traits_factory_opt in yql/essentials/mount/lib/yql/aggregate.yqls.
    """
    if node.distinct or len(arguments) > 2:
        raise unsupported(f"{node.name} of DISTINCT values or with a limit", node.position)
    value, key = arguments
    if not comparable(key.type, key.type, False):
        raise unsupported(f"{node.name} by {key.type}", node.position)
    choose = max if name == "maxby" else min

    def compute(rows: list[Record]) -> Value:
        pairs = [(key.evaluate(row), value.evaluate(row)) for row in rows]
        known = [pair for pair in pairs if pair[0] is not None]
        return choose(known, key=lambda pair: null_first(pair[0]))[1] if known else None

    return Aggregate(optional(value.type), compute)


def _logical(name: str, argument: Expr, node: syntax.Call, is_whole: bool) -> Aggregate:
    """BOOL_AND, BOOL_OR and BOOL_XOR, which cast to Bool and don't skip NULL.

    Source: and_traits_factory in yql/essentials/mount/lib/yql/aggregate.yqls.
    """
    if node.distinct:
        raise unsupported(f"{node.name} of DISTINCT values", node.position)
    argument = cast(argument, BOOL, node.position)

    def compute(rows: list[Record]) -> Value:
        values = [argument.evaluate(row) for row in rows]
        return _LOGICAL[name](values) if values else None

    nullable = is_whole or argument.type == NULL or is_optional(argument.type)
    return Aggregate(Optional(BOOL) if nullable else BOOL, compute)


def _and(values: list[Value]) -> Value:
    return False if False in values else None if None in values else True


def _or(values: list[Value]) -> Value:
    return True if True in values else None if None in values else False


def _xor(values: list[Value]) -> Value:
    return None if None in values else sum(values) % 2 == 1


_LOGICAL = {"booland": _and, "every": _and, "boolor": _or, "boolxor": _xor}
_OTHERS = {
    "count": "Count", "countif": "CountIf", "sumif": "SumIf", "avgif": "AvgIf", "maxby": "MaxBy", "minby": "MinBy",
    "booland": "BoolAnd", "every": "Every", "boolor": "BoolOr", "boolxor": "BoolXor",
}  # fmt: skip
"""Functions with rules of their own, as YDB speaks of them."""


_LISTS = frozenset(
    ("agglist", "aggrlist", "aggregatelist", "agglistdistinct", "aggrlistdistinct", "aggregatelistdistinct")
)


# --- types and computations ------------------------------------------------------------------------------------
# Source of the rules and texts: yql/essentials/core/yql_expr_type_annotation.cpp (GetSumResultType, GetAvgResultType,
# GetMinMaxResultType).


def _same(type: Type, position: Position) -> Type:
    return strip(type)


def _ordered(type: Type, position: Position) -> Type:
    if not comparable(type, type, False):
        raise refuse("AggApply", f"Expected comparable type, but got: {type}", position)
    return strip(type)


def _unsigned(type: Type, position: Position) -> Type:
    type = strip(type)
    if type not in INTEGERS or type in SIGNED:
        raise unsupported(f"bits of {type}", position)
    return type


def _sum_type(type: Type, position: Position) -> Type:
    """Integers widen to 64 bits, a Decimal to 35 digits."""
    given, type = type, strip(type)
    if isinstance(type, Decimal):
        return decimal(35, type.scale)
    if type in REALS or type in INTERVALS:
        return type
    if type not in NUMERIC_RANK:
        raise _not_summed(given, position)
    return INT64 if type in SIGNED else UINT64


def _average_type(type: Type, position: Position) -> Type:
    given, type = type, strip(type)
    if isinstance(type, Decimal):
        return type
    if type in INTERVALS or type == BOOL:
        raise unsupported(f"AVG of {type}", position)
    if type not in NUMERIC_RANK:
        raise _not_summed(given, position)
    return DOUBLE


def _not_summed(type: Type, position: Position) -> Exception:
    if isinstance(strip(type), Data):
        return refuse("AggApply", f"Unsupported column type: {strip(type)}", position)
    return refuse("AggApply", f"Unsupported type: {type}. Expected Data or Optional of Data.", position)


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
    "bitand": _Kind("BitAnd", _unsigned, lambda values, _: functools.reduce(operator.and_, values)),
    "bitor": _Kind("BitOr", _unsigned, lambda values, _: functools.reduce(operator.or_, values)),
    "bitxor": _Kind("BitXor", _unsigned, lambda values, _: functools.reduce(operator.xor, values)),
}
"""By normalized name."""
