"""The text of SHOW CREATE TABLE and SHOW CREATE VIEW: statements that make the object again.

Layout and examples: ydb/core/sys_view/show_create/create_table_formatter.cpp and the ShowCreate tests beside it; the
SELECT of a view comes from YDB's SQL formatter (yql/essentials/sql/v1/format/sql_format.cpp), of which only the
simplest form is here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import text
from .errors import unsupported
from .store.catalog import Changefeed, Column, Index, Table, Ttl, View
from .types import BOOL, INT16, INT32, INTEGERS, REALS, UINT32, UINT64, Data, Decimal, Type, Value
from .yql.lexer import END, read

_SERIAL_NAMES = {INT16: "Serial2", INT32: "Serial4"}
_DAY = 24 * 3600 * 10**6


def create_table(name: str, table: Table, absolute: str) -> str:
    """The CREATE TABLE, an ALTER TABLE for each changefeed and an ALTER SEQUENCE for each sequence that was altered.

    `absolute` is the table's absolute path, which names its sequences. Raises UNSUPPORTED for settings whose text is
    not known.
    """
    if "UNIFORM_PARTITIONS" in table.settings:
        raise unsupported("SHOW CREATE TABLE of a table with UNIFORM_PARTITIONS")
    if any(index.settings for index in table.indexes):
        raise unsupported("SHOW CREATE TABLE of a table whose indexes have settings")
    entries = [
        *map(_column, table.columns),
        *map(_index, sorted(table.indexes, key=lambda index: index.name)),
        *(f"FAMILY `{family.name}` ({_family(dict(family.settings))})" for family in table.families),
        f"PRIMARY KEY ({_names(table.key)})",
    ]
    body = ",\n".join(f"    {entry}" for entry in entries)
    partition = f"\nPARTITION BY HASH ({_names(table.partition_by)})" if table.partition_by else ""
    statements = [
        f"CREATE TABLE `{name}` (\n{body}\n){partition}{_with(table)};\n",
        *(_changefeed(name, table, changefeed) for changefeed in table.changefeeds),
        *(_sequence(absolute, table, column) for column in table.columns if column.name in table.sequences),
    ]
    return "\n".join(filter(None, statements))


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _column(column: Column) -> str:
    if column.sequence is not None:
        parts = [f"`{column.name}` {_SERIAL_NAMES.get(column.type, 'Serial8')}"]
    else:
        parts = [f"`{column.name}` {_type(column.type)}"]
    if column.family != "default":
        parts.append(f"FAMILY `{column.family}`")
    if column.not_null:
        parts.append("NOT NULL")
    if column.default is not None:
        parts.append(f"DEFAULT {_literal(column.type, column.default[0])}")
    return " ".join(parts)


def _type(type: Type) -> str:
    return str(type).replace(",", ", ")


def _literal(type: Data, value: Value) -> str:
    if value is None:
        return "NULL"
    if type == BOOL:
        return str(value).upper()
    written = text.format(type, value)
    if type in INTEGERS or type in REALS:
        return written
    if isinstance(type, Decimal):
        return f"CAST({_quoted(written)} AS {_type(type).upper()})"
    if type.name in ("String", "Utf8", "Json", "Yson", "JsonDocument", "DyNumber"):
        return _quoted(written)
    return f"{type.name.upper()}({_quoted(written)})"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _index(index: Index) -> str:
    kind = " UNIQUE" if index.unique else ""
    mode = "ASYNC" if index.asynchronous else "SYNC"
    cover = f" COVER ({_names(index.cover)})" if index.cover else ""
    return f"INDEX `{index.name}` GLOBAL{kind} {mode} ON ({_names(index.columns)}){cover}"


def _family(settings: dict[str, str]) -> str:
    known = [name for name in ("DATA", "COMPRESSION") if name in settings]
    if len(known) != len(settings):
        raise unsupported("SHOW CREATE TABLE of a column family with other settings than DATA and COMPRESSION")
    return ", ".join(f"{name} = {_quoted(settings[name])}" for name in known)


_ORDER = (
    "STORE", "AUTO_PARTITIONING_BY_SIZE", "AUTO_PARTITIONING_PARTITION_SIZE_MB", "AUTO_PARTITIONING_BY_LOAD",
    "AUTO_PARTITIONING_MIN_PARTITIONS_COUNT", "AUTO_PARTITIONING_MAX_PARTITIONS_COUNT", "PARTITION_AT_KEYS",
    "KEY_BLOOM_FILTER", "READ_REPLICAS_SETTINGS", "TTL",
)  # fmt: skip
_SIZE = "AUTO_PARTITIONING_PARTITION_SIZE_MB"


def _with(table: Table) -> str:
    settings = dict(table.settings)
    if _SIZE in settings:
        settings.setdefault("AUTO_PARTITIONING_BY_SIZE", "ENABLED")
    if table.is_column:
        settings = {"STORE": "COLUMN", "AUTO_PARTITIONING_MIN_PARTITIONS_COUNT": "64"} | settings
    if table.partition_at:
        settings["PARTITION_AT_KEYS"] = _keys(table)
    if "READ_REPLICAS_SETTINGS" in settings:
        settings["READ_REPLICAS_SETTINGS"] = _quoted(settings["READ_REPLICAS_SETTINGS"])
    if table.ttl is not None:
        settings["TTL"] = _ttl(table.ttl)
    lines = [f"{name} = {settings[name]}" for name in _ORDER if name in settings]
    if len(lines) < 2:
        return f"\nWITH ({lines[0]})" if lines else ""
    return "\nWITH (\n" + ",\n".join(f"    {line}" for line in lines) + "\n)"


def _keys(table: Table) -> str:
    types = [table[name].type for name in table.key]
    keys = [[_literal(type, value) for type, value in zip(types, key, strict=False)] for key in table.partition_at]
    if all(len(key) == 1 for key in keys):
        # YDB's tests show keys of one value only beside longer ones: whether it would write (10, 20) here is a guess.
        return "(" + ", ".join(key[0] for key in keys) + ")"
    return "(" + ", ".join(f"({', '.join(key)})" for key in keys) + ")"


def _ttl(ttl: Ttl) -> str:
    unit = f" AS {ttl.unit}" if ttl.unit else ""
    return f"INTERVAL('{text.format_interval(ttl.interval)}') DELETE ON {ttl.column}{unit}"


def _changefeed(name: str, table: Table, changefeed: Changefeed) -> str:
    given = changefeed.settings
    if unknown := set(given) - {"MODE", "FORMAT", "VIRTUAL_TIMESTAMPS", "SCHEMA_CHANGES", "RETENTION_PERIOD",
                                  "TOPIC_MIN_ACTIVE_PARTITIONS", "INITIAL_SCAN"}:  # fmt: skip
        raise unsupported(f"SHOW CREATE TABLE of a changefeed with {min(unknown)}")
    settings = [f"MODE = '{given['MODE']}'", f"FORMAT = '{given['FORMAT']}'"]
    settings += [f"{name} = TRUE" for name in ("VIRTUAL_TIMESTAMPS", "SCHEMA_CHANGES") if given.get(name)]
    settings.append(f"RETENTION_PERIOD = INTERVAL('{text.format_interval(given.get('RETENTION_PERIOD', _DAY))}')")
    if table[table.key[0]].type in (UINT32, UINT64):
        settings.append(f"TOPIC_MIN_ACTIVE_PARTITIONS = {given.get('TOPIC_MIN_ACTIVE_PARTITIONS', 1)}")
    if given.get("INITIAL_SCAN"):
        settings.append("INITIAL_SCAN = TRUE")
    return f"ALTER TABLE `{name}`\n    ADD CHANGEFEED `{changefeed.name}` WITH ({', '.join(settings)})\n;\n"


def _sequence(absolute: str, table: Table, column: Column) -> str | None:
    sequence = table.sequences[column.name]
    parts = []
    if sequence.start != 1:
        parts.append(f"START WITH {sequence.start}")
    if sequence.increment != 1:
        parts.append(f"INCREMENT BY {sequence.increment}")
    if sequence.restart is not None:
        parts.append("RESTART" if sequence.restart is True else f"RESTART WITH {sequence.restart}")
    return f"ALTER SEQUENCE `{absolute}/{column.sequence}` {' '.join(parts)};\n" if parts else None


# --- views -----------------------------------------------------------------------------------------------------


def create_view(name: str, view: View) -> str:
    """The CREATE VIEW with its SELECT as the formatter writes it: every column and the table on a line of its own.

    Raises UNSUPPORTED for all but names and integers, with or without an alias, of one table or of none.
    """
    words = [(lexeme.kind, lexeme.text) for lexeme in read(view.text)]
    kinds = " ".join(kind for kind, _ in words)
    if view.prefix or not _SIMPLE_SELECT.fullmatch(kinds):
        raise unsupported("SHOW CREATE VIEW of this query")
    lines, line = [], ""
    for kind, written in words:
        if kind in ("SELECT", "FROM"):
            lines += [f"    {line}", kind] if line else [kind]
            line = ""
        elif kind == ",":
            lines.append(f"    {line},")
            line = ""
        else:
            line = f"{line} {kind if kind == 'AS' else written}".strip()
    return "\n".join([f"CREATE VIEW `{name}` WITH (security_invoker = TRUE) AS", *lines, f"    {line}", ";", ""])


_ITEM = "(NAME|INTEGER)( AS NAME)?"
_SIMPLE_SELECT = re.compile(rf"SELECT {_ITEM}( , {_ITEM})*( FROM NAME)? {re.escape(END)}")
