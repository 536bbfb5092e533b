import sqlalchemy as sa
from sqlalchemy.schema import CreateTable
from ydb_sqlalchemy.sqlalchemy import YqlDialect

columns = [
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("group", sa.Integer),  # a word that PostgreSQL reserves
    sa.Column("Buyer", sa.Integer),  # a capital letter
    sa.Column("my-note", sa.Integer),  # a sign
    sa.Column("list", sa.Integer),  # a word of YQL alone
    sa.Column("struct", sa.Integer, quote=True),  # you say so
]
print(CreateTable(sa.Table("shop/orders", sa.MetaData(), *columns)).compile(dialect=YqlDialect()))
"""
CREATE TABLE `shop/orders` (
    id Int64 NOT NULL,
    `group` Int64,
    `Buyer` Int64,
    `my-note` Int64,
    list Int64,
    `struct` Int64,
    PRIMARY KEY (id)
)
"""
