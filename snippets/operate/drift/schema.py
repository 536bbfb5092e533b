"""Print the statements that make the tables of the database, as YDB tells them: python schema.py"""

import os

import sqlalchemy as sa

url = os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local")
engine = sa.create_engine(url, poolclass=sa.NullPool)
with engine.connect() as connection:
    for table in sorted(sa.inspect(connection).get_table_names()):
        print(connection.execute(sa.text(f"SHOW CREATE TABLE `{table}`")).one().CreateQuery)
