"""index dates

Revision ID: a6a6a6a6a6a6
Revises: a5a5a5a5a5a5
Create Date: 2026-11-23 12:00:00

"""

from alembic import op

revision = "a6a6a6a6a6a6"
down_revision = "a5a5a5a5a5a5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_series_date", "series", ["release_date"], ydb_async=True)


def downgrade() -> None:
    op.drop_index("ix_series_date", table_name="series")
