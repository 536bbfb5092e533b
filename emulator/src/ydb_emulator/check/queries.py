"""SELECT and VALUES checked: sources, filter, groups, projections, order, limit, set operations.

Source: ydb/docs/en/core/yql/reference/syntax/select/*.md. Column order: ydb-behaviour §1.3 (`SELECT *` by name).
"""

from __future__ import annotations

import itertools
import operator
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from ..errors import Issue, Position, YdbError, refusal, unsupported
from ..plan import Expr, Record, Relation
from ..store.catalog import Table, View
from ..types import DOUBLE, INT32, Type, Value, by_name, is_persistable, optional
from ..yql import syntax
from .context import Context
from .conversion import common_type, refuse, unify
from .dispatch import check, check_condition
from .flatten import flatten
from .groups import Groups
from .joins import join
from .lift import hashable, require_bool
from .named_tables import named_table, no_evaluation, no_function
from .ordering import Ordering, OrderScope, distinct_rows, limited, ordering, require_groupable, sort
from .parts import has_aggregate, nodes
from .scope import Scope, is_translated
from .sources import NO_SOURCE, Source, aliased, list_source, table_source, view_context
from .stars import Outputs, starred
from .windows import Windows


def check_query(query: syntax.Query, context: Context) -> Relation:
    """The checked form of a query. Raises YdbError where YDB refuses it."""
    match query:
        case syntax.Select():
            return _select(query, context)
        case syntax.Values():
            return _values(query, context)
        case syntax.SetOperation():
            return _set_operation(query, context)


def _source(node: syntax.Source | None, context: Context, where: syntax.Expression | None = None) -> Source:
    """`where` is the condition on the rows of this source alone, which may name the keys to read."""
    match node:
        case None:
            return NO_SOURCE
        case syntax.TableSource():
            _, entry = context.entry(node.table)
            if isinstance(entry, View):
                if node.index is not None:
                    raise unsupported("VIEW after a view", node.position)
                return aliased(check_query(entry.query, view_context(context, node)), node.alias or node.table.name)
            return table_source(node, context, where)
        case syntax.BindSource(expression, True, alias):
            return list_source(check(expression, Scope(context)), alias, node)
        case syntax.BindSource(syntax.Bind(name), False, alias):
            bound = context.binds.get(name)
            if isinstance(bound, Relation):
                return aliased(bound, alias)
            table = syntax.TableSource(named_table(node.expression, context), alias=alias, position=node.position)
            return _source(table, context, where)
        case syntax.SubquerySource(query, alias):
            is_closed = isinstance(query, syntax.Select) and not any(
                isinstance(p, syntax.Star) for p in query.projections
            )
            return replace(aliased(check_query(query, context), alias), closed=frozenset((alias,) if is_closed else ()))
        case syntax.ValuesSource(values, alias, columns):
            relation = check_query(values, context)
            if len(columns) > len(relation.columns):
                raise refusal(Issue("Derived column list size exceeds column count in VALUES", position=node.position))
            if len(set(columns)) != len(columns):
                raise unsupported("columns of one name after VALUES", node.position)
            names = [*columns, *(name for name, _ in relation.columns[len(columns) :])]
            types = [type for _, type in relation.columns]
            return aliased(Relation(tuple(zip(names, types, strict=True)), relation.rows), alias)
        case syntax.FunctionSource():
            raise no_function(node)
        case syntax.FlattenSource():
            return flatten(node, _source(node.source, context), context)
        case syntax.SampledSource():
            return _sampled(node, context, where)
        case syntax.Join():
            return join(node, context, _source)
    raise unsupported("this source of rows", node.position)


