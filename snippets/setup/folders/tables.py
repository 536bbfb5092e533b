import sys

from sqlalchemy import create_engine, inspect, pool

engine = create_engine(sys.argv[1], poolclass=pool.NullPool)
with engine.connect() as connection:
    for name in inspect(connection).get_table_names():
        print(name)
