"""new index of titles

Revision ID: a7a7a7a7a7a7
Revises: b7b7b7b7b7b7
Create Date: 2026-11-23 12:00:00

"""

from alembic import op

revision = "a7a7a7a7a7a7"
down_revision = "b7b7b7b7b7b7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_series_title_new", "series", ["title"], ydb_cover=["release_date"])


def downgrade() -> None:
    op.drop_index("ix_series_title_new", table_name="series")
