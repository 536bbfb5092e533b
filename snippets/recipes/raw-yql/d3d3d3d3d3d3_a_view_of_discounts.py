"""a view of discounts

Revision ID: d3d3d3d3d3d3
Revises: d2d2d2d2d2d2
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "d3d3d3d3d3d3"
down_revision = "d2d2d2d2d2d2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        sa.DDL("CREATE VIEW discounts WITH (security_invoker = TRUE) AS SELECT series_id FROM series WHERE title LIKE '100%%'")
    )


def downgrade() -> None:
    op.execute(sa.DDL("DROP VIEW discounts"))
