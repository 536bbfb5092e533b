"""count minutes

Revision ID: 4e4e4e4e4e4e
Revises: 4d4d4d4d4d4d
Create Date: 2026-11-29 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "4e4e4e4e4e4e"
down_revision = "4d4d4d4d4d4d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("views_by_day", sa.Column("minutes", sa.Integer))


def downgrade() -> None:
    op.drop_column("views_by_day", "minutes")
