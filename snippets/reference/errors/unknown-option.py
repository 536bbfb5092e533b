import sqlalchemy as sa
import ydb

try:
    sa.create_engine("yql+ydb://user:secret@localhost:2136/local").connect()
except sa.exc.ProgrammingError as error:
    print(str(error.orig).partition(". ")[0])
    #> Unknown connection option(s): password, username

engine = sa.create_engine(
    "yql+ydb://localhost:2136/local", connect_args={"credentials": ydb.AnonymousCredentials()}
)
with engine.connect() as connection:
    print(connection.scalar(sa.text("SELECT 1")))
    #> 1
engine.dispose()
