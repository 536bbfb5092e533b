"""What several of these tests start from."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import ydb
import ydb_dbapi
from project import Project

from ydb_emulator.scratch import Engine


@pytest.fixture
def project(tmp_path: Path, ydb_url: str, caplog: pytest.LogCaptureFixture) -> Project:
    """A project of Alembic without revisions, on an empty YDB. What Alembic logs is kept."""
    caplog.set_level(logging.INFO, logger="alembic")
    return Project(tmp_path / "project", ydb_url)


@pytest.fixture(scope="module")
def drivers() -> Iterator[dict[tuple[str, str | None], ydb.Driver]]:
    """The drivers that the tests of a module share, by endpoint and database."""
    found: dict[tuple[str, str | None], ydb.Driver] = {}
    yield found
    for driver in found.values():
        ydb.Driver.stop(driver)


@pytest.fixture
def shared_driver(
    ydb_scratch: Engine, drivers: dict[tuple[str, str | None], ydb.Driver], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Connections of this process to `ydb_url` share a driver, with those of the module's other tests.

    To start and stop one costs more than most of what is sent on it. Not for tests of how a driver starts, breaks or
    ends, nor where a login is given.
    """

    class Shared(ydb.Driver):
        def stop(self, timeout: int = 10) -> None:
            """It goes on, for the next connection."""

    def driver(config: ydb.DriverConfig) -> ydb.Driver:
        address = (config.endpoint, config.database)
        if address != (ydb_scratch.endpoint, ydb_scratch.database) or config.credentials is not None:
            return ydb.Driver(config)
        if address not in drivers:
            drivers[address] = Shared(config)
        return drivers[address]

    monkeypatch.setattr(ydb_dbapi.Connection, "_driver_cls", staticmethod(driver))
