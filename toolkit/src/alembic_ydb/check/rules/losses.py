"""What cannot be brought back."""

from __future__ import annotations

from collections.abc import Iterator

from ydb_emulator.yql import syntax

from ..record import Revision
from .rule import Hit, Rule, actions, holds, taken, upgrade, was_there


def drop_column(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for statement, table, action in actions(run, syntax.DropColumn):
        assert isinstance(action, syntax.DropColumn)
        if was_there(run, table):
            message = f"the values of {table}.{action.name} are lost{holds(run, table)}"
            yield Hit(statement.place, message, statement.text)


def drop_table(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for statement, node in taken(run):
        if isinstance(node, (syntax.DropTable, syntax.TruncateTable)) and was_there(run, node.table.name):
            message = f"the rows of {node.table.name} are lost{holds(run, node.table.name)}"
            yield Hit(statement.place, message, statement.text)


def ttl(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for statement, table, action in actions(run, syntax.SetSettings):
        assert isinstance(action, syntax.SetSettings)
        if was_there(run, table) and any(isinstance(setting.value, syntax.Ttl) for setting in action.settings):
            yield Hit(statement.place, f"the first run deletes each expired row of {table}", statement.text)


RULES = [
    Rule(
        "YDB301",
        "column dropped",
        "The values of the column are gone, and downgrade() brings back an empty column. If the column was renamed, "
        "add the new one, copy, and drop the old one when nobody reads it.",
        drop_column,
    ),
    Rule(
        "YDB302",
        "table dropped or emptied",
        "The rows are gone, and downgrade() brings back an empty table. Copy the table before, or rename it now and "
        "drop it later. Where autogenerate wrote this, the table is in no model: it may belong to somebody else.",
        drop_table,
    ),
    Rule(
        "YDB303",
        "TTL on rows that are there",
        "The first background run deletes every row whose time has passed, however old it is. Count them before.",
        ttl,
    ),
]
