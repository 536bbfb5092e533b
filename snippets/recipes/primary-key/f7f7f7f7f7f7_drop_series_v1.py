"""drop series_v1

Revision ID: f7f7f7f7f7f7
Revises: f6f6f6f6f6f6
Create Date: 2026-11-23 12:00:00

"""

from alembic import op

revision = "f7f7f7f7f7f7"
down_revision = "f6f6f6f6f6f6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("series_v1")


def downgrade() -> None:
    raise NotImplementedError("the rows of series_v1 are gone, and the undo before would make it series")
