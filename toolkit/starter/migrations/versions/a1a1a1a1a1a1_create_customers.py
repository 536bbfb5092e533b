"""create customers

Revision ID: a1a1a1a1a1a1
Revises:
Create Date: 2026-11-29 12:00:00

"""

import sqlalchemy as sa
from alembic import op

import alembic_ydb.types

revision: str = "a1a1a1a1a1a1"
down_revision: str | None = None
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    op.create_table(
        "customers",
        sa.Column("id", alembic_ydb.types.Uuid(nullable=False), nullable=False),
        sa.Column("email", sa.Unicode(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("born", sa.Date(), nullable=True),
        sa.Column("settings", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        if_not_exists=True,
    )


def downgrade() -> None:
    op.drop_table("customers")
