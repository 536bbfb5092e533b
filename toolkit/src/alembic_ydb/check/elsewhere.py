"""The process of a check reaches its emulators and nothing else, whatever address env.py has."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

import grpc
import grpc.aio
import sqlalchemy as sa
import ydb
import ydb.aio
from alembic.util import CommandError


class ReachesElsewhere(CommandError):
    """env.py, or a revision, tried to reach something that is not YDB."""


DIALECT = "yql"
LOOPBACK = "127.0.0.1:"
LOOK_UPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
ONLY = "a check reaches nothing but its emulators"


Find = Callable[[str, str], str]
"""In: the address and the path of a database. Out: host:port of the emulator that stands in for it."""


def lead(find: Find) -> None:
    """From now on each driver of the YDB SDK, the dialect's and any other, talks to an emulator, without a login.

    Other dialects and other addresses raise ReachesElsewhere before anything is sent. It cannot be undone: for a
    process of its own.
    """
    for pool in (ydb.pool.ConnectionPool, ydb.aio.pool.ConnectionPool):
        _lead_pool(pool, find)
    for channel in (grpc._channel.Channel, grpc.aio._channel.Channel):
        _refuse_other_channels(channel)
    sa.event.listen(sa.Engine, "do_connect", _refuse_other_dialects)
    sys.addaudithook(_refuse_other_addresses)


def _lead_pool(pool: Any, find: Find) -> None:
    """Every driver makes a pool of connections from its configuration, and connects nowhere else."""
    make = pool.__init__

    def init(self: Any, driver_config: Any) -> None:
        driver_config.endpoint = find(driver_config.endpoint or "", driver_config.database or "")
        driver_config.endpoints = []
        driver_config.secure_channel = False
        driver_config.root_certificates = None
        driver_config.credentials = ydb.AnonymousCredentials()
        make(self, driver_config)

    pool.__init__ = init


def _refuse_other_channels(channel: Any) -> None:
    """gRPC has sockets and a resolver of its own, of which Python is not told."""
    make = channel.__init__

    def init(self: Any, target: str, *arguments: Any, **named: Any) -> None:
        if not target.startswith(LOOPBACK):
            raise ReachesElsewhere(f"gRPC to {target} is refused: {ONLY}")
        make(self, target, *arguments, **named)

    channel.__init__ = init


def _refuse_other_dialects(dialect: sa.Dialect, *_: object) -> None:
    if dialect.name != DIALECT:
        raise ReachesElsewhere(f"a connection to {dialect.name} is refused: a check knows YDB alone, as yql+ydb")


def _refuse_other_addresses(event: str, arguments: tuple) -> None:
    """What Python is about to do. What the SDK sends does not pass here."""
    if event in LOOK_UPS:
        name = arguments[0]
        name = name.decode(errors="replace") if isinstance(name, bytes) else name
        if isinstance(name, str) and not _is_address(name):
            raise ReachesElsewhere(f"looking up {name} is refused: {ONLY}")
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        taken, address = arguments
        if taken.family != socket.AF_UNIX and address is not None:
            raise ReachesElsewhere(f"a connection to {address[0]}:{address[1]} is refused: {ONLY}")


def _is_address(name: str) -> bool:
    """Whether no server is asked for it: this machine, or a number."""
    if name in ("", "localhost"):
        return True
    try:
        ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True
