import sqlalchemy as sa
from alembic import op

# --8<-- [start:plain]
op.create_primary_key("pk_episodes", "episodes", ["series_id", "episode_id"])
# --8<-- [end:plain]

# --8<-- [start:instead]
op.create_table(
    "episodes_of_series",
    sa.Column("series_id", sa.Integer()),
    sa.Column("episode_id", sa.Integer()),
    sa.Column("title", sa.Unicode()),
    sa.PrimaryKeyConstraint("series_id", "episode_id"),
)
op.execute(
    """
    INSERT INTO episodes_of_series (series_id, episode_id, title)
    SELECT Unwrap(series_id) AS series_id, episode_id, title FROM episodes
    """
)
op.drop_table("episodes")
op.rename_table("episodes_of_series", "episodes")
op.create_index("ix_episodes_series_id", "episodes", ["series_id"])
# --8<-- [end:instead]