def _sampled(node: syntax.SampledSource, context: Context, where: syntax.Expression | None) -> Source:
    """All rows of a table: YDB reads the rate of a sample and then passes it over (issue 20316 of ydb).

    Source of the text: sql_ut_common.h (ErrorIfTableSampleArgUsesColumns).
    """
    named = next((part for part in nodes(node.rate) if isinstance(part, syntax.Name)), None)
    if named is not None:
        message = f'Column reference "{named.name}" is not allowed in current scope'
        raise refusal(Issue(message, position=named.position))
    if not isinstance(node.source, syntax.TableSource):
        raise unsupported("SAMPLE of what is no table", node.position)
    if context.transaction.is_data_query:
        raise no_evaluation("SAMPLE", node.position, context)
    _, entry = context.entry(node.source.table)
    if entry is not None and not (isinstance(entry, Table) and not entry.is_column):
        raise unsupported("SAMPLE of what is no row table", node.position)
    rate = check(node.rate, Scope(context))
    if not (rate.is_literal and rate.type in (INT32, DOUBLE) and 0 < rate.evaluate(()) <= node.most):
        raise unsupported("such a rate of SAMPLE", node.position)
    if node.seed is not None:
        seed = check(node.seed, Scope(context))
        if not (seed.is_literal and seed.type == INT32):
            raise unsupported("such a seed of TABLESAMPLE", node.position)
    return _source(node.source, context, where)


# --- SELECT ----------------------------------------------------------------------------------------------------


def _select(node: syntax.Select, context: Context) -> Relation:
    if node.discard:
        raise unsupported("DISCARD here", node.position)
    check_projections(node)
    source = _source(node.source, context, node.where)
    scope = source.scope(context)
    if node.source is None and node.where is None:
        require_no_columns(node)
    rows = source.rows
    if node.where is not None:
        if node.source is None:
            raise refusal(Issue("Filtering is not allowed without FROM", position=node.where.position))
        require_plain_filter(node)
        rows = _filtered(rows, check_condition(node.where, scope))
    has_windows = bool(node.windows) or any(isinstance(p, syntax.Call) and p.over for p in nodes(node.projections))
    is_grouped = bool(node.group_by) or any(map(has_aggregate, (node.projections, node.having)))
    if is_grouped:
        outputs, rows = _grouped(node, source, scope, rows, has_windows)
    else:
        if node.having is not None:
            rows = _filtered(rows, _having_without_groups(node.having, node.distinct, scope))
        windows = Windows(node, context, lambda expression: check(expression, scope)) if has_windows else None
        outputs = _outputs(node, source, scope, windows)
        rows = rows if windows is None else windows.rows(rows)
    _require_unique([name for name, _ in outputs], node)
    for name, expression in outputs:
        if not is_persistable(expression.type):
            raise unsupported(f"a column of the type {expression.type}", node.position)
        if node.distinct:
            require_groupable(expression.type, name, node.position)
    beyond = None if is_grouped or node.distinct else scope
    types = tuple((name, expression.type) for name, expression in outputs)
    inside = OrderScope(
        context, source.columns, True, is_join=source.is_join, labels=source.labels, outputs=types, beyond=beyond,
        has_star=_has_star(node),
    )  # fmt: skip
    keys = ordering(node.order_by, inside)
    return limited(_projected(rows, outputs, keys, node.distinct, beyond is not None), node, context)


def require_plain_filter(node: syntax.Select) -> None:
    """Raises GENERIC_ERROR for aggregates in WHERE. Source: sql_ut_common.h (SelectAggregatedWhere)."""
    if node.where is not None and has_aggregate(node.where):
        raise refusal(Issue("Can not use aggregated values in filtering", position=node.where.position))


def require_no_columns(node: syntax.Select) -> None:
    """Source: sql_ut_common.h (SelectWithBadAggregationNoInput, SelectWithBadAggregationInGrouping)."""
    for part in (node.group_by, node.projections):
        names = [one for one in nodes(part) if isinstance(one, syntax.Name) and by_name(one.name) is None]
        issues = [
            issue
            for name in sorted(names, key=lambda name: (name.position.row, name.position.column))
            for issue in (
                Issue("Column references are not allowed without FROM", position=node.position),
                Issue(f"Column reference '{name.name}'", position=name.position),
            )
        ]
        if issues:
            raise refusal(*issues)


