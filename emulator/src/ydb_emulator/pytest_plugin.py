"""The pytest plugin: an empty YDB for each test, on the emulator or with `--ydb URL` on a real YDB.

Every pytest of its environment loads it: it imports what it needs where that is used.
"""

from __future__ import annotations

import argparse
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .scratch import Engine
    from .server import Emulator

SERVER = pytest.StashKey["Engine | None"]()
"""The real YDB of `--ydb`, or None."""


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: list[str]
) -> Generator[None, None, None]:
    """Add the options when all other plugins have: whichever is loaded first, two that want `--ydb` are told so."""
    group = parser.getgroup("ydb_emulator", "YDB for tests (ydb_emulator)")
    try:
        group.addoption("--ydb", metavar="URL", help="a real YDB for tests alone: yql+ydb://host:port/database")
        group.addoption("--ydb-line", metavar="LINE", help="release line that the emulator is like (the newest)")
        # So far the URL has passed for the path of a test.
        early_config.known_args_namespace.file_or_dir = parser.parse_known_args(args).file_or_dir
        return (yield)
    except (ValueError, argparse.ArgumentError) as error:
        if "--ydb" not in str(error):
            raise
        others = ", ".join(_takers(early_config.pluginmanager)) or "another plugin"
        raise pytest.UsageError(
            f"{others} has an option --ydb as well as the plugin ydb_emulator: leave one of them out, "
            "this one with -p no:ydb_emulator"
        ) from None


def _takers(manager: pytest.PytestPluginManager) -> Iterator[str]:
    """The names of the plugins that add an option --ydb, or --ydb-line, themselves."""
    for name, plugin in manager.list_name_plugin():
        function = getattr(plugin, "pytest_addoption", None)
        if function is not None and hasattr(function, "__code__"):
            code, known = function.__code__, function.__globals__
            values = (*code.co_consts, *map(known.get, code.co_names))  # also the name of an option in a constant
            if any(value in ("--ydb", "--ydb-line") for value in values if isinstance(value, str)):
                yield name


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a line that is not known and a server that can't be tested on, before any test. Raises UsageError."""
    url, line = config.getoption("--ydb", None), config.getoption("--ydb-line", None)
    config.stash[SERVER] = None
    if url is not None and line is not None:
        raise pytest.UsageError("--ydb-line is for the emulator: a YDB that --ydb names is of the line that it is")
    if line is not None:
        from .releases import Line

        try:
            Line(line)
        except ValueError as error:
            raise pytest.UsageError(f"--ydb-line: {error}") from None
    if url is not None:
        from .scratch import ScratchError, check_scratch

        try:
            config.stash[SERVER] = check_scratch(url)
        except ScratchError as error:
            raise pytest.UsageError(f"--ydb: {error}") from None


@pytest.fixture(scope="session")
def ydb_emulator(pytestconfig: pytest.Config) -> Iterator[Emulator]:
    """The emulator of this test session, or of this worker of it, on a free port.

    A test that asks for it is skipped where `--ydb` names a real YDB.
    """
    if pytestconfig.stash[SERVER] is not None:
        pytest.skip("needs the emulator, which --ydb replaces")
    from .releases import DEFAULT
    from .server import Emulator

    with Emulator(line=pytestconfig.getoption("--ydb-line", None) or DEFAULT) as emulator:
        yield emulator


@pytest.fixture
def ydb_scratch(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty database for this test: its `endpoint`, `database`, `directory` and `url`."""
    from .scratch import Engine, ScratchError, scratch_directory

    server = request.config.stash[SERVER]
    if server is None:
        emulator: Emulator = request.getfixturevalue("ydb_emulator")
        emulator.reset()
        if not emulator.running:  # a test before has stopped it
            emulator.start()
        database = emulator.database.path
        yield Engine(f"127.0.0.1:{emulator.port}", database, database)
        return
    try:
        with scratch_directory(server) as engine:
            yield engine
    except ScratchError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def ydb_url(ydb_scratch: Engine) -> str:
    """The URL of an empty database, for SQLAlchemy."""
    return ydb_scratch.url
