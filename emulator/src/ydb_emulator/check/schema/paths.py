"""The paths that statements name for what they make or change."""

from __future__ import annotations

from ...errors import Position, refusal_at, unsupported
from ...store.catalog import Table, parent
from ...yql import syntax
from ..context import Context


def check_not_in_table(path: str, position: Position, context: Context) -> None:
    """YDB has the tables of an index and the topic of a changefeed as paths below their table."""
    while path := parent(path):
        if isinstance(context.catalog.get(path), Table):
            raise unsupported("what a table holds as a path of its own", position)


def new_path(written: syntax.Path, context: Context) -> str:
    """The path of a table to be made, which has to be in the database.

    Source: TrySplitPathByDb in ydb/core/base/path.cpp. A TablePathPrefix is read as an absolute path, and one without
    a slash before it names no database: measured by stokaro/ptah (internal/ydbobject).
    """
    name, database = context.prefixed(written), context.database.path
    is_absolute = bool(context.prefix) or name.startswith("/")
    if is_absolute and written.cluster is None and not name.startswith(f"{database}/"):
        raise refusal_at(f"Table path not in database, path: {name}, database: {database}", written.position)
    return context.path(written)
