import sqlalchemy as sa
from alembic import op

# --8<-- [start:plain]
op.drop_column("series", "info")
# --8<-- [end:plain]

# --8<-- [start:missing]
op.drop_column("series", "rating")
# --8<-- [end:missing]

# --8<-- [start:if-exists]
op.drop_column("series", "info", if_exists=True)
# --8<-- [end:if-exists]

# --8<-- [start:if-exists-instead]
if "info" in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("series")}:
    op.drop_column("series", "info")
# --8<-- [end:if-exists-instead]

# --8<-- [start:indexed]
op.drop_column("episodes", "series_id")
# --8<-- [end:indexed]

# --8<-- [start:indexed-instead]
op.drop_index("ix_episodes_series_id", table_name="episodes")
op.drop_column("episodes", "series_id")
# --8<-- [end:indexed-instead]

# --8<-- [start:key]
op.drop_column("series", "series_id")
# --8<-- [end:key]

# --8<-- [start:schema]
op.drop_column("series", "info", schema="archive")
# --8<-- [end:schema]
