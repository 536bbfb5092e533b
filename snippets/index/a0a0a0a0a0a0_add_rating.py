"""add rating

Revision ID: a0a0a0a0a0a0
Revises: 9085c679f5dc
Create Date: 2026-11-29 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "a0a0a0a0a0a0"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("series", sa.Column("rating", sa.Integer(), nullable=False))


def downgrade() -> None:
    op.drop_column("series", "rating")
