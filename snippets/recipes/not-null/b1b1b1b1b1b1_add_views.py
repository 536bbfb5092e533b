"""add views

Revision ID: b1b1b1b1b1b1
Revises: 9085c679f5dc
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "b1b1b1b1b1b1"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.DDL("ALTER TABLE series ADD COLUMN views Int64 NOT NULL DEFAULT 0"))


def downgrade() -> None:
    op.drop_column("series", "views")
