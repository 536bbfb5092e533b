"""SELECT and VALUES checked: sources, filter, groups, projections, order, limit, set operations.

Source: ydb/docs/en/core/yql/reference/syntax/select/*.md. Column order: ydb-behaviour §1.3 (`SELECT *` by name).
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from .. import system_views
from ..catalog import Table, View
from ..errors import SCHEME_ERROR, Issue, Position, refusal, type_annotation, unsupported
from ..run.order import in_order, null_first
from ..types import (
    INT64,
    INTEGERS,
    JSON,
    JSON_DOCUMENT,
    NULL,
    YSON,
    Data,
    List,
    Struct,
    Type,
    Value,
    is_persistable,
    optional,
    strip,
)  # fmt: skip
from ..yql import syntax
from . import keys
from .aggregates import Aggregate, aggregate
from .context import Context, Expr, Record, Relation, missing_table
from .conversion import common_type, refuse, unify
from .expressions import Column, Scope, check, check_condition, member_not_found, not_in_column_set
from .functions import is_aggregate
from .functions.arguments import Call
from .functions.basic import coalesce
from .operators import comparable, differs_in_unit, hashable, require_bool

MAX_VIEW_DEPTH = 16


def check_query(query: syntax.Query, context: Context) -> Relation:
    """The checked form of a query. Raises YdbError where YDB refuses it."""
    match query:
        case syntax.Select():
            return _select(query, context)
        case syntax.Values():
            return _values(query, context)
        case syntax.SetOperation():
            return _set_operation(query, context)


# --- sources ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """What FROM gives: columns that expressions may name, and records in their order.

    `closed` are the correlation names of those sources whose columns the text tells. A join has `labels`, its
    sources' names from left to right, and `same_keys`, the columns that it makes equal to others of their name.
    """

    columns: tuple[Column, ...]
    rows: Callable[[], Iterable[Record]]
    closed: frozenset[str | None] = frozenset()
    labels: tuple[str, ...] = ()
    same_keys: tuple[tuple[str, str, str], ...] = ()

    @property
    def is_join(self) -> bool:
        return bool(self.labels)

    def scope(self, context: Context) -> Scope:
        return Scope(context, self.columns, self is not NO_SOURCE, self.closed, self.is_join)


NO_SOURCE = Source((), lambda: [()])


def _source(node: syntax.Source | None, context: Context, where: syntax.Expression | None = None) -> Source:
    """`where` is the condition on the rows of this source alone, which may name the keys to read."""
    match node:
        case None:
            return NO_SOURCE
        case syntax.TableSource():
            return _table_source(node, context, where)
        case syntax.BindSource(expression, True, alias):
            return _list_source(check(expression, Scope(context)), alias, node)
        case syntax.BindSource(syntax.Bind(name), False, alias):
            bound = context.binds.get(name)
            if not isinstance(bound, Relation):
                raise unsupported(f"FROM ${name} where it is not a query", node.position)
            return _aliased(bound, alias)
        case syntax.SubquerySource(query, alias):
            is_closed = isinstance(query, syntax.Select) and not any(
                isinstance(p, syntax.Star) for p in query.projections
            )
            return replace(
                _aliased(check_query(query, context), alias), closed=frozenset((alias,) if is_closed else ())
            )
        case syntax.ValuesSource(values, alias, columns):
            relation = check_query(values, context)
            if len(columns) > len(relation.columns):
                raise refusal(Issue("Derived column list size exceeds column count in VALUES", position=node.position))
            if len(set(columns)) != len(columns):
                raise unsupported("columns of one name after VALUES", node.position)
            names = [*columns, *(name for name, _ in relation.columns[len(columns) :])]
            types = [type for _, type in relation.columns]
            return _aliased(Relation(tuple(zip(names, types, strict=True)), relation.rows), alias)
        case syntax.Join():
            return _join(node, context)
    raise unsupported("this source of rows", node.position)


def _aliased(relation: Relation, alias: str | None) -> Source:
    return Source(tuple(Column(alias, name, type) for name, type in relation.columns), relation.rows)


def table_columns(table: Table, alias: str | None = None) -> tuple[Column, ...]:
    """A table's columns in name order, as a query sees them."""
    ordered = sorted(table.columns, key=lambda column: column.name)
    return tuple(Column(alias, c.name, c.type if c.not_null else optional(c.type)) for c in ordered)


