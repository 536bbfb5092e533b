import os
from datetime import date

import sqlalchemy as sa
import ydb

TYPES = (
    ydb.BulkUpsertColumns()
    .add_column("day", ydb.PrimitiveType.Date)
    .add_column("series_id", ydb.PrimitiveType.Int64)
    .add_column("views", ydb.OptionalType(ydb.PrimitiveType.Int64))
)
ROWS = [{"day": date(2026, 11, 27), "series_id": series, "views": None} for series in range(1, 4)]

engine = sa.create_engine(os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local"))
with engine.connect() as connection:
    connection.connection.driver_connection.bulk_upsert("views_by_day", ROWS, TYPES)
    print(connection.scalar(sa.text("SELECT COUNT(*) FROM views_by_day")))
engine.dispose()
