"""add country"""

import sqlalchemy as sa
from alembic import op

revision = "5b8e63f2ea15"
down_revision = "3a7c52e1d904"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("series", sa.Column("country", sa.Unicode()))


def downgrade() -> None:
    op.drop_column("series", "country")
