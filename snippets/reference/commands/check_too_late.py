"""check too late"""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "d5d5d5d5d5d5"
down_revision = "d4d4d4d4d4d4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("series", sa.Column("year", sa.Integer()))
    if not op.get_bind().scalar(sa.text("SELECT COUNT(*) FROM series")):
        raise CommandError("there are no series: import them first")


def downgrade() -> None:
    op.drop_column("series", "year")
