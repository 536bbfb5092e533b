"""Named expressions: `$a = 1`, `$a, $b = (1, 2)`, `$t = SELECT …`."""

from __future__ import annotations

from collections.abc import Callable

from ..plan import Expr, Record, Relation
from ..types import Tuple, Value
from ..yql import syntax
from .context import ANONYMOUS
from .conversion import refuse
from .dispatch import check
from .once import Kept, once
from .queries import check_query
from .scope import Scope


def define(node: syntax.NamedExpression, scope: Scope) -> Kept | None:
    """Give the names of a definition to the statements after it, in the binds of the scope's request. A named query is
    returned."""
    match node:
        case syntax.NamedExpression((name,), syntax.Subquery(query)):
            kept = Kept(check_query(query, scope.context), scope.context)
            _bind(scope.context.binds, name, Relation(kept.relation.columns, kept.rows))
            return kept
    _bind_all(node, once(check(node.value, scope), scope.context), scope)
    return None


def define_here(node: syntax.NamedExpression, scope: Scope) -> None:
    """Give the names of a definition to what stands after it in a lambda, whose arguments it sees."""
    _bind_all(node, check(node.value, scope), scope)


def _bind_all(node: syntax.NamedExpression, value: Expr, scope: Scope) -> None:
    """Source of the second text: yql/essentials/tests/sql/suites/lambda/lambda_with_tie_bad_count_fail.sql."""
    binds = scope.context.binds
    if len(node.names) == 1:
        _bind(binds, node.names[0], value)
        return
    if not isinstance(value.type, Tuple):
        raise refuse("Nth", f"Expected tuple type, but got: {value.type}", node.position)
    if len(value.type.items) != len(node.names):
        message = f"Expected tuple type of size: {len(node.names)}, but got: {len(value.type.items)}"
        raise refuse("EnsureTupleSize", message, node.position)
    for place, (name, type) in enumerate(zip(node.names, value.type.items, strict=True)):
        _bind(binds, name, Expr(type, _item(value, place)))


def _bind(binds: dict[str, Expr | Relation], name: str, value: Expr | Relation) -> None:
    if name != ANONYMOUS:
        binds[name] = value


def _item(whole: Expr, place: int) -> Callable[[Record], Value]:
    return lambda row: whole.evaluate(row)[place]
