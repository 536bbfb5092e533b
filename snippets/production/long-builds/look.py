import os

import sqlalchemy as sa

url = os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local")
engine = sa.create_engine(url, poolclass=sa.NullPool)
print("indexes of series:", [index["name"] for index in sa.inspect(engine).get_indexes("series")])
