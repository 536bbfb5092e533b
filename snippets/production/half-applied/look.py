import os

import sqlalchemy as sa

url = os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local")
engine = sa.create_engine(url, poolclass=sa.NullPool)
with engine.connect() as connection:
    inspector = sa.inspect(connection)
    for table in sorted(inspector.get_table_names()):
        print(table, [column["name"] for column in inspector.get_columns(table)])
        for index in inspector.get_indexes(table):
            print("  index", index["name"], index["column_names"])
