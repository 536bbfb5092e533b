"""create reviews

Revision ID: c1c1c1c1c1c1
Revises: 9085c679f5dc
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "c1c1c1c1c1c1"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("review_id", sa.Unicode(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Unicode()),
        sa.Column("written_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("review_id"),
    )


def downgrade() -> None:
    op.drop_table("reviews")
