"""create ratings

Revision ID: 1a1a1a1a1a1a
Revises: 9085c679f5dc
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "1a1a1a1a1a1a"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ratings",
        sa.Column("rating_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stars", sa.Integer()),
        sa.PrimaryKeyConstraint("rating_id"),
        ydb_auto_partitioning_by_load=True,
        ydb_auto_partitioning_min_partitions_count=4,
        ydb_partition_at_keys="(1000, 2000, 3000)",
    )


def downgrade() -> None:
    op.drop_table("ratings")