def _list_source(items: Expr, alias: str | None, node: syntax.BindSource) -> Source:
    """`AS_TABLE($list)`: a list of structs as rows, members as columns."""
    if not isinstance(items.type, List) or not isinstance(items.type.item, Struct):
        message = f"Expected list of structs as AS_TABLE argument, but got: {items.type}"  # a guess
        raise refuse("AsTable", message, node.position)
    columns = tuple(Column(alias, name, type) for name, type in items.type.item.fields)
    return Source(columns, lambda: items.evaluate(()))


def _table_source(node: syntax.TableSource, context: Context, where: syntax.Expression | None) -> Source:
    path, entry = context.entry(node.table)
    alias = node.alias or node.table.name
    if isinstance(entry, View):
        return _aliased(check_query(entry.query, _view_context(context, node)), alias)
    if path in system_views.VIEWS and node.index is None:
        return _system_source(system_views.VIEWS[path], alias, context)
    if path.startswith(".sys/"):
        raise unsupported(f"the system view {path}", node.position)
    if not isinstance(entry, Table):
        raise missing_table(context.absolute(path), "KiReadTable!", node.table.position)
    order = entry.key
    if node.index is not None:
        index = entry.index(node.index)
        if index is None:
            message = f"Required global index not found, index name: {node.index}"
            position = node.table.position
            raise type_annotation("KiReadTable!", position, Issue(message, SCHEME_ERROR, position))
        order = (*index.columns, *entry.key)
    columns = table_columns(entry, alias)
    names = [column.name for column in columns]
    points = None
    if node.index is None:
        points = keys.lookup(where, entry, alias, context, lambda part: check(part, Scope(context)))

    def rows() -> Iterable[Record]:
        if points is not None:
            found = [row for _, row in sorted(points(), key=lambda item: tuple(map(null_first, item[0])))]
        else:
            found = in_order(context.transaction.scan(entry.id), order)
        for row in found:
            yield tuple([row.get(name) for name in names])

    return Source(columns, rows)


def _system_source(view: system_views.SystemView, alias: str, context: Context) -> Source:
    columns = tuple(Column(alias, name, optional(type)) for name, type in sorted(view.columns.items()))

    def rows() -> Iterable[Record]:
        return (tuple(row.get(column.name) for column in columns) for row in view.rows(context.database))

    return Source(columns, rows)


def _view_context(context: Context, node: syntax.TableSource) -> Context:
    depth = getattr(context, "view_depth", 0) + 1
    if depth > MAX_VIEW_DEPTH:
        raise unsupported("views nested this deep", node.position)
    inside = Context(context.database, context.transaction, now=context.now)
    inside.view_depth = depth
    return inside


# --- joins -----------------------------------------------------------------------------------------------------


def _join(node: syntax.Join, context: Context) -> Source:
    """Source of the rules and texts: yql/essentials/sql/v1/join.cpp."""
    nodes, joins = _flattened(node)
    labels = _join_labels(nodes, joins)
    source = _source(nodes[0], context)
    for number, (join, right) in enumerate(zip(joins, nodes[1:], strict=True)):
        if join.kind == ",":  # the pragma is off by itself: yql/essentials/sql/v1/context.h
            message = "Cartesian product of tables is disabled. Please use explicit CROSS JOIN or enable it via "
            raise refusal(Issue(f"{message}PRAGMA AnsiImplicitCrossJoin", position=join.position))
        if join.kind not in ("INNER", "LEFT", "RIGHT", "FULL", "CROSS"):
            raise unsupported(f"{join.kind} JOIN", join.position)
        predicates = _predicates(join, labels, number + 1)
        source = _joined(join, source, _source(right, context), predicates, context)
    return replace(source, labels=tuple(labels))


def _flattened(node: syntax.Join) -> tuple[list[syntax.Source], list[syntax.Join]]:
    """The sources of a chain of joins from left to right, and the joins between them."""
    nodes: list[syntax.Source] = []
    joins: list[syntax.Join] = []
    left: syntax.Source = node
    while isinstance(left, syntax.Join):
        if isinstance(left.right, syntax.Join):
            raise unsupported("a join in parentheses", left.right.position)
        nodes.append(left.right)
        joins.append(left)
        left = left.left
    return [left, *reversed(nodes)], joins[::-1]


