"""An embedded YDB: a loopback gRPC server that speaks YDB's own API and keeps its data in memory.

    from ydb_emulator import Emulator

    with Emulator() as emulator:
        engine = sqlalchemy.create_engine(emulator.url)

It is strict: it may refuse what YDB accepts (`The emulator does not support …`), but never accepts what YDB refuses.

PYTEST_DONT_REWRITE: with this word, pytest does not warn of a plugin's package that is imported before its plugins are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .server import Emulator

__all__ = ["Emulator"]


def __getattr__(name: str) -> object:
    """`Emulator` is imported when it is asked for: the command has something to do before."""
    if name != "Emulator":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .server import Emulator

    return Emulator
