"""the application reads and writes

Revision ID: e1e1e1e1e1e1
Revises: 9085c679f5dc
"""

import sqlalchemy as sa
from alembic import op

revision = "e1e1e1e1e1e1"
down_revision = "9085c679f5dc"
branch_labels = None
depends_on = None

RIGHTS = "DESCRIBE SCHEMA, SELECT ROW, UPDATE ROW, ERASE ROW"
TABLES = "series, seasons, episodes"


def upgrade() -> None:
    op.execute(sa.DDL(f"GRANT {RIGHTS} ON {TABLES} TO application"))


def downgrade() -> None:
    op.execute(sa.DDL(f"REVOKE {RIGHTS} ON {TABLES} FROM application"))
