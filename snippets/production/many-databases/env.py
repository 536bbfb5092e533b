import logging
from logging.config import fileConfig

from alembic import context
from alembic.util import CommandError
from sqlalchemy import create_engine, exc, pool
from ydb_sqlalchemy.alembic import YDBImpl  # noqa: F401 - registers YDB with Alembic

from models import Base
from tenants import URLS

config = context.config

if config.config_file_name is not None:
    fileConfig(config.config_file_name)

log = logging.getLogger("alembic.tenants")
target_metadata = Base.metadata


def tenants() -> list[str]:
    """The tenant of `-x tenant=NAME`, or all of them."""
    name = context.get_x_argument(as_dictionary=True).get("tenant")
    if name and name not in URLS:
        raise CommandError(f"no such tenant: {name}")
    return [name] if name else list(URLS)


def run_migrations_offline() -> None:
    """Write the migrations as YQL, once for all tenants. No database is needed."""
    context.configure(dialect_name="yql", target_metadata=target_metadata, literal_binds=True)

    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online() -> None:
    """Run the command on one tenant after the other. One that fails does not hold up the others."""
    failed = []
    for name in tenants():
        log.info("Tenant %s", name)
        try:
            run_migrations(URLS[name])
        except (exc.SQLAlchemyError, CommandError) as error:
            log.error("%s", error)
            failed.append(name)
    if failed:
        raise CommandError(f"failed for {', '.join(failed)}")


def run_migrations(url: str) -> None:
    connectable = create_engine(url, poolclass=pool.NullPool)

    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)

        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
