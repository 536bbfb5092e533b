"""series have no release date

Revision ID: e6e6e6e6e6e6
Revises: e5e5e5e5e5e5
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "e6e6e6e6e6e6"
down_revision = "e5e5e5e5e5e5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("series", "release_date")


def downgrade() -> None:
    op.add_column("series", sa.Column("release_date", sa.Integer()))
