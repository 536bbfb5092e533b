"""A view that a class is mapped to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import ydb_sqlalchemy.alembic  # noqa: F401 - registers YDB with Alembic
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


@pytest.fixture
def connection(ydb_url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(ydb_url)
    with engine.connect() as made:
        yield made
    engine.dispose()


@pytest.mark.parametrize("is_own", [False, True])
def test_a_class_of_a_view_needs_metadata_of_its_own(connection: sa.Connection, is_own: bool) -> None:
    class Base(DeclarativeBase):
        pass

    class Series(Base):
        __tablename__ = "series"

        series_id: Mapped[int] = mapped_column(primary_key=True)

    Base.metadata.create_all(connection)
    connection.execute(sa.DDL("CREATE VIEW ids WITH (security_invoker = TRUE) AS SELECT series_id FROM series"))

    class Ids(Base):
        __tablename__ = "ids"
        metadata = sa.MetaData() if is_own else Base.metadata

        series_id: Mapped[int] = mapped_column(primary_key=True)

    with Session(connection) as session:
        session.add(Series(series_id=1))
        session.commit()
        assert [found.series_id for found in session.scalars(sa.select(Ids))] == [1]
    found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert [(name, table.name) for name, table in found] == ([] if is_own else [("add_table", "ids")])
