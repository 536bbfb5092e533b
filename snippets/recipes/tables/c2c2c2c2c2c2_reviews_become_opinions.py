"""reviews become opinions

Revision ID: c2c2c2c2c2c2
Revises: c1c1c1c1c1c1
Create Date: 2026-11-23 12:00:00

"""

from alembic import op

revision = "c2c2c2c2c2c2"
down_revision = "c1c1c1c1c1c1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.rename_table("reviews", "opinions")


def downgrade() -> None:
    op.rename_table("opinions", "reviews")
