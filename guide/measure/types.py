"""The reference of types: each type of SQLAlchemy and of the dialect, and each column type of YDB, as a run shows them.

`ENTRIES` says what to write in a model and which values to try. All else is measured: a table is made on every release
line; on the default one the values are written and read, and the table is reflected and compared with its model.
"""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import inspect
import json
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from ydb_sqlalchemy import alembic  # noqa: F401 - registers YDB with Alembic
from ydb_sqlalchemy.sqlalchemy import types

from guide.markdown import code
from guide.paths import ROOT
from guide.reader.snippets import in_sections, load
from ydb_emulator import Emulator, releases
from ydb_emulator.types import COLUMN_TYPES, by_name

PAGE = ROOT / "snippets" / "reference" / "types.md"
YDB_TYPES = ROOT / "snippets" / "reference" / "types" / "ydb_types.py"
HOOKS = ROOT / "snippets" / "reference" / "autogenerate" / "ydb_hooks.py"


class Colour(enum.Enum):
    red = 1


NAMES = {
    "sa": sa,
    "types": types,
    "ydb_types": load(YDB_TYPES),
    "Colour": Colour,
    "Decimal": decimal.Decimal,
    "UUID": uuid.UUID,
    "UTC": datetime.UTC,
    "EAST": datetime.timezone(datetime.timedelta(hours=3)),
    **{name: getattr(datetime, name) for name in ("date", "datetime", "time", "timedelta")},
}
"""What the expressions of the entries may use."""

TEXT = ("'é' * 60", "b'a'")
BYTES = (r"b'\xff' * 60", "'a'")
DATES = ("date(2026, 11, 23)", "date(1969, 12, 31)")
TIMES = (
    "datetime(2026, 11, 23, 12, 0, 0, 123456)",
    "datetime(2026, 11, 23, 12, 0, tzinfo=EAST)",
    "datetime(1969, 12, 31)",
)
ZONED = (
    "datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)",
    "datetime(2026, 11, 23, 12, 0, tzinfo=EAST)",
    "datetime(1969, 12, 31, tzinfo=UTC)",
)
DECIMALS = ("Decimal('1.23')", "Decimal('1.23456789012')", "Decimal('12345678901234')", "1.5")
JSONS = ("{'a': [1, None]}", "'a'")


def _integers(bits: int, signed: bool = True) -> tuple[str, ...]:
    return (f"2**{bits - 1} - 1", f"2**{bits - 1}") if signed else (f"2**{bits} - 1", f"2**{bits}", "-1")


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


GENERIC = [
    Entry("sa.BigInteger()", _integers(64)),
    Entry("sa.Boolean()", ("True",)),
    Entry("sa.Boolean(create_constraint=True)", ("True",)),
    Entry("sa.Date()", DATES),
    Entry("sa.DateTime()", TIMES),
    Entry("sa.DateTime(timezone=True)", ZONED),
    Entry("sa.Double()", ("0.1", "1e300")),
    Entry("sa.Enum(Colour)", ("Colour.red", "'blue'")),
    Entry("sa.Enum('red', name='colour', create_constraint=True)", ("'red'",)),
    Entry("sa.Float()", ("0.1", "1e300")),
    Entry("sa.Float(precision=53)", ("0.1", "1e300")),
    Entry("sa.Integer()", _integers(64)),
    Entry("sa.Interval()", ("timedelta(days=1, microseconds=1)", "timedelta(days=-1)")),
    Entry("sa.LargeBinary()", BYTES),
    Entry("sa.LargeBinary(50)", BYTES),
    Entry("sa.Numeric()", DECIMALS),
    Entry("sa.Numeric(22, 9)", DECIMALS),
    Entry("sa.Numeric(10, 2)", DECIMALS),
    Entry("sa.Numeric(10, 0)", ("Decimal('12')",)),
    Entry("sa.PickleType()", ("{'a': 1}",)),
    Entry("sa.SmallInteger()", _integers(16)),
    Entry("sa.String()", TEXT),
    Entry("sa.String(50)", TEXT),
    Entry("sa.Text()", TEXT),
    Entry("sa.Time()", ("time(12, 0)",)),
    Entry("sa.TupleType(sa.Integer(), sa.Integer())", ("(1, 2)",)),
    Entry("sa.Unicode(50)", TEXT),
    Entry("sa.UnicodeText()", TEXT),
    Entry("sa.Uuid()", ("UUID(int=1)",)),
    Entry("sa.Uuid(as_uuid=False)", (f"'{uuid.UUID(int=1)}'",)),
]
"""SQLAlchemy's types that leave the name to the database."""

