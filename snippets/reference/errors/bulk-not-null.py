import sqlalchemy as sa
import ydb
import ydb_dbapi

from attempt import engine

ROWS = [{"series_id": 1}]
TYPES = ydb.BulkUpsertColumns().add_column("series_id", ydb.PrimitiveType.Int64)

with engine.connect() as connection:
    connection.execute(sa.DDL("CREATE TABLE counters (series_id Int64 NOT NULL, PRIMARY KEY (series_id))"))
    connection.execute(sa.DDL("ALTER TABLE counters ADD COLUMN views Int32 NOT NULL DEFAULT 0"))
    try:
        connection.connection.driver_connection.bulk_upsert("counters", ROWS, TYPES)
    except ydb_dbapi.Error as error:
        print(f"{type(error).__name__}: {error}")
        """
        ProgrammingError: message: "Bulk upsert to table \'/local/counters\' Missing not null columns: views" severity: 1 (server_code: 400070)
        """
