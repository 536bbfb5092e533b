"""forget the titles

Revision ID: b1b1b1b1b1b1
Revises: 9085c679f5dc
"""

from alembic import op

revision = "b1b1b1b1b1b1"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE series SET title = NULL")


def downgrade() -> None:
    pass
