"""What to know about a type before it is used, as Markdown."""

from __future__ import annotations

import datetime

import sqlalchemy as sa

from guide.markdown import code
from ydb_emulator.types import by_name

from .entry import NAMES
from .measuring import Measured, Value


def traps(one: Measured) -> list[str]:
    """What is wrong with a type, as Markdown."""
    if one.type is None:
        return ["YDB refuses it"]
    found = []
    written = type(one.entry.type)
    meant = by_name(written.__name__.removeprefix("Yql"))
    if meant is not None and str(meant).lower() != one.type.lower():
        found.append(f"not what YQL calls {code(written.__name__.removeprefix('Yql'))}")
    length = getattr(one.entry.type, "length", None)
    kept = [eval(value.written, NAMES) for value in one.values if value.is_kept]
    if length and any(isinstance(value, str | bytes) and len(value) > length for value in kept):
        found.append(f"keeps more than {length}")
    if isinstance(one.entry.type, sa.Enum):
        found.append("any text")
    if one.values[0].refused:
        found.append(f"{code(one.values[0].written)} cannot be written")
    found += dict.fromkeys(lost for value in one.values if (lost := _lost(value, value is one.values[0])))
    if one.crash:
        found.append("cannot be reflected")
    return found


def is_silently_different(one: Measured) -> bool:
    """Whether YDB accepts a type or a value and keeps something else."""
    words = ("keeps more than", "whole seconds", "another time", "comes back as", "any text")
    other_type = one.entry.written.startswith("types.") and any("not what YQL calls" in trap for trap in traps(one))
    return other_type or any(word in trap for trap in traps(one) for word in words)


def _lost(value: Value, is_first: bool) -> str | None:
    """What becomes of a value that is not kept, as Markdown: of a time always, of others if it is the first."""
    sent = eval(value.written, NAMES)
    is_time = isinstance(sent, datetime.date)
    if value.read is None:
        return "nothing before 1970" if is_time and sent.year < 1970 else None
    if value.is_kept:
        return None
    if isinstance(sent, datetime.datetime):
        read = eval(value.read, NAMES)
        if sent.microsecond != read.microsecond:
            return "whole seconds"
        in_utc = sent.astimezone(datetime.UTC).replace(tzinfo=None) == read.replace(tzinfo=None)
        return ("in UTC" if read.tzinfo else "in UTC, without a zone") if in_utc else "another time"
    return f"{code(value.written)} comes back as {code(value.read)}" if is_first else None
