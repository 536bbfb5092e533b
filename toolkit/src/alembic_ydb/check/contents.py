"""What an emulator holds, as texts that can be compared."""

from __future__ import annotations

from collections.abc import Mapping

from ydb_emulator import Emulator, show
from ydb_emulator.errors import YdbError
from ydb_emulator.store.catalog import Table, Topic, View

from .record import Contents

LEASE = "alembic_lease"
OWN = ("alembic_version", LEASE)
"""Tables that Alembic and the lease make: no revision's."""


def contents(emulator: Emulator) -> Contents:
    """Every table and view of an emulator, as SHOW CREATE prints them, whether or not the release line has that."""
    database = emulator.database
    texts: dict[str, str] = {}
    rows: dict[str, Mapping] = {}
    tables: dict[str, Table] = {}
    with database.lock:
        for path, entry in database.state.catalog.items():
            if path.rpartition("/")[2] in OWN:
                continue
            if isinstance(entry, Table):
                texts[path] = _text(emulator, path, entry)
                rows[path] = database.state.rows.get(entry.id, {})
                tables[path] = entry
            elif isinstance(entry, (View, Topic)):
                texts[path] = repr(entry)
    return Contents(texts, tables, rows)


def _text(emulator: Emulator, path: str, table: Table) -> str:
    database = emulator.database
    try:
        return show.create_table(
            path, table, f"{database.path}/{path}", lambda column: database.numbers(table.id, column)
        )
    except YdbError:  # it has settings whose text is not known
        return repr(table)
