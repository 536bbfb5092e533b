import decimal

import sqlalchemy as sa

engine = sa.create_engine("yql+ydb://localhost:2136/local", poolclass=sa.NullPool)
query = sa.text("SELECT CAST('12345678901234567890123456789012345' AS Decimal(35, 0))")
with engine.connect() as connection:
    print(connection.scalar(query))
    #> 1.234567890123456789012345679E+34
    decimal.getcontext().prec = 35
    print(connection.scalar(query))
    #> 12345678901234567890123456789012345