UPPERCASE = [
    Entry("sa.ARRAY(sa.Integer())", ("[1]",)),
    Entry("sa.BIGINT()", _integers(64)),
    Entry("sa.BINARY(50)", BYTES),
    Entry("sa.BLOB()", BYTES),
    Entry("sa.BOOLEAN()", ("True",)),
    Entry("sa.CHAR(1)", TEXT),
    Entry("sa.CLOB()", TEXT),
    Entry("sa.DATE()", DATES),
    Entry("sa.DATETIME()", TIMES),
    Entry("sa.DATETIME(timezone=True)", ZONED),
    Entry("sa.DECIMAL()", DECIMALS),
    Entry("sa.DECIMAL(10, 2)", DECIMALS),
    Entry("sa.DOUBLE()", ("0.1", "1e300")),
    Entry("sa.DOUBLE_PRECISION()", ("0.1",)),
    Entry("sa.FLOAT()", ("0.1", "1e300")),
    Entry("sa.INT()", _integers(64)),
    Entry("sa.INTEGER()", _integers(64)),
    Entry("sa.JSON()", JSONS),
    Entry("sa.NCHAR(1)", TEXT),
    Entry("sa.NUMERIC(10, 2)", DECIMALS),
    Entry("sa.NVARCHAR(50)", TEXT),
    Entry("sa.REAL()", ("0.1",)),
    Entry("sa.SMALLINT()", _integers(16)),
    Entry("sa.TEXT()", TEXT),
    Entry("sa.TIME()", ("time(12, 0)",)),
    Entry("sa.TIMESTAMP()", TIMES),
    Entry("sa.TIMESTAMP(timezone=True)", ZONED),
    Entry("sa.UUID()", ("UUID(int=1)",)),
    Entry("sa.VARBINARY(50)", BYTES),
    Entry("sa.VARCHAR(50)", TEXT),
]
"""SQLAlchemy's types that name a type of SQL."""

DIALECT = [
    Entry("types.Binary()", BYTES),
    Entry("types.Decimal()", DECIMALS),
    Entry("types.Decimal(10, 2)", DECIMALS),
    Entry("types.Int8()", _integers(8)),
    Entry("types.Int16()", _integers(16)),
    Entry("types.Int32()", _integers(32)),
    Entry("types.Int64()", _integers(64)),
    Entry("types.ListType(sa.Integer())", ("[1]",)),
    Entry("types.Optional(sa.Integer())", ("1",)),
    Entry("types.StructType({'a': sa.Integer()})", ("{'a': 1}",)),
    Entry("types.UInt8()", _integers(8, signed=False)),
    Entry("types.UInt16()", _integers(16, signed=False)),
    Entry("types.UInt32()", _integers(32, signed=False)),
    Entry("types.UInt64()", _integers(64, signed=False)),
    Entry("types.YqlDate()", DATES),
    Entry("types.YqlDate32()", DATES),
    Entry("types.YqlDateTime()", TIMES),
    Entry("types.YqlDateTime(timezone=True)", ZONED),
    Entry("types.YqlDateTime64()", TIMES),
    Entry("types.YqlDateTime64(timezone=True)", ZONED),
    Entry("types.YqlJSON()", JSONS),
    Entry("types.YqlTimestamp()", TIMES),
    Entry("types.YqlTimestamp(timezone=True)", ZONED),
    Entry("types.YqlTimestamp64()", TIMES),
    Entry("types.YqlTimestamp64(timezone=True)", ZONED),
]
"""The dialect's types."""

OWN = [
    Entry("ydb_types.DyNumber()", ("Decimal('1.5')", "Decimal('1E+100')")),
    Entry("ydb_types.Int16()", _integers(16)),
    Entry("ydb_types.Interval()", ("timedelta(days=1, microseconds=1)", "timedelta(days=-1)")),
    Entry("ydb_types.Interval64()", ("timedelta(days=1, microseconds=1)", "timedelta(days=1000000)")),
    Entry("ydb_types.JsonDocument()", JSONS),
    Entry("ydb_types.Uuid()", ("UUID(int=1)",)),
    Entry("ydb_types.Yson()", ("'{a=1}'", "'{'")),
]
"""The types that the page shows."""

