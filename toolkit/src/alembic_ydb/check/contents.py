"""What an emulator holds, as texts that can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from ydb_emulator import Emulator, show
from ydb_emulator.errors import Status, YdbError
from ydb_emulator.request import prepare
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
    with emulator.database.lock:
        state = emulator.database.state
    kept = _kept.setdefault(emulator, _Kept())
    if kept.catalog is not state.catalog:
        kept.look(state.catalog, emulator.database.path)
        kept.broken = {path: words for path in kept.views if (words := _refusal(emulator, path))}
    rows = dict(state.rows.items())  # not dict(state.rows), which looks up each key
    written: dict[str, Mapping] = {path: rows.get(table.id, {}) for path, table in kept.tables.items()}
    return Contents(kept.texts, kept.tables, written, sizes.get(emulator, {}), kept.views, kept.broken)


class _Kept:
    """What a catalog held as it was last looked at: each turn of a revision changes little of it."""

    def __init__(self) -> None:
        self.catalog: Any = None
        self.tables: dict[str, Table] = {}
        self.texts: dict[str, str] = {}
        self.views: dict[str, View] = {}
        self.broken: dict[str, str] = {}
        self._entries: dict[str, Any] = {}

    def look(self, catalog: Any, database: str) -> None:
        before, texts = self._entries, self.texts
        self._entries, self.tables, self.texts, self.views = dict(catalog.items()), {}, {}, {}
        self.catalog = catalog
        for path, entry in self._entries.items():
            if isinstance(entry, (Table, View, Topic)) and path.rpartition("/")[2] not in OWN:
                self.texts[path] = texts[path] if before.get(path) is entry else _text(path, entry, database)
                if isinstance(entry, Table):
                    self.tables[path] = entry
                if isinstance(entry, View):
                    self.views[path] = entry


def _refusal(emulator: Emulator, view: str) -> str:
    """Why nobody can read a view, in YDB's words: it keeps one whose tables are gone. Empty where it can be read."""
    try:
        prepare(emulator.database, f"SELECT * FROM `{view}`")
    except YdbError as error:
        if error.status is not Status.UNSUPPORTED:
            return "; ".join(text for issue in error.issues for text in issue.texts()[-1:])
    return ""


sizes: WeakKeyDictionary[Emulator, Mapping[str, Size]] = WeakKeyDictionary()
"""Of the tables of a snapshot that an emulator began with: restore.py sets them."""
_kept: WeakKeyDictionary[Emulator, _Kept] = WeakKeyDictionary()


def _text(path: str, entry: Table | View | Topic, database: str) -> str:
    """What SHOW CREATE prints, but for settings that have their default values and what numbers a Serial has given."""
    if not isinstance(entry, Table):
        return repr(entry)
    settings = entry.settings
    for name, value in DEFAULTS.items():
        if settings.get(name) == value:
            settings = settings.discard(name)
    shown = replace(entry, settings=settings, version=1)
    try:
        return show.create_table(path, shown, f"{database}/{path}", _numbers)
    except YdbError:  # it has settings whose text is not known
        return repr({name: value for name, value in vars(shown).items() if name != "id"})


def _numbers(column: Column) -> Numbers:
    return Numbers(RANGES[column.type][1])
