"""SELECT and VALUES checked: sources, filter, groups, projections, order, limit, set operations.

Source: ydb/docs/en/core/yql/reference/syntax/select/*.md. Column order: ydb-behaviour §1.3 (`SELECT *` by name).
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from ..catalog import Table, View
from ..database import Key
from ..errors import SCHEME_ERROR, Issue, Position, refusal, type_annotation, unsupported
from ..types import (
    DOUBLE,
    INT64,
    INTEGERS,
    NULL,
    REALS,
    SIGNED,
    UINT64,
    Decimal,
    Optional,
    Type,
    Value,
    decimal,
    optional,
    strip,
)  # fmt: skip
from ..yql import syntax
from .context import Context, Expr, Record, Relation, missing_table
from .conversion import NUMERIC_RANK, common_type
from .expressions import Column, Scope, check, check_condition, unify
from .functions import AGGREGATES

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


def _source(node: syntax.Source | None, context: Context) -> Source:
    match node:
        case None:
            return NO_SOURCE
        case syntax.TableSource():
            return _table_source(node, context)
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


def _table_source(node: syntax.TableSource, context: Context) -> Source:
    path, entry = context.entry(node.table)
    alias = node.alias or node.table.name
    if isinstance(entry, View):
        return _aliased(check_query(entry.query, _view_context(context, node)), alias)
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
    key = functools.partial(_sort_key, columns=order)

    def rows() -> Iterable[Record]:
        stored = context.transaction.scan(entry.id)
        for row in sorted(stored.values(), key=key):
            yield tuple(row.get(name) for name in names)

    return Source(columns, rows)


def _view_context(context: Context, node: syntax.TableSource) -> Context:
    depth = getattr(context, "view_depth", 0) + 1
    if depth > MAX_VIEW_DEPTH:
        raise unsupported("views nested this deep", node.position)
    inside = Context(context.database, context.transaction, now=context.now)
    inside.view_depth = depth
    return inside


def _sort_key(row: dict, columns: Sequence[str]) -> Key:
    return tuple(null_first(row.get(name)) for name in columns)


def null_first(value: Value) -> tuple:
    """A sort key: NULL stands before every value, as in YDB's key order."""
    return (False,) if value is None else (True, _orderable(value))


def _orderable(value: Value) -> Value:
    return value.bytes if hasattr(value, "bytes") else value


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
        return [tuple(scope.column(None, name, node.position) for scope in scopes) for name in node.using]
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
            return check(first, left), check(second, right)
    message = "JOIN: each equality predicate argument must depend on exactly one JOIN input"
    raise refusal(Issue(message, position=position))


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
        key = tuple(_joined(pair[1].evaluate(row)) for pair in pairs)
        if None not in key:
            by_key.setdefault(key, []).append((number, row))
    matched = set()
    for row in left.rows():
        key = tuple(_joined(pair[0].evaluate(row)) for pair in pairs)
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


def _joined(value: Value) -> Value:
    return value.encode() if isinstance(value, str) else value


# --- SELECT ----------------------------------------------------------------------------------------------------


def _select(node: syntax.Select, context: Context) -> Relation:
    source = _source(node.source, context)
    scope = Scope(context, source.columns, node.source is not None)
    rows = source.rows
    if node.where is not None:
        if node.source is None:
            raise refusal(Issue("Filtering is not allowed without FROM", position=node.where.position))
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


Ordering = list[tuple[Expr, bool]]


def _projected(
    rows: Callable[[], Iterable[Record]], outputs: list[tuple[str, Expr]], keys: Ordering, distinct: bool
) -> Relation:
    expressions = [expression for _, expression in outputs]

    def project() -> Iterable[Record]:
        ordered = sort(rows(), keys) if keys else rows()
        projected = (tuple(expression.evaluate(row) for expression in expressions) for row in ordered)
        return dict.fromkeys(projected) if distinct else projected

    return Relation(tuple((name, expression.type) for name, expression in outputs), project)


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
        raise refusal(Issue("LIMIT and OFFSET must not be negative", position=node.position))
    return value


# --- groups and aggregates -------------------------------------------------------------------------------------


