"""two steps"""

import sqlalchemy as sa
from alembic import op

revision = "d4d4d4d4d4d4"
down_revision = "b2b2b2b2b2b2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("series", sa.Column("seen", sa.Boolean()))
    op.create_unique_constraint("series_title", "series", ["title"])


def downgrade() -> None:
    op.drop_column("series", "seen")
