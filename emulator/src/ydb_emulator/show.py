"""The text of SHOW CREATE TABLE and SHOW CREATE VIEW: statements that make the object again.

Layout and examples: ydb/core/sys_view/show_create/create_table_formatter.cpp and the ShowCreate tests beside it; the
SELECT of a view comes from YDB's SQL formatter (yql/essentials/sql/v1/format/sql_format.cpp), of which only the
simplest form is here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pyrsistent import PMap

from . import text
from .errors import Issue, Status, YdbError, unsupported
from .store.catalog import Changefeed, Column, Index, Table, Ttl, View
from .store.catalog import Sequence as Altered
from .store.sequences import Numbers
from .types import BOOL, INT16, INT32, INTEGERS, JSON_DOCUMENT, REALS, UINT32, UINT64, UUID, Data, Decimal, Type, Value
from .yql.lexer import END, read

_SERIAL_NAMES = {INT16: "Serial2", INT32: "Serial4"}
_DAY = 24 * 3600 * 10**6


def create_table(name: str, table: Table, absolute: str, numbers: Callable[[Column], Numbers]) -> str:
    """The CREATE TABLE, an ALTER TABLE for each changefeed, an ALTER SEQUENCE for each sequence that was altered or
    used, and an ALTER TABLE for each index that has settings.

    `absolute` is the table's absolute path, which names its sequences; `numbers` is what each of them gives. Raises
    UNSUPPORTED for settings whose text is not known.
    """
    if table.is_column and table.families:
        raise unsupported("SHOW CREATE TABLE of a column table with column families")
    body = ",\n".join(f"    {entry}" for entry in table_entries(table))
    partition = f"\nPARTITION BY HASH ({_names(table.partition_by)})" if table.partition_by else ""
    statements = [
        f"CREATE TABLE `{name}` (\n{body}\n){partition}{_with(table)};\n",
        *(_changefeed(name, table, changefeed) for changefeed in table.changefeeds),
        *(_sequence(absolute, table, column, numbers(column)) for column in table.columns if column.sequence),
        *(_index_settings(name, index) for index in _indexes(table)),
    ]
    return "\n".join(filter(None, statements))


def table_entries(table: Table) -> list[str]:
    """What stands in the brackets of a CREATE TABLE."""
    return [
        *map(column_entry, table.columns),
        *map(index_entry, _indexes(table)),
        *(f"FAMILY `{family.name}` ({_family(dict(family.settings))})" for family in table.families),
        f"PRIMARY KEY ({_names(table.key)})",
    ]


def _indexes(table: Table) -> list[Index]:
    return sorted(table.indexes, key=lambda index: index.name)


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def column_entry(column: Column) -> str:
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
    if type == JSON_DOCUMENT:
        raise YdbError(Status.UNSUPPORTED, Issue("Unsupported primitive type for SHOW CREATE TABLE"))
    if isinstance(type, Decimal):
        return f"CAST({_quoted(written)} AS {_type(type).upper()})"
    if type.name in ("String", "Utf8", "Json", "Yson", "DyNumber"):
        return _quoted(written)
    return f"{type.name.upper()}({_quoted(written)})"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def index_entry(index: Index) -> str:
    kind = " UNIQUE" if index.unique else ""
    mode = "ASYNC" if index.asynchronous else "SYNC"
    cover = f" COVER ({_names(index.cover)})" if index.cover else ""
    if index.using:
        on = f"ON ({_names(index.columns)}){cover}"
        return f"INDEX `{index.name}` GLOBAL USING {index.using} {on} WITH ({_index_options(index)})"
    return f"INDEX `{index.name}` GLOBAL{kind} {mode} ON ({_names(index.columns)}){cover}"


_INDEX_OPTIONS = (
    "similarity", "distance", "vector_type", "vector_dimension", "clusters", "levels", "tokenizer", "language",
    "use_filter_lowercase", "use_filter_stopwords", "use_filter_ngram", "use_filter_edge_ngram",
    "filter_ngram_min_length", "filter_ngram_max_length", "use_filter_length", "filter_length_min",
    "filter_length_max",
)  # fmt: skip


def _index_options(index: Index) -> str:
    """Raises UNSUPPORTED for settings that the formatter leaves out, as it does with use_filter_snowball."""
    if set(index.options) - set(_INDEX_OPTIONS) or index.is_local:
        raise unsupported("SHOW CREATE TABLE of a table with such an index")
    given = {name: index.options[name] for name in _INDEX_OPTIONS if name in index.options}
    if "vector_type" in given:
        given["vector_type"] = _quoted(given["vector_type"])
    if given.get("similarity") == "inner_product":
        given["similarity"] = "product"  # SIMILARITY_INNER_PRODUCT in create_table_formatter.cpp
    return ", ".join(f"{name} = {value}" for name, value in given.items())


def _family(settings: dict[str, str]) -> str:
    known = [name for name in ("DATA", "COMPRESSION", "CACHE_MODE") if name in settings]
    return ", ".join(f"{name} = {_quoted(settings[name])}" for name in known)


_ORDER = (
    "STORE", "AUTO_PARTITIONING_BY_SIZE", "AUTO_PARTITIONING_PARTITION_SIZE_MB", "AUTO_PARTITIONING_BY_LOAD",
    "AUTO_PARTITIONING_MIN_PARTITIONS_COUNT", "AUTO_PARTITIONING_MAX_PARTITIONS_COUNT", "PARTITION_AT_KEYS",
    "KEY_BLOOM_FILTER", "READ_REPLICAS_SETTINGS", "TTL",
)  # fmt: skip
_BY_SIZE, _SIZE = "AUTO_PARTITIONING_BY_SIZE", "AUTO_PARTITIONING_PARTITION_SIZE_MB"
_LEAST, _MOST = "AUTO_PARTITIONING_MIN_PARTITIONS_COUNT", "AUTO_PARTITIONING_MAX_PARTITIONS_COUNT"
_DEFAULT_SIZE = "2048"


def _partitioning(known: PMap[str, str], made_with: int) -> dict[str, str]:
    """Settings as they are printed: the size with its switch, and no minimum that is the number of partitions that the
    table was made with."""
    settings = dict(known)
    if _SIZE in settings:
        settings.setdefault(_BY_SIZE, "ENABLED")
    elif settings.get(_BY_SIZE) == "ENABLED":
        settings[_SIZE] = _DEFAULT_SIZE
    if settings.get(_LEAST) == str(made_with):
        del settings[_LEAST]
    return settings


def _with(table: Table) -> str:
    keys = table.partition_at or _uniform(table)
    settings = dict(table.settings) if table.is_column else _partitioning(table.settings, len(keys) + 1)
    if table.is_column:
        settings = {"STORE": "COLUMN", "AUTO_PARTITIONING_MIN_PARTITIONS_COUNT": "64"} | settings
    if keys:
        settings["PARTITION_AT_KEYS"] = _keys(table, keys)
    if "READ_REPLICAS_SETTINGS" in settings:
        settings["READ_REPLICAS_SETTINGS"] = _quoted(settings["READ_REPLICAS_SETTINGS"])
    if table.ttl is not None:
        settings["TTL"] = ttl_value(table.ttl)
    lines = [f"{name} = {settings[name]}" for name in _ORDER if name in settings]
    if len(lines) < 2:
        return f"\nWITH ({lines[0]})" if lines else ""
    return "\nWITH (\n" + ",\n".join(f"    {line}" for line in lines) + "\n)"


def _uniform(table: Table) -> tuple[tuple[Value, ...], ...]:
    """Where UNIFORM_PARTITIONS has parted the table. Source: FillUniformPartitioning in schemeshard_impl.cpp."""
    count = int(table.settings.get("UNIFORM_PARTITIONS", 1))
    if count == 1:
        return ()
    type = table[table.key[0]].type
    if type == UUID:
        raise unsupported("SHOW CREATE TABLE of a table with UNIFORM_PARTITIONS of a Uuid")
    largest = float(2**32 - 1 if type == UINT32 else 2**64 - 1)
    return tuple((int(largest * (number / count)),) for number in range(1, count))


def _keys(table: Table, keys: tuple[tuple[Value, ...], ...]) -> str:
    """Each key as a tuple, one of one value too: FormatValue in create_table_formatter.cpp."""
    types = [table[name].type for name in table.key]
    written = [[_literal(type, value) for type, value in zip(types, key, strict=False)] for key in keys]
    return "(" + ", ".join(f"({', '.join(key)})" for key in written) + ")"


def ttl_value(ttl: Ttl) -> str:
    unit = f" AS {ttl.unit}" if ttl.unit else ""
    return f"INTERVAL('{text.format_interval(ttl.interval)}') DELETE ON {ttl.column}{unit}"


def _changefeed(name: str, table: Table, changefeed: Changefeed) -> str:
    given = changefeed.settings
    settings = [f"MODE = '{given['MODE']}'", f"FORMAT = '{given['FORMAT']}'"]
    settings += [f"{name} = TRUE" for name in _FLAGS if given.get(name)]
    settings.append(f"RETENTION_PERIOD = INTERVAL('{text.format_interval(given.get('RETENTION_PERIOD', _DAY))}')")
    if table[table.key[0]].type in (UINT32, UINT64, UUID):
        settings.append(f"TOPIC_MIN_ACTIVE_PARTITIONS = {given.get('TOPIC_MIN_ACTIVE_PARTITIONS', 1)}")
    if given.get("INITIAL_SCAN"):
        settings.append("INITIAL_SCAN = TRUE")
    return f"ALTER TABLE `{name}`\n    ADD CHANGEFEED `{changefeed.name}` WITH ({', '.join(settings)})\n;\n"


_FLAGS = ("VIRTUAL_TIMESTAMPS", "SCHEMA_CHANGES", "USER_SIDS")
"""YDB prints neither BARRIERS_INTERVAL nor what makes a topic part itself: pull request 53018 of ydb-platform/ydb."""


def _sequence(absolute: str, table: Table, column: Column, numbers: Numbers) -> str | None:
    sequence = table.sequences.get(column.name, Altered())
    parts = []
    if sequence.start != 1:
        parts.append(f"START WITH {sequence.start}")
    if sequence.increment != 1:
        parts.append(f"INCREMENT BY {sequence.increment}")
    if numbers.next != 1:
        parts.append("RESTART" if numbers.next == sequence.start else f"RESTART WITH {numbers.next}")
    return f"ALTER SEQUENCE `{absolute}/{column.sequence}` {' '.join(parts)};\n" if parts else None


def _index_settings(name: str, index: Index) -> str | None:
    """Source: FormatIndexImplTable in create_table_formatter.cpp."""
    if "READ_REPLICAS_SETTINGS" in index.settings:
        raise unsupported("SHOW CREATE TABLE of an index with READ_REPLICAS_SETTINGS")
    settings = _partitioning(index.settings, 1)
    if settings.get(_SIZE) == _DEFAULT_SIZE:
        del settings[_BY_SIZE], settings[_SIZE]
    said = ", ".join(f"{setting} = {settings[setting]}" for setting in _ORDER if setting in settings)
    return f"ALTER TABLE `{name}`\n    ALTER INDEX `{index.name}` SET ({said})\n;\n" if said else None


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
