"""titles with a date

Revision ID: 6d6d6d6d6d6d
Revises: 5d5d5d5d5d5d
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "6d6d6d6d6d6d"
down_revision = "5d5d5d5d5d5d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.DDL("CREATE VIEW titles_v2 WITH (security_invoker = TRUE) AS SELECT series_id, title, release_date FROM series"))


def downgrade() -> None:
    op.execute(sa.DDL("DROP VIEW titles_v2"))
