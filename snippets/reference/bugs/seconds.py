import datetime

import sqlalchemy as sa
from ydb_sqlalchemy.sqlalchemy.types import YqlDateTime

metadata = sa.MetaData()
key = sa.Column("id", sa.Integer(), primary_key=True)
moments = sa.Table("moments", metadata, key, sa.Column("at", YqlDateTime()), sa.Column("exact", sa.DateTime()))
engine = sa.create_engine("yql+ydb://localhost:2136/local", poolclass=sa.NullPool)
with engine.connect() as connection:
    metadata.create_all(connection)
    now = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901)
    connection.execute(sa.insert(moments).values(id=1, at=now, exact=now))
    row = connection.execute(sa.select(moments)).one()
    print(row.at)
    #> 2026-01-02 03:04:05
    print(row.exact)
    #> 2026-01-02 03:04:05.678901
