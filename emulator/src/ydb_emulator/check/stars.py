"""`*` and `source.*`: the columns that they stand for, and WITHOUT."""

from __future__ import annotations

import operator

from ..errors import Issue, Position, refusal, unsupported
from ..plan import Expr
from ..yql import syntax
from .functions.arguments import Call
from .functions.basic import coalesce
from .scope import Scope, member_not_found
from .sources import Source

Outputs = list[tuple[str, Expr]]
"""A projection's columns: names and values."""


def starred(star: syntax.Star, node: syntax.Select, source: Source, scope: Scope) -> Outputs:
    """The columns of `*` and `source.*`, without the names of their sources and in the order of their own (the pragmas
    DisableSimpleColumns and OrderedColumns change that).

    Source: yql/essentials/sql/v1/select.cpp, join.cpp (GetSameKeysMap); ydb/core/kqp/ut/yql/kqp_pragma_ut.cpp.
    """
    if node.source is None:
        raise refusal(Issue("Column references are not allowed without FROM", position=star.position))
    if star.source is not None and not scope.is_source(star.source):
        what = "Unknown correlation name for asterisk" if source.is_join else "Unknown correlation name"
        raise refusal(Issue(f"{what}: {star.source}", position=star.position))
    if source.is_join and node.without:
        raise refusal(Issue("Expected correlation name for WITHOUT in JOIN", position=star.position))
    found = [
        (column.source, column.name, Expr(column.type, operator.itemgetter(index)))
        for index, column in enumerate(source.columns)
    ]
    unknown = [found[index][2] for index, column in enumerate(source.columns) if not column.is_known]
    is_simple = "simplecolumns" in scope.context.pragmas
    if not is_simple and source.is_join:
        found = [(label, f"{label}.{name}", value) for label, name, value in found]
    elif star.source is None or len([p for p in node.projections if isinstance(p, syntax.Star)]) > 1:
        found = _coalesced(found, source, scope, star.position)
    outputs = [(name, value) for label, name, value in found if star.source in (None, label)]
    for name in node.without:
        if not name:  # sql_select.cpp (ColumnName)
            raise refusal(Issue("Empty column name is not allowed", position=star.position))
        if name not in dict(outputs):
            raise member_not_found(name, list(dict(outputs)), star.position)
    if star.source is not None and not outputs:
        raise unsupported("all columns of a source that a join leaves out", star.position)
    kept = [(name, value) for name, value in outputs if name not in node.without]
    for name, value in kept:
        if any(value is other for other in unknown):
            raise unsupported(f"the column {name}", star.position)
    return kept if "orderedcolumns" in scope.context.pragmas else sorted(kept, key=lambda pair: pair[0])


def _coalesced(
    found: list[tuple[str | None, str, Expr]], source: Source, scope: Scope, position: Position
) -> list[tuple[str | None, str, Expr]]:
    """Columns of one name that a join makes equal are one: the first of them that isn't NULL."""
    for name in dict.fromkeys(name for name, _, _ in source.same_keys):
        joined = {label for key, *labels in source.same_keys if key == name for label in labels}
        same = [value for label, other, value in found if other == name and label in joined]
        first = next(place for place, (label, other, _) in enumerate(found) if other == name and label in joined)
        value = coalesce(Call("Coalesce", same, position, scope.context))
        found = [
            (label, other, value if place == first else expression)
            for place, (label, other, expression) in enumerate(found)
            if place == first or other != name or label not in joined
        ]
    return found
