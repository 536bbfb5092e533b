"""What an emulator holds, as texts that can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from weakref import WeakKeyDictionary

from ydb_emulator import Emulator, show
from ydb_emulator.errors import YdbError
from ydb_emulator.store.catalog import Column, Table, Topic, View
from ydb_emulator.store.sequences import Numbers
from ydb_emulator.types import RANGES

from .record import Contents, Size

LEASE = "alembic_lease"
OWN = ("alembic_version", LEASE)
"""Tables that Alembic and the lease make: no revision's."""
DEFAULTS = {
    "AUTO_PARTITIONING_BY_SIZE": "ENABLED",
    "AUTO_PARTITIONING_BY_LOAD": "DISABLED",
    "AUTO_PARTITIONING_PARTITION_SIZE_MB": "2048",
    "AUTO_PARTITIONING_MIN_PARTITIONS_COUNT": "1",
    "AUTO_PARTITIONING_MAX_PARTITIONS_COUNT": "50",
}
"""YDB cannot reset these, so downgrade() sets them to the default. Source: the claim partitions-default; show.py."""


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
    return Contents(texts, tables, rows, sizes.get(emulator, {}))


sizes: WeakKeyDictionary[Emulator, Mapping[str, Size]] = WeakKeyDictionary()
"""Of the tables of a snapshot that an emulator began with: restore.py sets them."""
_known: WeakKeyDictionary[Emulator, dict[str, tuple[Table, str]]] = WeakKeyDictionary()
"""The texts of tables as they last were: most are the same in the next turn."""


def _text(emulator: Emulator, path: str, table: Table) -> str:
    """What SHOW CREATE prints, but for settings that have their default values and what numbers a Serial has given."""
    texts = _known.setdefault(emulator, {})
    known, text = texts.get(path, (None, ""))
    if known is table:
        return text
    settings = table.settings
    for name, value in DEFAULTS.items():
        if settings.get(name) == value:
            settings = settings.discard(name)
    shown = replace(table, settings=settings, version=1)
    try:
        text = show.create_table(path, shown, f"{emulator.database.path}/{path}", _numbers)
    except YdbError:  # it has settings whose text is not known
        text = repr({name: value for name, value in vars(shown).items() if name != "id"})
    texts[path] = table, text
    return text


def _numbers(column: Column) -> Numbers:
    return Numbers(RANGES[column.type][1])
