"""What the application does, before the change: it saves a series, and reads it."""

import os

import sqlalchemy as sa

url = os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local")
engine = sa.create_engine(url, poolclass=sa.NullPool)
with engine.connect() as connection:
    connection.execute(sa.text("UPSERT INTO series (series_id, title, series_info) VALUES (1, 'IT Crowd', 'London')"))
    print(connection.execute(sa.text("SELECT title, series_info FROM series WHERE series_id = 1")).one())
