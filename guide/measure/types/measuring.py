"""What becomes of each entry: made and filled on an emulator, reflected, and compared with its model."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from ydb_sqlalchemy import alembic  # noqa: F401 - registers YDB with Alembic

from guide.paths import ROOT
from ydb_emulator import Emulator, releases

from ..hooks import load_hooks
from ..in_place import in_place
from ..reason import reason
from .entries import ENTRIES
from .entry import NAMES, Entry


@dataclass(frozen=True)
class Value:
    """A value that was tried. `read` is what came back, `refused` why it could not be written or read."""

    written: str
    read: str | None = None
    refused: str = ""

    @property
    def is_kept(self) -> bool:
        return self.read == self.written


@dataclass
class Measured:
    """What became of an entry. `stored` and `refused` are by release line, the rest is of the default line."""

    entry: Entry
    rendered: str
    stored: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    values: list[Value] = field(default_factory=list)
    reflected: str = ""
    difference: str | None = None
    crash: str | None = None
    with_hooks: str = ""

    @property
    def type(self) -> str | None:
        """The type that is stored, or None where the table cannot be made on the default line."""
        return self.stored.get(releases.DEFAULT)

    @property
    def is_quiet(self) -> bool:
        return self.type is not None and not self.difference and not self.crash

    @property
    def takes(self) -> bool:
        """Whether the first value, which every type of this kind should hold, can be written and read."""
        return bool(self.values) and not self.values[0].refused


def measure(entry: Entry, connection: sa.Connection) -> Measured:
    """What becomes of an entry on one database, in full."""
    table = _table(entry.type)
    measured = Measured(entry, _rendered(entry, connection))
    line = releases.DEFAULT
    try:
        table.create(connection)
    except Exception as error:
        measured.refused[line] = reason(error)
        return measured
    try:
        measured.stored[line] = stored(connection)
        measured.values = [_value(connection, table, number, written) for number, written in enumerate(entry.values)]
        try:
            measured.reflected = repr(sa.inspect(connection).get_columns("t")[1]["type"])
            measured.difference = _difference(connection, table.metadata)
        except Exception as error:
            measured.crash = reason(error)
    finally:
        table.drop(connection)
    return measured


def made(entry: Entry, connection: sa.Connection) -> tuple[str | None, str]:
    """Whether a table with the type can be made: the type stored, and why not."""
    table = _table(entry.type)
    try:
        table.create(connection)
    except Exception as error:
        return None, reason(error)
    found = stored(connection)
    table.drop(connection)
    return found, ""


def stored(connection: sa.Connection) -> str:
    """The type of the table's second column, as the database describes it, without its `?`."""
    return str(connection.connection.describe("t").columns[1].type).removesuffix("?")


def _table(type: sa.types.TypeEngine) -> sa.Table:
    return sa.Table(
        "t", sa.MetaData(), sa.Column("id", sa.Integer(), primary_key=True), sa.Column("v", type, nullable=True)
    )


def _rendered(entry: Entry, connection: sa.Connection) -> str:
    try:
        return connection.dialect.type_compiler_instance.process(entry.type)
    except Exception as error:
        return reason(error)


def _value(connection: sa.Connection, table: sa.Table, number: int, written: str) -> Value:
    value = eval(written, NAMES)
    try:
        connection.execute(table.insert().values(id=number, v=value))
        read = connection.scalar(sa.select(table.c.v).where(table.c.id == number))
    except Exception as error:
        return Value(written, refused=reason(error))
    zones = [moment.tzinfo for moment in (value, read) if isinstance(moment, datetime.datetime)]
    if type(read) is type(value) and read == value and len(set(zones)) < 2:
        return Value(written, written)
    return Value(written, repr(read).replace("datetime.", "").replace("timezone.utc", "UTC"))


def _difference(connection: sa.Connection, metadata: sa.MetaData) -> str | None:
    """What autogenerate would change right after the table was made."""
    found = compare_metadata(MigrationContext.configure(connection), metadata)
    if not found:
        return None
    [[change]] = found
    return f"{change[5]!r} to {change[6]!r}"


@cache
def measured() -> dict[str, list[Measured]]:
    """Every entry, measured: in full on the default line, what is stored on each line."""
    found = {}
    # With the hooks, in a process of its own meanwhile: they change what is imported.
    command = [sys.executable, "-m", "guide.measure.in_place", "guide.measure.types"]
    with ExitStack() as stack:
        hooked = stack.enter_context(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
        connections = {line: stack.enter_context(connected(line)) for line in releases.RELEASED}
        for name, entries in ENTRIES.items():
            found[name] = [measure(entry, connections[releases.DEFAULT]) for entry in entries]
            for one in found[name]:
                for line, connection in connections.items():
                    if line == releases.DEFAULT:
                        continue
                    type, why = made(one.entry, connection)
                    if type is None:
                        one.refused[line] = why
                    else:
                        one.stored[line] = type
        compared = json.loads(hooked.communicate()[0])
        for one in (one for several in found.values() for one in several):
            one.with_hooks = compared[one.entry.written]
    return found


def compare_with_hooks() -> dict[str, str]:
    """What autogenerate finds with the hooks right after each table was made, by what is written: '' is nothing."""
    load_hooks()
    with connected() as connection:
        entries = [entry for entries in ENTRIES.values() for entry in entries]
        return {entry.written: _compared(entry, connection) for entry in entries}


def _compared(entry: Entry, connection: sa.Connection) -> str:
    """What autogenerate finds or raises right after a table with the type was made. Nothing, if there is none."""
    table = _table(entry.type)
    try:
        table.create(connection)
    except Exception:
        return ""
    try:
        return _difference(connection, table.metadata) or ""
    except Exception as error:
        return reason(error)
    finally:
        table.drop(connection)


@contextmanager
def connected(line: str = releases.DEFAULT) -> Iterator[sa.Connection]:
    """A connection to an empty database of a release line."""
    with in_place(), Emulator(line=line) as emulator:
        engine = sa.create_engine(emulator.url)
        with engine.connect() as connection:
            yield connection
        engine.dispose()
