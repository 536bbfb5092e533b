"""One database: its current state, and the transactions on it.

The state is an immutable value, so a transaction's snapshot costs nothing. A serializable transaction keeps the
keys that it read; a commit that changed one of them since ends it with ABORTED (optimistic locks).

Source: ydb/docs/en/core/concepts/transactions.md; texts: ydb/core/kqp/ut/tx/*.
"""

from __future__ import annotations

import itertools
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from pyrsistent import PMap, pmap

from .catalog import Catalog, Directory
from .errors import Issue, Status, YdbError
from .lines import Line

Key = tuple
Row = dict
Rows = PMap  # Key -> Row


class Mode(Enum):
    """Isolation modes of a transaction (`ydb_query.proto`, TransactionSettings)."""

    SERIALIZABLE = "SerializableRW"
    SNAPSHOT_RW = "SnapshotRW"
    SNAPSHOT_RO = "SnapshotRO"
    ONLINE_RO = "OnlineRO"
    STALE_RO = "StaleRO"

    @property
    def read_only(self) -> bool:
        return self in (Mode.SNAPSHOT_RO, Mode.ONLINE_RO, Mode.STALE_RO)


@dataclass(frozen=True)
class State:
    """Everything that the database holds at one moment: entries by path, rows by table id."""

    catalog: Catalog = pmap({"": Directory()})
    rows: PMap[int, Rows] = pmap()


def _changed(rows: Rows, changes: dict[Key, Row | None]) -> Rows:
    """Rows with changes made: a row of None deletes its key."""
    changed = rows.evolver()
    for key, row in changes.items():
        if row is not None:
            changed[key] = row
        elif key in changed:
            del changed[key]
    return changed.persistent()


@dataclass
class Transaction:
    """A transaction in progress: its snapshot with its own writes in it, and what it read and wrote.

    `reads` maps a table id to the keys that were read, or to None for all of them.
    """

    mode: Mode
    state: State
    started: int
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    reads: dict[int, set[Key] | None] = field(default_factory=dict)
    writes: dict[int, dict[Key, Row | None]] = field(default_factory=dict)

    def scan(self, table: int) -> Rows:
        """All rows of a table by key, read under a lock on the whole table."""
        self.reads[table] = None
        return self.state.rows.get(table, pmap())

    def get(self, table: int, key: Key) -> Row | None:
        """The row of one key, read under a lock on that key."""
        keys = self.reads.setdefault(table, set())
        if keys is not None:
            keys.add(key)
        return self.state.rows.get(table, pmap()).get(key)

    def write(self, table: int, changes: dict[Key, Row | None]) -> None:
        """Put rows, or delete the keys whose row is None; later statements of the transaction see it."""
        rows = _changed(self.state.rows.get(table, pmap()), changes)
        self.state = State(self.state.catalog, self.state.rows.set(table, rows))
        self.writes.setdefault(table, {}).update(changes)


class Database:
    """`path` is absolute, such as `/local`. Not thread-safe by itself: whoever runs a request holds `lock`."""

    def __init__(self, path: str = "/local", line: Line | None = None):
        self.path = path
        self.line = line or Line()
        self.lock = threading.RLock()
        self.state = State()
        self._commits: list[tuple[int, int, frozenset[Key]]] = []
        self._clock = 0
        self._ids = itertools.count(1)
        self._active: dict[str, Transaction] = {}
        self._sequences: dict[tuple[int, str], Iterator[int]] = {}

    def new_table_id(self) -> int:
        return next(self._ids)

    def next_value(self, table: int, column: str) -> int:
        """The next number of a Serial column; a number once given is not given again, even after a rollback."""
        return next(self._sequences.setdefault((table, column), itertools.count(1)))

    def alter_sequence(self, table: int, column: str, restart: int | None, increment: int | None) -> None:
        """Let a Serial column's numbers go on from `restart`, by steps of `increment`; None leaves it as it is."""
        start = restart if restart is not None else self.next_value(table, column)
        self._sequences[table, column] = itertools.count(start, increment or 1)

    def begin(self, mode: Mode = Mode.SERIALIZABLE) -> Transaction:
        transaction = Transaction(mode, self.state, self._clock)
        self._active[transaction.id] = transaction
        return transaction

    def rollback(self, transaction: Transaction) -> None:
        self._active.pop(transaction.id, None)
        self._forget_old_commits()

    def commit(self, transaction: Transaction) -> None:
        """Make a transaction's writes the database's.

        Raises ABORTED when another commit changed what it read, or a table that it used was altered or dropped.
        """
        self._active.pop(transaction.id, None)
        try:
            if transaction.writes:
                self._check_locks(transaction)
                self._check_schema(transaction)
                self._apply(transaction)
        finally:
            self._forget_old_commits()

    def change_schema(self, state: State) -> None:
        """Replace the state by one that a scheme operation made from the current one."""
        self.state = state

    def _check_locks(self, transaction: Transaction) -> None:
        for when, table, keys in self._commits:
            if when <= transaction.started or table not in transaction.reads:
                continue
            read = transaction.reads[table]
            if read is None or read & keys:
                raise locks_invalidated()

    def _check_schema(self, transaction: Transaction) -> None:
        versions = dict(self._table_versions(self.state))
        for table, version in self._table_versions(transaction.state):
            used = table in transaction.reads or table in transaction.writes
            if used and versions.get(table) != version:
                raise scheme_changed()

    @staticmethod
    def _table_versions(state: State) -> Iterator[tuple[int, int]]:
        return ((entry.id, entry.version) for entry in state.catalog.values() if hasattr(entry, "version"))

    def _apply(self, transaction: Transaction) -> None:
        self._clock += 1
        rows = self.state.rows
        for table, changes in transaction.writes.items():
            rows = rows.set(table, _changed(rows.get(table, pmap()), changes))
            self._commits.append((self._clock, table, frozenset(changes)))
        self.state = State(self.state.catalog, rows)

    def _forget_old_commits(self) -> None:
        oldest = min((t.started for t in self._active.values()), default=self._clock)
        self._commits = [commit for commit in self._commits if commit[0] > oldest]


def locks_invalidated() -> YdbError:
    """Source: ydb/core/kqp/ut/tx/kqp_locks_ut.cpp, issue code KIKIMR_LOCKS_INVALIDATED."""
    return YdbError(Status.ABORTED, Issue("Transaction locks invalidated.", code=2001))


def scheme_changed() -> YdbError:
    """A guess at the text; the status is ABORTED (ydb-behaviour §5, schema version)."""
    return YdbError(Status.ABORTED, Issue("Table scheme was changed.", code=2028))
