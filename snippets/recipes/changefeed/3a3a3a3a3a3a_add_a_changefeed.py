"""add a changefeed

Revision ID: 3a3a3a3a3a3a
Revises: 9085c679f5dc
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "3a3a3a3a3a3a"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        sa.DDL("""
            ALTER TABLE series ADD CHANGEFEED updates WITH (
                FORMAT = 'JSON', MODE = 'NEW_IMAGE', INITIAL_SCAN = TRUE, RETENTION_PERIOD = Interval('P3D')
            )
        """)
    )


def downgrade() -> None:
    op.execute(sa.DDL("ALTER TABLE series DROP CHANGEFEED updates"))
