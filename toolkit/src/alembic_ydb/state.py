"""What a database and this code say of each other, for when something is wrong: `python state.py`. It changes nothing.

It asks YDB itself, where Alembic and the dialect take every error for a missing version table. Of alembic-ydb 0.2.

YDB_URL says where YDB is, or sqlalchemy.url in alembic.ini. YDB_USER and YDB_PASSWORD say how to log in, or one of the
variables of YDB's SDK; YDB_ROOT_CERTIFICATES names the file of a certificate authority of your own.
"""

import argparse
import configparser
import logging
import os
import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
import ydb
import ydb.iam
import ydb_sqlalchemy.alembic  # noqa: F401 - registers YDB with Alembic
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

SETTINGS = ydb.BaseRequestSettings().with_timeout(10)  # of one request; the SDK's own limit is ten minutes
LIMITS = {
    "ydb_request_settings": SETTINGS,
    "ydb_retry_settings": ydb.RetrySettings(max_retries=2, max_session_acquire_timeout=10, idempotent=True),
}
"""The execution options of the connection: it is no use to wait for a YDB that is overloaded, or opens no session."""
LOGINS: dict[str, Callable[[str], ydb.Credentials]] = {
    "YDB_USER": lambda user: ydb.StaticCredentials.from_user_password(user, os.environ.get("YDB_PASSWORD", "")),
    "YDB_ACCESS_TOKEN_CREDENTIALS": ydb.AccessTokenCredentials,
    "YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS": lambda file: ydb.iam.ServiceAccountCredentials.from_file(file),
    "YDB_OAUTH2_KEY_FILE": lambda file: exchange(file),
    "YDB_METADATA_CREDENTIALS": lambda _: ydb.iam.MetadataUrlCredentials(),
    "YDB_ANONYMOUS_CREDENTIALS": lambda _: ydb.AnonymousCredentials(),
}
"""The variables that say how to log in, as the module `login` has them. One that is empty or 0 is not set."""
ERRORS = (CommandError, sa.exc.SQLAlchemyError, ydb.issues.Error, OSError, ImportError, TypeError, ValueError)

log = logging.getLogger("alembic.state")


class StateError(CommandError):
    """What this program cannot start from, in one sentence."""


def exchange(file: str) -> ydb.Credentials:
    from ydb.oauth2_token_exchange import Oauth2TokenExchangeCredentials  # with an HTTP client: most do without

    return Oauth2TokenExchangeCredentials.from_file(file)


def look(
    connection: sa.Connection,
    script: ScriptDirectory,
    version_table: str = "alembic_version",
    lease: str = "alembic_lease",
) -> Iterator[tuple[str, str]]:
    """What there is: names and sentences. An error of YDB, or of a revision's file, is a sentence, too."""
    dbapi: Any = connection.connection.driver_connection
    directory = posixpath.join(dbapi.database, dbapi.table_path_prefix).rstrip("/")
    yield "address", f"{dbapi.endpoint}, directory {directory}"
    names: set[str] | None = set()  # of what is in the directory; None where that is not known
    try:
        children = dbapi._driver.scheme_client.list_directory(directory, settings=SETTINGS).children
    except ydb.issues.SchemeError as error:  # there is no such directory
        yield "directory", f"cannot be listed: {words(error)}"
    except ydb.issues.Error as error:
        yield "directory", f"cannot be listed: {words(error)}"
        names = None
    else:
        yield "directory", f"{sum(map(is_table, children))} tables and {sum(map(is_directory, children))} directories"
        names = {child.name for child in children}
    current, told = versions(connection, version_table, names)
    yield "version table", told
    yield "this code", code(script, current)
    if names is None or lease in names:
        yield "lease", holder(connection, lease)


def is_table(child: Any) -> bool:
    return bool(child.is_any_table())


def is_directory(child: Any) -> bool:
    return bool(child.is_directory() and not child.name.startswith("."))


def versions(connection: sa.Connection, table: str, names: set[str] | None) -> tuple[set[str], str]:
    """The revisions of the database, and what to tell of them. In: the names in the directory, None if not known."""
    try:
        rows = connection.execute(sa.text(f"SELECT version_num FROM `{table}`")).scalars().all()
    except sa.exc.DBAPIError as error:
        if names is None or "/" in table:
            return set(), f"{table} cannot be read, and whether it exists is not known: {words(error.orig)}"
        if table in names:
            return set(), f"{table} exists and cannot be read: {words(error.orig)}"
        return set(), f"there is no {table}"
    return set(rows), ", ".join(sorted(rows)) or f"{table} is empty"


def code(script: ScriptDirectory, current: set[str]) -> str:
    """The heads of this code, and how the database compares with them."""
    try:
        heads = set(script.get_heads())
        known = {revision.revision for revision in script.walk_revisions()}
    except (Exception, SystemExit) as error:  # whatever a revision's file does while it is imported
        return f"its revisions cannot be read: {type(error).__name__}: {words(error)}"
    told = f"{'heads' if len(heads) > 1 else 'head'} {', '.join(sorted(heads)) or 'none'}"
    if missing := current - known:
        return f"{told}; it has no revision {', '.join(sorted(missing))}"
    if len(heads) > 1:
        return f"{told}: two branches, of which YDB can have one"
    if not current:
        return told
    return f"{told}: the database is {'up to date' if current == heads else 'behind'}"


