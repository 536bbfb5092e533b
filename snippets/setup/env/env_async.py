import asyncio
import os
from logging.config import fileConfig

from alembic import context
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import async_engine_from_config
from ydb_sqlalchemy.alembic import YDBImpl  # noqa: F401 - registers YDB with Alembic

from models import Base

config = context.config

# Loggers are set up for the command line. A program that calls Alembic keeps its own.
if config.config_file_name is not None and hasattr(config.cmd_opts, "cmd"):
    fileConfig(config.config_file_name)

target_metadata = Base.metadata

# An address in the environment goes before that of alembic.ini, in which a % is written twice.
if url := os.environ.get("YDB_URL"):
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))


def run_migrations_offline() -> None:
    """Write the migrations as YQL, for `alembic upgrade --sql`. No database is needed."""
    context.configure(
        url=config.get_main_option("sqlalchemy.url"),
        target_metadata=target_metadata,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
    )

    with context.begin_transaction():
        context.run_migrations()


def run_migrations(connection: Connection) -> None:
    """Run the migrations on a connection. Alembic itself is synchronous."""
    context.configure(connection=connection, target_metadata=target_metadata)

    with context.begin_transaction():
        context.run_migrations()


async def run_migrations_online() -> None:
    """Run the migrations against the database."""
    connectable = async_engine_from_config(
        config.get_section(config.config_ini_section, {}),
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )

    async with connectable.connect() as connection:
        await connection.run_sync(run_migrations)

    await connectable.dispose()


if context.is_offline_mode():
    run_migrations_offline()
else:
    asyncio.run(run_migrations_online())
