import uuid
from datetime import timedelta

import sqlalchemy as sa
import ydb_types

orders = sa.Table(
    "orders",
    sa.MetaData(),
    sa.Column("id", ydb_types.Uuid(nullable=False), primary_key=True),
    sa.Column("details", ydb_types.JsonDocument()),
    sa.Column("took", ydb_types.Interval()),
)
engine = sa.create_engine("yql+ydb://localhost:2136/local")
order = uuid.UUID(int=1)

with engine.connect() as connection:
    orders.create(connection)
    connection.execute(orders.insert().values(id=order, details={"size": 5}, took=timedelta(minutes=90)))
    print(connection.execute(orders.select().where(orders.c.id == order)).one())
engine.dispose()
