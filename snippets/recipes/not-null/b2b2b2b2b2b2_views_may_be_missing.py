"""views may be missing

Revision ID: b2b2b2b2b2b2
Revises: b1b1b1b1b1b1
Create Date: 2026-11-23 12:00:00

"""

from alembic import op

revision = "b2b2b2b2b2b2"
down_revision = "b1b1b1b1b1b1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("series", "views", nullable=True)


def downgrade() -> None:
    raise NotImplementedError("YDB cannot make a column NOT NULL again")
