"""What the tests run on: an emulator of their own each, or with `--ydb URL` a directory each of a real YDB."""

from collections.abc import Iterator

import pytest

from guide.reader.engine import Engine
from guide.reader.errors import ReaderError
from guide.reader.pytest_plugin import empty_database


@pytest.fixture
def ydb(pytestconfig: pytest.Config) -> Iterator[Engine]:
    """An empty database: its `url` is for SQLAlchemy."""
    try:
        with empty_database(pytestconfig) as engine:
            yield engine
    except ReaderError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None
