"""as plain text

Revision ID: d2d2d2d2d2d2
Revises: d1d1d1d1d1d1
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "d2d2d2d2d2d2"
down_revision = "d1d1d1d1d1d1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE series SET (AUTO_PARTITIONING_BY_SIZE = ENABLED)")


def downgrade() -> None:
    pass
