"""keep views for a year

Revision ID: 4d4d4d4d4d4d
Revises: 4c4c4c4c4c4c
Create Date: 2026-11-29 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "4d4d4d4d4d4d"
down_revision = "4c4c4c4c4c4c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.DDL("ALTER TABLE views_by_day SET (TTL = Interval('P365D') ON day)"))


def downgrade() -> None:
    op.execute(sa.DDL("ALTER TABLE views_by_day RESET (TTL)"))
