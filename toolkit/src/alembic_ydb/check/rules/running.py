"""What the version of the application that runs meanwhile would notice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ydb_emulator.yql import syntax

from ..record import Place, Revision, Run, Statement
from .rule import Hit, Rule, actions, found, inside, path, taken, upgrade


def renamed_table(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for statement, table, _ in actions(run, syntax.RenameTable):
        name = path(run, statement, table)
        is_replaced = statement.at_once and name in run.after.tables
        if name in run.before.tables and not is_replaced:  # a name that the revision gave nobody says
            yield Hit(statement.place, f"whoever still says {table} is refused from now on", statement.text)


def missing(revision: Revision) -> Iterator[Hit]:
    """A table, view, column or index of before that goes in one statement and is there again after a later one."""
    run = upgrade(revision)
    gone: dict[str, Statement] = {}
    for statement, node in taken(run):
        for name in _made(node):
            since = gone.get(path(run, statement, name))
            if since is not None and not (since is statement and statement.at_once):
                message = f"there is no {name.replace(':', '.')} from an earlier statement until this one"
                yield Hit(statement.place, message, statement.text)
        for name in _gone(node):
            table, _, _ = name.partition(":")
            if path(run, statement, table) in run.before.texts:
                gone[path(run, statement, name)] = statement


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


def views(revision: Revision) -> Iterator[Hit]:
    """Views of before whose name nothing has in the end, or that YDB keeps and nobody can read any more."""
    run = upgrade(revision)
    for statement, node in taken(run):
        if isinstance(node, syntax.DropView):
            name = path(run, statement, node.view.name)
            if name in run.before.views and name not in run.after.texts:
                yield Hit(statement.place, f"whoever reads {node.view.name} is refused from now on", statement.text)
    for name, words in run.after.broken.items():
        if name in run.before.views and name not in run.before.broken:
            place, text = Place(revision.file), ""
            if name in run.breaks:
                place, text = run.breaks[name].place, run.breaks[name].text
            yield Hit(place, f"whoever reads the view {name} is refused from now on: {words}", text)


def rename_by_drop(revision: Revision) -> Iterator[Hit]:
    """What autogenerate writes for a column with another name: a new one, and the old one dropped."""
    run = upgrade(revision)
    added = {table: action for _, table, action in actions(run, syntax.AddColumn)}
    for statement, table, action in actions(run, syntax.DropColumn):
        new = added.get(table)
        if new is None or new.column.name == action.name or _is_copied(run, table, action.name):
            continue
        old, made = found(run, statement, table), run.after.tables.get(path(run, statement, table))
        if old and made and _type(old, action.name) == _type(made, new.column.name):
            message = f"is {table}.{action.name} renamed to {new.column.name}? Its values are not copied"
            yield Hit(statement.place, message, statement.text)
    yield from _table_by_drop(run)


def _is_copied(run: Run, table: str, column: str) -> bool:
    """Whether a statement writes something of a column into its table."""
    for _, node in taken(run):
        if (
            isinstance(node, (syntax.Insert, syntax.Update, syntax.UpdateOn))
            and getattr(node.table, "name", "") == table
        ):
            if any(name.name == column for kind in (syntax.Name, syntax.Member) for name in inside(node, kind)):
                return True
    return False


def _type(table: Any, column: str) -> Any:
    return next((each.type for each in table.columns if each.name == column), None)


def _columns(table: Any) -> set[str]:
    return {column.name for column in table.columns}


def _table_by_drop(run: Run) -> Iterator[Hit]:
    """A table is dropped, another one with most of its columns is made, and no statement reads the old one's rows."""
    made = [
        (node.table.name, _columns(run.after.tables[path(run, statement, node.table.name)]))
        for statement, node in taken(run)
        if isinstance(node, syntax.CreateTable) and path(run, statement, node.table.name) in run.after.tables
    ]
    read = {source.table.name for _, node in taken(run) for source in inside(node, syntax.TableSource)}
    for statement, node in taken(run):
        before = found(run, statement, node.table.name) if isinstance(node, syntax.DropTable) else None
        if before is None or not isinstance(node, syntax.DropTable) or node.table.name in read:
            continue
        old = _columns(before)
        for name, new in made:
            if name != node.table.name and len(old & new) * 2 >= len(old | new):
                message = f"is {node.table.name} renamed to {name}? Its rows are not copied"
                yield Hit(statement.place, message, statement.text)


RULES = [
    Rule("YDB601", renamed_table),
    Rule("YDB602", missing),
    Rule("YDB603", rename_by_drop),
    Rule("YDB604", index_gone),
    Rule("YDB605", views),
]
