"""The engine of a process, a session for each request, and transactions that are run again where YDB aborts them."""

import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import sqlalchemy as sa
from alembic.config import Config
from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from ydb_sqlalchemy import retry_ydb_operation_async

from alembic_ydb import ready

T = TypeVar("T")
ALEMBIC = Config(Path(__file__).parent.parent / "alembic.ini")


def url() -> sa.URL:
    """The address that Alembic has, too. Raises RuntimeError if there is none, or another one."""
    given = os.environ.get("YDB_URL", "")
    if not re.fullmatch(r"yql\+ydb://[^/@\s]+:\d+/\S+", given):
        raise RuntimeError("which YDB? Set YDB_URL to yql+ydb://host:port/database")
    return sa.make_url(given)


def engine() -> AsyncEngine:
    """The engine of this process, with the asynchronous driver."""
    return create_async_engine(
        url().set(drivername="yql+ydb_async"), isolation_level="SERIALIZABLE", pool_size=10, max_overflow=0
    )


def check() -> str:
    """Whether the database has the revisions that this code needs. Raises NotReady if not."""
    engine = sa.create_engine(url(), poolclass=sa.NullPool)
    return ready.check(engine, ALEMBIC, allow_unknown=True)


async def session(request: Request) -> AsyncIterator[AsyncSession]:
    """A session for a request. It is closed when the request has been answered."""
    async with AsyncSession(request.app.state.engine, expire_on_commit=False) as session:
        yield session


Session = Annotated[AsyncSession, Depends(session)]


async def transaction(session: AsyncSession, work: Callable[[], Awaitable[T]]) -> T:
    """Do the work in a transaction, and all of it again where YDB asks for it. So it must do no harm to repeat it."""

    async def attempt() -> T:
        async with session.begin():
            return await work()

    return await retry_ydb_operation_async(attempt, idempotent=True)
