"""views have no default

Revision ID: a3a3a3a3a3a3
Revises: a2a2a2a2a2a2
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "a3a3a3a3a3a3"
down_revision = "a2a2a2a2a2a2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("series", "views", server_default=None)


def downgrade() -> None:
    op.alter_column("series", "views", server_default=sa.text("0"))