def _join_labels(nodes: list[syntax.Source], joins: list[syntax.Join]) -> list[str]:
    """The correlation name of every source, which a join can't do without."""
    labels = [node.alias or (node.table.name if isinstance(node, syntax.TableSource) else "") for node in nodes]
    for join, left, right in zip(joins, labels, labels[1:], strict=False):
        if join.using is None:
            continue
        for label in (left, right):
            if "." in label:
                message = (
                    f"Invalid label: {label}, unable to use name with dot symbol, you should use AS <simple alias name>"
                )
                raise refusal(Issue(message, position=join.position))
        message = None
        if not left and not right:
            message = "At least one correlation name is required in join"
        elif left == right:
            message = "Self joins are not supporting ON syntax"
        elif len(nodes) > 2:
            message = "Multi-way JOINs should be connected with ON clause instead of USING clause"
        if message:
            raise refusal(Issue(message, position=join.position))
    for node, label in zip(nodes, labels, strict=True):
        if not label:
            raise refusal(Issue("JOIN: missing correlation name for source", position=node.position))
    if len(set(labels)) != len(labels):
        message = "JOIN: different correlation names are required for joined tables"
        raise refusal(Issue(message, position=nodes[-1].position))
    return labels


Predicate = tuple[syntax.Expression, syntax.Expression]


def _predicates(join: syntax.Join, labels: list[str], right: int) -> list[Predicate]:
    """The pairs that must be equal, the right source's second. ON may only be a conjunction of equalities."""
    if join.using is not None:
        return [
            tuple(syntax.Member(syntax.Name(label), name, position=join.position) for label in labels[:2])
            for name in join.using
        ]
    return [_predicate(part, labels, right) for part in _conjunction(join.condition)] if join.condition else []


def _predicate(node: syntax.Expression, labels: list[str], right: int) -> Predicate:
    def refused(message: str) -> Exception:
        return refusal(Issue(message, position=node.position))

    match node:
        case syntax.Binary("=" | "==", a, b):
            pair = a, b
        case _:
            raise refused("JOIN ON expression must be a conjunction of equality predicates")
    found = []
    for side in pair:
        label = _common_label(side)
        if label is None:
            raise refused("JOIN: each equality predicate argument must depend on exactly one JOIN input")
        if label == "":
            raise refused("JOIN: column requires correlation name")
        if label not in labels:
            raise refused(f"JOIN: unknown corellation name: {label}")
        if labels.index(label) > right:
            message = f"JOIN: can not use source: {label} in equality predicate, it is out of current join scope"
            raise refused(message)
        found.append(label)
    if found[0] == found[1]:
        raise refused("JOIN: different correlation names are required for joined tables")
    if labels[right] not in found:
        raise refused("JOIN ON equality predicate must have one of its arguments from the rightmost source")
    return pair if found[1] == labels[right] else (pair[1], pair[0])


def _common_label(node: object) -> str | None:
    """The source that an expression's columns are of: "" for columns without one, None for none or several.

    Source: yql/essentials/sql/v1/node.cpp, DeriveCommonSourceName.
    """
    labels = set(_labels(node))
    return labels.pop() if len(labels) == 1 else None


def _labels(node: object) -> Iterator[str]:
    match node:
        case syntax.Name():
            yield ""
        case syntax.Member(syntax.Name(label), _):
            yield label
        case syntax.Subquery() | syntax.Exists() | syntax.TypeName():
            return
        case tuple():
            for part in node:
                yield from _labels(part)
        case syntax.Node():
            for value in vars(node).values():
                yield from _labels(value)


