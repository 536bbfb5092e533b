"""episodes expire

Revision ID: f1f1f1f1f1f1
Revises: 9085c679f5dc
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "f1f1f1f1f1f1"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("episodes", sa.Column("expires_at", sa.DateTime()))


def downgrade() -> None:
    op.drop_column("episodes", "expires_at")
