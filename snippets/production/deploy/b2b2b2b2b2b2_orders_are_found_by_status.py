"""orders are found by status"""

from alembic import op

from alembic_ydb.exists import has_index

revision = "b2b2b2b2b2b2"
down_revision = "b1b1b1b1b1b1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if not has_index("orders", "ix_orders_status", ["status"]):
        op.create_index("ix_orders_status", "orders", ["status"])


def downgrade() -> None:
    op.drop_index("ix_orders_status", table_name="orders")
