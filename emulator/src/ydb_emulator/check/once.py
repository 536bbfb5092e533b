"""What doesn't depend on the row is computed once for every state of the database."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import Issue, Position, refusal
from ..plan import Expr, Relation
from ..types import Value, optional
from .context import Context, Lambda


def once(expression: Expr, context: Context) -> Expr:
    """A named expression that is no part of a row, computed once for every state of the database."""
    if isinstance(expression, Lambda) or expression.is_literal:
        return expression
    value = computed_once(lambda: expression.evaluate(()), context)
    return Expr(expression.type, lambda _: value())


def scalar(relation: Relation, context: Context, position: Position) -> Expr:
    """A query as one value: the only column of its first row, NULL without one.

    Source: yql/essentials/sql/v1/select.cpp (TSourceNode, TSubqueryRefNode).
    """
    if len(relation.columns) != 1:
        raise refusal(Issue("Source used in expression should contain one concrete column", position=position))
    value = computed_once(lambda: next(iter(relation.rows()), (None,))[0], context)
    return Expr(optional(relation.columns[0][1]), lambda _: value())


def computed_once(compute: Callable[[], Value], context: Context) -> Callable[[], Value]:
    """What a query gives doesn't depend on the row: it is computed once for every state of the database."""
    known: list = [None, None]

    def value() -> Value:
        state = context.transaction.state
        if known[0] is not state:
            known[:] = state, compute()
        return known[1]

    return value
