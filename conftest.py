"""How this repository's suite is run: with the reader, in which order, and on which workers."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from ydb_emulator.pytest_plugin import SERVER

if TYPE_CHECKING:
    import ydb

    from ydb_emulator.scratch import Engine

gc.disable()  # until all is collected
pytest_plugins = ["guide.reader.pytest_plugin"]
collect_ignore = ["docs/cases"]  # without a block


def pytest_configure(config: pytest.Config) -> None:
    from guide.site.recorder import Recorder  # which needs the reader's plugin to be loaded

    if not config.getoption("--update"):
        config.pluginmanager.register(Recorder())
    if config.getoption("--ydb") and not hasattr(config, "workerinput"):
        from guide.site import checked, real

        config.pluginmanager.register(real.Recorder(lambda: checked.version_of(config.stash[SERVER])))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """For `--numprocesses auto`: tests wait for drivers to stop and leases to expire, so there is room for more."""
    from guide.scheduler import PER_CORE  # which needs xdist

    return (os.cpu_count() or 1) * PER_CORE


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from guide.scheduler import Scheduler  # which needs xdist

    return Scheduler(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays to the end: the collector of garbage would go through it again and again."""
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, and the many short tests last: on many cores, they fill what the long ones leave."""
    from guide.scheduler import rank_of  # which needs xdist

    items.sort(key=lambda item: rank_of(item.nodeid))


@pytest.fixture(autouse=True)
def without_hypothesis(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run within a test is spared Hypothesis too: its plugin refuses to be loaded after a law has imported it."""
    if "pytester" in request.fixturenames:
        request.getfixturevalue("pytester")  # which forgets the variable
        monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:hypothesispytest")


@pytest.fixture(autouse=True)
def alembic_as_it_is() -> None:
    """No test finds the hooks, or the models of a project, that another one has imported."""
    from guide.reader.plain import plain_alembic

    plain_alembic()


@pytest.fixture(scope="module")
def drivers() -> Iterator[dict[tuple[str, str | None], ydb.Driver]]:
    """The drivers that the tests of a module share, by endpoint and database."""
    found: dict[tuple[str, str | None], ydb.Driver] = {}
    yield found
    for driver in found.values():
        super(type(driver), driver).stop()


@pytest.fixture
def shared_driver(
    ydb_scratch: Engine, drivers: dict[tuple[str, str | None], ydb.Driver], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Connections of this process to `ydb_url` share a driver, with those of the module's other tests.

    To start and stop one costs more than most of what is sent on it. Not for tests of how a driver starts, breaks or
    ends, nor where a login is given.
    """
    import ydb
    import ydb_dbapi

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
