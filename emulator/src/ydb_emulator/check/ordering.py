"""ORDER BY, DISTINCT, LIMIT and OFFSET, and what may be ordered and grouped."""

from __future__ import annotations

import itertools
import operator
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..errors import Issue, Position, refusal, unsupported
from ..plan import Expr, Record, Relation
from ..store.order import null_first
from ..types import INT64, INTEGERS, JSON, JSON_DOCUMENT, NULL, YSON, Type, Value, strip
from ..yql import syntax
from .comparison import comparable
from .context import Context
from .conversion import refuse
from .dispatch import check
from .lift import hashable
from .parts import has_aggregate, has_bind, labels, nodes
from .scope import Scope, member_not_found, not_in_column_set


@dataclass(frozen=True)
class OrderScope(Scope):
    """Where ORDER BY stands: its rows hold the projection's columns, and those of the source after them where a column
    that isn't in the projection may be named as well (`beyond`): not over groups, DISTINCT and set operations.

    Source: yql/essentials/sql/v1/select.cpp (TSelectCore::AddColumn).
    """

    outputs: tuple[tuple[str, Type], ...] = ()
    beyond: Scope | None = None
    has_star: bool = False

    def column(self, source: str | None, name: str, position: Position) -> Expr:
        places = {output: place for place, (output, _) in enumerate(self.outputs)}
        label = f"{source}.{name}" if self.is_join and source else name
        place = places.get(label)
        if place is not None:
            return Expr(self.outputs[place][1], operator.itemgetter(place))
        if self.beyond is None:
            refused = member_not_found if self.has_star or label != name else not_in_column_set
            raise refused(label, list(places), position)
        found, width = self.beyond.column(source, name, position), len(self.outputs)
        return Expr(found.type, lambda row: found.evaluate(row[width:]))


Ordering = list[tuple[Expr, bool]]


def ordering(items: Sequence[syntax.OrderItem], scope: Scope) -> Ordering:
    keys = []
    for item in items:
        require_key_expression(item.expression, "ORDER BY")
        _require_known_sources(item.expression, scope)
        key = check(item.expression, scope)
        require_ordered(key, item.position)
        keys.append((key, item.descending))
    return keys


def _require_known_sources(node: syntax.Expression, scope: Scope) -> None:
    """Source: sql_ut_common.h (ErrorsInOrderByWhenColumnIsMissingInProjection)."""
    for part in nodes(node):
        if isinstance(part, syntax.Member) and isinstance(part.of, syntax.Name) and isinstance(scope, OrderScope):
            known = {name for name, _ in scope.outputs} | {column.name for column in scope.columns}
            if not scope.is_join and not scope.is_source(part.of.name) and part.of.name not in known:
                raise refusal(Issue(f"Unknown correlation name: {part.of.name}", position=part.of.position))


def require_key_expression(node: syntax.Expression, clause: str) -> None:
    """Source: yql/essentials/sql/v1/select.cpp (IsComparableExpression)."""
    if has_aggregate(node):
        raise refusal(Issue(f"Unable to {clause} aggregated values", position=node.position))
    if isinstance(node, syntax.Tuple | syntax.ListLiteral | syntax.StructLiteral | syntax.DictLiteral):
        raise unsupported(f"{clause} of several values in one", node.position)
    if not any(True for _ in labels(node)):
        if has_bind(node):
            raise unsupported(f"{clause} of an expression without columns", node.position)
        raise refusal(Issue(f"Unable to {clause} constant expression", position=node.position))


def require_ordered(expression: Expr, position: Position) -> None:
    """Raises GENERIC_ERROR for values that have no order, UNSUPPORTED for those where `<` is refused. Source of the
    text: yql/essentials/core/yql_expr_type_annotation.cpp, EnsureComparableType."""
    if _is_opaque(expression.type, position):
        raise refuse("Sort", f"Expected comparable type, but got: {expression.type}", position)
    if not comparable(expression.type, expression.type, is_equality=False):
        raise unsupported(f"ORDER BY of {expression.type}", position)


def distinct_rows(rows: Iterable[Record]) -> Iterable[Record]:
    seen: set[Value] = set()
    for row in rows:
        form = hashable(row)
        if form not in seen:
            seen.add(form)
            yield row


def sort(rows: Iterable[Record], keys: Ordering) -> list[Record]:
    """Rows by several keys; NULL comes first, last when descending."""
    ordered = list(rows)
    for expression, descending in reversed(keys):
        ordered.sort(key=lambda row: null_first(expression.evaluate(row)), reverse=descending)
    return ordered


def limited(relation: Relation, node: syntax.Select | syntax.SetOperation, context: Context) -> Relation:
    limit, offset = (_count(n, context) if n is not None else None for n in (node.limit, node.offset))
    if limit is None and offset is None:
        return relation
    start = min(offset or 0, sys.maxsize)  # islice takes no more, and no table holds as many rows
    stop = None if limit is None else min(start + limit, sys.maxsize)
    return Relation(relation.columns, lambda: itertools.islice(relation.rows(), start, stop))


def _count(node: syntax.Expression, context: Context) -> int | None:
    """It is taken as a Uint64, to which an Int64 doesn't convert (the text: ydb-sqlalchemy test/test_suite.py)."""
    expression = check(node, Scope(context))
    type = strip(expression.type)
    if type not in INTEGERS | {NULL} or type == INT64 and not expression.is_literal:
        raise refuse("Take", f"Failed to convert type: {expression.type} to Uint64", node.position)
    value = expression.evaluate(())
    if value is not None and (value < 0 or type == INT64):
        raise unsupported(f"{'a negative' if value < 0 else 'an Int64 as'} LIMIT or OFFSET", node.position)
    return value


def require_groupable(type: Type, name: str, position: Position, function: str = "Aggregate") -> None:
    """A column of GROUP BY or DISTINCT, or of the `function` Union.

    Source of the texts: AggregateWrapper in yql/essentials/core/type_ann/type_ann_list.cpp;
    yql/essentials/tests/sql/suites/union/unhashed_column.sql. Raises UNSUPPORTED where a part of the values has no
    equality."""
    if _is_opaque(type, position):
        what = "column" if function == "Union" else "key column"
        raise refuse(function, f"Expected hashable and equatable type for {what}: {name}, but got: {type}", position)
    if not comparable(type, type):
        raise unsupported(f"grouping by {type}", position)


def _is_opaque(type: Type, position: Position) -> bool:
    """Whether values of the type neither compare nor group."""
    if strip(type) == JSON_DOCUMENT:
        raise unsupported("ordering or grouping by a JsonDocument", position)
    return strip(type) in (JSON, YSON)
