"""rate series

Revision ID: 3d3d3d3d3d3d
Revises: 3c3c3c3c3c3c
Create Date: 2026-11-29 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "3d3d3d3d3d3d"
down_revision = "3c3c3c3c3c3c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("series", sa.Column("rating", sa.Integer))
    op.drop_column("series", "series_info")


def downgrade() -> None:
    op.add_column("series", sa.Column("series_info", sa.Unicode))
    op.drop_column("series", "rating")
