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
    if context.is_offline_mode():
        return
    lacking = op.get_bind().scalars(
        sa.text("SELECT series_id FROM series WHERE release_year IS NULL AND release_date IS NOT NULL LIMIT 10")
    )
    if keys := ", ".join(map(str, sorted(lacking))):
        raise CommandError(f"no release_year in series {keys}: run backfill.py, and correct the rows that it lists")


def downgrade() -> None:
    pass
