import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Series


@pytest.fixture
def session(ydb_migrated):
    engine = sa.create_engine(ydb_migrated)
    with Session(engine) as session:
        yield session
    engine.dispose()


def test_a_series_is_found(session):
    session.add(Series(series_id=1, title="IT Crowd"))
    session.flush()
    assert session.scalars(sa.select(Series.title)).all() == ["IT Crowd"]
