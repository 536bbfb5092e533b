import sqlalchemy as sa
from alembic import op

# --8<-- [start:plain]
op.add_column("series", sa.Column("rating", sa.Integer()))
# --8<-- [end:plain]

# --8<-- [start:not-null]
op.add_column("series", sa.Column("rating", sa.Integer(), nullable=False))
# --8<-- [end:not-null]

# --8<-- [start:not-null-instead]
op.execute(sa.DDL("ALTER TABLE series ADD COLUMN rating Int64 NOT NULL DEFAULT 0"))
# --8<-- [end:not-null-instead]

# --8<-- [start:server-default]
op.add_column("series", sa.Column("rating", sa.Integer(), server_default=sa.text("0")))
# --8<-- [end:server-default]

# --8<-- [start:server-default-text]
op.add_column("series", sa.Column("state", sa.Unicode(), server_default="new"))
# --8<-- [end:server-default-text]

# --8<-- [start:server-default-literals]
op.add_column("series", sa.Column("price", sa.Numeric(10, 2), server_default=sa.text("Decimal('0', 10, 2)")))
op.add_column("series", sa.Column("since", sa.Date(), server_default=sa.text("Date('2026-11-29')")))
op.add_column("series", sa.Column("is_public", sa.Boolean(), server_default=sa.text("false")))
op.add_column("series", sa.Column("extra", sa.JSON(), server_default="{}"))
# --8<-- [end:server-default-literals]

# --8<-- [start:server-default-other-type]
op.add_column("series", sa.Column("rating", sa.Integer(), server_default="0"))
# --8<-- [end:server-default-other-type]

# --8<-- [start:server-default-not-null]
op.add_column("series", sa.Column("rating", sa.Integer(), server_default=sa.text("0"), nullable=False))
# --8<-- [end:server-default-not-null]

# --8<-- [start:server-default-function]
op.add_column("series", sa.Column("created_at", sa.DateTime(), server_default=sa.text("CurrentUtcTimestamp()")))
# --8<-- [end:server-default-function]

# --8<-- [start:server-default-function-instead]
op.add_column("series", sa.Column("created_at", sa.DateTime()))
op.execute("UPDATE series SET created_at = CurrentUtcTimestamp()")
# --8<-- [end:server-default-function-instead]

# --8<-- [start:exists]
op.add_column("series", sa.Column("info", sa.Unicode()))
# --8<-- [end:exists]

# --8<-- [start:if-not-exists]
op.add_column("series", sa.Column("rating", sa.Integer()), if_not_exists=True)
# --8<-- [end:if-not-exists]

# --8<-- [start:if-not-exists-instead]
if "rating" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("series")}:
    op.add_column("series", sa.Column("rating", sa.Integer()))
# --8<-- [end:if-not-exists-instead]

# --8<-- [start:index]
op.add_column("series", sa.Column("code", sa.Unicode(), index=True))
# --8<-- [end:index]

# --8<-- [start:unique]
op.add_column("series", sa.Column("code", sa.Unicode(), unique=True))
# --8<-- [end:unique]

# --8<-- [start:unique-index]
op.add_column("series", sa.Column("code", sa.Unicode(), unique=True, index=True))
# --8<-- [end:unique-index]

# --8<-- [start:foreign-key]
op.add_column("episodes", sa.Column("next_id", sa.Integer(), sa.ForeignKey("episodes.episode_id")))
# --8<-- [end:foreign-key]

# --8<-- [start:inline-references]
op.add_column(
    "episodes", sa.Column("next_id", sa.Integer(), sa.ForeignKey("episodes.episode_id")), inline_references=True
)
# --8<-- [end:inline-references]

# --8<-- [start:primary-key]
op.add_column("series", sa.Column("code", sa.Integer(), primary_key=True))
# --8<-- [end:primary-key]

# --8<-- [start:inline-primary-key]
op.add_column("series", sa.Column("code", sa.Integer(), primary_key=True), inline_primary_key=True)
# --8<-- [end:inline-primary-key]

# --8<-- [start:identity]
op.add_column("series", sa.Column("number", sa.Integer(), sa.Identity()))
# --8<-- [end:identity]

# --8<-- [start:computed]
op.add_column("series", sa.Column("length", sa.Integer(), sa.Computed("seasons * 10")))
# --8<-- [end:computed]

# --8<-- [start:comment]
op.add_column("series", sa.Column("rating", sa.Integer(), comment="from 1 to 10"))
# --8<-- [end:comment]

# --8<-- [start:schema]
op.add_column("series", sa.Column("rating", sa.Integer()), schema="archive")
# --8<-- [end:schema]

# --8<-- [start:schema-instead]
op.create_table("archive/series", sa.Column("series_id", sa.Integer(), primary_key=True))
op.add_column("archive/series", sa.Column("rating", sa.Integer()))
# --8<-- [end:schema-instead]
