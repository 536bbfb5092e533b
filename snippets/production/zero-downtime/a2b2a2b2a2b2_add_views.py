"""add views

Revision ID: a2b2a2b2a2b2
Revises: a1b1a1b1a1b1
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "a2b2a2b2a2b2"
down_revision = "a1b1a1b1a1b1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.DDL("ALTER TABLE series ADD COLUMN views Int64 NOT NULL DEFAULT 0"))


def downgrade() -> None:
    op.drop_column("series", "views")
