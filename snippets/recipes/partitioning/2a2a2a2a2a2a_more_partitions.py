"""more partitions

Revision ID: 2a2a2a2a2a2a
Revises: 1a1a1a1a1a1a
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "2a2a2a2a2a2a"
down_revision = "1a1a1a1a1a1a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.DDL("ALTER TABLE ratings SET (AUTO_PARTITIONING_MAX_PARTITIONS_COUNT = 500)"))


def downgrade() -> None:
    op.execute(sa.DDL("ALTER TABLE ratings SET (AUTO_PARTITIONING_MAX_PARTITIONS_COUNT = 50)"))
