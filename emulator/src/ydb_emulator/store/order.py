"""Rows in the order of their key, remembered for as long as nobody changes them."""

from __future__ import annotations

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
    """A sort key: NULL stands before every value, as in YDB's key order."""
    return (False,) if value is None else (True, getattr(value, "bytes", value))
