"""SELECT and VALUES checked: sources, filter, groups, projections, order, limit, set operations.

Source: ydb/docs/en/core/yql/reference/syntax/select/*.md. Column order: ydb-behaviour §1.3 (`SELECT *` by name).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from .. import system_views
from ..catalog import Table, View
from ..errors import SCHEME_ERROR, Issue, Position, refusal, type_annotation, unsupported
from ..run.order import in_order, null_first
from ..types import (
    INTEGERS,
    JSON,
    JSON_DOCUMENT,
    NULL,
    YSON,
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
from .expressions import Column, Scope, check, check_condition
from .functions import is_aggregate
from .operators import comparable, hashable

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
    """What FROM gives: columns that expressions may name, and records in their order."""

    columns: tuple[Column, ...]
    rows: Callable[[], Iterable[Record]]


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
            return _aliased(check_query(query, context), alias)
        case syntax.ValuesSource(values, alias, columns):
            relation = check_query(values, context)
            if columns and len(columns) != len(relation.columns):
                raise refusal(Issue("Derived column list size exceeds column count in VALUES", position=node.position))
            names = columns or [name for name, _ in relation.columns]
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
    left, right = _source(node.left, context), _source(node.right, context)
    if node.kind not in ("INNER", "LEFT", "RIGHT", "FULL", "CROSS"):
        raise unsupported(f"{node.kind} JOIN", node.position)
    columns = (
        *_made_optional(left.columns, node.kind in ("RIGHT", "FULL")),
        *_made_optional(right.columns, node.kind in ("LEFT", "FULL")),
    )
    if node.kind == "CROSS":
        return Source(columns, lambda: (a + b for a, b in itertools.product(left.rows(), list(right.rows()))))
    pairs = _join_keys(node, left, right, context)
    return Source(columns, lambda: _hash_join(node.kind, left, right, pairs))


def _made_optional(columns: tuple[Column, ...], nullable: bool) -> tuple[Column, ...]:
    return tuple(Column(c.source, c.name, optional(c.type) if nullable else c.type) for c in columns)


def _join_keys(node: syntax.Join, left: Source, right: Source, context: Context) -> list[tuple[Expr, Expr]]:
    """The pairs of expressions that must be equal: ON may only be a conjunction of equalities.

    Source of the refusal: yql/essentials/sql/v1/join.cpp.
    """
    scopes = Scope(context, left.columns, True), Scope(context, right.columns, True)
    if node.using is not None:
        named = [tuple(scope.column(None, name, node.position) for scope in scopes) for name in node.using]
        for pair in named:
            _require_joinable(*pair, node.position)
        return named
    pairs = []
    for condition in _conjunction(node.condition):
        match condition:
            case syntax.Binary("=" | "==", a, b):
                pairs.append(_sided(a, b, scopes, condition.position))
            case _:
                message = "JOIN ON expression must be a conjunction of equality predicates"
                raise refusal(Issue(message, position=node.condition.position))
    return pairs


def _conjunction(node: syntax.Expression) -> list[syntax.Expression]:
    match node:
        case syntax.Binary("AND", left, right):
            return _conjunction(left) + _conjunction(right)
    return [node]


def _sided(a: syntax.Expression, b: syntax.Expression, scopes: tuple[Scope, Scope], position: Position):
    left, right = scopes
    for first, second in ((a, b), (b, a)):
        if _only_of(first, left) and _only_of(second, right):
            keys = check(first, left), check(second, right)
            _require_joinable(*keys, position)
            return keys
    message = "JOIN: each equality predicate argument must depend on exactly one JOIN input"
    raise refusal(Issue(message, position=position))


def _require_joinable(left: Expr, right: Expr, position: Position) -> None:
    if not comparable(left.type, right.type):
        message = f"Cannot compare key columns: {left.type} and {right.type}"  # a guess
        raise refuse("EquiJoin", message, position)


def _only_of(node: syntax.Expression, scope: Scope) -> bool:
    match node:
        case syntax.Member(syntax.Name(source), _):
            return scope.is_source(source)
        case syntax.Name(name):
            return any(column.name == name for column in scope.columns)
        case syntax.Cast(operand, _, _):
            return _only_of(operand, scope)
        case syntax.Call(_, arguments):
            return all(_only_of(argument, scope) for argument in arguments)
    return False


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
    source = _source(node.source, context, node.where)
    scope = Scope(context, source.columns, node.source is not None)
    rows = source.rows
    if node.where is not None:
        if node.source is None:
            raise refusal(Issue("Filtering is not allowed without FROM", position=node.where.position))
        if _has_aggregate(node.where):
            raise refusal(Issue("Can not use aggregated values in filtering", position=node.where.position))
        rows = _filtered(rows, check_condition(node.where, scope))
    projections = _expand_stars(node, source)
    if node.group_by or node.having is not None or any(_has_aggregate(p.expression) for p in projections):
        groups = _Groups(node, scope)
        if node.source is None:
            raise refusal(Issue("Aggregation is not allowed without FROM", position=node.position))
        outputs = [(_output_name(p, i), groups.check(p.expression)) for i, p in enumerate(projections)]
        having = groups.condition(node.having) if node.having is not None else None
        keys = [(groups.check_order(item, outputs), item.descending) for item in node.order_by]
        rows = groups.rows(rows)
        rows = _filtered(rows, having) if having else rows
    else:
        outputs = [(_output_name(p, i), check(p.expression, scope)) for i, p in enumerate(projections)]
        keys = [(_order_expression(item, outputs, scope), item.descending) for item in node.order_by]
    outputs = _named_apart(outputs, node)
    for _, expression in outputs:
        if not is_persistable(expression.type):
            raise unsupported(f"a column of the type {expression.type}", node.position)
    for expression, _ in keys:
        _require_ordered(expression, node.position)
    if node.distinct:
        for name, expression in outputs:
            require_groupable(expression.type, name, node.position)
    relation = _projected(rows, outputs, keys, node.distinct)
    return _limited(relation, node, context)


def _filtered(rows: Callable[[], Iterable[Record]], condition: Expr) -> Callable[[], Iterable[Record]]:
    return lambda: (row for row in rows() if condition.evaluate(row))


def _expand_stars(node: syntax.Select, source: Source) -> list[syntax.Projection]:
    projections: list[syntax.Projection] = []
    for projection in node.projections:
        if isinstance(projection, syntax.Projection):
            projections.append(projection)
            continue
        if node.source is None:
            raise refusal(Issue("Column references are not allowed without FROM", position=projection.position))
        is_join = isinstance(node.source, syntax.Join)
        columns = [c for c in source.columns if projection.source in (None, c.source) and c.name not in node.without]
        for column in columns:
            name = syntax.Name(column.name, position=projection.position)
            if is_join:
                name = syntax.Member(syntax.Name(column.source, position=projection.position), column.name)
            alias = f"{column.source}.{column.name}" if is_join and projection.source is None else column.name
            projections.append(syntax.Projection(name, alias, position=projection.position))
    return projections


def _output_name(projection: syntax.Projection, number: int) -> str:
    if projection.alias is not None:
        return projection.alias
    match projection.expression:
        case syntax.Name(name):
            return name
        case syntax.Member(syntax.Name(source), name):
            return f"{source}.{name}"
    return f"column{number}"


def _named_apart(outputs: list[tuple[str, Expr]], node: syntax.Select) -> list[tuple[str, Expr]]:
    """Of `t.a`, `t.b` over one table the result has the columns a and b; over a join it keeps the source's name."""
    if not isinstance(node.source, syntax.Join):
        outputs = [
            (name.rpartition(".")[2] if _is_qualified(p, name) else name, expression)
            for p, (name, expression) in itertools.zip_longest(node.projections[: len(outputs)], outputs)
        ]
    seen: set[str] = set()
    for name, _ in outputs:
        if name in seen:
            message = f"Unable to use duplicate column names. Collision in name: {name}"
            raise refusal(Issue(message, position=node.position))
        seen.add(name)
    return outputs