ENTRIES = {"generic": GENERIC, "uppercase": UPPERCASE, "dialect": DIALECT, "own": OWN}

NO_COLUMN = {"MatchType", "NullType", "TypeDecorator", "TypeEngine", "UserDefinedType", "Variant", "_Binary"}
"""What stands for no type of its own: it is a base class, or means that the type is not known."""


def known() -> set[type[sa.types.TypeEngine]]:
    """Every type that the installed SQLAlchemy and the installed dialect offer for a column."""
    found = {
        item
        for module in (sa.types, types)
        for name, item in vars(module).items()
        if inspect.isclass(item) and issubclass(item, sa.types.TypeEngine) and name not in NO_COLUMN
    }
    return found


# --- what a run shows --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Value:
    """A value that was tried. `read` is what came back, `refused` why it could not be written or read."""

    written: str
    read: str | None = None
    refused: str | None = None

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


def reason(error: Exception) -> str:
    """An exception in one line: its class, and what it says at the very bottom."""
    said = getattr(error, "orig", None) or error
    messages = re.findall(r'message: "((?:[^"\\]|\\.)+)"', str(said))
    if told := [message for message in messages if not message.startswith("Query invalidated")]:
        return f"{type(error).__name__}: {told[-1].encode().decode('unicode_escape')}"
    while said.__cause__ is not None:  # the driver's own exception does not say what it was about
        said = said.__cause__
    text = f"{type(error).__name__}: {said}" if said is error else f"{type(error).__name__}: {said!r}"
    return _short(re.sub(r" at 0x[0-9a-f]+", "", text.split("\n")[0]), 160)


def _short(text: str, size: int = 60) -> str:
    return text if len(text) <= size else text[: size - 3] + "..."


