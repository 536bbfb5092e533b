import decimal

import sqlalchemy as sa

engine = sa.create_engine("yql+ydb://localhost:2136/local")
query = sa.text("SELECT Decimal('12345678901234567890123456.123456789', 35, 9)")

with engine.connect() as connection:
    print(connection.scalar(query))
    decimal.DefaultContext.prec = decimal.getcontext().prec = 38
    print(connection.scalar(query))
engine.dispose()
