"""create episodes table

Revision ID: 9085c679f5dc
Revises: 820b994ffa7c
Create Date: 2024-12-10 14:51:18.441037

"""

from typing import Sequence, Union

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "9085c679f5dc"
down_revision: Union[str, Sequence[str], None] = "820b994ffa7c"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table(
        "episodes",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("season_id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Unicode(), nullable=True),
        sa.Column("air_date", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("series_id", "season_id", "episode_id"),
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_table("episodes")