def _joined(join: syntax.Join, left: Source, right: Source, predicates: list[Predicate], context: Context) -> Source:
    columns = (
        *_made_optional(left.columns, join.kind in ("RIGHT", "FULL")),
        *_made_optional(right.columns, join.kind in ("LEFT", "FULL")),
    )
    closed = left.closed | right.closed
    if join.kind == "CROSS":
        both = lambda: (a + b for a, b in itertools.product(left.rows(), list(right.rows())))  # noqa: E731
        return Source(columns, both, closed, same_keys=left.same_keys)
    scopes = (
        Scope(context, left.columns, True, left.closed, is_join=True),
        Scope(context, right.columns, True, right.closed, is_join=True),
    )
    pairs = [(check(a, scopes[0]), check(b, scopes[1])) for a, b in predicates]
    for pair in pairs:
        _require_joinable(*pair, join.position)
    same_keys = (*left.same_keys, *(found for pair in predicates if (found := _same_key(*pair))))
    return Source(columns, lambda: _hash_join(join.kind, left, right, pairs), closed, same_keys=same_keys)


def _made_optional(columns: tuple[Column, ...], nullable: bool) -> tuple[Column, ...]:
    return tuple(Column(c.source, c.name, optional(c.type) if nullable else c.type) for c in columns)


def _conjunction(node: syntax.Expression) -> list[syntax.Expression]:
    match node:
        case syntax.Binary("AND", left, right):
            return _conjunction(left) + _conjunction(right)
    return [node]


def _same_key(a: syntax.Expression, b: syntax.Expression) -> tuple[str, str, str] | None:
    """Name and both sources of columns of one name that are joined: `SELECT *` gives them as one column."""
    match a, b:
        case syntax.Member(syntax.Name(left), name), syntax.Member(syntax.Name(right), other) if name == other:
            return name, left, right
    return None


def _require_joinable(left: Expr, right: Expr, position: Position) -> None:
    """Source of the text: yql/essentials/core/yql_join.cpp."""
    if not comparable(left.type, right.type):
        message = f"Cannot compare key columns (has type: {left.type}, has type: {right.type})"
        raise refuse("EquiJoin", message, position)
    if differs_in_unit(left.type, right.type) or not isinstance(strip(left.type), Data):
        raise unsupported(f"a join of {left.type} with {right.type}", position)


def _hash_join(kind: str, left: Source, right: Source, pairs: list[tuple[Expr, Expr]]) -> Iterable[Record]:
    by_key: dict[tuple, list[tuple[int, Record]]] = {}
    rights = list(right.rows())
    for number, row in enumerate(rights):
        key = tuple(hashable(pair[1].evaluate(row)) for pair in pairs)
        if None not in key:
            by_key.setdefault(key, []).append((number, row))
    matched = set()
    for row in left.rows():
        key = tuple(hashable(pair[0].evaluate(row)) for pair in pairs)
        found = by_key.get(key, []) if None not in key else []
        for number, other in found:
            matched.add(number)
            yield row + other
        if not found and kind in ("LEFT", "FULL"):
            yield row + (None,) * len(right.columns)
    if kind in ("RIGHT", "FULL"):
        for number, row in enumerate(rights):
            if number not in matched:
                yield (None,) * len(left.columns) + row


# --- SELECT ----------------------------------------------------------------------------------------------------


def _select(node: syntax.Select, context: Context) -> Relation:
    if node.discard:
        raise unsupported("DISCARD here", node.position)
    _check_projections(node)
    source = _source(node.source, context, node.where)
    scope = source.scope(context)
    rows = source.rows
    if node.where is not None:
        if node.source is None:
            raise refusal(Issue("Filtering is not allowed without FROM", position=node.where.position))
        if has_aggregate(node.where):
            raise refusal(Issue("Can not use aggregated values in filtering", position=node.where.position))
        rows = _filtered(rows, check_condition(node.where, scope))
    is_grouped = bool(node.group_by) or any(map(has_aggregate, (node.projections, node.having)))
    if is_grouped:
        outputs, rows = _grouped(node, source, scope, rows)
    else:
        if node.having is not None:
            rows = _filtered(rows, _having_without_groups(node, scope))
        outputs = _outputs(node, source, scope)
    _require_unique([name for name, _ in outputs], node)
    for name, expression in outputs:
        if not is_persistable(expression.type):
            raise unsupported(f"a column of the type {expression.type}", node.position)
        if node.distinct:
            require_groupable(expression.type, name, node.position)
    beyond = None if is_grouped or node.distinct else scope
    types = tuple((name, expression.type) for name, expression in outputs)
    inside = _OrderScope(context, source.columns, True, frozenset(), source.is_join, types, beyond, _has_star(node))
    keys = _ordering(node.order_by, inside)
    return _limited(_projected(rows, outputs, keys, node.distinct, beyond is not None), node, context)


