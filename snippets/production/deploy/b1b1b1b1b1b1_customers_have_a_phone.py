"""customers have a phone"""

import sqlalchemy as sa
from alembic import op

from alembic_ydb.exists import has_column

revision = "b1b1b1b1b1b1"
down_revision = "a4a4a4a4a4a4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if not has_column("customers", "phone"):
        op.add_column("customers", sa.Column("phone", sa.Unicode(), nullable=True))


def downgrade() -> None:
    op.drop_column("customers", "phone")
