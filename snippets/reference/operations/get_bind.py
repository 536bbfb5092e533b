import sqlalchemy as sa
from alembic import op

# --8<-- [start:plain]
for (number,) in op.get_bind().execute(sa.text("SELECT series_id FROM series WHERE title = 'IT Crowd'")):
    op.bulk_insert(
        sa.table("episodes", sa.column("episode_id", sa.Integer()), sa.column("series_id", sa.Integer())),
        [{"episode_id": 1, "series_id": number}],
    )
# --8<-- [end:plain]
