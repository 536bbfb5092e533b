"""Rows in the order of their key, remembered for as long as nobody changes them."""

from __future__ import annotations

from collections import OrderedDict

from ..types import Value
from .database import Key, Row, Rows

_REMEMBERED = 32
_known: OrderedDict[tuple[int, tuple[str, ...]], tuple[Rows, list[Row]]] = OrderedDict()


def in_order(rows: Rows, columns: tuple[str, ...]) -> list[Row]:
    """The rows by these columns; NULL stands before every value. A map of rows never changes, so that its order is
    found once."""
    name = id(rows), columns
    found = _known.pop(name, None)
    if found is None or found[0] is not rows:
        found = rows, sorted(rows.values(), key=lambda row: sort_key(row, columns))
    _known[name] = found
    if len(_known) > _REMEMBERED:
        _known.popitem(last=False)
    return found[1]


def sort_key(row: Row, columns: tuple[str, ...]) -> Key:
    return tuple([null_first(row.get(name)) for name in columns])


def null_first(value: Value) -> tuple:
    """A sort key: NULL stands before every value, as in YDB's key order."""
    return (False,) if value is None else (True, getattr(value, "bytes", value))
