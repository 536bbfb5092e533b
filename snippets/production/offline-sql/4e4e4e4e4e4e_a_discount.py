"""a discount

Revision ID: 4e4e4e4e4e4e
Revises: 3e3e3e3e3e3e
Create Date: 2026-11-30 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "4e4e4e4e4e4e"
down_revision = "3e3e3e3e3e3e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    title = sa.bindparam("title", "50% off", sa.Unicode())
    op.execute(sa.text("UPSERT INTO series (series_id, title) VALUES (1, :title)").bindparams(title))


def downgrade() -> None:
    op.execute("DELETE FROM series WHERE series_id = 1")
