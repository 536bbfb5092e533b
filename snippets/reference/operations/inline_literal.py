import sqlalchemy as sa
from alembic import op

# --8<-- [start:plain]
series = sa.table("series", sa.column("series_id", sa.Integer()), sa.column("info", sa.Unicode()))
op.execute(
    series.update()
    .where(series.c.series_id == op.inline_literal(1))
    .values(info=op.inline_literal("comedy", type_=sa.Unicode()))
)
# --8<-- [end:plain]
