"""A type as it is written in a model, with the values to try."""

from __future__ import annotations

import datetime
import decimal
import enum
import re
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from ydb_sqlalchemy.sqlalchemy import types

from guide.paths import TOOLKIT
from guide.reader.snippets import load

YDB_TYPES = TOOLKIT / "types.py"


class Colour(enum.Enum):
    red = 1


NAMES = {
    "sa": sa,
    "types": types,
    "ydb_types": load(YDB_TYPES, "ydb_types"),
    "Colour": Colour,
    "Decimal": decimal.Decimal,
    "UUID": uuid.UUID,
    "UTC": datetime.UTC,
    "EAST": datetime.timezone(datetime.timedelta(hours=3)),
    **{name: getattr(datetime, name) for name in ("date", "datetime", "time", "timedelta")},
}
"""What the expressions of the entries may use."""


@dataclass(frozen=True)
class Entry:
    """What is written in a model, and the values to try: both are Python expressions."""

    written: str
    values: tuple[str, ...] = ()

    @property
    def type(self) -> sa.types.TypeEngine:
        return eval(self.written, NAMES)

    @property
    def anchor(self) -> str:
        return re.sub(r"\W+", "-", self.written).strip("-")
