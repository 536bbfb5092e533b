"""the first series

Revision ID: d4d4d4d4d4d4
Revises: d3d3d3d3d3d3
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "d4d4d4d4d4d4"
down_revision = "d3d3d3d3d3d3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        sa.text("UPSERT INTO series (series_id, title) VALUES (:id, :title)").bindparams(
            sa.bindparam("id", 1, sa.Integer()), sa.bindparam("title", "100% IT", sa.Unicode())
        )
    )


def downgrade() -> None:
    op.execute("DELETE FROM series WHERE series_id = 1")
