"""the second series

Revision ID: d8d8d8d8d8d8
Revises: d4d4d4d4d4d4
Create Date: 2026-11-23 12:00:00

"""

from alembic import op

revision = "d8d8d8d8d8d8"
down_revision = "d4d4d4d4d4d4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""UPSERT INTO series (series_id, series_info) VALUES (2, '{"seasons":6}')""")


def downgrade() -> None:
    op.execute("DELETE FROM series WHERE series_id = 2")
