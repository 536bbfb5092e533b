"""From the column to the model: each column type of YDB, and what to write for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa

from ydb_emulator import releases
from ydb_emulator.types import COLUMN_TYPES, by_name

from ..reason import reason
from .advice import traps
from .measuring import Measured, connected, measured, stored


@dataclass
class Column:
    """A column type of YDB: the first line that has it (or why none has), its type as stored, whether it can be a key,
    and the best entry for it."""

    name: str
    since: str | None = None
    refused: str = ""
    stored: str = ""
    is_key: bool = False
    best: Measured | None = None


NAMES_IN_YQL = [
    *map(str, COLUMN_TYPES),
    "Decimal(22,9)",
    "Decimal(10,2)",
    *("SmallSerial", "Serial", "BigSerial"),
    *("TzDate", "TzDatetime", "TzTimestamp", "List<Int64>"),
]


@cache
def columns() -> list[Column]:
    """Every column type of YDB."""
    found = [Column(name) for name in NAMES_IN_YQL]
    for line in releases.RELEASED:
        with connected(line) as connection:
            for column in found:
                _try(column, connection, line)
    for column in found:
        column.best = _best(column.stored)
    return found


def _best(stored: str) -> Measured | None:
    """The entry to recommend of those that are stored as a type."""
    candidates = [one for entries in measured().values() for one in entries if one.type == stored and one.takes]
    return min(candidates, key=lambda one: _rank(one, stored), default=None)


def _rank(one: Measured, stored: str) -> tuple:
    """Which of several entries to recommend: what is quiet, with the fewest traps, of the column's own name.

    Last of all an interval for a column that is none: it takes no other values.
    """
    own_name = by_name(type(one.entry.type).__name__.removeprefix("Yql"))
    is_foreign = isinstance(one.entry.type, sa.Interval) and not stored.startswith("Interval")
    is_other = str(own_name).lower() != stored.lower()
    return is_foreign, bool(one.with_hooks), not one.is_quiet, len(traps(one)), is_other


def _try(column: Column, connection: sa.Connection, line: str) -> None:
    try:
        connection.execute(sa.DDL(f"CREATE TABLE t (id Int64, v {column.name}, PRIMARY KEY (id))"))
    except Exception as error:
        column.refused = reason(error)
        return
    column.since = column.since or line
    column.stored = stored(connection)
    connection.execute(sa.DDL("DROP TABLE t"))
    try:
        connection.execute(sa.DDL(f"CREATE TABLE t (id {column.name}, PRIMARY KEY (id))"))
    except Exception:
        return
    column.is_key = True
    connection.execute(sa.DDL("DROP TABLE t"))
