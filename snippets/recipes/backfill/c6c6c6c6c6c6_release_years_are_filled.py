"""release years are filled

Revision ID: c6c6c6c6c6c6
Revises: c5c5c5c5c5c5
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op
from alembic import context
from alembic.util import CommandError

revision = "c6c6c6c6c6c6"
down_revision = "c5c5c5c5c5c5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if not context.is_offline_mode():
        lacking = op.get_bind().scalar(
            sa.text("SELECT COUNT(*) FROM series WHERE release_year IS NULL AND release_date IS NOT NULL")
        )
        if lacking:
            raise CommandError(f"{lacking} rows have no release_year: run backfill.py first")


def downgrade() -> None:
    pass
