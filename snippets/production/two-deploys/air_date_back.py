"""air_date in days"""

from alembic import op

from meeting import meet

revision = "8c3f2d9e4ab5"
down_revision = "7b2e1c8d3fa4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    meet("8c3f2d9e4ab5", seconds=2)
    op.execute("UPDATE episodes SET air_date = air_date / 86400")


def downgrade() -> None:
    op.execute("UPDATE episodes SET air_date = air_date * 86400")
