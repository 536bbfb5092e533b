"""create views by day

Revision ID: 4b4b4b4b4b4b
Revises: 9085c679f5dc
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "4b4b4b4b4b4b"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        sa.DDL("""
            CREATE TABLE views_by_day (
                day Date NOT NULL, series_id Int64 NOT NULL, views Int64, PRIMARY KEY (day, series_id)
            )
            PARTITION BY HASH (day, series_id)
            WITH (STORE = COLUMN)
        """)
    )


def downgrade() -> None:
    op.drop_table("views_by_day")
