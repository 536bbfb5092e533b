import sqlalchemy as sa
from alembic import op

# --8<-- [start:plain]
op.create_table("seasons", sa.Column("season_id", sa.Integer(), primary_key=True))
# --8<-- [end:plain]

# --8<-- [start:columns]
op.create_table(
    "seasons",
    sa.Column("series_id", sa.Integer()),
    sa.Column("season_id", sa.Integer()),
    sa.Column("title", sa.Unicode(), nullable=False),
    sa.Column("first_aired", sa.Date()),
    sa.PrimaryKeyConstraint("series_id", "season_id"),
)
# --8<-- [end:columns]

# --8<-- [start:exists]
op.create_table("series", sa.Column("series_id", sa.Integer(), primary_key=True))
# --8<-- [end:exists]

# --8<-- [start:if-not-exists]
op.create_table("series", sa.Column("code", sa.Unicode(), primary_key=True), if_not_exists=True)
op.create_table("seasons", sa.Column("season_id", sa.Integer(), primary_key=True), if_not_exists=True)
# --8<-- [end:if-not-exists]

# --8<-- [start:no-key]
op.create_table("seasons", sa.Column("season_id", sa.Integer()))
# --8<-- [end:no-key]

# --8<-- [start:named-key]
op.create_table(
    "seasons",
    sa.Column("season_id", sa.Integer()),
    sa.PrimaryKeyConstraint("season_id", name="pk_seasons"),
)
# --8<-- [end:named-key]

# --8<-- [start:named-key-instead]
op.create_table("seasons", sa.Column("season_id", sa.Integer()), sa.PrimaryKeyConstraint("season_id"))
# --8<-- [end:named-key-instead]

# --8<-- [start:nullable-key]
op.create_table("seasons", sa.Column("season_id", sa.Integer(), primary_key=True, nullable=True))
# --8<-- [end:nullable-key]

# --8<-- [start:autoincrement]
op.create_table("seasons", sa.Column("season_id", sa.Integer(), primary_key=True, autoincrement=True))
# --8<-- [end:autoincrement]

# --8<-- [start:autoincrement-instead]
op.execute(sa.DDL("CREATE TABLE seasons (season_id BigSerial, title Utf8, PRIMARY KEY (season_id))"))
# --8<-- [end:autoincrement-instead]

# --8<-- [start:identity]
op.create_table("seasons", sa.Column("season_id", sa.Integer(), sa.Identity(), primary_key=True))
# --8<-- [end:identity]

# --8<-- [start:computed]
op.create_table(
    "seasons",
    sa.Column("season_id", sa.Integer(), primary_key=True),
    sa.Column("number", sa.Integer(), sa.Computed("season_id + 1")),
)
# --8<-- [end:computed]

# --8<-- [start:server-default]
op.create_table(
    "seasons",
    sa.Column("season_id", sa.Integer(), primary_key=True),
    sa.Column("state", sa.Unicode(), server_default="new"),
    sa.Column("episodes", sa.Integer(), server_default=sa.text("0")),
)
# --8<-- [end:server-default]

# --8<-- [start:server-default-not-null]
op.create_table(
    "seasons",
    sa.Column("season_id", sa.Integer(), primary_key=True),
    sa.Column("episodes", sa.Integer(), server_default=sa.text("0"), nullable=False),
)
# --8<-- [end:server-default-not-null]

# --8<-- [start:server-default-not-null-instead]
op.execute(
    sa.DDL(
        """
        CREATE TABLE seasons (
            season_id Int64 NOT NULL,
            episodes Int64 NOT NULL DEFAULT 0,
            PRIMARY KEY (season_id)
        )
        """
    )
)
# --8<-- [end:server-default-not-null-instead]

# --8<-- [start:server-default-function]
op.create_table(
    "seasons",
    sa.Column("season_id", sa.Integer(), primary_key=True),
    sa.Column("created_at", sa.DateTime(), server_default=sa.text("CurrentUtcTimestamp()")),
)
# --8<-- [end:server-default-function]

# --8<-- [start:index]
op.create_table(
    "seasons",
    sa.Column("season_id", sa.Integer(), primary_key=True),
    sa.Column("title", sa.Unicode(), index=True),
)
# --8<-- [end:index]

