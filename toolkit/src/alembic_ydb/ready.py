"""Whether the database has the revisions that this code needs. As a program: the exit status tells.

`python -m alembic_ydb.ready`, or `python ready.py` beside alembic.ini. Of alembic-ydb 0.2.

If you copied it before 0.2, replace the file: a revision that the code does not know passed for a newer one, so that
after a squash a database that was behind was told as ready.
"""

import argparse
import configparser
import logging
import os
from collections.abc import Sequence

import sqlalchemy as sa
import ydb_sqlalchemy.alembic  # noqa: F401 - registers YDB with Alembic
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

log = logging.getLogger("alembic.ready")


class NotReady(CommandError):
    """The database lacks revisions, or has some that this code does not know."""


def check(
    engine: sa.Engine, config: Config, *, allow_unknown: bool = False, version_table: str = "alembic_version"
) -> str:
    """Compare the revisions of a database with the heads of this code.

    In: an engine, Alembic's configuration; whether a revision that this code does not know may pass, as that of a newer
    release; the version table, where env.py gives it another name. Out: how they compare, if every head is applied, by
    itself or because another revision depends on it. Raises NotReady if not, CommandError where the revisions of the
    code cannot be read, and the errors of SQLAlchemy where YDB cannot be asked.
    """
    script = ScriptDirectory.from_config(config)
    heads = set(script.get_heads())
    if not heads:
        raise NotReady(f"this code has no revisions in {script.dir}")
    with engine.connect() as connection:
        current = MigrationContext.configure(connection, opts={"version_table": version_table}).get_current_heads()
    if not current:
        raise NotReady(f"no revision can be read, this code needs {listed(heads)}")
    known = {revision.revision for revision in script.walk_revisions()} & set(current)
    unknown = set(current) - known
    applied = {revision.revision for revision in script.get_all_current(tuple(known))} if known else set()
    if heads <= applied:
        return f"at the head, {listed(heads)}" + (f", and at {listed(unknown)}" if unknown else "")
    if unknown and not allow_unknown:
        raise NotReady(
            f"at {listed(current)}, where this code does not know {listed(unknown)}; it needs {listed(heads)}"
        )
    if not unknown or applied - heads:
        raise NotReady(f"at {listed(current)}, this code needs {listed(heads)}")
    return f"at {listed(current)}, which this code does not know, as allowed; it needs {listed(heads)}"


def listed(revisions: Sequence[str] | set[str]) -> str:
    return ", ".join(sorted(revisions))


def read(file: str) -> Config:
    """Alembic's configuration, as its own option -c reads it: pyproject.toml, or an ini file beside it."""
    is_toml = os.path.basename(file) == "pyproject.toml"
    return Config("alembic.ini" if is_toml else file, toml_file=file if is_toml else "pyproject.toml")


def url_of(config: Config) -> str | None:
    """The address in Alembic's configuration. Raises NotReady without a word of it: a password may be in it."""
    try:
        return config.file_config.get(config.config_ini_section, "sqlalchemy.url", fallback=None)
    except configparser.InterpolationError:
        raise NotReady("sqlalchemy.url has a % that is not written twice") from None


def parsed(url: str) -> sa.URL:
    """The address, for the engine. Raises NotReady where it is none, without its text: it may have a password."""
    try:
        address = sa.make_url(url)
    except ValueError:
        raise NotReady("the port in the address of YDB is no number") from None
    return address.set(drivername=address.drivername.removesuffix("_async"))  # as the application may have it


def main(arguments: Sequence[str] | None = None, **engine_options: object) -> None:
    """The program. In: its arguments, and options for `create_engine`, such as `connect_args` with credentials.

    Ends with 1 and one sentence where the database is not ready, or where that cannot be told.
    """
    parser = argparse.ArgumentParser(description="Whether the database has the revisions that this code needs.")
    usual = os.environ.get("ALEMBIC_CONFIG", "alembic.ini")
    parser.add_argument("-c", "--config", default=usual, help=f"Alembic's configuration ({usual})")
    parser.add_argument(
        "--allow-unknown", action="store_true", help="let a revision pass that this code does not know, as a newer one"
    )
    parser.add_argument("--version-table", default="alembic_version", help="as env.py names it (alembic_version)")
    given = parser.parse_args(arguments)
    try:
        if not (os.path.isfile(given.config) or given.config == "alembic.ini" and os.path.isfile("pyproject.toml")):
            raise NotReady(f"there is no {given.config} in {os.getcwd()}")
        config = read(given.config)
        url = os.environ.get("YDB_URL") or url_of(config)
        if not url:
            raise NotReady(f"no address of YDB: set YDB_URL, or sqlalchemy.url in {config.config_file_name}")
        engine = sa.create_engine(parsed(url), poolclass=sa.NullPool, **engine_options)
        answer = check(engine, config, allow_unknown=given.allow_unknown, version_table=given.version_table)
    except (Exception, SystemExit) as error:  # also what a broken revision does while it is imported
        log.debug("Not ready", exc_info=True)
        expected = isinstance(error, (CommandError, sa.exc.SQLAlchemyError))
        kind = "" if expected else f"{type(error).__name__}: "
        raise SystemExit("not ready: " + kind + str(error).partition("\n")[0]) from None
    print("ready:", answer)


if __name__ == "__main__":
    main()