def _is_qualified(projection: syntax.Projection | syntax.Star | None, name: str) -> bool:
    return (
        isinstance(projection, syntax.Projection)
        and projection.alias is None
        and isinstance(projection.expression, syntax.Member)
        and isinstance(projection.expression.of, syntax.Name)
        and name == f"{projection.expression.of.name}.{projection.expression.name}"
    )


def _order_expression(item: syntax.OrderItem, outputs: list[tuple[str, Expr]], scope: Scope) -> Expr:
    """An alias of the projection stands before a column of the source."""
    if isinstance(item.expression, syntax.Name):
        for name, expression in outputs:
            if name == item.expression.name:
                return expression
    return check(item.expression, scope)


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


Ordering = list[tuple[Expr, bool]]


def _projected(
    rows: Callable[[], Iterable[Record]], outputs: list[tuple[str, Expr]], keys: Ordering, distinct: bool
) -> Relation:
    expressions = [expression for _, expression in outputs]

    def project() -> Iterable[Record]:
        ordered = sort(rows(), keys) if keys else rows()
        projected = (tuple(expression.evaluate(row) for expression in expressions) for row in ordered)
        return _distinct(projected) if distinct else projected

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
    expression = check(node, Scope(context))
    if strip(expression.type) not in INTEGERS | {NULL}:
        raise refusal(Issue(f"Expected integer in LIMIT or OFFSET, but got: {expression.type}", position=node.position))
    value = expression.evaluate(())
    if value is not None and value < 0:
        raise unsupported("a negative LIMIT or OFFSET", node.position)
    return value


# --- groups and aggregates -------------------------------------------------------------------------------------


def _has_aggregate(node: object) -> bool:
    if is_aggregate(node):
        return True
    if isinstance(node, syntax.Subquery | syntax.Exists | syntax.Select):
        return False
    if isinstance(node, tuple):
        return any(map(_has_aggregate, node))
    return isinstance(node, syntax.Node) and any(_has_aggregate(value) for value in vars(node).values())


