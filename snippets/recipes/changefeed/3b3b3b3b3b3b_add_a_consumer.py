"""add a consumer

Revision ID: 3b3b3b3b3b3b
Revises: 3a3a3a3a3a3a
Create Date: 2026-11-29 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "3b3b3b3b3b3b"
down_revision = "3a3a3a3a3a3a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.DDL("ALTER TOPIC `series/updates` ADD CONSUMER search"))


def downgrade() -> None:
    op.execute(sa.DDL("ALTER TOPIC `series/updates` DROP CONSUMER search"))
