"""The YDB that pages are tested on: an emulator of its own for each test, or a directory of a real server."""

from collections.abc import Iterator
from contextlib import contextmanager

import ydb

from ydb_emulator import scratch
from ydb_emulator.scratch import SCHEME, Engine, ScratchError, empty, parse_url

from .errors import ReaderError

__all__ = ["SCHEME", "Engine", "connect", "embedded", "empty", "parse_url", "scratch_directory"]


@contextmanager
def connect(engine: Engine) -> Iterator[ydb.Driver]:
    """A driver of YDB's SDK. Raises ReaderError if the server does not answer within a few seconds."""
    try:
        with scratch.connect(engine) as driver:
            yield driver
    except ScratchError as error:
        raise ReaderError(str(error)) from None


@contextmanager
def scratch_directory(server: Engine) -> Iterator[Engine]:
    """A fresh directory of a real server, removed afterwards. Raises ReaderError if anything is left outside it."""
    try:
        with scratch.scratch_directory(server) as engine:
            yield engine
    except ScratchError as error:
        raise ReaderError(str(error)) from None


@contextmanager
def embedded() -> Iterator[Engine]:
    """A fresh emulator in this process."""
    from ydb_emulator import Emulator  # here, so that a run against a real server needs no emulator

    with Emulator() as emulator:
        yield parse_url(emulator.url)
