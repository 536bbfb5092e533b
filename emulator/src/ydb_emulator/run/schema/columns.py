"""Rules on the names, the types and the number of columns."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...errors import scheme_failure, unsupported
from ...releases import Line
from ...store.catalog import Column
from ...types import (
    BOOL,
    COLUMN_TYPES,
    DATE32,
    DATETIME64,
    DYNUMBER,
    INTERVAL,
    INTERVAL64,
    TIMESTAMP64,
    UUID,
    Decimal,
    decimal,
)
from .paths import MAX_NAME

MAX_COLUMNS = 200
MAX_KEY_COLUMNS = 30
_NAME = re.compile(r"[A-Za-z0-9_-]+")


def check_columns(columns: Iterable[Column], line: Line, code: int) -> None:
    """Names and types. Raises `code` for a name that a column can't have."""
    for column in columns:
        name = column.name
        if len(name.encode()) > MAX_NAME:
            raise scheme_failure(f"Column name too long '{name}'. Limit: {MAX_NAME}", code)
        if not _NAME.fullmatch(name) or name.startswith("__ydb_"):
            raise scheme_failure(f"Invalid name for column '{name}'", code)
        _check_type(column, line, code)


_WIDE = (DATE32, DATETIME64, TIMESTAMP64, INTERVAL64)


def _check_type(column: Column, line: Line, code: int) -> None:
    """Types that a flag allows. Source: ydb/core/ydb_convert/table_description.cpp, ydb/core/kqp/ut/scheme."""
    type, said = column.type, f"Type '{column.type}' specified for column '{column.name}'"
    if type not in COLUMN_TYPES and not isinstance(type, Decimal):
        raise scheme_failure(f"{said} is not supported by storage", code)
    if type in _WIDE and not line.has("EnableTableDatetime64"):
        flag = "support for new date/time 64 types is disabled (EnableTableDatetime64 feature flag is off)"
        raise scheme_failure(f"{said}, but {flag}", code)
    is_plain = not isinstance(type, Decimal) or type == decimal(22, 9)
    if not is_plain and not line.has("EnableParameterizedDecimal"):
        flag = "support for parametrized decimal is disabled (EnableParameterizedDecimal feature flag is off)"
        raise scheme_failure(f"{said}, but {flag}", code)


def check_number_of_columns(current: int, new: int, dropping: int, code: int) -> None:
    if current + new - dropping > MAX_COLUMNS:
        counts = f"current: {current}, new: {new}, dropping: {dropping}"
        raise scheme_failure(f"Too many columns: {counts}. Limit: {MAX_COLUMNS}", code)


def check_column_table_type(column: Column) -> None:
    """Types that column tables have behind a flag (EnableColumnshardBool) or not at all; YDB's words are not known."""
    if column.type in (BOOL, UUID, DYNUMBER, INTERVAL, INTERVAL64):
        raise unsupported(f"{column.type} in a column table")


def repeated(names: tuple[str, ...]) -> str | None:
    """The first name that comes a second time."""
    return next((name for number, name in enumerate(names) if name in names[:number]), None)