def _has_star(node: syntax.Select) -> bool:
    return any(isinstance(projection, syntax.Star) for projection in node.projections)


def _check_projections(node: syntax.Select) -> None:
    """What the names in a projection alone tell. Source: yql/essentials/sql/v1/sql_select.cpp (ValidateSelectColumns);
    tests of these texts: sql_ut_common.h, SqlToYQLErrors."""
    names, stars = set(), set()
    for projection in node.projections:

        def refused(message: str, position: Position = projection.position) -> Exception:
            return refusal(Issue(message, position=position))

        if isinstance(projection, syntax.Star):
            if projection.source is None and len(node.projections) > 1:
                raise refused(
                    "Unable to use plain '*' with other projection items. Please use qualified asterisk instead: "
                    "'<table>.*' (<table> can be either table name or table alias)."
                )
            if projection.source in stars:
                raise refused(f"Unable to use twice same qualified asterisk. Invalid source: {projection.source}")
            stars.add(projection.source)
            continue
        if projection.alias is not None and "." in projection.alias:
            raise refused(f"Unable to use '.' in column name. Invalid column name: {projection.alias}")
        if projection.alias == "":
            raise unsupported("an empty column name", projection.position)
        match projection.alias, projection.expression:
            case str(name), _:
                pass
            case None, syntax.Name(name):
                pass
            case None, syntax.Member(syntax.Name(source), column):
                name = f"{source}.{column}"
            case _:
                continue
        if name in names:
            raise refused(f"Unable to use duplicate column names. Collision in name: {name}")
        names.add(name)


def _filtered(rows: Callable[[], Iterable[Record]], condition: Expr) -> Callable[[], Iterable[Record]]:
    return lambda: (row for row in rows() if condition.evaluate(row))


def _having_without_groups(node: syntax.Select, scope: Scope) -> Expr:
    """Source: yql/essentials/sql/v1/select.cpp (TSelectCore::DoInit)."""
    if not node.distinct:
        message = "HAVING with meaning GROUP BY () should be with aggregation function."
        raise refusal(Issue(message, position=node.having.position))
    return check_condition(node.having, scope)


Outputs = list[tuple[str, Expr]]


def _outputs(node: syntax.Select, source: Source, scope: Scope) -> Outputs:
    outputs: Outputs = []
    for number, projection in enumerate(node.projections):
        if isinstance(projection, syntax.Star):
            outputs += _starred(projection, node, source, scope)
        else:
            outputs.append((_output_name(projection, number, node), check(projection.expression, scope)))
    return outputs


