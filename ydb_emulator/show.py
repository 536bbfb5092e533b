"""The text of SHOW CREATE TABLE and SHOW CREATE VIEW: a statement that makes the object again.

Source of the layout: ydb/core/sys_view/show_create/create_table_formatter.cpp and its tests (ydb-behaviour §9).
"""

from __future__ import annotations

from . import text
from .catalog import Column, Index, Table, Ttl, View
from .types import BOOL, INT16, INT32, STRING, TEXTS, UTF8, Type, Value

_SERIAL_NAMES = {INT16: "Serial2", INT32: "Serial4"}


def create_view(name: str, view: View) -> str:
    return f"CREATE VIEW `{name}` WITH (security_invoker = TRUE) AS\n{view.text}\n"


def create_table(name: str, table: Table) -> str:
    """Columns in order of creation, indexes, families, key; then WITH; a changefeed is an ALTER TABLE of its own."""
    entries = [
        *map(_column, table.columns),
        *map(_index, table.indexes),
        *(f"FAMILY {family.name} ({_settings(dict(family.settings))})" for family in table.families),
        f"PRIMARY KEY ({_names(table.key)})",
    ]
    body = ",\n".join(f"    {entry}" for entry in entries)
    partition = f"\nPARTITION BY HASH ({_names(table.partition_by)})" if table.partition_by else ""
    statements = [f"CREATE TABLE `{name}` (\n{body}\n){partition}{_with(table)};\n"]
    for changefeed in table.changefeeds:
        settings = _settings({key: _quoted(value) for key, value in changefeed.settings.items()})
        statements.append(f"ALTER TABLE `{name}`\n    ADD CHANGEFEED `{changefeed.name}` WITH ({settings})\n;\n")
    return "\n".join(statements)


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _column(column: Column) -> str:
    if column.sequence is not None:
        return f"`{column.name}` {_SERIAL_NAMES.get(column.type, 'Serial8')} NOT NULL"
    parts = [f"`{column.name}` {column.type}".replace(",", ", ")]
    if column.family != "default":
        parts.append(f"FAMILY {column.family}")
    if column.not_null:
        parts.append("NOT NULL")
    if column.default is not None:
        parts.append(f"DEFAULT {_literal(column.type, column.default[0])}")
    return " ".join(parts)


def _literal(type: Type, value: Value) -> str:
    if value is None:
        return "NULL"
    if type == BOOL:
        return str(value).upper()
    written = text.format(type, value)
    if type in TEXTS:
        return _quoted(written) + ("u" if type == UTF8 else "")
    return written if type.name.startswith(("Int", "Uint", "Float", "Double")) and type != STRING else (
        f"{type.name}({_quoted(written)})"
    )  # fmt: skip


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _index(index: Index) -> str:
    kind = " UNIQUE" if index.unique else ""
    mode = "ASYNC" if index.asynchronous else "SYNC"
    cover = f" COVER ({_names(index.cover)})" if index.cover else ""
    return f"INDEX `{index.name}` GLOBAL{kind} {mode} ON ({_names(index.columns)}){cover}"


def _settings(settings: dict[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in settings.items())


def _with(table: Table) -> str:
    settings = dict(table.settings)
    if table.is_column:
        settings = {"STORE": "COLUMN"} | settings
    if table.ttl is not None:
        settings["TTL"] = _ttl(table.ttl)
    lines = ",\n".join(f"    {name} = {value}" for name, value in settings.items())
    return f"\nWITH (\n{lines}\n)" if settings else ""


def _ttl(ttl: Ttl) -> str:
    unit = f" AS {ttl.unit}" if ttl.unit else ""
    return f"INTERVAL('{text.format_interval(ttl.interval)}') DELETE ON {ttl.column}{unit}"
