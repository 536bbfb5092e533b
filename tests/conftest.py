"""What the tests run on: the emulator, emptied for each, or with `--ydb URL` a directory each of a real YDB."""

import pytest

from guide.reader.engine import Engine


@pytest.fixture
def ydb(ydb_scratch: Engine) -> Engine:
    """An empty database: its `url` is for SQLAlchemy."""
    return ydb_scratch
