"""drop the old view

Revision ID: 7d7d7d7d7d7d
Revises: 6d6d6d6d6d6d
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "7d7d7d7d7d7d"
down_revision = "6d6d6d6d6d6d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.DDL("DROP VIEW titles"))


def downgrade() -> None:
    op.execute(sa.DDL("CREATE VIEW titles WITH (security_invoker = TRUE) AS SELECT series_id, title FROM series"))
