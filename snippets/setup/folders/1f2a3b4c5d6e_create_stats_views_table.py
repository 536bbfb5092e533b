"""create stats/views table

Revision ID: 1f2a3b4c5d6e
Revises: 9085c679f5dc
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "1f2a3b4c5d6e"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stats/views",
        sa.Column("series_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("series_id"),
    )


def downgrade() -> None:
    op.drop_table("stats/views")
