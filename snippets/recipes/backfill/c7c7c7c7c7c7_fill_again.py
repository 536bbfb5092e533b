"""fill again

Revision ID: c7c7c7c7c7c7
Revises: c6c6c6c6c6c6
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "c7c7c7c7c7c7"
down_revision = "c6c6c6c6c6c6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        sa.DDL("""
            BATCH UPDATE series SET release_year = DateTime::GetYear(CAST(CAST(release_date AS Uint16) AS Date))
            WHERE release_year IS NULL
        """)
    )


def downgrade() -> None:
    pass
