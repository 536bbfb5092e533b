"""two steps"""

import sqlalchemy as sa
from alembic import op

revision = "d4d4d4d4d4d4"
down_revision = "b2b2b2b2b2b2"
branch_labels = None
depends_on = None


# --8<-- [start:upgrade]
def upgrade() -> None:
    columns = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("series")}
    if "seen" not in columns:
        op.add_column("series", sa.Column("seen", sa.Boolean()))
# --8<-- [end:upgrade]


def downgrade() -> None:
    op.drop_column("series", "seen")
