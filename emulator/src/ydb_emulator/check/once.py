"""What doesn't depend on the row is computed once for every state of the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..errors import Issue, Position, refusal
from ..plan import Expr, Record, Relation
from ..store.database import State
from ..types import Value, optional
from .context import Context, Lambda


@dataclass
class Kept:
    """A named query: it gives the rows of the moment at which it is defined, whatever is written before they are read,
    and statements that change rows by it take the same ones. Until `begin` it reads what there is.

    Source: ydb/core/kqp/ut/opt/kqp_named_expressions_ut.cpp.
    """

    relation: Relation
    context: Context
    state: State | None = None
    known: tuple[Record, ...] | None = None

    def begin(self) -> None:
        """The statements before it have run."""
        self.state = self.context.transaction.state

    def rows(self) -> Iterable[Record]:
        if self.known is not None:
            return self.known
        if self.state is None or self.state is self.context.transaction.state:
            return self._remembered()
        transaction = self.context.transaction
        now, transaction.state = transaction.state, self.state
        try:
            self.known = tuple(self.relation.rows())
        finally:
            transaction.state = now
        return self.known

    def _remembered(self) -> Iterable[Record]:
        """The rows as they come; whoever takes them all has them kept."""
        taken = []
        for row in self.relation.rows():
            taken.append(row)
            yield row
        if self.state is not None:
            self.known = tuple(taken)


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
