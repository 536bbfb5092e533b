"""two changes

Revision ID: 0c0c0c0c0c0c
Revises: 9085c679f5dc
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0c0c0c0c0c0c"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("series", sa.Column("country", sa.Unicode()))
    op.create_index("ix_series_country", "series", ["no_such_column"])


def downgrade() -> None:
    op.drop_index("ix_series_country", "series")
    op.drop_column("series", "country")
