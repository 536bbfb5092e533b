"""seconds

Revision ID: f3f3f3f3f3f3
Revises: f2f2f2f2f2f2
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "f3f3f3f3f3f3"
down_revision = "f2f2f2f2f2f2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.DDL("CREATE TABLE sessions (id Utf8 NOT NULL, seen_at Uint64, PRIMARY KEY (id)) WITH (TTL = Interval('PT1H') ON seen_at AS SECONDS)"))


def downgrade() -> None:
    op.drop_table("sessions")