# --8<-- [start:index-object]
op.create_table(
    "seasons",
    sa.Column("season_id", sa.Integer(), primary_key=True),
    sa.Column("title", sa.Unicode()),
    sa.Index("ix_title", "title", ydb_async=True),
)
# --8<-- [end:index-object]

# --8<-- [start:unique]
op.create_table(
    "seasons",
    sa.Column("season_id", sa.Integer(), primary_key=True),
    sa.Column("title", sa.Unicode(), unique=True),
)
# --8<-- [end:unique]

# --8<-- [start:unique-instead]
op.execute(
    sa.DDL(
        """
        CREATE TABLE seasons (
            season_id Int64 NOT NULL,
            title Utf8,
            INDEX uq_title GLOBAL UNIQUE SYNC ON (title),
            PRIMARY KEY (season_id)
        )
        """
    )
)
# --8<-- [end:unique-instead]

# --8<-- [start:unique-constraint]
op.create_table(
    "seasons",
    sa.Column("season_id", sa.Integer(), primary_key=True),
    sa.Column("title", sa.Unicode()),
    sa.UniqueConstraint("title", name="uq_title"),
)
# --8<-- [end:unique-constraint]

# --8<-- [start:foreign-key]
op.create_table(
    "seasons",
    sa.Column("season_id", sa.Integer(), primary_key=True),
    sa.Column("series_id", sa.Integer(), sa.ForeignKey("series.series_id")),
)
# --8<-- [end:foreign-key]

# --8<-- [start:check]
op.create_table(
    "seasons",
    sa.Column("season_id", sa.Integer(), primary_key=True),
    sa.CheckConstraint("season_id > 0"),
)
# --8<-- [end:check]

# --8<-- [start:enum-constraint]
op.create_table(
    "seasons",
    sa.Column("season_id", sa.Integer(), primary_key=True),
    sa.Column("state", sa.Enum("new", "over", name="state", create_constraint=True)),
)
# --8<-- [end:enum-constraint]

# --8<-- [start:comment]
op.create_table(
    "seasons",
    sa.Column("season_id", sa.Integer(), primary_key=True, comment="from 1"),
    comment="seasons of a series",
)
# --8<-- [end:comment]

# --8<-- [start:schema]
op.create_table("seasons", sa.Column("season_id", sa.Integer(), primary_key=True), schema="archive")
# --8<-- [end:schema]

# --8<-- [start:directory]
op.create_table("archive/seasons", sa.Column("season_id", sa.Integer(), primary_key=True))
# --8<-- [end:directory]

# --8<-- [start:partitions]
op.create_table(
    "seasons",
    sa.Column("season_id", sa.Integer(), primary_key=True),
    ydb_auto_partitioning_by_load=True,
    ydb_auto_partitioning_min_partitions_count=3,
    ydb_partition_at_keys="(10, 20)",
)
# --8<-- [end:partitions]

# --8<-- [start:ttl]
op.create_table(
    "seasons",
    sa.Column("season_id", sa.Integer(), primary_key=True),
    sa.Column("aired_at", sa.DateTime()),
    ydb_ttl="Interval('P30D') ON aired_at",
)
# --8<-- [end:ttl]

# --8<-- [start:ttl-instead]
op.create_table(
    "seasons",
    sa.Column("season_id", sa.Integer(), primary_key=True),
    sa.Column("aired_at", sa.DateTime()),
)
op.execute(sa.DDL("ALTER TABLE seasons SET (TTL = Interval('P30D') ON aired_at)"))
# --8<-- [end:ttl-instead]

# --8<-- [start:prefixes]
op.create_table("seasons", sa.Column("season_id", sa.Integer(), primary_key=True), prefixes=["COLUMN"])
# --8<-- [end:prefixes]

# --8<-- [start:prefixes-instead]
op.execute(
    sa.DDL("CREATE TABLE seasons (season_id Int64 NOT NULL, PRIMARY KEY (season_id)) WITH (STORE = COLUMN)")
)
# --8<-- [end:prefixes-instead]
