import sqlalchemy as sa
from ydb_sqlalchemy.sqlalchemy import YqlDialect

series = sa.table("series", sa.column("title", sa.Unicode()))
statement = series.update().values(title="50% off")
print(statement.compile(dialect=YqlDialect(), compile_kwargs={"literal_binds": True}))
#> UPDATE series SET title='50%% off'

engine = sa.create_engine("yql+ydb://localhost:2136/local", poolclass=sa.NullPool)
with engine.connect() as connection:
    print(connection.scalar(sa.text("SELECT '50%%'u")))
    #> 50%%
    print(connection.scalar(sa.text("SELECT '50%%'u || :rest"), {"rest": " off"}))
    #> 50% off
