import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex
from ydb_sqlalchemy.sqlalchemy import YqlDialect

series = sa.Table("series", sa.MetaData(), sa.Column("title", sa.String()))
index = sa.Index("by_title", series.c.title, unique=True)
print(CreateIndex(index).compile(dialect=YqlDialect()))
#> ALTER TABLE series ADD INDEX by_title GLOBAL SYNC ON (title)
