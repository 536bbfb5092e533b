"""What cannot be brought back."""

from __future__ import annotations

from collections.abc import Iterator

from ydb_emulator.yql import syntax

from ..record import Revision, Run, Statement
from .rule import (
    Hit,
    Rule,
    actions,
    found,
    holds,
    inside,
    is_whole,
    named,
    path,
    taken,
    upgrade,
    was_there,
    whole_tables,
)


def drop_column(revision: Revision) -> Iterator[Hit]:
    """A column that is dropped, or set to NULL in every row."""
    run = upgrade(revision)
    for statement, table, action in actions(run, syntax.DropColumn):
        if was_there(run, statement, table):
            message = f"the values of {table}.{action.name} are lost{holds(run, statement, table)}"
            yield Hit(statement.place, message, statement.text)
    updates = [(statement, node) for statement, node in taken(run) if isinstance(node, syntax.Update)]
    for statement, node in updates:
        before = found(run, statement, node.table.name)
        known = {column.name for column in before.columns} if before else set()
        for name, value in node.assignments:
            if isinstance(value, syntax.Null) and name in known and is_whole(run, statement, node, name):
                message = f"the values of {node.table.name}.{name} are lost{holds(run, statement, node.table.name)}"
                yield Hit(statement.place, message, statement.text)


def drop_table(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for statement, node in taken(run):
        if not isinstance(node, (syntax.DropTable, syntax.TruncateTable, syntax.Delete, syntax.DeleteOn)):
            continue
        if isinstance(node, syntax.DeleteOn) and not _takes_all(node, named(statement.text)):
            continue
        if isinstance(node, syntax.Delete) and not is_whole(run, statement, node):
            continue
        if was_there(run, statement, node.table.name):
            message = f"the rows of {node.table.name} are lost{holds(run, statement, node.table.name)}"
            yield Hit(statement.place, message, statement.text)


def _takes_all(node: syntax.DeleteOn, names: dict[str, object]) -> bool:
    """Whether it deletes each row. What a join, or another query beside it, leaves of them is not known here."""
    kinds = (syntax.Join, syntax.SetOperation)
    if any(True for query in (node.source, *names.values()) for kind in kinds for _ in inside(query, kind)):
        return False
    return node.table.name in whole_tables(node.source, names)


def ttl(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for statement, table, action in actions(run, syntax.SetSettings):
        if not any(isinstance(setting.value, syntax.Ttl) for setting in action.settings):
            continue
        if was_there(run, statement, table) and not _keeps_longer(run, statement, table):
            message = f"the first run deletes each expired row of {table}{holds(run, statement, table)}"
            yield Hit(statement.place, message, statement.text)


def _keeps_longer(run: Run, statement: Statement, table: str) -> bool:
    """Whether the table had a TTL on the same column, and no row expires before it did by that one."""
    after = run.after.tables.get(path(run, statement, table))
    before = found(run, statement, table).ttl
    if before is None or after is None or after.ttl is None:
        return False
    is_same = (before.column, before.unit, before.tiers) == (after.ttl.column, after.ttl.unit, after.ttl.tiers)
    return is_same and len(before.tiers) == 1 and bool(after.ttl.interval >= before.interval)


def consumers(revision: Revision) -> Iterator[Hit]:
    """Whoever reads a changefeed or a topic loses its place, and what it has not read."""
    run = upgrade(revision)
    for statement, table, action in actions(run, syntax.DropChangefeed):
        before = found(run, statement, table)
        for feed in before.changefeeds if before else ():
            if feed.name == action.name:
                readers = ", ".join(consumer.name for consumer in feed.consumers)
                message = f"what is unread of {table}/{feed.name} is lost{' to ' + readers if readers else ''}"
                yield Hit(statement.place, message, statement.text)
    for statement, node in taken(run):
        if isinstance(node, syntax.Topic) and _is_topic(run, path(run, statement, node.topic.name)):
            if node.action == "DROP":
                yield Hit(statement.place, f"what is unread of {node.topic.name} is lost", statement.text)
            for consumer in node.consumers:
                if consumer.action == "DROP":
                    yield Hit(
                        statement.place, f"the place of {consumer.name} in {node.topic.name} is lost", statement.text
                    )


def _is_topic(run: Run, name: str) -> bool:
    """Whether the revision found a topic, or a changefeed, whose topic is named after its table."""
    table, _, feed = name.rpartition("/")
    feeds = run.before.tables[table].changefeeds if table in run.before.tables else ()
    return name in run.before.texts or any(each.name == feed for each in feeds)


def replaced(revision: Revision) -> Iterator[Hit]:
    """REPLACE writes a row anew: columns that it does not name get NULL, or their default."""
    run = upgrade(revision)
    for statement, node in taken(run):
        if isinstance(node, syntax.Insert) and node.kind == "REPLACE" and node.columns is not None:
            before = found(run, statement, node.table.name) if isinstance(node.table, syntax.Path) else None
            left = [column.name for column in before.columns if column.name not in node.columns] if before else []
            if left and isinstance(node.table, syntax.Path):
                message = f"REPLACE empties {', '.join(left)} of the rows of {node.table.name} that it writes"
                yield Hit(statement.place, message, statement.text)


RULES = [
    Rule("YDB301", drop_column),
    Rule("YDB302", drop_table),
    Rule("YDB303", ttl),
    Rule("YDB304", consumers),
    Rule("YDB305", replaced),
]