def _starred(star: syntax.Star, node: syntax.Select, source: Source, scope: Scope) -> Outputs:
    """The columns of `*` and `source.*`, without the names of their sources (SimpleColumns, which is on by itself).

    Source: yql/essentials/sql/v1/select.cpp, join.cpp (GetSameKeysMap).
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
    if star.source is None or len([p for p in node.projections if isinstance(p, syntax.Star)]) > 1:
        found = _coalesced(found, source, scope, star.position)
    outputs = [(name, value) for label, name, value in found if star.source in (None, label)]
    for name in node.without:
        if name not in dict(outputs):
            raise member_not_found(name, list(dict(outputs)), star.position)
    return sorted(((name, value) for name, value in outputs if name not in node.without), key=lambda pair: pair[0])


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


def _output_name(projection: syntax.Projection, number: int, node: syntax.Select) -> str:
    if projection.alias is not None:
        return projection.alias
    match projection.expression:
        case syntax.Name(name):
            return name
        case syntax.Member(syntax.Name(source), name):
            return f"{source}.{name}" if isinstance(node.source, syntax.Join) else name
    return f"column{number}"


def _require_unique(names: list[str], node: syntax.Select) -> None:
    """Source of the first text: yql/essentials/sql/v1/select.cpp (TSelectCore::InitSelect)."""
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is None:
        return
    if _has_star(node):
        raise refuse("SqlProject", f"Duplicated member: {twice}", node.position)  # a guess at the function
    written = {p.alias or getattr(p.expression, "name", None) for p in node.projections}
    if twice.startswith("column") and len(written - {None}) < len(names):
        raise unsupported(f"the name {twice} beside an expression without a name", node.position)
    raise refusal(Issue(f"Duplicate column: {twice}", position=node.position))


# --- ORDER BY --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _OrderScope(Scope):
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


def _ordering(items: Sequence[syntax.OrderItem], scope: Scope) -> Ordering:
    keys = []
    for item in items:
        _require_key_expression(item.expression, "ORDER BY")
        key = check(item.expression, scope)
        _require_ordered(key, item.position)
        keys.append((key, item.descending))
    return keys


def _require_key_expression(node: syntax.Expression, clause: str) -> None:
    """Source: yql/essentials/sql/v1/select.cpp (IsComparableExpression)."""
    if has_aggregate(node):
        raise refusal(Issue(f"Unable to {clause} aggregated values", position=node.position))
    if isinstance(node, syntax.Tuple | syntax.ListLiteral | syntax.StructLiteral | syntax.DictLiteral):
        raise unsupported(f"{clause} of several values in one", node.position)
    if not any(True for _ in _labels(node)):
        if _has_bind(node):
            raise unsupported(f"{clause} of an expression without columns", node.position)
        raise refusal(Issue(f"Unable to {clause} constant expression", position=node.position))


def _has_bind(node: object) -> bool:
    if isinstance(node, tuple):
        return any(map(_has_bind, node))
    return isinstance(node, syntax.Bind) or isinstance(node, syntax.Node) and any(map(_has_bind, vars(node).values()))


def _require_ordered(expression: Expr, position: Position) -> None:
    """Source of the text: yql/essentials/core/yql_expr_type_annotation.cpp, EnsureComparableType."""
    if _is_opaque(expression.type, position):
        raise refuse("Sort", f"Expected comparable type, but got: {expression.type}", position)


def require_groupable(type: Type, name: str, position: Position) -> None:
    """Source of the text: yql/essentials/core/type_ann/type_ann_list.cpp, AggregateWrapper."""
    if _is_opaque(type, position):
        message = f"Expected hashable and equatable type for key column: {name}, but got: {type}"
        raise refuse("Aggregate", message, position)


def _is_opaque(type: Type, position: Position) -> bool:
    """Whether values of the type neither compare nor group."""
    if strip(type) == JSON_DOCUMENT:
        raise unsupported("ordering or grouping by a JsonDocument", position)
    return strip(type) in (JSON, YSON)


def _projected(
    rows: Callable[[], Iterable[Record]], outputs: Outputs, keys: Ordering, distinct: bool, has_source: bool
) -> Relation:
    """`has_source`: the keys are of the projection's columns and those of the source."""
    parts = [expression.evaluate for _, expression in outputs]
    width = len(parts)

    def project() -> Iterable[Record]:
        if keys and has_source:
            both = (tuple([part(row) for part in parts]) + row for row in rows())
            return (row[:width] for row in sort(both, keys))
        projected: Iterable[Record] = (tuple([part(row) for part in parts]) for row in rows())
        if distinct:
            projected = _distinct(projected)
        return sort(projected, keys) if keys else projected

    return Relation(tuple((name, expression.type) for name, expression in outputs), project)


def _distinct(rows: Iterable[Record]) -> Iterable[Record]:
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


def _limited(relation: Relation, node: syntax.Select | syntax.SetOperation, context: Context) -> Relation:
    limit, offset = (_count(n, context) if n is not None else None for n in (node.limit, node.offset))
    if limit is None and offset is None:
        return relation
    start = offset or 0
    stop = None if limit is None else start + limit
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


# --- groups and aggregates -------------------------------------------------------------------------------------


def has_aggregate(node: object) -> bool:
    if is_aggregate(node):
        return True
    if isinstance(node, syntax.Subquery | syntax.Exists | syntax.Select):
        return False
    if isinstance(node, tuple):
        return any(map(has_aggregate, node))
    return isinstance(node, syntax.Node) and any(has_aggregate(value) for value in vars(node).values())


