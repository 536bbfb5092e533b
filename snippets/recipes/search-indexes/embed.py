import os
import struct

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Articles


def packed(vector: list[float]) -> bytes:
    """A vector as YDB's functions read it: floats of four bytes, then a byte that says so."""
    return struct.pack(f"<{len(vector)}f", *vector) + b"\x01"


engine = sa.create_engine(os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local"))
with Session(engine) as session, session.begin():
    session.add(Articles(id=1, title="Boats", body="A boat is built of wood", embedding=packed([0.9, 0.1, 0.0])))
    session.add(Articles(id=2, title="Ships", body="The ship sails at night", embedding=packed([0.8, 0.3, 0.1])))
engine.dispose()
