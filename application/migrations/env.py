"""How Alembic reaches YDB: with the synchronous driver, at YDB_URL."""

import os
import re
from logging.config import fileConfig

import sqlalchemy as sa
from alembic import context
from alembic.util import CommandError

from alembic_ydb import lease
from alembic_ydb.hooks import hooks  # which registers YDB with Alembic, too
from app.models import Base

config = context.config
if config.config_file_name is not None and hasattr(config.cmd_opts, "cmd"):
    fileConfig(config.config_file_name)  # where the application calls Alembic, the loggers are the application's

if context.is_offline_mode():
    context.configure(
        dialect_name="yql", target_metadata=Base.metadata, literal_binds=True, dialect_opts={"paramstyle": "named"}
    )
    with context.begin_transaction():
        context.run_migrations()
else:
    url = os.environ.get("YDB_URL", "")
    if not re.fullmatch(r"yql\+ydb://[^/@\s]+:\d+/\S+", url):
        raise CommandError("which YDB? Set YDB_URL to yql+ydb://host:port/database")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, **hooks(Base.metadata))
        with lease.held(context.get_context()), context.begin_transaction():
            context.run_migrations()
