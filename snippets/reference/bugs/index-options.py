import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex
from ydb_sqlalchemy.sqlalchemy import YqlDialect

series = sa.Table("series", sa.MetaData(), sa.Column("title", sa.String()))
ignored = sa.Index("ignored", series.c.title, yql_async=True)
taken = sa.Index("taken", series.c.title, ydb_async=True)
print(CreateIndex(ignored).compile(dialect=YqlDialect()))
#> ALTER TABLE series ADD INDEX ignored GLOBAL SYNC ON (title)
print(CreateIndex(taken).compile(dialect=YqlDialect()))
#> ALTER TABLE series ADD INDEX taken GLOBAL ASYNC ON (title)
