import sqlalchemy as sa
from alembic import op

# --8<-- [start:plain]
series = sa.table("series", sa.column("series_id", sa.Integer()), sa.column("title", sa.Unicode()))
op.bulk_insert(series, [{"series_id": 3, "title": "Fargo"}, {"series_id": 4, "title": "Lost"}])
# --8<-- [end:plain]

# --8<-- [start:one-by-one]
series = sa.table("series", sa.column("series_id", sa.Integer()), sa.column("title", sa.Unicode()))
op.bulk_insert(series, [{"series_id": 3, "title": "Fargo"}, {"series_id": 4, "title": "Lost"}], multiinsert=False)
# --8<-- [end:one-by-one]

# --8<-- [start:conflict]
series = sa.table("series", sa.column("series_id", sa.Integer()), sa.column("title", sa.Unicode()))
op.bulk_insert(series, [{"series_id": 3, "title": "Fargo"}, {"series_id": 1, "title": "The IT Crowd"}])
# --8<-- [end:conflict]

# --8<-- [start:conflict-instead]
from ydb_sqlalchemy.sqlalchemy import upsert

series = sa.table("series", sa.column("series_id", sa.Integer()), sa.column("title", sa.Unicode()))
op.execute(upsert(series).values([{"series_id": 3, "title": "Fargo"}, {"series_id": 1, "title": "The IT Crowd"}]))
# --8<-- [end:conflict-instead]

# --8<-- [start:untyped]
series = sa.table("series", sa.column("series_id"), sa.column("title"), sa.column("info"))
op.bulk_insert(series, [{"series_id": 3, "title": "Fargo", "info": None}])
# --8<-- [end:untyped]

# --8<-- [start:missing-column]
op.bulk_insert(sa.table("series", sa.column("series_id", sa.Integer())), [{"series_id": 3}])
# --8<-- [end:missing-column]
