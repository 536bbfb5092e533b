import sqlalchemy as sa

engine = sa.create_engine("yql+ydb://localhost:2136/local", poolclass=sa.NullPool)
with engine.connect() as connection:
    inspector = sa.inspect(connection)
    for table in sorted(inspector.get_table_names()):
        print(table, [column["name"] for column in inspector.get_columns(table)])
        for index in inspector.get_indexes(table):
            print("  index", index["name"], index["column_names"])
