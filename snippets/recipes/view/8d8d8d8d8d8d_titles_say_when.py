"""titles say when

Revision ID: 8d8d8d8d8d8d
Revises: 7d7d7d7d7d7d
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "8d8d8d8d8d8d"
down_revision = "7d7d7d7d7d7d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.DDL("DROP VIEW IF EXISTS titles_v2"))
    op.execute(sa.DDL("CREATE VIEW titles_v2 WITH (security_invoker = TRUE) AS SELECT series_id, title, release_date AS released FROM series"))


def downgrade() -> None:
    op.execute(sa.DDL("DROP VIEW IF EXISTS titles_v2"))
    op.execute(sa.DDL("CREATE VIEW titles_v2 WITH (security_invoker = TRUE) AS SELECT series_id, title, release_date FROM series"))
