"""How Alembic reaches YDB in this project, in production and everywhere else. `alembic` runs it for each command.

YDB_URL says where: yql+ydb://host:port/database. How to log in, and the other variables: README.md.
"""

import os
import re
from logging.config import fileConfig

import sqlalchemy as sa
from alembic import context
from alembic.util import CommandError

from alembic_ydb import guard, lease, login, tenants, timeouts
from alembic_ydb.hooks import hooks  # which registers YDB with Alembic, too
from models import Base

config = context.config
if config.config_file_name is not None and hasattr(config.cmd_opts, "cmd"):
    fileConfig(config.config_file_name)  # where a program calls Alembic, logging is its own

metadata = Base.metadata


def databases() -> dict[str, str]:
    """The URL of YDB_URL, or one for each directory that YDB_TENANTS names, by name."""
    url = os.environ.get("YDB_URL", "")
    if not re.fullmatch(r"yql\+ydb://[^/@\s]+:\d+/[^?\s]+(\?\S*)?", url):
        raise CommandError("which YDB? Set YDB_URL to yql+ydb://host:port/database")
    if (protocol := sa.make_url(url).query.get("protocol", "grpc")) not in ("grpc", "grpcs"):
        raise CommandError(f"YDB_URL has the protocol {protocol}; there are grpc and, with TLS, grpcs")
    names = os.environ.get("YDB_TENANTS", "").split()
    if "YDB_TENANTS" in os.environ and not names:  # the database itself is not what was meant
        raise CommandError("YDB_TENANTS names no tenant. Unset it where the database has none")
    return tenants.directories(url, names) if names else {"": url}


def migrate(url: str) -> None:
    """Run the command on one database."""
    # TLS: `?protocol=grpcs` in the URL, and a certificate authority of one's own in YDB_ROOT_CERTIFICATES.
    arguments = {"credentials": login.credentials(os.environ)}
    if file := os.environ.get("YDB_ROOT_CERTIFICATES"):
        if not os.path.isfile(file):
            raise CommandError(f"YDB_ROOT_CERTIFICATES: there is no file {file}")
        arguments["root_certificates_path"] = file
    engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args=arguments)
    with engine.connect() as connection:
        context.configure(
            connection=connection.execution_options(**timeouts.options(os.environ)),
            target_metadata=metadata,
            **hooks(metadata),
        )
        with lease.held(context.get_context()), context.begin_transaction():
            context.run_migrations()


def write() -> None:
    """Write the migrations as YQL, for `--sql`. No database is asked."""
    context.configure(
        dialect_name="yql", target_metadata=metadata, literal_binds=True, dialect_opts={"paramstyle": "named"}
    )
    with context.begin_transaction():
        context.run_migrations()


guard.check(context)
options = context.get_x_argument(as_dictionary=True)
if unknown := sorted(set(options) - {guard.OPTION, tenants.OPTION}):
    raise CommandError(f"no such option: -x {unknown[0]}. There are -x {guard.OPTION} and -x {tenants.OPTION}")
if context.is_offline_mode():
    if tenants.OPTION in options:  # nothing in the script would say so
        raise CommandError("--sql writes the same for each tenant: leave out -x tenant, and run it in its directory")
    write()
elif "" not in (found := databases()) or tenants.OPTION in options:
    tenants.run(context, found, migrate)
else:
    migrate(found[""])
