"""drop the old index of titles

Revision ID: a8a8a8a8a8a8
Revises: a7a7a7a7a7a7
Create Date: 2026-11-23 12:00:00

"""

from alembic import op

revision = "a8a8a8a8a8a8"
down_revision = "a7a7a7a7a7a7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_series_title", table_name="series")


def downgrade() -> None:
    op.create_index("ix_series_title", "series", ["title"])
