"""series v2 becomes series

Revision ID: f6f6f6f6f6f6
Revises: f5f5f5f5f5f5
Create Date: 2026-11-23 12:00:00

"""

from alembic import op

revision = "f6f6f6f6f6f6"
down_revision = "f5f5f5f5f5f5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.rename_table("series", "series_v1")
    op.rename_table("series_v2", "series")


def downgrade() -> None:
    op.rename_table("series", "series_v2")
    op.rename_table("series_v1", "series")
