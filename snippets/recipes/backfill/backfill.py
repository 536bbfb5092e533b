"""Fill series.release_year in batches. It can be stopped at any time, and run again."""

import argparse
import os

import sqlalchemy as sa
from ydb_sqlalchemy.sqlalchemy import types

FIND = sa.text("""
    SELECT series_id FROM series
    WHERE series_id > :after AND release_year IS NULL AND release_date IS NOT NULL
    ORDER BY series_id LIMIT :size
""").bindparams(sa.bindparam("size", type_=types.UInt64()))
FILL = sa.text("""
    UPDATE series SET release_year = DateTime::GetYear(CAST(CAST(release_date AS Uint16) AS Date))
    WHERE series_id > :after AND series_id <= :last AND release_year IS NULL
""")

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--size", type=int, default=1000, help="rows of a batch")
parser.add_argument("--batches", type=int, default=-1, help="stop after so many")
options = parser.parse_args()

after, left = -(2**63), options.batches
url = os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local")
engine = sa.create_engine(url, poolclass=sa.NullPool)
with engine.connect() as connection:
    while left and (found := connection.execute(FIND, {"after": after, "size": options.size}).scalars().all()):
        connection.execute(FILL, {"after": after, "last": found[-1]})
        print(f"{len(found)} rows, up to {found[-1]}", flush=True)
        after, left = found[-1], left - 1
