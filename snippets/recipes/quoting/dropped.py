import io

import ydb_sqlalchemy.alembic  # noqa: F401 - registers YDB with Alembic
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy.sql import quoted_name

sent = io.StringIO()
context = MigrationContext.configure(dialect_name="yql", opts={"as_sql": True, "output_buffer": sent})
Operations(context).drop_column("reviews", "struct")
Operations(context).drop_column("reviews", quoted_name("struct", quote=True))
print(sent.getvalue())
"""
ALTER TABLE reviews DROP COLUMN struct;

ALTER TABLE reviews DROP COLUMN `struct`;
"""
