import sqlalchemy as sa
from sqlalchemy.schema import CreateTable
from ydb_sqlalchemy.sqlalchemy import YqlDialect
from ydb_sqlalchemy.sqlalchemy.types import Int16

counters = sa.Table("counters", sa.MetaData(), sa.Column("id", Int16(), primary_key=True))
print(CreateTable(counters).compile(dialect=YqlDialect()))
"""
CREATE TABLE counters (
	id Int32 NOT NULL,
	PRIMARY KEY (id)
)
"""
