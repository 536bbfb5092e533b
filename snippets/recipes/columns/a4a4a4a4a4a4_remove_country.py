"""remove country

Revision ID: a4a4a4a4a4a4
Revises: a3a3a3a3a3a3
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "a4a4a4a4a4a4"
down_revision = "a3a3a3a3a3a3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("series", "country")


def downgrade() -> None:
    op.add_column("series", sa.Column("country", sa.Unicode()))
