"""Rows by key, and the ids under which a database keeps the rows of a table."""

from __future__ import annotations

from typing import NamedTuple, NewType

from pyrsistent import PMap

Key = tuple
Row = dict
Rows = PMap[Key, Row]

TableId = NewType("TableId", int)
"""Stays when the table is renamed."""
NO_ID = TableId(0)
"""Of a table that is not yet made."""


class IndexId(NamedTuple):
    """The rows of a unique index, as of one version of its table's schema."""

    table: TableId
    name: str
    version: int


RowsId = TableId | IndexId
