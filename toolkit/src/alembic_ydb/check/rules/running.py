"""What the version of the application that runs meanwhile would notice."""

from __future__ import annotations

from collections.abc import Iterator

from ydb_emulator.yql import syntax

from ..record import Revision
from .rule import Hit, Rule, actions, taken, upgrade, was_there


def renamed_table(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for statement, table, _ in actions(run, syntax.RenameTable):
        if was_there(run, table):
            yield Hit(statement.place, f"whoever still says {table} is refused from now on", statement.text)


def replaced(revision: Revision) -> Iterator[Hit]:
    """A table that is dropped and made again, or a column, in one revision."""
    run = upgrade(revision)
    dropped: set[str] = set()
    for statement, node in taken(run):
        if isinstance(node, syntax.DropTable) and was_there(run, node.table.name):
            dropped.add(node.table.name)
        if isinstance(node, syntax.CreateTable) and node.table.name in dropped:
            message = f"there is no {node.table.name} between the two statements, and its rows are gone"
            yield Hit(statement.place, message, statement.text)
        if isinstance(node, syntax.AlterTable):
            for action in node.actions:
                if isinstance(action, syntax.DropColumn):
                    dropped.add(f"{node.table.name}.{action.name}")
                if isinstance(action, syntax.AddColumn) and f"{node.table.name}.{action.column.name}" in dropped:
                    message = f"there is no {node.table.name}.{action.column.name} between the two statements"
                    yield Hit(statement.place, message, statement.text)


def rename_by_drop(revision: Revision) -> Iterator[Hit]:
    """What autogenerate writes for a column with another name: a new one, and the old one dropped."""
    run = upgrade(revision)
    added = {table: action for _, table, action in actions(run, syntax.AddColumn)}
    for statement, table, action in actions(run, syntax.DropColumn):
        new = added.get(table)
        if isinstance(new, syntax.AddColumn) and isinstance(action, syntax.DropColumn):
            if new.column.name != action.name:
                message = f"is {table}.{action.name} renamed to {new.column.name}? Its values are not copied"
                yield Hit(statement.place, message, statement.text)


RULES = [
    Rule(
        "YDB601",
        "table renamed",
        "The version of the application that runs now says the old name, and is refused as soon as the table has the "
        "new one. Stop it before, or copy into a new table while both are written.",
        renamed_table,
    ),
    Rule(
        "YDB602",
        "dropped and made again",
        "Between the two statements the table or the column is missing, and what it held is gone.",
        replaced,
    ),
    Rule(
        "YDB603",
        "renamed by drop and add",
        "Autogenerate cannot know that a column was renamed: it adds one and drops the other. Add, copy, and drop in "
        "revisions of their own.",
        rename_by_drop,
    ),
]