def _has_aggregate(node: object) -> bool:
    if isinstance(node, syntax.Call) and node.name.lower() in AGGREGATES:
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

    def check(self, node: syntax.Expression) -> Expr:
        """An expression over groups: keys and aggregates are the only columns."""
        return check(self._replaced(node), Scope(self.scope.context, self._all_columns(), True))

    def check_order(self, item: syntax.OrderItem, outputs: list[tuple[str, Expr]]) -> Expr:
        node = self._replaced(item.expression)
        scope = Scope(self.scope.context, self._all_columns(), True)
        return _order_expression(syntax.OrderItem(node, item.descending), outputs, scope)

    def condition(self, node: syntax.Expression) -> Expr:
        replaced = self._replaced(node)
        return check_condition(replaced, Scope(self.scope.context, self._all_columns(), True))

    def _all_columns(self) -> list[Column]:
        return [*self.columns, *(Column("", str(i), a.type) for i, a in enumerate(self.aggregates))]

    def _replaced(self, node: object) -> object:
        """The tree with each aggregate and each key expression replaced by a reference into the group's record."""
        if isinstance(node, syntax.Call) and node.name.lower() in AGGREGATES:
            self.aggregates.append(aggregate(node, self.scope))
            number = str(len(self.aggregates) - 1)
            return syntax.Member(syntax.Name("", position=node.position), number, position=node.position)
        for item, column in zip(self.node.group_by, self.columns, strict=True):
            if node == item.expression and column.source == "key":
                return syntax.Member(syntax.Name("key"), column.name, position=item.position)
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

    def _require_key(self, node: syntax.Name | syntax.Member, name: str) -> None:
        """Source of the text: yql/essentials/sql/v1/select.cpp, not grouped columns."""
        if name not in {column.name for column in self.columns}:
            message = (
                f"Column `{name}` must either be a key column in GROUP BY or it should be used in aggregation function"
            )
            raise refusal(Issue(message, position=node.position))

    def rows(self, source: Callable[[], Iterable[Record]]) -> Callable[[], Iterable[Record]]:
        def grouped() -> Iterable[Record]:
            groups: dict[Record, list[Record]] = {} if self.keys else {(): []}
            for row in source():
                groups.setdefault(tuple(key.evaluate(row) for key in self.keys), []).append(row)
            for key, members in groups.items():
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


@dataclass(frozen=True)
class Aggregate:
    type: Type
    compute: Callable[[list[Record]], Value]


def aggregate(node: syntax.Call, scope: Scope) -> Aggregate:
    """An aggregate function over the rows of a group, with YQL's result types.

    Source: ydb/docs/en/core/yql/reference/builtins/aggregation.md.
    """
    name = node.name.lower()
    if node.over or node.named_arguments:
        raise unsupported(f"{node.name} with OVER", node.position)
    if name == "count" and node.star:
        return Aggregate(UINT64, len)
    if len(node.arguments) != 1 or node.star:
        shown = name.capitalize()
        given = f"given: {len(node.arguments)}"
        raise refusal(
            Issue(f"Aggregation function {shown} requires exactly 1 argument(s), {given}", position=node.position)
        )
    argument = check(node.arguments[0], scope)

    def values(rows: list[Record]) -> list[Value]:
        present = [value for row in rows if (value := argument.evaluate(row)) is not None]
        return list(dict.fromkeys(present)) if node.distinct else present

    result = _aggregate_type(name, strip(argument.type), node.position)
    compute = _COMPUTE[name]
    if name == "count":
        return Aggregate(UINT64, lambda rows: len(values(rows)))
    is_sum_of_all = not scope.has_source

    def apply(rows: list[Record]) -> Value:
        present = values(rows)
        return compute(present, result) if present else None

    return Aggregate(result if is_sum_of_all else Optional(result), apply)


def _aggregate_type(name: str, type: Type, position: Position) -> Type:
    if name in ("min", "max", "some", "count"):
        return type
    if type == NULL:
        return NULL
    if isinstance(type, Decimal):
        return decimal(35, type.scale) if name == "sum" else type
    if type not in NUMERIC_RANK:
        raise refusal(Issue(f"Cannot {name} type {type}", position=position))
    if name == "avg" or type in REALS:
        return DOUBLE if name == "avg" else type
    return INT64 if type in SIGNED else UINT64


_COMPUTE: dict[str, Callable[[list[Value], Type], Value]] = {
    "count": lambda values, _: len(values),
    "some": lambda values, _: values[0],
    "min": lambda values, _: min(values, key=_orderable),
    "max": lambda values, _: max(values, key=_orderable),
    "sum": lambda values, type: math.fsum(values) if type in REALS else sum(values),
    "avg": lambda values, type: sum(values) / len(values),
}


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
        return both if node.all else dict.fromkeys(both)

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
