"""create series v2

Revision ID: f5f5f5f5f5f5
Revises: 9085c679f5dc
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "f5f5f5f5f5f5"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "series_v2",
        sa.Column("title", sa.Unicode(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("series_info", sa.Unicode()),
        sa.Column("release_date", sa.Integer()),
        sa.PrimaryKeyConstraint("title", "series_id"),
    )


def downgrade() -> None:
    op.drop_table("series_v2")
