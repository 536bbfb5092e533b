"""create tasks

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
        "tasks",
        sa.Column("id", alembic_ydb.types.Uuid(nullable=False), nullable=False),
        sa.Column("title", sa.Unicode(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    op.drop_table("tasks")
