"""add views

Revision ID: a2a2a2a2a2a2
Revises: a1a1a1a1a1a1
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "a2a2a2a2a2a2"
down_revision = "a1a1a1a1a1a1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("series", sa.Column("views", sa.Integer(), server_default=sa.text("0")))


def downgrade() -> None:
    op.drop_column("series", "views")
