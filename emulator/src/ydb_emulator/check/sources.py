"""What FROM gives: the rows of tables, system views and lists, under a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .. import system_views
from ..errors import unsupported
from ..plan import Expr, Record, Relation
from ..store.catalog import Table
from ..store.order import null_first
from ..store.rights import Right
from ..types import List, Struct, optional
from ..yql import syntax
from . import keys, stores
from .context import Context, missing_table
from .index_tables import check_index_read, index_of, index_table
from .scope import Column, Scope

MAX_VIEW_DEPTH = 16


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
        has_source = self is not NO_SOURCE
        return Scope(context, self.columns, has_source, self.closed, self.is_join, self.labels, not has_source)


NO_SOURCE = Source((), lambda: [()])


def aliased(relation: Relation, alias: str | None) -> Source:
    """A query as a source, under a name."""
    return Source(tuple(Column(alias, name, type) for name, type in relation.columns), relation.rows)


def table_columns(table: Table, alias: str | None = None, is_ordered: bool = False) -> tuple[Column, ...]:
    """A table's columns in name order, as a query sees them, or in that of the table (`is_ordered`)."""
    ordered = table.columns if is_ordered else sorted(table.columns, key=lambda column: column.name)
    return tuple(Column(alias, c.name, c.type if c.not_null else optional(c.type)) for c in ordered)


def list_source(items: Expr, alias: str | None, node: syntax.BindSource) -> Source:
    """`AS_TABLE($list)`: a list of structs as rows, members as columns."""
    if not isinstance(items.type, List) or not isinstance(items.type.item, Struct):
        raise unsupported(f"AS_TABLE of {items.type}", node.position)
    columns = tuple(Column(alias, name, type) for name, type in items.type.item.fields)
    return Source(columns, lambda: items.evaluate(()))


def table_source(node: syntax.TableSource, context: Context, where: syntax.Expression | None) -> Source:
    """The rows of a table or a system view. `where` is the condition on them, which may name the keys to read."""
    path, entry = context.entry(node.table)
    alias = node.alias or node.table.name
    if path.startswith(".sys/") and context.user is not None:
        raise unsupported("system views for a user whose rights are limited", node.position)
    if path in system_views.VIEWS and node.index is None:
        return _system_source(system_views.VIEWS[path], alias, context)
    if path.startswith(".sys/"):
        raise unsupported(f"the system view {path}", node.position)
    found = index_table(path, context) if entry is None else None
    index = None
    if found is not None:
        entry, index = found.table, found.index
    if not isinstance(entry, Table):
        raise missing_table(context.absolute(path), "KiReadTable!", node.table.position)
    stores.use(entry, context)
    context.need(path, Right.SELECT_ROW)
    order = entry.key
    if node.index is not None:
        built = context.database.index_under_build(path)
        index = index_of(entry, context.absolute(path), node.index, node.table.position, built)
        order = (*index.columns, *entry.key)
    columns = table_columns(entry, alias, "orderedcolumns" in context.pragmas)
    names = [column.name for column in columns]
    points = None
    if index is None:
        points = keys.lookup(where, entry, alias, context)

    def rows() -> Iterable[Record]:
        if index is not None:
            check_index_read(index, context, node.table.position)
        if points is not None:
            found = [row for _, row in sorted(points(), key=lambda item: tuple(map(null_first, item[0])))]
        else:
            found = context.database.orders.of(context.transaction.scan(entry.id), order)
        for row in found:
            yield tuple([row.get(name) for name in names])

    return Source(columns, rows)


def _system_source(view: system_views.SystemView, alias: str, context: Context) -> Source:
    ordered = view.columns.items() if "orderedcolumns" in context.pragmas else sorted(view.columns.items())
    columns = tuple(Column(alias, name, optional(type), name not in view.unknown) for name, type in ordered)

    def rows() -> Iterable[Record]:
        return (tuple(row.get(column.name) for column in columns) for row in view.rows(context.database))

    return Source(columns, rows)


def view_context(context: Context, node: syntax.TableSource) -> Context:
    """Where the query of a view is checked: nothing that the text around defines is known there."""
    if context.user is not None:
        raise unsupported("a view for a user whose rights are limited", node.position)
    depth = context.view_depth + 1
    if depth > MAX_VIEW_DEPTH:
        raise unsupported("views nested this deep", node.position)
    return Context(context.database, context.transaction, now=context.now, view_depth=depth)
