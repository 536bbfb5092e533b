"""genres have a code

Revision ID: e2e2e2e2e2e2
Revises: e1e1e1e1e1e1
"""

import sqlalchemy as sa
from alembic import op

revision = "e2e2e2e2e2e2"
down_revision = "e1e1e1e1e1e1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("genres", sa.Column("code", sa.Unicode(), nullable=True))


def downgrade() -> None:
    op.drop_column("genres", "code")
