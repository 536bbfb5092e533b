import sqlalchemy as sa
from alembic import op

# --8<-- [start:plain]
op.drop_index("ix_episodes_series_id", table_name="episodes")
# --8<-- [end:plain]

# --8<-- [start:no-table]
op.drop_index("ix_episodes_series_id")
# --8<-- [end:no-table]

# --8<-- [start:missing]
op.drop_index("ix_episodes_title", table_name="episodes")
# --8<-- [end:missing]

# --8<-- [start:if-exists]
op.drop_index("ix_episodes_title", table_name="episodes", if_exists=True)
# --8<-- [end:if-exists]

# --8<-- [start:if-exists-instead]
if "ix_episodes_series_id" in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("episodes")}:
    op.drop_index("ix_episodes_series_id", table_name="episodes")
# --8<-- [end:if-exists-instead]

# --8<-- [start:schema]
op.drop_index("ix_episodes_series_id", table_name="episodes", schema="archive")
# --8<-- [end:schema]
