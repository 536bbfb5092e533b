"""remove views again

Revision ID: 2d2d2d2d2d2d
Revises: 1d1d1d1d1d1d
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "2d2d2d2d2d2d"
down_revision = "1d1d1d1d1d1d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("series", "views")


def downgrade() -> None:
    op.add_column("series", sa.Column("views", sa.Integer()))
