import sqlalchemy as sa
from alembic import op

# --8<-- [start:plain]
with op.batch_alter_table("series") as batch_op:
    batch_op.add_column(sa.Column("rating", sa.Integer()))
    batch_op.drop_column("info")
# --8<-- [end:plain]

# --8<-- [start:never]
with op.batch_alter_table("series", recreate="never") as batch_op:
    batch_op.alter_column("title", nullable=True)
# --8<-- [end:never]

# --8<-- [start:always]
with op.batch_alter_table("series", recreate="always") as batch_op:
    batch_op.alter_column("info", new_column_name="about")
# --8<-- [end:always]

# --8<-- [start:always-index]
with op.batch_alter_table("episodes", recreate="always") as batch_op:
    batch_op.alter_column("title", new_column_name="name")
# --8<-- [end:always-index]

# --8<-- [start:always-options]
default = sa.Column("seasons", sa.Integer(), server_default=sa.text("1"))
with op.batch_alter_table(
    "series",
    recreate="always",
    reflect_args=[default],
    reflect_kwargs={"resolve_fks": False},
    table_args=(sa.Index("ix_series_title", "title"),),
    table_kwargs={"ydb_auto_partitioning_min_partitions_count": 3},
    partial_reordering=[("series_id", "seasons", "title")],
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_name)s"},
) as batch_op:
    batch_op.alter_column("info", new_column_name="about")
# --8<-- [end:always-options]

# --8<-- [start:always-type]
with op.batch_alter_table("series", recreate="always") as batch_op:
    batch_op.alter_column("seasons", type_=sa.Unicode())
# --8<-- [end:always-type]

# --8<-- [start:always-not-null]
with op.batch_alter_table("series", recreate="always") as batch_op:
    batch_op.alter_column("seasons", nullable=False)
# --8<-- [end:always-not-null]

# --8<-- [start:always-key]
with op.batch_alter_table("episodes", recreate="always") as batch_op:
    batch_op.create_primary_key("pk_episodes", ["episode_id", "series_id"])
# --8<-- [end:always-key]

# --8<-- [start:copy-from]
series = sa.Table(
    "series",
    sa.MetaData(),
    sa.Column("series_id", sa.Integer(), primary_key=True),
    sa.Column("title", sa.Unicode(), nullable=False),
    sa.Column("info", sa.Unicode()),
    sa.Column("seasons", sa.Integer()),
)
with op.batch_alter_table("series", copy_from=series, recreate="always") as batch_op:
    batch_op.drop_column("info")
# --8<-- [end:copy-from]

# --8<-- [start:alter-column]
with op.batch_alter_table("series") as batch_op:
    batch_op.alter_column("seasons", type_=sa.Unicode())
# --8<-- [end:alter-column]

# --8<-- [start:insert-after]
with op.batch_alter_table("series") as batch_op:
    batch_op.add_column(sa.Column("rating", sa.Integer()), insert_after="title")
# --8<-- [end:insert-after]

# --8<-- [start:create-index]
with op.batch_alter_table("series") as batch_op:
    batch_op.create_index("ix_series_title", ["title"], ydb_cover=["info"])
# --8<-- [end:create-index]

# --8<-- [start:drop-index]
with op.batch_alter_table("episodes") as batch_op:
    batch_op.drop_index("ix_episodes_series_id")
# --8<-- [end:drop-index]

# --8<-- [start:create-unique-constraint]
with op.batch_alter_table("series") as batch_op:
    batch_op.create_unique_constraint("uq_title", ["title"])
# --8<-- [end:create-unique-constraint]

# --8<-- [start:create-check-constraint]
with op.batch_alter_table("series") as batch_op:
    batch_op.create_check_constraint("ck_seasons", "seasons > 0")
# --8<-- [end:create-check-constraint]

# --8<-- [start:create-primary-key]
with op.batch_alter_table("episodes") as batch_op:
    batch_op.create_primary_key("pk_episodes", ["series_id", "episode_id"])
# --8<-- [end:create-primary-key]

# --8<-- [start:create-foreign-key]
with op.batch_alter_table("episodes") as batch_op:
    batch_op.create_foreign_key("fk_series", "series", ["series_id"], ["series_id"])
# --8<-- [end:create-foreign-key]

# --8<-- [start:create-exclude-constraint]
with op.batch_alter_table("series") as batch_op:
    batch_op.create_exclude_constraint("ex_title", (sa.column("title"), "="))
# --8<-- [end:create-exclude-constraint]

# --8<-- [start:drop-constraint]
with op.batch_alter_table("series") as batch_op:
    batch_op.drop_constraint("uq_title", type_="unique")
# --8<-- [end:drop-constraint]

# --8<-- [start:create-table-comment]
with op.batch_alter_table("series") as batch_op:
    batch_op.create_table_comment("what is on")
# --8<-- [end:create-table-comment]

# --8<-- [start:drop-table-comment]
with op.batch_alter_table("series") as batch_op:
    batch_op.drop_table_comment()
# --8<-- [end:drop-table-comment]

# --8<-- [start:execute]
with op.batch_alter_table("series") as batch_op:
    batch_op.execute("UPDATE series SET info = 'comedy'")
# --8<-- [end:execute]

# --8<-- [start:schema]
with op.batch_alter_table("series", schema="archive") as batch_op:
    batch_op.add_column(sa.Column("rating", sa.Integer()))
# --8<-- [end:schema]
