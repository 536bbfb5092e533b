"""add people"""

import sqlalchemy as sa
from alembic import op

revision = "3a7c52e1d904"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Unicode()),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.add_column("series", sa.Column("rating", sa.Integer(), nullable=False))
    op.create_index("ix_series_title", "series", ["title"])
    op.execute("INSERT INTO people (person_id, name) VALUES (1, 'Graham Linehan')")


def downgrade() -> None:
    op.drop_index("ix_series_title", table_name="series")
    op.drop_column("series", "rating")
    op.drop_table("people")
