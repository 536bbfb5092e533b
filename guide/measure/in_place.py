"""`python -m guide.measure.in_place guide.measure.types`: another program of this package, in half the time.

Its emulators answer in place, as in the playground, without a server: tests/playground compares that with gRPC.
"""

from __future__ import annotations

import itertools
import runpy
import sys
from typing import TYPE_CHECKING

from playground import sdk, transport

if TYPE_CHECKING:  # it imports grpc
    from ydb_emulator import Emulator


def main(name: str) -> None:
    """Run a module as a program. Nothing may have imported grpc before."""
    transport.install()
    from ydb_emulator import server

    ports = itertools.count(1)

    def start(self: Emulator) -> Emulator:
        self.port = next(ports)
        transport.serve(self.port, self.methods())
        return self

    setattr(server.Emulator, "start", start)  # noqa: B010 - a method is nothing that mypy lets one assign
    sdk.install()
    runpy.run_module(name, run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1])
