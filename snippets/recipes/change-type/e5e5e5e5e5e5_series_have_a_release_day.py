"""series have a release day

Revision ID: e5e5e5e5e5e5
Revises: 9085c679f5dc
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "e5e5e5e5e5e5"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("series", sa.Column("released_on", sa.Date()))


def downgrade() -> None:
    op.drop_column("series", "released_on")
