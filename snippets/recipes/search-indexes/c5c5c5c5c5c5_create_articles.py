"""create articles

Revision ID: c5c5c5c5c5c5
Revises: 9085c679f5dc
Create Date: 2026-11-29 12:00:00

"""

import sqlalchemy as sa
from alembic import op
from ydb_sqlalchemy.sqlalchemy.types import UInt64

revision = "c5c5c5c5c5c5"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "articles",
        sa.Column("id", UInt64, autoincrement=False, nullable=False),
        sa.Column("title", sa.Unicode),
        sa.Column("body", sa.Unicode),
        sa.Column("embedding", sa.BINARY),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    op.drop_table("articles")