def _has_star(node: syntax.Select) -> bool:
    return any(isinstance(projection, syntax.Star) for projection in node.projections)


def check_projections(node: syntax.Select) -> None:
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


def _having_without_groups(having: syntax.Expression, is_distinct: bool, scope: Scope) -> Expr:
    """Source: yql/essentials/sql/v1/select.cpp (TSelectCore::DoInit)."""
    if not is_distinct:
        message = "HAVING with meaning GROUP BY () should be with aggregation function."
        raise refusal(Issue(message, position=having.position))
    return check_condition(having, scope)


def _outputs(node: syntax.Select, source: Source, scope: Scope, windows: Windows | None) -> Outputs:
    """All columns that the text shows to be missing are told at once. Source: sql_ut_common.h (TooManyErrors)."""
    outputs: Outputs = []
    missing: list[Issue] = []
    others: list[YdbError] = []
    for name, projection in zip(_output_names(node), node.projections, strict=True):
        if isinstance(projection, syntax.Star):
            outputs += starred(projection, node, source, scope)
            continue
        expression = projection.expression if windows is None else windows.replaced(projection.expression)
        try:
            outputs.append((name, check(expression, scope)))
        except YdbError as error:
            if not is_translated(error):
                others.append(error)
                break
            missing += error.issues
    if missing:
        raise refusal(*missing)
    if others:
        raise others[0]
    return outputs


def _output_names(node: syntax.Select) -> list[str]:
    """The name of each projection; one without a name gets one that no other has, `*` none.

    Source: sql_ut_common.h (AutogenerationAliasWithCollisionConflict1, 2).
    """
    written = [_written_name(projection, node) for projection in node.projections]
    names: list[str] = []
    for number, name in enumerate(written):
        free = (f"column{at}" for at in itertools.count(number))
        names.append(name if name is not None else next(other for other in free if other not in (*written, *names)))
    return names


def _written_name(projection: syntax.Projection | syntax.Star, node: syntax.Select) -> str | None:
    if isinstance(projection, syntax.Star):
        return ""
    if projection.alias is not None:
        return projection.alias
    match projection.expression:
        case syntax.Name(name):
            return name
        case syntax.Member(syntax.Name(source), name):
            return f"{source}.{name}" if isinstance(node.source, syntax.Join) else name
    return None


def _require_unique(names: list[str], node: syntax.Select) -> None:
    """Source of the texts: yql/essentials/sql/v1/select.cpp (TSelectCore::InitSelect); yql/essentials/ast/yql_expr.cpp
    (TStructExprType::Validate)."""
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is None:
        return
    if _has_star(node):
        named = zip(_output_names(node), node.projections, strict=True)
        if any(name == twice and _written_name(projection, node) is None for name, projection in named):
            raise unsupported("a column without a name beside * that has one of its name", node.position)
        raise refuse("SqlProject", f"Duplicated member: {twice}", node.position)
    raise refusal(Issue(f"Duplicate column: {twice}", position=node.position))


def _grouped(
    node: syntax.Select, source: Source, scope: Scope, rows: Callable[[], Iterable[Record]], has_windows: bool
) -> tuple[Outputs, Callable[[], Iterable[Record]]]:
    """The projection over groups, and the groups' records."""
    groups = Groups(node, scope)
    if node.source is None:
        raise refusal(Issue("Aggregation is not allowed without FROM", position=node.position))
    windows = Windows(node, scope.context, groups.check) if has_windows else None
    outputs: Outputs = []
    for name, projection in zip(_output_names(node), node.projections, strict=True):
        if isinstance(projection, syntax.Star):
            if projection.source is not None:
                raise unsupported("* of a source over groups", projection.position)
            outputs += groups.starred()
            continue
        expression = projection.expression if windows is None else windows.replaced(projection.expression)
        outputs.append((name, groups.check(expression)))
    having = None
    if node.having is not None:
        having = groups.check(node.having)
        require_bool(having, node.having.position)
    found = groups.rows(rows)
    found = _filtered(found, having) if having is not None else found
    return outputs, found if windows is None else windows.rows(found)


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
            projected = distinct_rows(projected)
        return sort(projected, keys) if keys else projected

    return Relation(tuple((name, expression.type) for name, expression in outputs), project)


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
            raise unsupported("VALUES of types that have no common one", node.position)
        types.append(type)
    unified = [[unify(expression, type) for expression, type in zip(row, types, strict=True)] for row in rows]
    return Relation(
        tuple((f"column{i}", type) for i, type in enumerate(types)),
        lambda: [tuple(expression.evaluate(()) for expression in row) for row in unified],
    )


