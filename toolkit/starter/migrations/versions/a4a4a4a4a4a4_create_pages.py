"""create pages

Revision ID: a4a4a4a4a4a4
Revises: a3a3a3a3a3a3
Create Date: 2026-11-29 12:00:03

"""

import sqlalchemy as sa
import ydb_sqlalchemy.sqlalchemy.types
from alembic import op

revision: str = "a4a4a4a4a4a4"
down_revision: str | None = "a3a3a3a3a3a3"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    op.create_table(
        "pages",
        sa.Column("hash", ydb_sqlalchemy.sqlalchemy.types.UInt64(), autoincrement=False, nullable=False),
        sa.Column("url", sa.Unicode(), nullable=False),
        sa.Column("views", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash", "url"),
        if_not_exists=True,
    )


def downgrade() -> None:
    op.drop_table("pages")
