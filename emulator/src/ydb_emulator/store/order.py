"""Rows in the order of their key, remembered for as long as nobody changes them."""

from __future__ import annotations

import uuid
from collections import OrderedDict

from ..types import Value
from .rows import Key, Row, Rows

_REMEMBERED = 32


class Orders:
    """What a database remembers of the order of its rows. A map of rows never changes, so that its order is found
    once."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[int, tuple[str, ...]], tuple[Rows, list[Row]]] = OrderedDict()

    def of(self, rows: Rows, columns: tuple[str, ...]) -> list[Row]:
        """The rows by these columns; NULL stands before every value."""
        name = id(rows), columns
        found = self._known.pop(name, None)
        if found is None or found[0] is not rows:
            found = rows, sorted(rows.values(), key=lambda row: sort_key(row, columns))
        self._known[name] = found
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return found[1]


def sort_key(row: Row, columns: tuple[str, ...]) -> Key:
    return tuple([null_first(row.get(name)) for name in columns])


def null_first(value: Value) -> tuple:
    """A sort key: NULL stands before every value, NaN behind them, as in YDB's key order; a Uuid goes by its bytes in
    memory, those of a GUID.

    Source: ydb/core/kqp/ut/yql/kqp_yql_ut.cpp (UuidPrimaryKey), yql/essentials/types/uuid/uuid.cpp;
    CompareFloats (yql/essentials/minikql/mkql_type_ops.cpp).
    """
    if value is None:
        return (0,)
    if isinstance(value, uuid.UUID):
        return 1, value.bytes_le
    if isinstance(value, tuple):
        return 1, tuple(map(null_first, value))
    return (1, value) if value == value else (2,)
