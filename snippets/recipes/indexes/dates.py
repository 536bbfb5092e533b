import os

import sqlalchemy as sa

url = os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local")
engine = sa.create_engine(url, isolation_level="STALE READONLY")
with engine.connect() as connection:
    series = sa.text("SELECT COUNT(*) FROM series VIEW ix_series_date WHERE release_date = 13182")
    print(connection.scalar(series))
engine.dispose()
