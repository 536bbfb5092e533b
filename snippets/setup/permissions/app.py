import os

import sqlalchemy as sa
from migrations.login import credentials

url = os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local")
engine = sa.create_engine(url, connect_args={"credentials": credentials(os.environ)})
with engine.begin() as connection:
    connection.execute(sa.text("UPSERT INTO series (series_id, title) VALUES (1, 'IT Crowd')"))
with engine.begin() as connection:
    print(connection.scalar(sa.text("SELECT title FROM series WHERE series_id = 1")))
    try:
        connection.execute(sa.DDL("ALTER TABLE series ADD COLUMN rating Double"))
    except sa.exc.DatabaseError as error:
        print(error.orig)
engine.dispose()
