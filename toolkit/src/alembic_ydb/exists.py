"""What the database has already, so that a revision can run again after it was stopped. Of alembic-ydb 0.2.

In a revision: `if not has_column("series", "rating"): op.add_column(...)`.

If you copied functions of these names from the guide before 30 November 2026, put this module in their place: they
took an index that YDB was still building for one that exists, and failed for tables with a type that the dialect does
not know.
"""

from typing import Any

import sqlalchemy as sa
import ydb_dbapi
from alembic import context, op
from alembic.util import CommandError


def has_column(table: str, name: str) -> bool:
    """Whether a table has a column. With `--sql` no database is asked, and it has none.

    Raises CommandError where YDB does not describe the table.
    """
    return not context.is_offline_mode() and name in [column.name for column in described(table).columns]


def has_index(table: str, name: str, columns: list[str]) -> bool:
    """Whether a table has a synchronous index on these columns. With `--sql` no database is asked, and it has none.

    Raises CommandError where YDB does not describe the table, the index is on other columns, or it cannot be read: YDB
    describes an index as soon as its build begins, and refuses to read it before the end.
    """
    if context.is_offline_mode():
        return False
    found = {index.name: list(index.index_columns) for index in described(table).indexes}
    if name not in found:
        return False
    if found[name] != columns:
        raise CommandError(f"{table} has an index {name}, on {found[name]} instead of {columns}: drop it first")
    try:
        op.get_bind().execute(sa.text(f"SELECT 1 FROM `{table}` VIEW `{name}` LIMIT 1"))
    except sa.exc.DBAPIError as error:
        told = f"the index {name} of {table} cannot be read. If it is being built, wait for it"
        raise CommandError(f"{told}: {error.orig}") from error
    return True


def described(table: str) -> Any:
    """What YDB says of a table. The dialect's inspector knows fewer types, and takes each error for a missing table."""
    try:
        return op.get_bind().connection.describe(table)  # of YDB's driver
    except ydb_dbapi.Error as error:
        raise CommandError(f"YDB does not describe {table}: {error}") from error
