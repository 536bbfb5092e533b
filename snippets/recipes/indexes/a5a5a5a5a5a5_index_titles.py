"""index titles

Revision ID: a5a5a5a5a5a5
Revises: 9085c679f5dc
Create Date: 2026-11-23 12:00:00

"""

from alembic import op

revision = "a5a5a5a5a5a5"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_series_title", "series", ["title"])


def downgrade() -> None:
    op.drop_index("ix_series_title", table_name="series")
