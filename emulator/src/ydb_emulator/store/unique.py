"""Unique indexes: their entries are rows of a table of their own, so that reading one locks it as YDB does.

An entry's key are the indexed values, its row holds the key of the row that has them. Rows with a NULL among the values
have none, as NULLs are distinct. Source: ydb/core/kqp/ut/indexes/kqp_indexes_ut.cpp (unique indexes).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from .catalog import Index, Table
from .database import Transaction
from .rows import IndexId, Key, Row

_BUILT = ()
"""The key of the entry that tells that the index is filled."""


def repeats(index: Index, given: Iterable[tuple[Key, Row]]) -> bool:
    """Whether two rows of a statement have the same values, be they of one key, of which the last row is written.

    Source: MakeUniqCheckNodes in ydb/core/kqp/opt/physical/effects/kqp_opt_phy_uniq_helper.cpp.
    """
    found = [values for _, row in given if (values := _values(index, row)) is not None]
    return len(set(found)) != len(found)


def conflicts(table: Table, index: Index, given: Collection[tuple[Key, Row]], transaction: Transaction) -> bool:
    """Whether one of a statement's rows has the values of a row that the statement doesn't write.

    An entry whose row no longer has the values doesn't count: it went away with its table's rows.
    """
    entries = _entries(table, index, transaction)
    written = {key for key, _ in given}
    for _, row in given:
        values = _values(index, row)
        holder = transaction.get(entries, values) if values is not None else None
        if holder is not None and holder["key"] not in written:
            row_there = transaction.get(table.id, holder["key"])
            if row_there is not None and _values(index, row_there) == values:
                return True
    return False


def write(table: Table, index: Index, rows: Mapping[Key, Row | None], transaction: Transaction) -> None:
    """Bring the index in line with rows that are about to be written, or deleted where they are None."""
    changes: dict[Key, Row | None] = {}
    for key in rows:
        old = transaction.get(table.id, key)
        if old is not None and (values := _values(index, old)) is not None:
            changes[values] = None
    for key, row in rows.items():
        if row is not None and (values := _values(index, row)) is not None:
            changes[values] = {"key": key}
    transaction.write(_entries(table, index, transaction), changes)


def _entries(table: Table, index: Index, transaction: Transaction) -> IndexId:
    """The id of the index's own table, filled when it is first needed after the schema changed."""
    id = IndexId(table.id, index.name, table.version)
    rows = transaction.state.rows
    if id not in rows:
        found: dict[Key, Row | None] = {_BUILT: {}}
        for key, row in rows.get(table.id, {}).items():
            if (values := _values(index, row)) is not None:
                found[values] = {"key": key}
        transaction.write(id, found)
    return id


def _values(index: Index, row: Row) -> tuple | None:
    values = tuple(row.get(name) for name in index.columns)
    return None if None in values else values
