"""How this repository's suite is run: with the reader, in which order, and on which workers."""

import gc
import os
from collections.abc import Generator
from typing import Any

import pytest

from ydb_emulator.pytest_plugin import SERVER

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
    if found := getattr(config, "workerinput", {}).get("pages"):
        from guide.pages import unpack

        unpack(found)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Where all is collected, pages are read once, not by each worker."""
    if not node.config.getoption("file_or_dir"):
        from guide.pages import packed

        node.workerinput["pages"] = packed()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """For `--numprocesses auto`: tests wait for processes, and leases to expire, so there is room for more."""
    from guide.scheduler import PER_CORE  # which needs xdist

    # A container may be given few of the machine's cores. Only Linux tells.
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores * PER_CORE


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from guide.scheduler import Scheduler  # which needs xdist

    config.option.loadscopereorder = False  # what takes longest comes first, not what has most tests
    return Scheduler(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays to the end: the collector of garbage would go through it again and again.

    What tests leave it looks for once in 10,000 objects. After 700, it takes a twentieth of their time.
    """
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000)
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, and the many short tests last: on many cores, they fill what the long ones leave."""
    from guide.scheduler import rank_of  # which needs xdist

    items.sort(key=lambda item: rank_of(item.nodeid))


@pytest.fixture(autouse=True)
def without_ours(request: pytest.FixtureRequest) -> None:
    """A run within a test is spared plugins that only the guide's tests need, and Hypothesis's, which refuses to be
    loaded after a law has imported it."""
    if "pytester" in request.fixturenames:
        from guide.reader.environment import WITHOUT_OURS

        request.getfixturevalue("pytester")  # which forgets the variable
        request.getfixturevalue("monkeypatch").setenv("PYTEST_ADDOPTS", f"{WITHOUT_OURS} -p no:pytest_alembic")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """No test finds the hooks, or the models of a project, that another one has imported. Pages do it themselves."""
    from guide.reader.plain import plain_alembic

    if isinstance(item, pytest.Function):
        plain_alembic()
