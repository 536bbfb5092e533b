"""The pytest plugin: databases with a project's revisions. Every pytest of its environment loads it, so it imports what
it needs where that is used."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

KEPT = pytest.StashKey[dict[Any, Any]]()
"""What the emulator held after all revisions, by what decides about them."""

if TYPE_CHECKING:
    from alembic.config import Config

    from .migrations import Migrations


@pytest.fixture
def ydb_alembic_config(request: pytest.FixtureRequest) -> Config:
    """Alembic's configuration: the next alembic.ini, or pyproject.toml with [tool.alembic], above the test's file.

    Have a fixture of this name where it lies elsewhere, or needs a section or `-x`.
    """
    from .found import NotFound, find

    try:
        return find(request.path.parent, request.config.rootpath)
    except NotFound as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def ydb_migrations(request: pytest.FixtureRequest, ydb_alembic_config: Config) -> Iterator[Migrations]:
    """Alembic's commands on a database that is empty at first: `upgrade`, `downgrade`, `stamp`, `check`."""
    from .found import folder
    from .led import Leads
    from .migrations import Migrations

    try:
        url: str = request.getfixturevalue("ydb_url")
    except pytest.FixtureLookupError:
        pytest.fail("these tests need the emulator's plugin: install the wheel of ydb-emulator, too", pytrace=False)
    with ExitStack() as more:
        migrations = Migrations(
            ydb_alembic_config, folder(ydb_alembic_config), Leads(url, lambda path: _another(request, more, path)), url
        )
        yield migrations
        if "engine" in vars(migrations):
            migrations.engine.dispose()


def _another(request: pytest.FixtureRequest, more: ExitStack, path: str) -> str:
    from ydb_emulator import Emulator
    from ydb_emulator.scratch import scratch_directory

    server = request.config.stash[_server()]
    if server is not None:
        return more.enter_context(scratch_directory(server)).url
    line = request.getfixturevalue("ydb_emulator").database.line.name
    return more.enter_context(Emulator(path=path, line=line)).url


@pytest.fixture
def ydb_migrated(request: pytest.FixtureRequest, ydb_migrations: Migrations) -> str:
    """The URL of a database with all revisions. On the emulator they run once for all tests that have the same
    configuration and environment: each gets what that made."""
    if request.config.stash[_server()] is not None:
        ydb_migrations.upgrade("head")
        return ydb_migrations.url
    emulator = request.getfixturevalue("ydb_emulator")
    known = request.config.stash.setdefault(KEPT, {})
    environ = frozenset((name, value) for name, value in os.environ.items() if not name.startswith("PYTEST_"))
    key = ydb_migrations.name, environ
    if key in known:
        emulator.bring_back(known[key])
    else:
        ydb_migrations.upgrade("head")
        if len(ydb_migrations.urls) == 1:
            known[key] = emulator.keep()
    return ydb_migrations.url


def _server() -> pytest.StashKey:
    from ydb_emulator.pytest_plugin import SERVER

    return SERVER
