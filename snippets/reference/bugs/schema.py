import sqlalchemy as sa
from sqlalchemy.schema import CreateTable
from ydb_sqlalchemy.sqlalchemy import YqlDialect

key = sa.Column("id", sa.Integer(), primary_key=True)
series = sa.Table("series", sa.MetaData(), key, schema="tv")
print(CreateTable(series).compile(dialect=YqlDialect()))
"""
CREATE TABLE series (
	id Int64 NOT NULL,
	PRIMARY KEY (id)
)
"""
print(sa.select(series).compile(dialect=YqlDialect()))
"""
SELECT tv.series.id
FROM series
"""
