"""An embedded YDB: a loopback gRPC server that speaks YDB's own API and keeps its data in memory.

    from ydb_emulator import Emulator

    with Emulator() as emulator:
        engine = sqlalchemy.create_engine(emulator.url)

It is strict: it may refuse what YDB accepts (`The emulator does not support …`), but never accepts what YDB refuses.
"""

from .server import Emulator

__all__ = ["Emulator"]
