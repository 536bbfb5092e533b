"""add rating"""

import sqlalchemy as sa
from alembic import op

revision = "ad1f0c2b3a4d"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("series", sa.Column("rating", sa.Integer()))


def downgrade() -> None:
    op.drop_column("series", "rating")
