"""What a database and this code say of each other, for when something is wrong: `python state.py`. It changes nothing.

It asks YDB itself, where Alembic and the dialect take every error for a missing version table. Of alembic-ydb 0.2.
"""

import argparse
import configparser
import logging
import os
import posixpath
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
import ydb
import ydb_sqlalchemy.alembic  # noqa: F401 - registers YDB with Alembic
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

ERRORS = (CommandError, sa.exc.SQLAlchemyError, ydb.issues.Error, OSError, ImportError, TypeError, ValueError)

log = logging.getLogger("alembic.state")


class StateError(CommandError):
    """What this program cannot start from, in one sentence."""


def look(
    connection: sa.Connection,
    script: ScriptDirectory,
    version_table: str = "alembic_version",
    lease: str = "alembic_lease",
) -> Iterator[tuple[str, str]]:
    """What there is: names and sentences. An error of YDB is a sentence, too, except where no session can be had."""
    dbapi: Any = connection.connection.driver_connection
    directory = posixpath.join(dbapi.database, dbapi.table_path_prefix).rstrip("/")
    yield "address", f"{dbapi.endpoint}, directory {directory}"
    try:
        children = dbapi._driver.scheme_client.list_directory(directory).children
    except ydb.issues.Error as error:
        yield "directory", f"cannot be listed: {words(error)}"
        children = []
    else:
        yield "directory", f"{sum(map(is_table, children))} tables and {sum(map(is_directory, children))} directories"
    names = {child.name for child in children}
    current, told = versions(connection, version_table, version_table in names)
    yield "version table", told
    yield "this code", code(script, current)
    if lease in names:
        yield "lease", holder(connection, lease)


def is_table(child: Any) -> bool:
    return bool(child.is_any_table())


def is_directory(child: Any) -> bool:
    return bool(child.is_directory() and not child.name.startswith("."))


def versions(connection: sa.Connection, table: str, is_listed: bool) -> tuple[set[str], str]:
    """The revisions of the database, and what to tell of them."""
    try:
        rows = connection.execute(sa.text(f"SELECT version_num FROM `{table}`")).scalars().all()
    except sa.exc.DBAPIError as error:
        if is_listed:
            return set(), f"{table} is there and cannot be read: {words(error.orig)}"
        return set(), f"there is no {table}"
    return set(rows), ", ".join(sorted(rows)) or f"{table} is there, and has no row"


def code(script: ScriptDirectory, current: set[str]) -> str:
    """The heads of this code, and how the database compares with them."""
    heads = set(script.get_heads())
    known = {revision.revision for revision in script.walk_revisions()}
    told = f"{'heads' if len(heads) > 1 else 'head'} {', '.join(sorted(heads)) or 'none'}"
    if missing := current - known:
        return f"{told}; it has no revision {', '.join(sorted(missing))}"
    if len(heads) > 1:
        return f"{told}: two branches, of which YDB can have one"
    if not current:
        return told
    return f"{told}: the database is {'there' if current == heads else 'behind'}"


def holder(connection: sa.Connection, table: str) -> str:
    """Who holds the lease of migrations/lease.py."""
    held = sa.text(f"SELECT owner, expires FROM `{table}` WHERE owner IS NOT NULL AND expires > CurrentUtcTimestamp()")
    try:
        rows = connection.execute(held).all()
    except sa.exc.DBAPIError as error:
        return f"cannot be read: {words(error.orig)}"
    return ", ".join(f"held by {owner} until {expires:%Y-%m-%d %H:%M} UTC" for owner, expires in rows) or "free"


def words(error: BaseException | None) -> str:
    """An error in one line."""
    issues = getattr(error, "issues", None) or ()
    return "; ".join(issue.message for issue in issues) or " ".join(str(error).split())


def main(arguments: Sequence[str] | None = None, **engine_options: Any) -> None:
    """The program. In: its arguments, and options for `create_engine`, such as `connect_args` with credentials.

    Ends with 1 and one sentence where there is no project, or no YDB at the address.
    """
    parser = argparse.ArgumentParser(usage=argparse.SUPPRESS, allow_abbrev=False)
    parser.add_argument("-c", "--config", default="alembic.ini", help="Alembic's configuration (alembic.ini)")
    given = parser.parse_args(arguments)
    try:
        config, url = project(given.config)
        script = ScriptDirectory.from_config(config)
        with sa.create_engine(url, poolclass=sa.NullPool, **engine_options).connect() as connection:
            for name, told in look(connection, script):
                print(f"{name}: {told}", flush=True)
    except ERRORS as error:
        log.debug("Stopped", exc_info=True)
        raise SystemExit(f"{parser.prog}: {words(getattr(error, 'orig', None) or error)}") from None


def project(file: str) -> tuple[Config, str]:
    """Alembic's configuration, and the address of YDB: YDB_URL, or that of the configuration. Raises StateError."""
    if not os.path.isfile(file):
        raise StateError(f"there is no {file} in {os.getcwd()}")
    config = Config(file, toml_file="pyproject.toml")
    try:
        url = os.environ.get("YDB_URL") or config.get_main_option("sqlalchemy.url")
    except configparser.Error:
        raise StateError(f"the sqlalchemy.url of {file} cannot be read") from None
    if not url:
        raise StateError(f"no address of YDB: set YDB_URL, or sqlalchemy.url in {file}")
    return config, url


if __name__ == "__main__":
    main()
