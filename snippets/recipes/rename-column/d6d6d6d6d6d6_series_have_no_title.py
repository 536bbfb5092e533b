"""series have no title

Revision ID: d6d6d6d6d6d6
Revises: d5d5d5d5d5d5
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "d6d6d6d6d6d6"
down_revision = "d5d5d5d5d5d5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("series", "title")


def downgrade() -> None:
    op.add_column("series", sa.Column("title", sa.Unicode()))
