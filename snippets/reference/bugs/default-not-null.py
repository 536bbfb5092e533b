import sqlalchemy as sa
from sqlalchemy.schema import CreateTable
from ydb_sqlalchemy.sqlalchemy import YqlDialect

counters = sa.Table(
    "counters",
    sa.MetaData(),
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("value", sa.Integer(), nullable=False, server_default=sa.text("0")),
)
print(CreateTable(counters).compile(dialect=YqlDialect()))
"""
CREATE TABLE counters (
	id Int64 NOT NULL,
	value Int64 DEFAULT 0 NOT NULL,
	PRIMARY KEY (id)
)
"""
