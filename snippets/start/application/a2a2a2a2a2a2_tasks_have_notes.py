"""tasks have notes

Revision ID: a2a2a2a2a2a2
Revises: a1a1a1a1a1a1
Create Date: 2026-11-29 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision: str = "a2a2a2a2a2a2"
down_revision: str | None = "a1a1a1a1a1a1"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("note", sa.Unicode(), nullable=True))


def downgrade() -> None:
    op.drop_column("tasks", "note")