def holder(connection: sa.Connection, table: str) -> str:
    """Who holds the lease of migrations/lease.py."""
    held = sa.text(f"SELECT owner, expires FROM `{table}` WHERE owner IS NOT NULL AND expires > CurrentUtcTimestamp()")
    try:
        rows = connection.execute(held).all()
    except sa.exc.DBAPIError as error:
        return f"cannot be read: {words(error.orig)}"
    return ", ".join(f"held by {owner} until {expires:%Y-%m-%d %H:%M} UTC" for owner, expires in rows) or "free"


def words(error: BaseException | None) -> str:
    """An error in one line: the innermost of YDB's issues, or else its text."""
    found = list(getattr(error, "issues", None) or ())
    while any(issue.issues for issue in found):
        found = [inner for issue in found for inner in issue.issues or (issue,)]
    return "; ".join(" ".join(issue.message.split()) for issue in found) or " ".join(str(error).split())


def main(arguments: Sequence[str] | None = None, **engine_options: Any) -> None:
    """The program. In: its arguments, and options for `create_engine`, such as `connect_args` with credentials; without
    `connect_args`, the environment says how to log in.

    Ends with 1 and one sentence where there is no project, or no YDB at the address.
    """
    parser = argparse.ArgumentParser(
        usage=argparse.SUPPRESS, allow_abbrev=False, description="What the database and this code say of each other."
    )
    usual = os.environ.get("ALEMBIC_CONFIG", "alembic.ini")
    parser.add_argument("-c", "--config", default=usual, help=f"Alembic's configuration ({usual})")
    parser.add_argument("--version-table", default="alembic_version", help="as env.py names it (alembic_version)")
    given = parser.parse_args(arguments)
    logging.getLogger("ydb").addHandler(logging.NullHandler())  # else the SDK writes more than the one sentence
    try:
        config, url = project(given.config)
        script = ScriptDirectory.from_config(config)
        engine_options.setdefault("connect_args", login(os.environ))
        engine = sa.create_engine(url, poolclass=sa.NullPool, **engine_options).execution_options(**LIMITS)
        with engine.connect() as connection:
            for name, told in look(connection, script, given.version_table):
                print(f"{name}: {told}", flush=True)
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except ERRORS as error:
        log.debug("Stopped", exc_info=True)
        raise SystemExit(f"{parser.prog}: {words(getattr(error, 'orig', None) or error)}") from None


def read(file: str) -> Config:
    """Alembic's configuration, as its own option -c reads it: pyproject.toml, or an ini file beside it."""
    is_toml = os.path.basename(file) == "pyproject.toml"
    return Config("alembic.ini" if is_toml else file, toml_file=file if is_toml else "pyproject.toml")


def project(file: str) -> tuple[Config, sa.URL]:
    """Alembic's configuration, and the address of YDB: YDB_URL, or that of the configuration. Raises StateError."""
    if not (os.path.isfile(file) or file == "alembic.ini" and os.path.isfile("pyproject.toml")):
        raise StateError(f"there is no {file} in {os.getcwd()}")
    try:
        config = read(file)
        ini, section = config.config_file_name, config.config_ini_section
        text = os.environ.get("YDB_URL") or config.file_config.get(section, "sqlalchemy.url", fallback=None)
    except configparser.Error:
        raise StateError(f"the sqlalchemy.url of {file} cannot be read") from None
    if not text:
        raise StateError(f"no address of YDB: set YDB_URL, or sqlalchemy.url in {ini}")
    try:
        url = sa.make_url(text)
    except ValueError:  # of the port; its text may be a part of the password
        raise StateError("the port in the address of YDB is no number") from None
    if url.drivername.partition("+")[0] not in ("yql", "ydb", "ydb_async"):
        raise StateError(f"the address is one of {url.drivername}, not of YDB: that begins with yql+ydb://")
    return config, url.set(drivername="yql+ydb")  # also where the application has yql+ydb_async


def login(environ: Mapping[str, str]) -> dict[str, Any]:
    """The `connect_args` that the environment asks for; empty where it says nothing. Raises StateError without a value
    of a variable: where a file is wanted, somebody may have given what is in it."""
    given = [name for name in LOGINS if environ.get(name, "") not in ("", "0")]
    if len(given) > 1:
        raise StateError(f"more than one way to log in to YDB: {', '.join(given)}")
    arguments: dict[str, Any] = {}
    for name in given:
        try:
            arguments["credentials"] = LOGINS[name](environ[name])
        except Exception as error:  # a file that is wrong or not there, a package that is not installed
            raise StateError(f"{name} cannot be used: {type(error).__name__}") from error
    if file := environ.get("YDB_ROOT_CERTIFICATES"):
        if not os.path.isfile(file):
            raise StateError(f"YDB_ROOT_CERTIFICATES: there is no file {file}")
        arguments["root_certificates_path"] = file
    return arguments


if __name__ == "__main__":
    main()
