"""A request on tables as the statement of YQL that asks for the same, for whoever watches a database."""

from __future__ import annotations

from collections.abc import Iterator

from .. import show
from ..plan import (
    AddIndex,
    AlterTable,
    CreateTable,
    DropChangefeed,
    DropIndex,
    DropTable,
    Operation,
    RenameIndex,
    RenameTable,
)


def as_text(operation: Operation) -> str:
    """Empty for an operation that no statement asks for, such as the copy of a table."""
    match operation:
        case CreateTable(path, table):
            entries = ", ".join(show.table_entries(table))
            return f"CREATE TABLE `{path}` ({entries})"
        case DropTable(path):
            return f"DROP TABLE `{path}`"
        case RenameTable(path, new_path):
            return f"ALTER TABLE `{path}` RENAME TO `{new_path}`"
        case AddIndex(path, index):
            return f"ALTER TABLE `{path}` ADD {show.index_entry(index)}"
        case DropIndex(path, name):
            return f"ALTER TABLE `{path}` DROP INDEX `{name}`"
        case RenameIndex(path, name, new_name):
            return f"ALTER TABLE `{path}` RENAME INDEX `{name}` TO `{new_name}`"
        case DropChangefeed(path, name):
            return f"ALTER TABLE `{path}` DROP CHANGEFEED `{name}`"
        case AlterTable(path):
            actions = ", ".join(_actions(operation))
            return f"ALTER TABLE `{path}` {actions}" if actions else ""
    return ""


def _actions(operation: AlterTable) -> Iterator[str]:
    for column in operation.add:
        yield f"ADD COLUMN {show.column_entry(column)}"
    for name in operation.drop:
        yield f"DROP COLUMN `{name}`"
    settings = [f"{name} = {value}" for name, value in sorted(operation.settings.items())]
    if operation.ttl:
        settings.append(f"TTL = {show.ttl_value(operation.ttl)}")
    if settings:
        yield f"SET ({', '.join(settings)})"
    if operation.ttl is False:
        yield "RESET (TTL)"
