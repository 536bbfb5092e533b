"""add people"""

import sqlalchemy as sa
from alembic import op

from meeting import meet

revision = "7b2e1c8d3fa4"
down_revision = "6a1f0b7c2d93"
branch_labels = None
depends_on = None


def upgrade() -> None:
    meet("7b2e1c8d3fa4", seconds=20)
    op.create_table("people", sa.Column("person_id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("people")
