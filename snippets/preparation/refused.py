import sqlalchemy as sa

engine = sa.create_engine("yql+ydb://localhost:2136/local")


def attempt(statement):
    try:
        connection.execute(statement)
    except sa.exc.DBAPIError as error:
        print(error.orig.message)


with engine.connect() as connection:
    attempt(sa.DDL("CREATE TABLE versions (version_num Utf8 NOT NULL, CONSTRAINT pk PRIMARY KEY (version_num))"))
    attempt(sa.DDL("CREATE TABLE versions (version_num Utf8 NOT NULL, PRIMARY KEY (version_num))"))
    attempt(sa.text("INSERT INTO versions (version_num) VALUES ('d91d9200b65c')"))
    attempt(sa.text("UPDATE versions SET version_num = '820b994ffa7c'"))
    attempt(sa.DDL("DROP TABLE versions"))
engine.dispose()
