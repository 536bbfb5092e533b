"""titles are unique

Revision ID: b6b6b6b6b6b6
Revises: b5b5b5b5b5b5
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "b6b6b6b6b6b6"
down_revision = "b5b5b5b5b5b5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "series_titles",
        sa.Column("title", sa.Unicode(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("title"),
    )


def downgrade() -> None:
    op.drop_table("series_titles")
