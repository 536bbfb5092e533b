"""split series by load

Revision ID: d1d1d1d1d1d1
Revises: 9085c679f5dc
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "d1d1d1d1d1d1"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.DDL("ALTER TABLE series SET (AUTO_PARTITIONING_BY_LOAD = ENABLED)"))


def downgrade() -> None:
    op.execute(sa.DDL("ALTER TABLE series SET (AUTO_PARTITIONING_BY_LOAD = DISABLED)"))
