import sqlalchemy as sa
from sqlalchemy.schema import CreateTable
from ydb_sqlalchemy.sqlalchemy import YqlDialect

key = sa.Column("id", sa.Integer(), primary_key=True)
series = sa.Table("series", sa.MetaData(), key, sa.Column("list", sa.Unicode()))
print(CreateTable(series).compile(dialect=YqlDialect()))
"""
CREATE TABLE series (
    id Int64 NOT NULL,
    list UTF8,
    PRIMARY KEY (id)
)
"""
