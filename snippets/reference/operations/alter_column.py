import sqlalchemy as sa
from alembic import op

# --8<-- [start:type]
op.alter_column("series", "seasons", type_=sa.Unicode())
# --8<-- [end:type]

# --8<-- [start:type-instead]
op.add_column("series", sa.Column("seasons_text", sa.Unicode()))
op.execute("UPDATE series SET seasons_text = CAST(seasons AS Utf8)")
op.drop_column("series", "seasons")
# --8<-- [end:type-instead]

# --8<-- [start:nullable-false]
op.alter_column("series", "info", nullable=False)
# --8<-- [end:nullable-false]

# --8<-- [start:nullable-false-instead]
op.execute(sa.DDL("ALTER TABLE series ADD COLUMN about Utf8 NOT NULL DEFAULT ''"))
op.execute("UPDATE series SET about = Coalesce(info, ''u)")
op.drop_column("series", "info")
# --8<-- [end:nullable-false-instead]

# --8<-- [start:nullable-true]
op.alter_column("series", "title", nullable=True)
# --8<-- [end:nullable-true]

# --8<-- [start:server-default]
op.alter_column("series", "info", server_default="none yet")
# --8<-- [end:server-default]

# --8<-- [start:server-default-other-type]
op.alter_column("series", "seasons", server_default="2")
# --8<-- [end:server-default-other-type]

# --8<-- [start:server-default-other-type-instead]
op.alter_column("series", "seasons", server_default=sa.text("2"))
# --8<-- [end:server-default-other-type-instead]

# --8<-- [start:server-default-function]
op.add_column("series", sa.Column("created_at", sa.DateTime()))
op.alter_column("series", "created_at", server_default=sa.text("CurrentUtcTimestamp()"))
# --8<-- [end:server-default-function]

# --8<-- [start:server-default-none]
op.alter_column("series", "seasons", server_default=None)
# --8<-- [end:server-default-none]

# --8<-- [start:name]
op.alter_column("series", "info", new_column_name="about")
# --8<-- [end:name]

# --8<-- [start:name-instead]
op.add_column("series", sa.Column("about", sa.Unicode()))
op.execute("UPDATE series SET about = info")
op.drop_column("series", "info")
# --8<-- [end:name-instead]

# --8<-- [start:comment]
op.alter_column("series", "info", comment="for the cover")
# --8<-- [end:comment]

# --8<-- [start:autoincrement]
op.alter_column("series", "series_id", autoincrement=True)
# --8<-- [end:autoincrement]

# --8<-- [start:existing]
op.alter_column(
    "series",
    "info",
    existing_type=sa.Unicode(),
    existing_nullable=True,
    existing_server_default=None,
    existing_comment="for the cover",
)
# --8<-- [end:existing]

# --8<-- [start:several]
op.alter_column("series", "title", nullable=True, type_=sa.LargeBinary())
# --8<-- [end:several]

# --8<-- [start:schema]
op.alter_column("series", "title", nullable=True, schema="archive")
# --8<-- [end:schema]
