"""The application, where its page cannot go: a table altered before a commit, an engine with the default isolation."""

from __future__ import annotations

import asyncio
import re
import sys
import uuid
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import pytest_alembic
import sqlalchemy as sa
from alembic import command
from alembic.util import CommandError
from pytest_alembic.plugin.error import AlembicTestFailure
from pytest_alembic.tests import test_model_definitions_match_ddl as models_match
from pytest_alembic.tests import test_up_down_consistency as down_and_up
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from guide.paths import ROOT

APPLICATION = ROOT / "application"
LOCK = ROOT / "requirements.lock"
DIALECT_IS_OLD = "ignore:The dbapi:sqlalchemy.exc.SADeprecationWarning"
"""SQLAlchemy 2.1 says so of the asynchronous driver of ydb-sqlalchemy."""


@pytest.fixture
def app(ydb_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """The modules of the application, and the address of a database that has its tables."""
    monkeypatch.setenv("YDB_URL", ydb_url)
    monkeypatch.syspath_prepend(str(APPLICATION))
    monkeypatch.delitem(sys.modules, "app", raising=False)  # another page's, of that name
    from app import database, models

    command.upgrade(database.ALEMBIC, "head")
    yield SimpleNamespace(url=ydb_url, database=database, models=models, task=models.Task)
    for name in [name for name in sys.modules if name == "app" or name.startswith("app.")]:
        del sys.modules[name]


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


def test_without_an_address_nothing_is_guessed(app: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YDB_URL", "")
    with pytest.raises(RuntimeError, match="Set YDB_URL"):
        app.database.engine()
    with pytest.raises(CommandError, match="Set YDB_URL"):
        command.current(app.database.ALEMBIC)


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