@dataclass
class _Groups:
    """GROUP BY: a group's record holds the values of the keys, then those of the aggregates as they are met."""

    node: syntax.Select
    scope: Scope
    aggregates: list[Aggregate] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.keys = [check(item.expression, self.scope) for item in self.node.group_by]
        self.columns = [
            Column(*_key_name(item), key.type) for item, key in zip(self.node.group_by, self.keys, strict=True)
        ]
        for column in self.columns:
            require_groupable(column.type, column.name, self.node.position)

    def check(self, node: syntax.Expression) -> Expr:
        """An expression over groups: keys and aggregates are the only columns."""
        return check(self._replaced(node), Scope(self.scope.context, self._all_columns(), True))

    def check_order(self, item: syntax.OrderItem, outputs: list[tuple[str, Expr]]) -> Expr:
        """An alias of the projection stands before a key."""
        if isinstance(item.expression, syntax.Name):
            for name, expression in outputs:
                if name == item.expression.name:
                    return expression
        return self.check(item.expression)

    def condition(self, node: syntax.Expression) -> Expr:
        replaced = self._replaced(node)
        return check_condition(replaced, Scope(self.scope.context, self._all_columns(), True))

    def _all_columns(self) -> list[Column]:
        return [*self.columns, *(Column("", str(i), a.type) for i, a in enumerate(self.aggregates))]

    def _replaced(self, node: object) -> object:
        """The tree with each aggregate and each key expression replaced by a reference into the group's record."""
        if is_aggregate(node):
            self._check_distinct(node)
            self.aggregates.append(aggregate(node, self.scope, is_whole=not self.keys))
            number = str(len(self.aggregates) - 1)
            return syntax.Member(syntax.Name("", position=node.position), number, position=node.position)
        for item, column in zip(self.node.group_by, self.columns, strict=True):
            if node == item.expression and column.source == "key":
                # Whether YDB takes the same expression for the key is not known.
                raise unsupported("a grouping expression without AS that is written again", item.position)
        match node:
            case syntax.Name(name) | syntax.Member(syntax.Name(_), name):
                self._require_key(node, name)
            case syntax.Subquery() | syntax.Exists():
                return node
            case tuple():
                return tuple(self._replaced(part) for part in node)
        if not isinstance(node, syntax.Node):
            return node
        return type(node)(**{name: self._replaced(value) for name, value in vars(node).items()})

    def _check_distinct(self, node: syntax.Call) -> None:
        """Source of the text: yql/essentials/sql/v1/aggregation.cpp, ErrorDistinctByGroupKey."""
        keys = [item.expression for item in self.node.group_by]
        for argument in node.arguments if node.distinct else ():
            if isinstance(argument, syntax.Name) and argument in keys:
                message = f"Unable to use DISTINCT by grouping column: {argument.name}. You should leave one of them."
                raise refusal(Issue(message, position=argument.position))

    def _require_key(self, node: syntax.Name | syntax.Member, name: str) -> None:
        """Source of the text: yql/essentials/sql/v1/select.cpp, not grouped columns."""
        if name not in {column.name for column in self.columns}:
            message = (
                f"Column `{name}` must either be a key column in GROUP BY or it should be used in aggregation function"
            )
            raise refusal(Issue(message, position=node.position))

    def rows(self, source: Callable[[], Iterable[Record]]) -> Callable[[], Iterable[Record]]:
        def grouped() -> Iterable[Record]:
            groups: dict[Value, tuple[Record, list[Record]]] = {} if self.keys else {(): ((), [])}
            for row in source():
                key = tuple(key.evaluate(row) for key in self.keys)
                groups.setdefault(hashable(key), (key, []))[1].append(row)
            for key, members in groups.values():
                yield key + tuple(a.compute(members) for a in self.aggregates)

        return grouped


def _key_name(item: syntax.GroupItem) -> tuple[str | None, str]:
    match item.alias, item.expression:
        case str(alias), _:
            return None, alias
        case _, syntax.Name(name):
            return None, name
        case _, syntax.Member(syntax.Name(source), name):
            return source, name
    return "key", f"group{id(item)}"


# --- VALUES and set operations ---------------------------------------------------------------------------------


def _values(node: syntax.Values, context: Context) -> Relation:
    scope = Scope(context)
    rows = [[check(expression, scope) for expression in row] for row in node.rows]
    width = len(rows[0])
    if any(len(row) != width for row in rows):
        raise refusal(Issue("All VALUES items should have same size", position=node.position))
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

    relation = Relation(columns, united)
    if node.order_by:
        scope = Scope(context, [Column(None, name, type) for name, type in columns], True)
        keys = [(check(item.expression, scope), item.descending) for item in node.order_by]
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
                raise refusal(Issue(f"Uncompatible types in UNION: column {name}", position=node.position))
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