@cache
def measured() -> dict[str, list[Measured]]:
    """Every entry, measured: in full on the default line, what is stored on each line."""
    found = {}
    # With the hooks, in a process of its own meanwhile: they change what is imported.
    command = [sys.executable, "-m", "guide.measure.types"]
    with ExitStack() as stack:
        hooked = stack.enter_context(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
        connections = {line: stack.enter_context(connected(line)) for line in releases.NAMES}
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


def _compare_with_hooks() -> dict[str, str]:
    """What autogenerate finds with the hooks right after each table was made, by what is written: '' is nothing."""
    load(HOOKS)
    with connected() as connection:
        entries = [dataclasses.replace(entry, values=()) for entries in ENTRIES.values() for entry in entries]
        found = {entry.written: measure(entry, connection) for entry in entries}
    return {written: one.crash or one.difference or "" for written, one in found.items()}


@contextmanager
def connected(line: str = releases.DEFAULT) -> Iterator[sa.Connection]:
    """A connection to an empty database of a release line."""
    with Emulator(line=line) as emulator:
        engine = sa.create_engine(emulator.url)
        with engine.connect() as connection:
            yield connection
        engine.dispose()


# --- from the column to the model ----------------------------------------------------------------------------------


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
    for line in releases.NAMES:
        with connected(line) as connection:
            for column in found:
                _try(column, connection, line)
    for column in found:
        candidates = [one for entries in measured().values() for one in entries if one.type == column.stored]
        column.best = min((one for one in candidates if one.takes), key=_rank, default=None)
    return found


def _rank(one: Measured) -> tuple:
    """Which of several entries to recommend: what is quiet, with the fewest traps, of the column's own name.

    Last of all an interval for a column that is none: it takes no other values.
    """
    own_name = by_name(type(one.entry.type).__name__.removeprefix("Yql"))
    is_foreign = isinstance(one.entry.type, sa.Interval) and not one.type.startswith("Interval")
    is_other = str(own_name).lower() != one.type.lower()
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


# --- as a page shows it ----------------------------------------------------------------------------------------------


def traps(one: Measured) -> list[str]:
    """What is wrong with a type, as Markdown."""
    if not one.stored:
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
    if one.values[0].refused:
        found.append(f"{code(one.values[0].written)} cannot be written")
    found += dict.fromkeys(lost for value in one.values if (lost := _lost(value, value is one.values[0])))
    if one.crash:
        found.append("cannot be reflected")
    return found


def _lost(value: Value, is_first: bool) -> str | None:
    """What becomes of a value that is not kept, as Markdown: of a time always, of others if it is the first."""
    sent = eval(value.written, NAMES)
    is_time = isinstance(sent, datetime.date)
    if value.refused:
        return "nothing before 1970" if is_time and sent.year < 1970 else None
    if value.is_kept:
        return None
    if isinstance(sent, datetime.datetime):
        read = eval(value.read, NAMES)
        if sent.microsecond != read.microsecond:
            return "whole seconds"
        in_utc = sent.astimezone(datetime.UTC).replace(tzinfo=None) == read.replace(tzinfo=None)
        return ("in UTC" if read.tzinfo else "in UTC, without a zone") if in_utc else "**another time**"
    return f"{code(value.written)} comes back as {code(value.read)}" if is_first else None


def _lines_of(one: Measured) -> str:
    """From which line on a type is stored, as words; nothing if all have it."""
    since = [line for line in releases.NAMES if line in one.stored]
    return "" if len(since) == len(releases.NAMES) else f" since YDB {since[0]}"


def _autogenerate(one: Measured) -> str:
    if one.type is None:
        return ""
    plain = "**crash**" if one.crash else "**false alarm**" if one.difference else "quiet"
    return plain if plain == "quiet" or one.with_hooks else f"{plain} without hooks"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _overview(found: list[Measured]) -> Iterator[str]:
    yield _row("in the model", "in YDB", "what to know", "autogenerate")
    yield _row("---", "---", "---", "---")
    for one in found:
        kept = code(one.type) + _lines_of(one) if one.type else ""
        link = f"[{code(one.entry.written)}](#{one.entry.anchor})"
        yield _row(link, kept, "; ".join(traps(one)), _autogenerate(one))


def _details(one: Measured) -> Iterator[str]:
    name = code(one.entry.written)
    yield f"**[{name}](#{one.entry.anchor}){{ #{one.entry.anchor} }}**"
    yield ""
    yield f"- in YQL: {code(one.rendered)}"
    for why in dict.fromkeys(one.refused.values()):
        on = [line for line in releases.NAMES if one.refused.get(line) == why]
        where = "YDB refuses it" if len(on) == len(releases.NAMES) else f"YDB {', '.join(on)} refuses it"
        yield f"- {where}: {code(why)}"
    if one.type:
        yield f"- stored as {code(one.type)}{_lines_of(one)}"
    for value in one.values:
        if value.refused:
            yield f"- {code(value.written)} is refused: {code(value.refused)}"
        else:
            became = "comes back" if value.is_kept else f"comes back as {code(value.read)}"
            yield f"- {code(value.written)} {became}"
    if one.reflected:
        yield f"- reflected as {code(one.reflected)}"
    if one.crash:
        yield f"- autogenerate crashes: {code(one.crash)}"
    elif one.difference:
        yield f"- autogenerate would change {code(one.difference)}"


def _columns(found: list[Column]) -> Iterator[str]:
    yield _row("in YDB", "in the model", "what to know", "autogenerate")
    yield _row("---", "---", "---", "---")
    for column in found:
        anchor = "column-" + re.sub(r"\W+", "-", column.name).strip("-")
        name = f"[{code(column.name)}](#{anchor}){{ #{anchor} }}"
        if column.since is None:
            yield _row(name, "no column", code(column.refused), "")
            continue
        known = [] if column.since == releases.NAMES[0] else [f"since YDB {column.since}"]
        if column.name.endswith("Serial"):
            known.append(f"stored as {code(column.stored)}")
        known += [] if column.is_key else ["no key"]
        known += traps(column.best)
        link = f"[{code(column.best.entry.written)}](#{column.best.entry.anchor})"
        yield _row(name, link, "; ".join(known), _autogenerate(column.best))


def render() -> str:
    """snippets/reference/types.md: a section for each table of the page."""
    sections = {name: list(_overview(found)) for name, found in measured().items()}
    sections |= {
        f"{name}-details": [line for one in found for line in ["", *_details(one)]]
        for name, found in measured().items()
    }
    sections["columns"] = list(_columns(columns()))
    return in_sections(sections)


if __name__ == "__main__":
    print(json.dumps(_compare_with_hooks()))