def _grouped(
    node: syntax.Select, source: Source, scope: Scope, rows: Callable[[], Iterable[Record]]
) -> tuple[Outputs, Callable[[], Iterable[Record]]]:
    """The projection over groups, and the groups' records."""
    groups = _Groups(node, scope)
    if node.source is None:
        raise refusal(Issue("Aggregation is not allowed without FROM", position=node.position))
    outputs: Outputs = []
    for number, projection in enumerate(node.projections):
        if isinstance(projection, syntax.Star):
            raise unsupported("* over groups", projection.position)
        outputs.append((_output_name(projection, number, node), groups.check(projection.expression)))
    having = groups.check(node.having) if node.having is not None else None
    if having is not None:
        require_bool(having, node.having.position)
    found = groups.rows(rows)
    return outputs, _filtered(found, having) if having is not None else found


@dataclass
class _Groups:
    """GROUP BY: a group's record holds the values of the keys, then those of the aggregates as they are met.

    Source of names and texts: yql/essentials/sql/v1/sql_group_by.cpp, select.cpp, source.cpp.
    """

    node: syntax.Select
    scope: Scope
    aggregates: list[Aggregate] = field(default_factory=list)

    def __post_init__(self) -> None:
        unnamed = itertools.count()
        self.keys: list[Expr] = []
        self.names: list[str] = []
        self.renamed: set[str] = set()
        added: list[Column] = []
        for item in self.node.group_by:
            _require_key_expression(item.expression, "GROUP BY")
            key = check(item.expression, self.scope)
            column = self._column(item.expression)
            if item.alias is None and column is not None:
                name = column
                if self.scope.is_join and "." not in name:
                    message = f"Columns in GROUP BY should have correlation name, error in key: {name}"
                    raise refusal(Issue(message, position=item.position))
            else:
                name = item.alias or f"group{next(unnamed)}"
                added.append(Column(None, name, key.type))
                self.renamed.update({column} - {None, name})
                if column != name and any(name == other.name for other in self.scope.columns):
                    raise unsupported("a grouping expression with the name of a column", item.position)
            if name in self.names:
                raise refusal(Issue(f"Duplicate grouping column: {name}", position=self.node.position))
            require_groupable(key.type, name, self.node.position)
            self.keys.append(key)
            self.names.append(name)
        self.inside = replace(self.scope, columns=[*self.scope.columns, *added]) if added else self.scope
        self.added = [self.keys[self.names.index(column.name)] for column in added]

    def _column(self, node: syntax.Expression) -> str | None:
        """The name of a column as a key; over a join it begins with that of its source."""
        match node:
            case syntax.Name(name):
                return name
            case syntax.Member(syntax.Name(source), name) if self.scope.is_source(source):
                return f"{source}.{name}" if self.scope.is_join else name
        return None

    def check(self, node: syntax.Expression) -> Expr:
        """An expression over groups: keys and aggregates are the only columns."""
        replaced = self._replaced(node)
        keys = [Column("", f"key{number}", key.type) for number, key in enumerate(self.keys)]
        aggregates = [Column("", str(number), found.type) for number, found in enumerate(self.aggregates)]
        return check(replaced, Scope(self.scope.context, [*keys, *aggregates], True))

    def _replaced(self, node: object) -> object:
        """The tree with each aggregate and each key replaced by a reference into the group's record."""
        if is_aggregate(node):
            self._check_distinct(node)
            self.aggregates.append(aggregate(node, self.inside, is_whole=not self.keys))
            return self._reference(str(len(self.aggregates) - 1), node)
        match node:
            case syntax.Subquery() | syntax.Exists():
                return node
            case tuple():
                return tuple(self._replaced(part) for part in node)
        column = self._column(node) if isinstance(node, syntax.Node) else None
        if column is not None:
            return self._key(column, node)
        if not isinstance(node, syntax.Node):
            return node
        return type(node)(**{name: self._replaced(value) for name, value in vars(node).items()})

    def _reference(self, name: str, node: syntax.Node) -> syntax.Member:
        return syntax.Member(syntax.Name("", position=node.position), name, position=node.position)

    def _key(self, column: str, node: syntax.Node) -> syntax.Member:
        if column in self.names:
            return self._reference(f"key{self.names.index(column)}", node)
        if column in self.renamed:
            raise unsupported("a grouped column by another name than its alias", node.position)
        written = column if isinstance(node, syntax.Name) else f"{node.of.name}.{node.name}"
        message = (
            f"Column `{written}` must either be a key column in GROUP BY or it should be used in aggregation function"
        )
        raise refusal(Issue(message, position=node.position))

    def _check_distinct(self, node: syntax.Call) -> None:
        """Source of the text: yql/essentials/sql/v1/aggregation.cpp, ErrorDistinctByGroupKey."""
        for argument in node.arguments if node.distinct else ():
            column = self._column(argument)
            if column in self.names:
                message = f"Unable to use DISTINCT by grouping column: {column}. You should leave one of them."
                raise refusal(Issue(message, position=argument.position))

    def rows(self, source: Callable[[], Iterable[Record]]) -> Callable[[], Iterable[Record]]:
        def grouped() -> Iterable[Record]:
            groups: dict[Value, tuple[Record, list[Record]]] = {} if self.keys else {(): ((), [])}
            for row in source():
                key = tuple([key.evaluate(row) for key in self.keys])
                inside = row + tuple([added.evaluate(row) for added in self.added])
                groups.setdefault(hashable(key), (key, []))[1].append(inside)
            for key, members in groups.values():
                yield key + tuple(a.compute(members) for a in self.aggregates)

        return grouped


