"""remove series info

Revision ID: a3b3a3b3a3b3
Revises: a2b2a2b2a2b2
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "a3b3a3b3a3b3"
down_revision = "a2b2a2b2a2b2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("series", "series_info")


def downgrade() -> None:
    op.add_column("series", sa.Column("series_info", sa.Unicode()))
