"""The application, where its page cannot go: a table altered before a commit, an engine with the default isolation."""

from __future__ import annotations

import asyncio
import logging
import re
import shutil
import sys
import uuid
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
import pytest_alembic
import sqlalchemy as sa
from alembic import command
from alembic.util import CommandError
from pytest_alembic.plugin.error import AlembicTestFailure
from pytest_alembic.tests import test_model_definitions_match_ddl as models_match
from pytest_alembic.tests import test_up_down_consistency as down_and_up
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from guide.paths import ROOT
from guide.reader.fragment import apply_diff
from ydb_emulator import Emulator

APPLICATION = ROOT / "application"
SNIPPETS = ROOT / "snippets" / "start" / "application"
LOCK = ROOT / "requirements.lock"
DIALECT_IS_OLD = "ignore:The dbapi:sqlalchemy.exc.SADeprecationWarning"
"""SQLAlchemy 2.1 says so of the asynchronous driver of ydb-sqlalchemy. Once that is mended, a test in
emulator/tests/test_server.py fails."""


@contextmanager
def application(folder: Path, url: str) -> Iterator[SimpleNamespace]:
    """The modules of the application in a folder, and the address of a database that has its tables."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YDB_URL", url)
        patch.syspath_prepend(str(folder))
        patch.delitem(sys.modules, "app", raising=False)  # another page's, of that name
        from app import database, models

        command.upgrade(database.ALEMBIC, "head")
        yield SimpleNamespace(url=url, database=database, models=models, task=models.Task)
        for name in [name for name in sys.modules if name == "app" or name.startswith("app.")]:
            del sys.modules[name]


@pytest.fixture
def app(ydb_url: str) -> Iterator[SimpleNamespace]:
    with application(APPLICATION, ydb_url) as app:
        yield app


async def written(app: SimpleNamespace, engine: AsyncEngine, title: str) -> str:
    """Write a task as a request does. Out: its title, as it is read."""
    async with AsyncSession(engine, expire_on_commit=False) as session:
        key = uuid.uuid4()

        async def work() -> None:
            session.add(app.task(id=key, title=title))

        await app.database.transaction(session, work)
    async with AsyncSession(engine) as session:
        return str((await session.get_one(app.task, key)).title)


@pytest.mark.filterwarnings(DIALECT_IS_OLD)
def test_a_transaction_whose_table_is_altered_is_run_again(app: SimpleNamespace) -> None:
    key, tries = uuid.uuid4(), []

    def alter() -> None:
        engine = sa.create_engine(app.url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.execute(sa.DDL("ALTER TABLE tasks ADD COLUMN note Utf8"))

    async def main() -> str:
        engine = app.database.engine()
        async with AsyncSession(engine, expire_on_commit=False) as session:

            async def work() -> None:
                session.add(app.task(id=key, title="Try again"))
                await session.flush()
                tries.append(key)
                if len(tries) == 1:
                    await asyncio.to_thread(alter)

            await app.database.transaction(session, work)
            title = (await session.get_one(app.task, key)).title
        await engine.dispose()
        return title

    assert (asyncio.run(main()), len(tries)) == ("Try again", 2)


@pytest.mark.filterwarnings(DIALECT_IS_OLD)
def test_requests_are_answered_again_after_ydb_was_restarted() -> None:
    """Its tables are gone, since the emulator's are, and made again. The engine is the same."""

    async def main(app: SimpleNamespace, emulator: Emulator) -> list[str]:
        engine = app.database.engine()
        titles = [await written(app, engine, "before")]
        emulator.stop()
        with Emulator(emulator.port):
            await asyncio.to_thread(command.upgrade, app.database.ALEMBIC, "head")
            titles.append(await written(app, engine, "after"))
            await engine.dispose()
        return titles

    with Emulator() as emulator, application(APPLICATION, emulator.url) as app:
        assert asyncio.run(main(app, emulator)) == ["before", "after"]


