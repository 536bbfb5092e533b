# --8<-- [start:import]
import sqlalchemy as sa
# --8<-- [end:import]
# --8<-- [start:dialect]
from alembic.ddl.impl import DefaultImpl


class YDBImpl(DefaultImpl):
    __dialect__ = "yql"
# --8<-- [end:dialect]


# --8<-- [start:version-table]
def run_migrations_online() -> None:
    """Run migrations in 'online' mode.

    In this scenario we need to create an Engine
    and associate a connection with the context.

    """
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {}),
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )

    with connectable.connect() as connection:
        context.configure(
            connection=connection, target_metadata=target_metadata
        )

        ctx = context.get_context()
        ctx._version = sa.Table(  # noqa: SLF001
            ctx.version_table,
            sa.MetaData(),
            sa.Column("version_num", sa.String(32), nullable=False),
            sa.Column("id", sa.Integer(), nullable=True, primary_key=True),
        )

        with context.begin_transaction():
            context.run_migrations()
# --8<-- [end:version-table]
