"""index titles with texts

Revision ID: b7b7b7b7b7b7
Revises: a6a6a6a6a6a6
Create Date: 2026-11-23 12:00:00

"""

from alembic import op

revision = "b7b7b7b7b7b7"
down_revision = "a6a6a6a6a6a6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_series_cover", "series", ["title"], ydb_cover=["series_info"])


def downgrade() -> None:
    op.drop_index("ix_series_cover", table_name="series")
