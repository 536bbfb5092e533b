"""keep changes longer

Revision ID: 3c3c3c3c3c3c
Revises: 3b3b3b3b3b3b
Create Date: 2026-11-29 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "3c3c3c3c3c3c"
down_revision = "3b3b3b3b3b3b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.DDL("ALTER TOPIC `series/updates` SET (retention_period = Interval('P7D'))"))


def downgrade() -> None:
    op.execute(sa.DDL("ALTER TOPIC `series/updates` SET (retention_period = Interval('P3D'))"))
