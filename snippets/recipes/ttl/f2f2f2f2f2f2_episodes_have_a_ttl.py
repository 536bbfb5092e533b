"""episodes have a TTL

Revision ID: f2f2f2f2f2f2
Revises: f1f1f1f1f1f1
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "f2f2f2f2f2f2"
down_revision = "f1f1f1f1f1f1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.DDL("ALTER TABLE episodes SET (TTL = Interval('PT0S') ON expires_at)"))


def downgrade() -> None:
    op.execute(sa.DDL("ALTER TABLE episodes RESET (TTL)"))