@pytest.mark.filterwarnings(DIALECT_IS_OLD)
def test_both_engines_log_in_with_the_variables_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "application"
    shutil.copytree(APPLICATION, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name, file in (("login_database", "app/database.py"), ("login_env", "migrations/env.py")):
        text = (folder / file).read_text()
        (folder / file).write_text(apply_diff(text, (SNIPPETS / f"{name}.py.diff").read_text()))

    async def main(app: SimpleNamespace) -> str:
        engine = app.database.engine()
        try:
            return await written(app, engine, "logged in")
        finally:
            await engine.dispose()

    monkeypatch.setenv("YDB_USER", "alice")
    monkeypatch.setenv("YDB_PASSWORD", "correct-horse")
    with Emulator(users={"alice": "correct-horse"}) as emulator, application(folder, emulator.url) as app:
        assert (app.database.check(), asyncio.run(main(app))) == ("at the head, a1a1a1a1a1a1", "logged in")
        monkeypatch.setenv("YDB_PASSWORD", "wrong")
        with pytest.raises(sa.exc.InterfaceError, match="StaticCredentials"):
            app.database.check()
        monkeypatch.delenv("YDB_PASSWORD")
        with pytest.raises(CommandError, match="YDB_USER needs YDB_PASSWORD"):
            app.database.engine()


@pytest.mark.filterwarnings(DIALECT_IS_OLD)
@pytest.mark.parametrize("level, stays", [(None, True), ("SERIALIZABLE", False)])
def test_what_a_rollback_undoes(app: SimpleNamespace, level: str | None, stays: bool) -> None:
    async def main() -> bool:
        options = {"isolation_level": level} if level else {}
        engine = create_async_engine(sa.make_url(app.url).set(drivername="yql+ydb_async"), **options)
        key = uuid.uuid4()
        async with AsyncSession(engine) as session:
            session.add(app.task(id=key, title="Undone"))
            await session.flush()
            await session.rollback()
            found = await session.get(app.task, key)
        await engine.dispose()
        return found is not None

    assert asyncio.run(main()) is stays


@pytest.mark.parametrize("url", ["", "yql+ydb_async://localhost:1/local", "yql+ydb://alice:one@two:three@h:1/local"])
def test_without_an_address_nothing_is_guessed(app: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """The asynchronous driver is the engine's, not the address's; a password goes to neither."""
    monkeypatch.setenv("YDB_URL", url)
    with pytest.raises(RuntimeError, match="Set YDB_URL to yql\\+ydb://host:port/database$"):
        app.database.engine()
    with pytest.raises(CommandError, match="Set YDB_URL to yql\\+ydb://host:port/database$"):
        command.current(app.database.ALEMBIC)


def test_alembic_with_options_from_code_leaves_the_loggers_alone(
    app: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The options that the guard asks a program for are not those of the command line."""
    logger = logging.getLogger("shop.orders")
    handlers, level = [*logging.root.handlers], logging.root.level
    monkeypatch.setattr(app.database.ALEMBIC, "cmd_opts", Namespace(x=["allow-downgrade=yes"]))
    command.current(app.database.ALEMBIC)
    assert (logging.root.handlers, logging.root.level, logger.disabled) == (handlers, level, False)


def test_pytest_alembic_notices(app: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(APPLICATION)
    metadata = app.models.Base.metadata
    sa.Table("tasks", metadata, sa.Column("only_here", sa.Unicode()), extend_existing=True)
    engine = sa.create_engine(app.url, poolclass=sa.NullPool)
    with pytest_alembic.runner(pytest_alembic.Config.from_raw_config({"file": "alembic.ini"}), engine) as runner:
        with pytest.raises(AlembicTestFailure, match="only_here"):
            models_match(runner)
        monkeypatch.setattr("alembic.op.drop_table", lambda *_: None)
        with pytest.raises(AlembicTestFailure, match="(?s)upgrade.*tasks"):
            down_and_up(runner)


def test_what_it_installs_is_what_it_was_tested_with() -> None:
    locked = dict(re.findall(r"(?m)^([a-z0-9-]+)==(\S+)", LOCK.read_text()))
    named = "\n".join(file.read_text() for file in APPLICATION.glob("requirements*.txt"))
    pinned = dict(re.findall(r"(?m)^([a-z0-9-]+)(?:\[\w+\])?==(\S+)", named))
    assert len(pinned) == 8 and pinned.items() <= locked.items()
