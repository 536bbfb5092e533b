"""seed series

Revision ID: e1e1e1e1e1e1
Revises: 9085c679f5dc
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

SERIES = [(1, "IT Crowd"), (2, "Silicon Valley")]

revision = "e1e1e1e1e1e1"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for series_id, title in SERIES:
        op.execute(
            sa.text("UPSERT INTO series (series_id, title) VALUES (:id, :title)").bindparams(
                sa.bindparam("id", series_id, sa.Integer()), sa.bindparam("title", title, sa.Unicode())
            )
        )


def downgrade() -> None:
    for series_id, _ in SERIES:
        op.execute(sa.text("DELETE FROM series WHERE series_id = :id").bindparams(sa.bindparam("id", series_id, sa.Integer())))
