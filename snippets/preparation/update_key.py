import sqlalchemy as sa

engine = sa.create_engine("yql+ydb://localhost:2136/local")

with engine.connect() as connection:
    connection.execute(sa.DDL("CREATE TABLE versions (version_num Utf8 NOT NULL, PRIMARY KEY (version_num))"))
    connection.execute(sa.text("INSERT INTO versions (version_num) VALUES ('d91d9200b65c')"))
    try:
        connection.execute(sa.text("UPDATE versions SET version_num = '820b994ffa7c'"))
    except sa.exc.DBAPIError as error:
        print(error.orig)
    connection.execute(sa.DDL("DROP TABLE versions"))