# --- VALUES and set operations ---------------------------------------------------------------------------------


def _values(node: syntax.Values, context: Context) -> Relation:
    scope = Scope(context)
    rows = [[check(expression, scope) for expression in row] for row in node.rows]
    width = len(rows[0])
    other = next((len(row) for row in rows if len(row) != width), None)
    if other is not None:
        message = f"All VALUES items should have same size: expecting {width}, got {other}"
        raise refusal(Issue(message, position=node.position))
    types = []
    for column in zip(*rows, strict=True):
        type = common_type(*(expression.type for expression in column))
        if type is None:
            raise refusal(Issue("Uncompatible types in VALUES", position=node.position))
        types.append(type)
    unified = [[unify(expression, type) for expression, type in zip(row, types, strict=True)] for row in rows]
    return Relation(
        tuple((f"column{i}", type) for i, type in enumerate(types)),
        lambda: [tuple(expression.evaluate(()) for expression in row) for row in unified],
    )


def _set_operation(node: syntax.SetOperation, context: Context) -> Relation:
    left, right = check_query(node.left, context), check_query(node.right, context)
    if node.operator != "UNION":
        raise unsupported(node.operator, node.position)
    columns = _united_columns(left, right, node)
    rows = _united_rows(left, columns), _united_rows(right, columns)

    def united() -> Iterable[Record]:
        both = itertools.chain(rows[0](), rows[1]())
        return both if node.all else _distinct(both)

    if not node.all:
        for name, type in columns:
            require_groupable(type, name, node.position)
    relation = Relation(columns, united)
    if node.order_by:
        keys = _ordering(node.order_by, _OrderScope(context, (), True, outputs=columns))
        relation = Relation(columns, lambda: sort(united(), keys))
    return _limited(relation, node, context)


def _united_columns(left: Relation, right: Relation, node: syntax.SetOperation) -> tuple[tuple[str, Type], ...]:
    """UNION matches columns by name; a column that one side lacks is NULL there."""
    types = dict(left.columns)
    others = dict(right.columns)
    columns = []
    for name in (*types, *(name for name in others if name not in types)):
        if name in types and name in others:
            type = common_type(types[name], others[name])
            if type is None:
                message = f"Uncompatible member {name} types: {types[name]} and {others[name]}"
                raise refuse("UnionAll", message, node.position)
        else:
            type = optional(types.get(name) or others[name])
        columns.append((name, type))
    return tuple(columns)


def _united_rows(relation: Relation, columns: Sequence[tuple[str, Type]]) -> Callable[[], Iterable[Record]]:
    place = {name: index for index, (name, _) in enumerate(relation.columns)}
    parts = []
    for name, type in columns:
        if name in place:
            index = place[name]
            parts.append(unify(Expr(relation.columns[index][1], lambda row, i=index: row[i]), type))
        else:
            parts.append(Expr(type, lambda _: None))
    return lambda: (tuple(part.evaluate(row) for part in parts) for row in relation.rows())
