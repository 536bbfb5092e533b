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


RULES = [
    Rule(
        "YDB401",
        "index build",
        "YDB builds the index in the background, from every row, while the table stays in use. The statement waits for "
        "it. On a large table give it a time limit and a revision of its own.",
        index_build,
    ),
    Rule(
        "YDB402",
        "column with a default",
        "YDB writes the default into every row, as an index build does. Writes to it are refused meanwhile.",
        column_default,
    ),
    Rule(
        "YDB403",
        "all rows in one transaction",
        "One transaction is to write every row. YDB limits what a transaction may write, and others that write the "
        "table are aborted. Write in batches, in a job.",
        all_rows,
    ),
]
