"""create users

Revision ID: b5b5b5b5b5b5
Revises: 9085c679f5dc
Create Date: 2026-11-23 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "b5b5b5b5b5b5"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        sa.DDL("CREATE TABLE users (id Utf8 NOT NULL, email Utf8, PRIMARY KEY (id), INDEX users_email GLOBAL UNIQUE SYNC ON (email))")
    )


def downgrade() -> None:
    op.drop_table("users")
