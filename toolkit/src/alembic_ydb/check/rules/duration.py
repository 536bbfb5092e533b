"""What takes as long as the table is large."""

from __future__ import annotations

from collections.abc import Iterator

from ydb_emulator.yql import syntax

from ..record import Revision
from .rule import Hit, Rule, actions, holds, is_whole, named, taken, upgrade, was_there, whole_tables


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
        if isinstance(node, (syntax.Update, syntax.Delete)) and not node.batch and is_whole(run, statement, node):
            if was_there(run, statement, node.table.name):
                rows = holds(run, statement, node.table.name)
                message = f"every row of {node.table.name} is written in one transaction{rows}"
                yield Hit(statement.place, message, statement.text)
        writes = "the new table has" if isinstance(node, syntax.CreateTable) else "one transaction writes"
        for table in whole_tables(_source(node), named(statement.text)):
            if was_there(run, statement, table):
                message = f"{writes} a row for each of {table}{holds(run, statement, table)}"
                yield Hit(statement.place, message, statement.text)


def _source(node: syntax.Statement) -> object:
    """The query whose rows a statement writes."""
    if isinstance(node, (syntax.Insert, syntax.UpdateOn, syntax.DeleteOn)):
        return node.source
    return node.query if isinstance(node, syntax.CreateTable) else None


RULES = [
    Rule("YDB401", index_build),
    Rule("YDB402", column_default),
    Rule("YDB403", all_rows),
]
