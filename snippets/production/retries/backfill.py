import os

import sqlalchemy as sa
from ydb_sqlalchemy import retry_ydb

url = os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local")
engine = sa.create_engine(url, isolation_level="SERIALIZABLE")
FIRST = sa.text("SELECT series_id FROM series ORDER BY series_id LIMIT 2")
NEXT = sa.text("SELECT series_id FROM series WHERE series_id > :after ORDER BY series_id LIMIT 2")
FILL = sa.text("UPDATE series SET series_info = title WHERE series_id >= :first AND series_id <= :last")


@retry_ydb(idempotent=True)
def fill(after: int | None) -> int | None:
    """Fill the first rows, or the next ones, in one transaction. Out: the key of the last one; None where none is left."""
    with engine.begin() as connection:
        keys = connection.scalars(FIRST if after is None else NEXT, {} if after is None else {"after": after}).all()
        if keys:
            connection.execute(FILL, {"first": keys[0], "last": keys[-1]})
        return keys[-1] if keys else None


last = fill(None)
while last is not None:
    print("filled up to", last)
    last = fill(last)
engine.dispose()
