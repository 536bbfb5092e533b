"""copy episodes

Revision ID: 4c4c4c4c4c4c
Revises: 4b4b4b4b4b4b
Create Date: 2026-11-29 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "4c4c4c4c4c4c"
down_revision = "4b4b4b4b4b4b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        sa.DDL("""
            CREATE TABLE episodes_by_column (PRIMARY KEY (series_id, season_id, episode_id))
            PARTITION BY HASH (series_id, season_id, episode_id)
            WITH (STORE = COLUMN)
            AS SELECT * FROM episodes
        """)
    )


def downgrade() -> None:
    op.drop_table("episodes_by_column")
