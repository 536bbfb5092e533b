"""create orders

Revision ID: a3a3a3a3a3a3
Revises: a2a2a2a2a2a2
Create Date: 2026-11-29 12:00:02

"""

import sqlalchemy as sa
from alembic import op

import alembic_ydb.types

revision: str = "a3a3a3a3a3a3"
down_revision: str | None = "a2a2a2a2a2a2"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("customer_id", alembic_ydb.types.Uuid(nullable=False), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("status", sa.Enum("NEW", "PAID", name="status"), nullable=False),
        sa.Column("total", sa.Numeric(precision=22, scale=9), nullable=False),
        sa.Column("weight", sa.Double(), nullable=True),
        sa.Column("label", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", "number"),
        if_not_exists=True,
    )


def downgrade() -> None:
    op.drop_table("orders")
