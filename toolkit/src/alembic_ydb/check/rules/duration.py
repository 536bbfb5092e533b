"""What takes as long as the table is large."""

from __future__ import annotations

from collections.abc import Iterator

from ydb_emulator.yql import syntax

from ..record import Revision
from .rule import Hit, Rule, actions, holds, taken, upgrade, was_there


def index_build(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for statement, table, action in actions(run, syntax.AddIndex):
        if was_there(run, statement, table):
            message = f"index {action.index.name} is built from every row of {table}{holds(run, statement, table)}"
            yield Hit(statement.place, message, statement.text)


def column_default(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for statement, table, action in actions(run, syntax.AddColumn):
        has_default = any(isinstance(option, syntax.Default) for option in action.column.options)
        if has_default and was_there(run, statement, table):
            message = f"{table}.{action.column.name} is filled in every row of {table}{holds(run, statement, table)}"
            yield Hit(statement.place, message, statement.text)


def all_rows(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for statement, node in taken(run):
        if isinstance(node, (syntax.Update, syntax.Delete)) and node.where is None and not node.batch:
            if was_there(run, statement, node.table.name):
                rows = holds(run, statement, node.table.name)
                message = f"every row of {node.table.name} is written in one transaction{rows}"
                yield Hit(statement.place, message, statement.text)
        if isinstance(node, syntax.Insert):
            for table in _whole_tables(node.source):
                if was_there(run, statement, table):
                    message = f"one transaction writes a row for each of {table}{holds(run, statement, table)}"
                    yield Hit(statement.place, message, statement.text)


def _whole_tables(query: object) -> Iterator[str]:
    """The tables that a query reads as a whole: without WHERE, LIMIT and GROUP BY."""
    if isinstance(query, syntax.Select) and isinstance(query.source, syntax.TableSource):
        if query.where is None and query.limit is None and not query.group_by and not query.distinct:
            yield query.source.table.name
    if isinstance(query, syntax.SetOperation) and query.limit is None:
        yield from _whole_tables(query.left)
        yield from _whole_tables(query.right)


RULES = [
    Rule("YDB401", index_build),
    Rule("YDB402", column_default),
    Rule("YDB403", all_rows),
]
