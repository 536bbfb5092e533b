import sqlalchemy as sa
from ydb_sqlalchemy.sqlalchemy import YqlDialect

series = sa.table("series", sa.column("title", sa.Unicode()))
statement = series.update().values(title="50% off")
print(statement.compile(dialect=YqlDialect(), compile_kwargs={"literal_binds": True}))
#> UPDATE series SET title='50%% off'
