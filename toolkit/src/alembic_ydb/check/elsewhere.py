"""The process of a check reaches its emulators and nothing else, whatever address env.py has."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
import ydb
import ydb.aio
from alembic.util import CommandError


class ReachesElsewhere(CommandError):
    """env.py tried to reach something that is not YDB."""


Find = Callable[[str], str]
"""In: the path of a database. Out: host:port of the emulator that stands in for it."""


def lead(find: Find) -> None:
    """From now on each driver of the YDB SDK, the dialect's and any other, talks to an emulator, without a login.

    Other dialects and other addresses raise ReachesElsewhere before anything is sent. It cannot be undone: for a
    process of its own.
    """
    for pool in (ydb.pool.ConnectionPool, ydb.aio.pool.ConnectionPool):
        _lead_pool(pool, find)
    sa.event.listen(sa.Engine, "do_connect", _refuse_other_dialects)
    sys.addaudithook(_refuse_other_addresses)


def _lead_pool(pool: Any, find: Find) -> None:
    """Every driver makes a pool of connections from its configuration, and connects nowhere else."""
    make = pool.__init__

    def init(self: Any, driver_config: Any) -> None:
        driver_config.endpoint = find(driver_config.database or "")
        driver_config.endpoints = []
        driver_config.secure_channel = False
        driver_config.root_certificates = None
        driver_config.credentials = ydb.AnonymousCredentials()
        make(self, driver_config)

    pool.__init__ = init


def _refuse_other_dialects(dialect: sa.Dialect, *_: object) -> None:
    if dialect.name != "yql":
        raise ReachesElsewhere(f"env.py connects to {dialect.name}: a check knows YDB alone, as yql+ydb")


def _refuse_other_addresses(event: str, arguments: tuple) -> None:
    """What the SDK sends does not pass here: gRPC has sockets of its own."""
    if event != "socket.connect":
        return
    taken, address = arguments
    if taken.family != socket.AF_UNIX:
        raise ReachesElsewhere(
            f"env.py connects to {address[0]}:{address[1]}: a check reaches nothing but its emulator"
        )
