"""air_date in seconds"""

from alembic import op

from meeting import meet

revision = "6a1f0b7c2d93"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    meet("6a1f0b7c2d93", seconds=20)
    op.execute("UPDATE episodes SET air_date = air_date * 86400")


def downgrade() -> None:
    op.execute("UPDATE episodes SET air_date = air_date / 86400")
