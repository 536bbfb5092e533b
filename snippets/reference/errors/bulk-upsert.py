import sqlalchemy as sa
import ydb
import ydb_dbapi

from attempt import engine

ROWS = [{"review_id": 1, "title": "Good"}]
TYPES = ydb.BulkUpsertColumns()
TYPES.add_column("review_id", ydb.PrimitiveType.Int64).add_column("title", ydb.PrimitiveType.Utf8)

with engine.connect() as connection:
    connection.execute(sa.DDL("CREATE TABLE reviews (review_id Int64 NOT NULL, title Utf8, PRIMARY KEY (review_id))"))
    connection.execute(sa.DDL("ALTER TABLE reviews ADD INDEX by_title GLOBAL ON (title)"))
    try:
        connection.connection.driver_connection.bulk_upsert("reviews", ROWS, TYPES)
    except ydb_dbapi.Error as error:
        print(f"{type(error).__name__}: {error}")
        """
        ProgrammingError: message: "Bulk upsert to table \'/local/reviews\' Only async-indexed tables are supported by BulkUpsert" severity: 1 (server_code: 400070)
        """
