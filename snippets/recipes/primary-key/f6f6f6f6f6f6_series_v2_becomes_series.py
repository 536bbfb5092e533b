"""series v2 becomes series

Revision ID: f6f6f6f6f6f6
Revises: f5f5f5f5f5f5
Create Date: 2026-11-23 12:00:00

"""

import posixpath

import ydb
from alembic import context
from alembic import op
from alembic.util import CommandError

revision = "f6f6f6f6f6f6"
down_revision = "f5f5f5f5f5f5"
branch_labels = None
depends_on = None


def rename(*pairs: tuple[str, str]) -> None:
    """Rename tables, all at one moment. There is no statement for it, only a request of the driver."""
    if context.is_offline_mode():
        raise CommandError("several tables are renamed at once by `ydb tools rename`, not by a script")
    connection = op.get_bind().connection.dbapi_connection
    folder = posixpath.join(connection.database, connection.table_path_prefix)
    items = [ydb.RenameItem(posixpath.join(folder, old), posixpath.join(folder, new)) for old, new in pairs]
    connection._driver.table_client.rename_tables(items)


def upgrade() -> None:
    rename(("series", "series_v1"), ("series_v2", "series"))


def downgrade() -> None:
    rename(("series", "series_v2"), ("series_v1", "series"))
