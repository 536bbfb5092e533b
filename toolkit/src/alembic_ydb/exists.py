"""What the database has already, so that a revision can run again after it was stopped. Of alembic-ydb 0.2.

In a revision: `if not has_column("series", "rating"): op.add_column(...)`.

If you copied functions of these names from the guide before 30 November 2026, put this module in their place: they
took an index that YDB was still building for one that exists, and failed for tables with a type that the dialect does
not know.

YDB describes an index, and a column with a default, as soon as its build begins. If the build is then cancelled or
rejected, the index or column is gone again. So a revision that finds one under build stops here.
"""

from typing import Any

import sqlalchemy as sa
import ydb_dbapi
from alembic import context, op
from alembic.util import CommandError


def has_column(table: str, name: str) -> bool:
    """Whether a table has a column. With `--sql` no database is asked, and it has none.

    Raises CommandError where YDB does not describe the table, or the column cannot be written: YDB describes a column
    with a default as soon as its build begins, and refuses to write it before the end. What is tried is an update of
    no row.
    """
    if context.is_offline_mode():
        return False
    found = described(table)
    if name not in [column.name for column in found.columns]:
        return False
    if name not in found.primary_key:
        try:
            ask(f"UPDATE `{table}` SET `{name}` = `{name}` WHERE false")
        except sa.exc.DBAPIError as error:
            told = f"the column {name} of {table} cannot be written. If it is being built, wait for it"
            raise CommandError(f"{told}: {error.orig}") from error
    return True


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
        ask(f"SELECT 1 FROM `{table}` VIEW `{name}` LIMIT 1")
    except sa.exc.DBAPIError as error:
        told = f"the index {name} of {table} cannot be read. If it is being built, wait for it"
        if "StaleRO" in str(error.orig):
            told = f"the index {name} of {table} is asynchronous. If all is done and built, stamp the revision"
        raise CommandError(f"{told}: {error.orig}") from error
    return True


def ask(request: str) -> None:
    """Send a request whose rows nobody wants. Raises the errors of SQLAlchemy."""
    op.get_bind().execute(sa.text(request.replace(":", "\\:")))  # for SQLAlchemy, a colon begins a parameter


def described(table: str) -> Any:
    """What YDB says of a table. The dialect's inspector knows fewer types, and takes each error for a missing table."""
    try:
        return op.get_bind().connection.describe(table)  # of YDB's driver
    except ydb_dbapi.Error as error:
        raise CommandError(f"YDB does not describe {table}: {error}") from error
