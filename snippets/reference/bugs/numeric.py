import sqlalchemy as sa
from sqlalchemy.schema import CreateTable
from ydb_sqlalchemy.sqlalchemy import YqlDialect

prices = sa.Table(
    "prices",
    sa.MetaData(),
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("net", sa.Numeric()),
    sa.Column("gross", sa.Numeric(22, 9)),
)
print(CreateTable(prices).compile(dialect=YqlDialect()))
"""
CREATE TABLE prices (
	id Int64 NOT NULL,
	net Decimal(None, None),
	gross Decimal(22, 9),
	PRIMARY KEY (id)
)
"""
