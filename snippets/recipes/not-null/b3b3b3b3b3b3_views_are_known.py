"""views are known

Revision ID: b3b3b3b3b3b3
Revises: b2b2b2b2b2b2
Create Date: 2026-11-23 12:00:00

"""

from alembic import op

revision = "b3b3b3b3b3b3"
down_revision = "b2b2b2b2b2b2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("series", "views", nullable=False)


def downgrade() -> None:
    op.alter_column("series", "views", nullable=True)
