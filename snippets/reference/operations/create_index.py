import sqlalchemy as sa
from alembic import op

# --8<-- [start:plain]
op.create_index("ix_series_title", "series", ["title"])
# --8<-- [end:plain]

# --8<-- [start:columns]
op.create_index("ix_series_title", "series", ["title", "seasons"])
# --8<-- [end:columns]

# --8<-- [start:async]
op.create_index("ix_series_title", "series", ["title"], ydb_async=True)
# --8<-- [end:async]

# --8<-- [start:cover]
op.create_index("ix_series_title", "series", ["title"], ydb_cover=["info"])
# --8<-- [end:cover]

# --8<-- [start:yql-async]
op.create_index("ix_series_title", "series", ["title"], yql_async=True)
# --8<-- [end:yql-async]

# --8<-- [start:postgresql]
op.create_index(
    "ix_series_title",
    "series",
    ["title"],
    postgresql_where=sa.text("seasons > 1"),
    postgresql_include=["info"],
    postgresql_using="gist",
)
# --8<-- [end:postgresql]

# --8<-- [start:unique]
op.create_index("ix_series_title", "series", ["title"], unique=True)
# --8<-- [end:unique]

# --8<-- [start:if-not-exists]
op.create_index("ix_episodes_series_id", "episodes", ["series_id"], if_not_exists=True)
# --8<-- [end:if-not-exists]

# --8<-- [start:if-not-exists-instead]
if "ix_series_title" not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("series")}:
    op.create_index("ix_series_title", "series", ["title"])
# --8<-- [end:if-not-exists-instead]

# --8<-- [start:exists]
op.create_index("ix_episodes_series_id", "episodes", ["title"])
# --8<-- [end:exists]

# --8<-- [start:no-name]
op.create_index(None, "series", ["seasons"])
# --8<-- [end:no-name]

# --8<-- [start:slash]
op.create_index("titles/all", "series", ["title"])
# --8<-- [end:slash]

# --8<-- [start:text]
op.create_index("ix_series_title", "series", [sa.text("Unicode::ToLower(title)")])
# --8<-- [end:text]

# --8<-- [start:text-instead]
op.add_column("series", sa.Column("title_lower", sa.Unicode()))
op.execute("UPDATE series SET title_lower = Unicode::ToLower(title)")
op.create_index("ix_series_title_lower", "series", ["title_lower"])
# --8<-- [end:text-instead]

# --8<-- [start:function]
op.create_index("ix_series_title", "series", [sa.func.lower(sa.column("title"))])
# --8<-- [end:function]

# --8<-- [start:descending]
op.create_index("ix_series_title", "series", [sa.text("title DESC")])
# --8<-- [end:descending]

# --8<-- [start:desc]
op.create_index("ix_series_title", "series", [sa.column("title").desc()])
# --8<-- [end:desc]

# --8<-- [start:schema]
op.create_index("ix_series_title", "series", ["title"], schema="archive")
# --8<-- [end:schema]
