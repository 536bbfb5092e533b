import sqlalchemy as sa
from alembic import op

# --8<-- [start:plain]
op.create_exclude_constraint("ex_title", "series", (sa.column("title"), "="))
# --8<-- [end:plain]
