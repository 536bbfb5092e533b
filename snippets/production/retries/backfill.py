import os

import sqlalchemy as sa
from ydb_sqlalchemy import retry_ydb

url = os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local")
engine = sa.create_engine(url, isolation_level="SERIALIZABLE")
KEYS = sa.text("SELECT series_id FROM series WHERE series_id > :after ORDER BY series_id LIMIT 2")
FILL = sa.text("UPDATE series SET series_info = title WHERE series_id > :after AND series_id <= :last")


@retry_ydb(idempotent=True)
def fill(after: int) -> int | None:
    """Fill some rows, in one transaction. Out: the key of the last one, or None where none is left."""
    with engine.begin() as connection:
        keys = connection.scalars(KEYS, {"after": after}).all()
        if keys:
            connection.execute(FILL, {"after": after, "last": keys[-1]})
        return keys[-1] if keys else None


last = fill(-(2**63))
while last is not None:
    print("filled up to", last)
    last = fill(last)
engine.dispose()
