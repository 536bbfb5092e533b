"""the name as before

Revision ID: a9a9a9a9a9a9
Revises: a8a8a8a8a8a8
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "a9a9a9a9a9a9"
down_revision = "a8a8a8a8a8a8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.DDL("ALTER TABLE series RENAME INDEX ix_series_title_new TO ix_series_title"))


def downgrade() -> None:
    op.execute(sa.DDL("ALTER TABLE series RENAME INDEX ix_series_title TO ix_series_title_new"))
