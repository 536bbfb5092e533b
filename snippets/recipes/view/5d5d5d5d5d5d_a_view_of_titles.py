"""a view of titles

Revision ID: 5d5d5d5d5d5d
Revises: 9085c679f5dc
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "5d5d5d5d5d5d"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.DDL("CREATE VIEW titles WITH (security_invoker = TRUE) AS SELECT series_id, title FROM series"))


def downgrade() -> None:
    op.execute(sa.DDL("DROP VIEW titles"))
