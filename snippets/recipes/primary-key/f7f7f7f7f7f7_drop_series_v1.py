"""drop series_v1

Revision ID: f7f7f7f7f7f7
Revises: f6f6f6f6f6f6
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "f7f7f7f7f7f7"
down_revision = "f6f6f6f6f6f6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("series_v1")


def downgrade() -> None:
    op.create_table(
        "series_v1",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Unicode()),
        sa.Column("series_info", sa.Unicode()),
        sa.Column("release_date", sa.Integer()),
        sa.PrimaryKeyConstraint("series_id"),
    )
