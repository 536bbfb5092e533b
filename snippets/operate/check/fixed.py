"""rate series

Revision ID: c4c4c4c4c4c4
Revises: 9085c679f5dc
Create Date: 2026-11-29 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "c4c4c4c4c4c4"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("series", sa.Column("rating", sa.Integer(), server_default=sa.text("0")))  # alembic-ydb: ignore YDB402, a small table


def downgrade() -> None:
    op.drop_column("series", "rating")
