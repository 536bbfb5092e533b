"""add views, if they are not there

Revision ID: 3e3e3e3e3e3e
Revises: 9085c679f5dc
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "3e3e3e3e3e3e"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    columns = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("series")}
    if "views" not in columns:
        op.add_column("series", sa.Column("views", sa.Integer()))


def downgrade() -> None:
    op.drop_column("series", "views")
