"""What becomes of the types of SQLAlchemy's dialect for PostgreSQL."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


@pytest.fixture
def engine(ydb_url: str) -> Iterator[sa.Engine]:
    made = sa.create_engine(ydb_url)
    yield made
    made.dispose()


def table(type_: sa.types.TypeEngine) -> sa.Table:
    return sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("v", type_))


@pytest.mark.parametrize(
    "type_",
    [
        postgresql.ARRAY(sa.Integer),
        postgresql.BYTEA(),
        postgresql.INET(),
        postgresql.JSONB(),
        postgresql.TSVECTOR(),
    ],
)
def test_a_table_is_refused(type_: sa.types.TypeEngine, engine: sa.Engine) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="Unknown simple type|Invalid type for column"):
        table(type_).create(engine)


@pytest.mark.parametrize("type_", [sa.UUID(), postgresql.UUID(as_uuid=True)])
def test_a_uuid_cannot_be_written(type_: sa.types.TypeEngine, engine: sa.Engine) -> None:
    made = table(type_)
    made.create(engine)
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="Failed to convert"):
        connection.execute(sa.insert(made), {"id": 1, "v": uuid.UUID(int=1)})
