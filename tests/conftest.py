"""What the tests run on: an emulator of their own each, or with `--ydb URL` a directory each of a real YDB."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from guide.reader import warm
from guide.reader.engine import Engine, check_scratch, embedded, scratch_directory
from guide.reader.environment import environment
from guide.reader.errors import ReaderError
from guide.site.checked import Recorder, engine_name

SERVER = pytest.StashKey[Engine | None]()
ENGINE_NAME = pytest.StashKey[str]()
UPDATED = pytest.StashKey[set[Path]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("Alembic on YDB")
    group.addoption(
        "--ydb", metavar="URL", help="run on a real YDB, on a database for tests alone: yql+ydb://host:port/database"
    )
    group.addoption("--real-processes", action="store_true", help="every page as if it said processes: real")
    group.addoption("--update", action="store_true", help="rewrite captured outputs instead of comparing them")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a server that cannot be tested on, before any test. Raises UsageError."""
    if (
        signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    ):  # a shell's `&` does that, and all that we start would inherit it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    url = config.getoption("--ydb")
    config.stash[UPDATED] = set()
    warm.allowed = not config.getoption("--real-processes")
    environment(Path.home(), Path(sys.prefix), warm=True)  # one server of warm processes, for all workers
    if config.getoption("--update") and config.getoption("numprocesses", None):
        raise pytest.UsageError("--update: files are rewritten one page after the other: leave out --numprocesses (-n)")
    if not hasattr(config, "workerinput") and not config.getoption("--update"):
        config.pluginmanager.register(Recorder())
    try:
        config.stash[SERVER] = check_scratch(url) if url is not None else None
    except ReaderError as error:
        raise pytest.UsageError(f"--ydb: {error}") from None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """For `--numprocesses auto`: tests wait for drivers to stop and leases to expire, so there is room for more."""
    from tests.scheduler import PER_CORE  # which needs xdist

    return (os.cpu_count() or 1) * PER_CORE


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from tests.scheduler import Scheduler  # which needs xdist

    return Scheduler(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pages come first, and the many short tests last: on many cores, they fill what the long ones leave."""
    items.sort(key=lambda item: ("::test_page[" not in item.nodeid, "emulator/tests/" in item.nodeid))


@pytest.fixture
def ydb(pytestconfig: pytest.Config) -> Iterator[Engine]:
    """An empty database: its `url` is for SQLAlchemy."""
    server = pytestconfig.stash[SERVER]
    try:
        with embedded() if server is None else scratch_directory(server) as engine:
            yield engine
    except ReaderError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


@pytest.fixture
def ydb_name(ydb: Engine, pytestconfig: pytest.Config) -> str:
    """The engine in words, with its release line: the same for all tests of a run."""
    if ENGINE_NAME not in pytestconfig.stash:
        pytestconfig.stash[ENGINE_NAME] = engine_name(ydb, is_embedded=pytestconfig.stash[SERVER] is None)
    return pytestconfig.stash[ENGINE_NAME]


@pytest.fixture
def updated(pytestconfig: pytest.Config) -> set[Path]:
    """The files that this run rewrites, for the summary at its end."""
    return pytestconfig.stash[UPDATED]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if paths := config.stash[UPDATED]:
        terminalreporter.section("rewritten: review the difference")
        for path in sorted(paths):
            terminalreporter.line(str(path))
