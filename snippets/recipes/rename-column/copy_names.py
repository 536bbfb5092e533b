"""Copy series.title to series.name in batches. It can be stopped at any time, and run again."""

import os
import sys

import sqlalchemy as sa
from ydb_sqlalchemy.sqlalchemy import types

SIZE = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
FIND = sa.text("SELECT series_id FROM series WHERE series_id > :after ORDER BY series_id LIMIT :size").bindparams(
    sa.bindparam("size", type_=types.UInt64())
)
COPY = sa.text("UPDATE series SET name = title WHERE series_id > :after AND series_id <= :last")

after = -(2**63)
url = os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local")
with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
    while found := connection.execute(FIND, {"after": after, "size": SIZE}).scalars().all():
        connection.execute(COPY, {"after": after, "last": found[-1]})
        print(f"{len(found)} rows, up to {found[-1]}", flush=True)
        after = found[-1]
