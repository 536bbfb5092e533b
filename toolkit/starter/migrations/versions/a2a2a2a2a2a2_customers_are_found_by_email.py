"""customers are found by email

Revision ID: a2a2a2a2a2a2
Revises: a1a1a1a1a1a1
Create Date: 2026-11-29 12:00:01

"""

from alembic import op

from alembic_ydb.exists import has_index

revision: str = "a2a2a2a2a2a2"
down_revision: str | None = "a1a1a1a1a1a1"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    if not has_index("customers", "ix_customers_email", ["email"]):
        op.create_index("ix_customers_email", "customers", ["email"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_customers_email", table_name="customers")
