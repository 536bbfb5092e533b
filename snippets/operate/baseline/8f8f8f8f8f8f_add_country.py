"""add country

Revision ID: 8f8f8f8f8f8f
Revises: 9085c679f5dc
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "8f8f8f8f8f8f"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("series", sa.Column("country", sa.Unicode()))


def downgrade() -> None:
    op.drop_column("series", "country")
