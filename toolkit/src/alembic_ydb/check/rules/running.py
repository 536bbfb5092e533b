"""What the version of the application that runs meanwhile would notice."""

from __future__ import annotations

from collections.abc import Iterator

from ydb_emulator.yql import syntax

from ..record import Revision
from .rule import Hit, Rule, actions, found, path, taken, upgrade, was_there


def renamed_table(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for statement, table, _ in actions(run, syntax.RenameTable):
        if was_there(run, statement, table):
            yield Hit(statement.place, f"whoever still says {table} is refused from now on", statement.text)


def missing(revision: Revision) -> Iterator[Hit]:
    """A table, view, column or index of before that goes in one statement and is there again after a later one."""
    run = upgrade(revision)
    gone: set[str] = set()
    for statement, node in taken(run):
        for name in _made(node):
            if path(run, statement, name) in gone:
                message = f"there is no {name.replace(':', '.')} from an earlier statement until this one"
                yield Hit(statement.place, message, statement.text)
        for name in _gone(node):
            table, _, _ = name.partition(":")
            if path(run, statement, table) in run.before.texts:
                gone.add(path(run, statement, name))


def _gone(node: syntax.Statement) -> Iterator[str]:
    """The names that are free after a statement: of tables, and of columns and indexes as table:name."""
    match node:
        case syntax.DropTable(table):
            yield table.name
        case syntax.DropView(view):
            yield view.name
        case syntax.AlterTable(table, actions):
            for action in actions:
                if isinstance(action, (syntax.DropColumn, syntax.DropIndex, syntax.RenameIndex)):
                    yield f"{table.name}:{action.name}"
                if isinstance(action, syntax.RenameTable):
                    yield table.name


def _made(node: syntax.Statement) -> Iterator[str]:
    """The names that are taken from a statement on."""
    match node:
        case syntax.CreateTable(table):
            yield table.name
        case syntax.CreateView(view):
            yield view.name
        case syntax.AlterTable(table, actions):
            for action in actions:
                match action:
                    case syntax.AddColumn(column):
                        yield f"{table.name}:{column.name}"
                    case syntax.AddIndex(index):
                        yield f"{table.name}:{index.name}"
                    case syntax.RenameIndex(_, name):
                        yield f"{table.name}:{name}"
                    case syntax.RenameTable(new):
                        yield new.name


def index_gone(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    gone = [(statement, table, action.name) for statement, table, action in actions(run, syntax.DropIndex)]
    gone += [(statement, table, action.name) for statement, table, action in actions(run, syntax.RenameIndex)]
    for statement, table, name in gone:
        before = found(run, statement, table)
        for index in before.indexes if before else ():
            if index.name == name:
                message = f"whoever reads {table} VIEW {index.name} is refused from now on"
                yield Hit(statement.place, message, statement.text)


def rename_by_drop(revision: Revision) -> Iterator[Hit]:
    """What autogenerate writes for a column with another name: a new one, and the old one dropped."""
    run = upgrade(revision)
    added = {table: action for _, table, action in actions(run, syntax.AddColumn)}
    for statement, table, action in actions(run, syntax.DropColumn):
        new = added.get(table)
        if new is not None and new.column.name != action.name:
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
        "missing for a while",
        "Between two statements of the revision the table, the view, the column or the index is missing: the version "
        "that runs now is refused meanwhile, and for good where the second one fails. Make the new one beside it.",
        missing,
    ),
    Rule(
        "YDB603",
        "renamed by drop and add",
        "Autogenerate cannot know that a column was renamed: it adds one and drops the other. Add, copy, and drop in "
        "revisions of their own.",
        rename_by_drop,
    ),
    Rule(
        "YDB604",
        "index dropped or renamed",
        "A query that names the index, in VIEW, is refused as soon as it is gone; others read the whole table. Deploy "
        "the version that does not use it before.",
        index_gone,
    ),
]
