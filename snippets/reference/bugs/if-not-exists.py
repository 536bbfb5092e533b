import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, DropIndex
from ydb_sqlalchemy.sqlalchemy import YqlDialect

series = sa.Table("series", sa.MetaData(), sa.Column("title", sa.String()))
index = sa.Index("by_title", series.c.title)
print(CreateIndex(index, if_not_exists=True).compile(dialect=YqlDialect()))
#> ALTER TABLE series ADD INDEX by_title GLOBAL SYNC ON (title)
print(DropIndex(index, if_exists=True).compile(dialect=YqlDialect()))
#> ALTER TABLE series DROP INDEX by_title