def _set_operation(node: syntax.SetOperation, context: Context) -> Relation:
    """UNION, INTERSECT and EXCEPT, of which a line has all that YQL 2025.03 has, or UNION alone.

    Source: BuildUnionException in yql/essentials/sql/v1/sql_select.cpp, yql/essentials/docs/en/changelog/2025.03.md,
    yql/essentials/public/langver/yql_langver.cpp; what they do: yt/docs/en/yql/syntax/select/operators.md of ytsaurus.
    """
    is_union = node.operator == "UNION"
    if (not is_union or node.says_distinct) and not context.database.line.has("EXCEPT and INTERSECT"):
        raise unsupported(f"{'UNION DISTINCT' if is_union else node.operator} on this line", node.position)
    left, right = check_query(node.left, context), check_query(node.right, context)
    if "orderedcolumns" in context.pragmas and [n for n, _ in left.columns] != [n for n, _ in right.columns]:
        raise unsupported(f"{node.operator} of different columns with PRAGMA OrderedColumns", node.position)
    try:
        columns = _united_columns(left, right, node)
        if not (is_union and node.all):
            for name, type in columns:
                require_groupable(type, name, node.position, "Union")
    except YdbError:
        if is_union:
            raise
        raise unsupported(f"{node.operator} of such columns", node.position) from None  # the words are not known
    both = _united_rows(left, columns), _united_rows(right, columns)
    united = partial(_combined, node.operator, node.all, *both)
    relation = Relation(columns, united)
    if node.order_by:
        keys = ordering(node.order_by, OrderScope(context, (), True, outputs=columns))
        relation = Relation(columns, lambda: sort(united(), keys))
    return limited(relation, node, context)


_Rows = Callable[[], Iterable[Record]]


def _combined(operator: str, is_all: bool, left: _Rows, right: _Rows) -> Iterable[Record]:
    """The rows of a set operation. With ALL, INTERSECT has a row as often as the side that has it less often, EXCEPT as
    often as the left has it more often than the right."""
    if operator == "UNION":
        rows = itertools.chain(left(), right())
        return rows if is_all else distinct_rows(rows)
    rest = Counter(map(hashable, right()))
    is_intersection = operator == "INTERSECT"
    if not is_all:
        return (row for row in distinct_rows(left()) if (hashable(row) in rest) is is_intersection)
    return (row for row in left() if _taken(hashable(row), rest) is is_intersection)


def _taken(row: Value, rest: Counter[Value]) -> bool:
    """Whether a row is among those that are left, and is no more."""
    if not rest[row]:
        return False
    rest[row] -= 1
    return True


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


def _united_rows(relation: Relation, columns: Sequence[tuple[str, Type]]) -> _Rows:
    place = {name: index for index, (name, _) in enumerate(relation.columns)}
    parts = []
    for name, type in columns:
        if name in place:
            index = place[name]
            parts.append(unify(Expr(relation.columns[index][1], operator.itemgetter(index)), type))
        else:
            parts.append(Expr(type, lambda _: None))
    return lambda: (tuple(part.evaluate(row) for part in parts) for row in relation.rows())
