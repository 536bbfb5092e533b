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
    series = sa.table("series", sa.column("series_id", sa.Integer()), sa.column("title", sa.Unicode()))
    op.bulk_insert(series, [{"series_id": 1, "title": "50% off"}])


def downgrade() -> None:
    op.execute("DELETE FROM series WHERE series_id = 1")
