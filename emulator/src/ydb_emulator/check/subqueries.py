"""Queries in expressions: `(SELECT …)`, EXISTS, and IN, which takes values as well."""

from __future__ import annotations

import operator
from collections.abc import Callable

from ..errors import Issue, Position, refusal, unsupported
from ..plan import Expr, Record, Relation, constant
from ..types import BOOL, EMPTY_DICT, EMPTY_LIST, NULL, Dict, List, Optional, Tuple, Value, is_optional, optional, strip
from ..yql import syntax
from .comparison import among, inside
from .context import Context
from .conversion import refuse
from .dispatch import check, checks
from .lift import hashable, lift
from .once import computed_once, scalar
from .operators import not_
from .queries import check_query
from .scope import Scope


@checks(syntax.Subquery)
def _subquery(node: syntax.Subquery, scope: Scope) -> Expr:
    return scalar(check_query(node.query, scope.context), scope.context, node.position)


@checks(syntax.Exists)
def _exists(node: syntax.Exists, scope: Scope) -> Expr:
    relation = check_query(node.query, scope.context)
    found = computed_once(lambda: next(iter(relation.rows()), None) is not None, scope.context)
    return Expr(BOOL, lambda _: found())


@checks(syntax.In)
def _in(node: syntax.In, scope: Scope) -> Expr:
    found = _among(check(node.operand, scope), node.collection, scope, node.position)
    return not_(found, node.position) if node.negated else found


def _among(operand: Expr, collection: syntax.Expression, scope: Scope, position: Position) -> Expr:
    match collection:
        case syntax.Tuple(items):
            return among(operand, [check(item, scope) for item in items], scope.context, position)
        case syntax.Subquery(query):
            return _in_query(operand, check_query(query, scope.context), scope.context, position)
        case syntax.Bind(name) if isinstance(bound := scope.context.binds.get(name), Relation):
            return _in_query(operand, bound, scope.context, position)
    whole = check(collection, scope)
    found = _among_value(operand, whole, collection, scope.context, position)
    return Expr(optional(BOOL), found.evaluate) if is_optional(whole.type) else found


def _among_value(
    operand: Expr, whole: Expr, collection: syntax.Expression, context: Context, position: Position
) -> Expr:
    inner = strip(whole.type)
    if inner in (EMPTY_LIST, EMPTY_DICT):
        found = among(operand, [], context, position)
        return Expr(found.type, lambda row: None if whole.evaluate(row) is None else found.evaluate(row))
    if isinstance(inner, Tuple):
        return among(operand, [_item(whole, inner, place) for place in range(len(inner.items))], context, position)
    if isinstance(inner, Dict):
        return inside(operand, inner.key, _set_of(whole.evaluate), context, position)
    if isinstance(inner, List):
        return inside(operand, inner.item, _set_of(whole.evaluate), context, position)
    if whole.type == NULL:
        return constant(Optional(BOOL), None)
    if isinstance(collection, syntax.String):
        message = "Unable to use IN predicate with string argument, it won't search substring - "
        raise refusal(Issue(f"{message}expecting tuple, list, dict or single column table source", position=position))
    message = f"IN only supports lookup in (optional) Tuple, List or Dict, but got: {inner}"
    raise refuse("SqlIn", message, position)


def _item(whole: Expr, type: Tuple, place: int) -> Expr:
    item = type.items[place]
    return (
        lift(whole, item, operator.itemgetter(place))
        if is_optional(whole.type)
        else Expr(item, lambda row: whole.evaluate(row)[place])
    )


def _set_of(evaluate: Callable[[Record], Value]) -> Callable[[Record], frozenset | None]:
    """The values as a set, made anew only where they are others than for the row before."""
    made: list = [None, None]

    def collect(row: Record) -> frozenset | None:
        values = evaluate(row)
        if values is not made[0]:
            made[:] = values, None if values is None else frozenset(map(hashable, values))
        return made[1]

    return collect


def _in_query(operand: Expr, relation: Relation, context: Context, position: Position) -> Expr:
    if len(relation.columns) != 1:
        raise unsupported("IN with a query of several columns", position)
    values = computed_once(lambda: frozenset(hashable(value) for (value,) in relation.rows()), context)
    return inside(operand, relation.columns[0][1], lambda row: values(), context, position)
