"""Empty databases on a real YDB: a directory for each test, removed afterwards, in a database for tests alone."""

from __future__ import annotations

import re
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import ydb

SCHEME = "yql+ydb"
SCRATCH = "pytest_ydb_"
"""What the names of the directories begin with."""

_FORM = f"{SCHEME}://host:port/database"
TIMEOUT = 30
"""Seconds in which a server has to answer."""


class ScratchError(Exception):
    """A server that can't be tested on, or a test that left something on it. Its text is the whole message."""


@dataclass(frozen=True)
class Engine:
    """Where a test's tables are: host:port, the database, and the directory (the database itself, or one in it)."""

    endpoint: str
    database: str
    directory: str

    @property
    def url(self) -> str:
        """The address for SQLAlchemy."""
        prefix = "" if self.directory == self.database else f"?ydb_table_path_prefix={self.directory}"
        return f"{SCHEME}://{self.endpoint}{self.database}{prefix}"


def _shown(url: str) -> str:
    """A URL as messages show it: without a login, which would stay in logs."""
    return re.sub(r"//[^/]*@", "//***@", url)


def parse_url(url: str) -> Engine:
    """The engine that a URL of the form yql+ydb://host:port/database stands for. Raises ScratchError."""
    try:
        parsed = urlsplit(url)
        port = parsed.port
    except ValueError:
        raise ScratchError(f"{_shown(url)!r} is not a URL: use {_FORM}") from None
    url = _shown(url)
    if not parsed.scheme or not url.startswith(f"{parsed.scheme}://"):
        raise ScratchError(f"{url!r} is not a URL: use {_FORM}")
    if parsed.scheme != SCHEME:
        raise ScratchError(f"{url}: the scheme is {parsed.scheme!r}: use {_FORM}")
    if parsed.query or parsed.fragment or "@" in parsed.netloc:
        raise ScratchError(f"{url}: options and credentials are not supported here: use {_FORM}")
    if not parsed.hostname or not port:
        raise ScratchError(f"{url}: host or port is missing: use {_FORM}")
    database = "/" + parsed.path.strip("/")
    if database == "/":
        raise ScratchError(f"{url}: the database is missing: use {_FORM}")
    return Engine(parsed.netloc, database, database)


@contextmanager
def connect(engine: Engine) -> Iterator[ydb.Driver]:
    """A driver of YDB's SDK. Raises ScratchError if the server does not answer within a few seconds."""
    where = f"{engine.url}: no YDB answers there (is it running, and is {engine.database} its database?)"
    host, _, port = engine.endpoint.rpartition(":")
    try:
        # The SDK would go on trying to connect, and not say why it cannot.
        socket.create_connection((host.strip("[]"), int(port)), TIMEOUT).close()
    except OSError as error:
        raise ScratchError(f"{where}: {error}") from None
    driver = ydb.Driver(endpoint=f"grpc://{engine.endpoint}", database=engine.database)
    try:
        try:
            driver.wait(timeout=TIMEOUT, fail_fast=True)
        except (TimeoutError, ydb.Error) as error:
            raise ScratchError(f"{where}: {type(error).__name__}") from None
        yield driver
    finally:
        driver.stop(timeout=1)


def check_scratch(url: str) -> Engine:
    """Make sure that a server is there and that its database is one to test on. Raises ScratchError otherwise."""
    engine = parse_url(url)
    with connect(engine) as driver:
        try:
            names = _foreign(driver, engine)
        except ydb.Error as error:
            raise ScratchError(f"{url}: cannot list {engine.database}: {error.message}") from None
        if names:
            raise ScratchError(
                f"{url}: the database is not empty ({names}): tests run only on a database for tests alone"
            )
    return engine


@contextmanager
def scratch_directory(server: Engine) -> Iterator[Engine]:
    """A fresh directory of a real server, removed afterwards. Raises ScratchError if anything is left outside it."""
    engine = Engine(server.endpoint, server.database, f"{server.database}/{SCRATCH}{secrets.token_hex(4)}")
    with connect(server) as driver:
        driver.scheme_client.make_directory(engine.directory)
        try:
            yield engine
        finally:
            remove(driver, engine.directory)
        if names := _foreign(driver, server):
            raise ScratchError(f"{server.url}: the test left something outside {engine.directory}: {names}")


def remove(driver: ydb.Driver, directory: str) -> None:
    """Remove a directory of a scratch database and all in it. Raises ScratchError for anything it cannot name."""
    if f"/{SCRATCH}" not in directory:
        raise ScratchError(f"{directory} is not a directory of these tests: refusing to remove it")
    with ydb.QuerySessionPool(driver) as pool:
        empty(driver, pool, directory)
    driver.scheme_client.remove_directory(directory)


def empty(driver: ydb.Driver, pool: ydb.QuerySessionPool, directory: str) -> None:
    """Remove all in a directory, but YDB's own (dot) directories. Raises ScratchError for anything it cannot name."""
    statements = {
        ydb.SchemeEntryType.TABLE: "DROP TABLE",
        ydb.SchemeEntryType.COLUMN_TABLE: "DROP TABLE",
        ydb.SchemeEntryType.VIEW: "DROP VIEW",
        ydb.SchemeEntryType.TOPIC: "DROP TOPIC",
    }
    for child in driver.scheme_client.list_directory(directory).children:
        path = f"{directory}/{child.name}"
        if child.name.startswith("."):
            continue
        if child.is_directory():
            empty(driver, pool, path)
            driver.scheme_client.remove_directory(path)
        elif child.type in statements:
            pool.execute_with_retries(f"{statements[child.type]} `{path}`")
        else:
            raise ScratchError(f"{path}: do not know how to remove a {child.type.name}")


def _foreign(driver: ydb.Driver, engine: Engine) -> str:
    """What the root of the database holds besides YDB's own (dot) directories and those of tests, as text."""
    children = driver.scheme_client.list_directory(engine.database).children
    allowed = (".", SCRATCH)
    names = sorted(child.name for child in children if not (child.is_directory() and child.name.startswith(allowed)))
    return ", ".join(names[:5] + ["..."] * (len(names) > 5))
