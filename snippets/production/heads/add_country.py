"""add country"""

import sqlalchemy as sa
from alembic import op

revision = "be2a1d3c4b5e"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("series", sa.Column("country", sa.Unicode()))


def downgrade() -> None:
    op.drop_column("series", "country")
