"""What replaces the threads of the ydb SDK, where calls are answered in place (`transport`).

- Discovery runs when a driver is made, and again where somebody waits for it and it found nothing. The wait is over at
  once: nothing can come meanwhile.
- The first answer of a session's stream is there at once. Nobody waits for the stream's end: a session that ends
  elsewhere is told BAD_SESSION with its next request, and the SDK's pool takes another one.
- The table service's pool of sessions sends no keep-alive; its sessions are not left alone for long.
- What the SDK gives to a pool of threads runs when it is given.

Written for ydb 3.32 and 3.33. `install` raises AttributeError where another version has no such places.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from types import SimpleNamespace
from typing import Any


class Idle:
    """A thread that never runs."""

    def __init__(self, *_: Any, **__: Any) -> None: ...

    def start(self) -> None: ...

    def join(self, timeout: float | None = None) -> None: ...


class AtOnce(Idle):
    """A thread that has run when it is started."""

    def __init__(self, *, target: Callable[[], None], **_: Any) -> None:
        self._target = target

    def start(self) -> None:
        self._target()


class InPlace(Executor):
    """An executor that runs what it is given, at once."""

    def __init__(self, *_: Any, **__: Any) -> None: ...

    def submit(self, fn: Callable, /, *args: object, **kwargs: object) -> Future:
        future: Future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # whatever it is, it is the future's
            future.set_exception(error)
        return future


def install() -> None:
    """Let the SDK do without threads, for this whole process."""
    import ydb.query.pool
    from ydb import _sp_impl, _utilities, credentials, pool
    from ydb.query import session

    _replace(pool, threading=_with(pool.threading, AtOnce))
    _replace(pool.Discovery, start=_discover, stop=_stop, join=lambda self, timeout=None: None)
    _replace(pool.ConnectionPool, wait=_wait, _init_connection=_connect)
    _replace(_utilities, get_first_message_with_timeout=lambda stream, timeout: next(stream))
    for module in (session, _sp_impl):
        _replace(module, threading=_with(module.threading, Idle))
    for module in (_sp_impl, credentials, ydb.query.pool):
        _replace(module, futures=SimpleNamespace(**{**vars(module.futures), "ThreadPoolExecutor": InPlace}))


def _discover(discovery: Any) -> None:
    """One round of Discovery.run."""
    discovery.execute_discovery()
    discovery.is_news = True


def _stop(discovery: Any) -> None:
    discovery._cache.cleanup()


def _connect(pool: Any) -> None:
    """One round of ConnectionPool._init_connection, for a driver without discovery."""
    from ydb.connection import Connection

    pool._store.add(Connection.ready_factory(pool._driver_config.endpoint, pool._driver_config))


def _wait(pool: Any, timeout: float | None = None, fail_fast: bool = False) -> None:
    """ConnectionPool.wait: the same errors, at once."""
    from ydb import issues

    discovery = pool._discovery_thread
    if not pool._store.size and not (discovery and discovery.is_news):
        _discover(discovery) if discovery else _connect(pool)
    if discovery:
        discovery.is_news = False
    if not pool._store.size:
        raise issues.ConnectionFailure(str(pool.discovery_debug_details())) if fail_fast else TimeoutError


def _with(threading: Any, thread: type) -> SimpleNamespace:
    """The module `threading` as somebody is to see it."""
    return SimpleNamespace(**{**vars(threading), "Thread": thread})


def _replace(owner: Any, **replacements: Any) -> None:
    for name, replacement in replacements.items():
        getattr(owner, name)  # raises where there is nothing to replace
        setattr(owner, name, replacement)
