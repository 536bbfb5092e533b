"""What the reader's own tests work on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from guide.reader.engine import Engine, embedded
from tests.reader.throwaway import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture
def emulator() -> Iterator[Engine]:
    with embedded() as engine:
        yield engine
