"""Emulators that answer in place, as in the playground: what is measured takes half the time.

`python -m guide.measure.in_place guide.measure.types` runs another program of this package so, `in_place` a part of a
process that has gRPC. tests/playground compares both ways of answering.
"""

from __future__ import annotations

import itertools
import runpy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest import mock

from playground import sdk, transport

if TYPE_CHECKING:  # it imports grpc
    from ydb_emulator import Emulator

_ports = itertools.count(1)


def _start(emulator: Emulator) -> Emulator:
    """Emulator.start, without a server."""
    emulator.port = next(_ports)
    transport.serve(emulator.port, emulator.methods())
    return emulator


@contextmanager
def in_place() -> Iterator[None]:
    """Emulators that are started inside answer the drivers that are made inside."""
    import ydb

    from ydb_emulator import server

    with (
        mock.patch.object(ydb.connection, "grpc", transport),
        mock.patch.object(ydb.query.session, "threading", mock.Mock(Thread=sdk.Idle)),
        mock.patch.object(server.Emulator, "start", _start),
    ):
        yield


def main(name: str) -> None:
    """Run a module as a program. Nothing may have imported grpc before."""
    transport.install()
    sdk.install()
    with in_place():
        runpy.run_module(name, run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1])
