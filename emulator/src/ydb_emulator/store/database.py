"""One database: its current state, and the transactions on it.

The state is an immutable value, so a transaction's snapshot costs nothing. A row, once written, is never changed in
place: what another transaction changed since a snapshot is found by comparing what both states hold for a key, without
a record of commits. A serializable transaction keeps the keys that it read (optimistic locks).

Sources: ydb/docs/en/core/concepts/transactions.md; ydb/core/kqp/session_actor/kqp_session_actor.cpp;
ydb/core/kqp/ut/tx/kqp_sink_locks_ut.cpp, kqp_sink_tx_ut.cpp, kqp_snapshot_isolation_ut.cpp.
"""

from __future__ import annotations

import itertools
import threading
import time
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum

from pyrsistent import PMap, pmap

from ..errors import LOCKS_INVALIDATED, Issue, Status, YdbError, unsupported
from ..releases import Line
from ..types import RANGES
from .accounts import Accounts
from .builds import Builds
from .catalog import Catalog, Column, Directory, Index, Table
from .order import Orders
from .rows import IndexId, Key, Row, Rows, RowsId, TableId
from .sequences import Numbers

Reads = dict[RowsId, set[Key] | None]
Deleted = set[tuple[RowsId, Key]]

_SCHEME_MISMATCH = 2028
_NO_ROWS: Rows = pmap()


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

    @property
    def has_snapshot(self) -> bool:
        """Whether all statements read the same moment; in the other modes each reads the newest there is."""
        return self not in (Mode.ONLINE_RO, Mode.STALE_RO)


@dataclass(frozen=True)
class State:
    """Everything that the database holds at one moment: entries by path, rows by the id of their table."""

    catalog: Catalog = pmap({"": Directory()})
    rows: PMap[RowsId, Rows] = pmap()


def _changed(rows: Rows, changes: Mapping[Key, Row | None]) -> Rows:
    """Rows with changes made: a row of None deletes its key."""
    changed = rows.evolver()
    for key, row in changes.items():
        if row is not None:
            changed[key] = row
        elif key in rows:
            del changed[key]
    return changed.persistent()


@dataclass(frozen=True)
class Upserts:
    """Blind UPSERTs of one table: the columns that they name, by key, and what makes a whole row of them."""

    columns: dict[Key, Row]
    whole: Callable[[Row], Row]

    def on(self, key: Key, row: Row | None) -> Row:
        return self.whole(self.columns[key]) if row is None else row | self.columns[key]


@dataclass
class Transaction:
    """A transaction in progress: its snapshot, the same with its own writes in it, and what it read and wrote.

    `reads` maps a table id to the keys that were read, or to None for all of them. `writes` are rows by key, None for
    those that are deleted; `upserts` are the ones among them that depend on no row read. `deleted` are the keys that
    others deleted since the snapshot: one that they had inserted before would look untouched. `altered` are the tables,
    by id, whose schema is no longer the snapshot's, `outdated` the path of one that was written before that, and
    `moved` that of one that was renamed after it was read.
    `uses` tells whether it has to do with row tables (False) and column tables (True), `has_planned_write` whether it
    changes rows of any, as soon as its statements are checked. `is_data_query` tells that its statement comes by the
    table service.
    """

    mode: Mode
    snapshot: State
    state: State
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    reads: Reads = field(default_factory=dict)
    writes: dict[RowsId, dict[Key, Row | None]] = field(default_factory=dict)
    deleted: Deleted = field(default_factory=set)
    upserts: dict[RowsId, Upserts] = field(default_factory=dict)
    altered: dict[RowsId, str] = field(default_factory=dict)
    outdated: str | None = None
    broken: str | None = None
    moved: str | None = None
    has_begun: bool = False
    has_written: bool = False
    uses: set[bool] = field(default_factory=set)
    has_planned_write: bool = False
    is_data_query: bool = False
    used: float = field(default_factory=time.monotonic)

    def scan(self, table: RowsId) -> Rows:
        """All rows of a table by key, read under a lock on the whole table."""
        self._check_schema(table)
        self.reads[table] = None
        return self.state.rows.get(table, _NO_ROWS)

    def get(self, table: RowsId, key: Key) -> Row | None:
        """The row of one key, read under a lock on that key."""
        self._check_schema(table)
        keys = self.reads.setdefault(table, set())
        if keys is not None:
            keys.add(key)
        return self.state.rows.get(table, _NO_ROWS).get(key)

    def peek(self, table: RowsId, key: Key) -> Row | None:
        """The row of one key without a lock: for a write that is right whatever the row is."""
        return self.state.rows.get(table, _NO_ROWS).get(key)

    def write(self, table: RowsId, changes: Mapping[Key, Row | None], upserts: Upserts | None = None) -> None:
        """Put rows, or delete the keys whose row is None; later statements of the transaction see it.

        `upserts` tells that all of them are blind UPSERTs: at commit their columns go into the row that is there then.
        """
        rows = _changed(self.state.rows.get(table, _NO_ROWS), changes)
        self.state = State(self.state.catalog, self.state.rows.set(table, rows))
        self._remember_upserts(table, changes, upserts)
        self.writes.setdefault(table, {}).update(changes)
        self.has_written = True

    def _remember_upserts(self, table: RowsId, changes: Mapping[Key, Row | None], upserts: Upserts | None) -> None:
        """A row that is written in any other way as well is no blind UPSERT any more."""
        written, known = self.writes.get(table, {}), self.upserts.get(table)
        if upserts is None:
            if known is not None:
                for key in changes:
                    known.columns.pop(key, None)
            return
        if known is None:
            known = self.upserts[table] = Upserts({}, upserts.whole)
        for key, columns in upserts.columns.items():
            if key in known.columns or key not in written:
                known.columns[key] = known.columns.get(key, {}) | columns

    def _check_schema(self, table: RowsId) -> None:
        """A read of a table that was altered since the snapshot ends the transaction, where it wrote to it before
        (kqp_effects_ut.cpp, AlterAfterUpsertBeforeUpsertSelectTransaction)."""
        if table not in self.altered:
            return
        if table not in self.writes:
            raise unsupported("a read of rows older than the schema of their table")
        raise scheme_changed(self.altered[table])


@dataclass(frozen=True)
class Kept:
    """What a database holds, to bring it back to: see `Database.kept`."""

    state: State
    accounts: Accounts
    numbers: Mapping[tuple[TableId, str], Numbers]


@dataclass(frozen=True)
class Underway:
    """A scheme operation under way on a path: YDB's names of the path's state and kind, and what is being built."""

    state: str
    kind: str
    columns: tuple[Column, ...] = ()
    index: Index | None = None


class Database:
    """`path` is absolute, such as `/local`. Not thread-safe by itself: whoever runs a request holds `lock`.

    `accounts` are its users, groups and lists of access, with no part in transactions. `scheme_seconds` says how long a
    scheme operation on a path takes; `under_operation` are the paths of those that are under way (see `run.underway`).
    `watch` is told each query text, and how it was refused if it was, before the client is. `watch_request` is told the
    same of a request that changes tables without a text: statements that YDB carries out at one moment.
    `builds` are those of indexes and columns; each takes `build_seconds`, and `rejection` says why the next one comes
    to nothing, if it does.
    """

    def __init__(self, path: str = "/local", line: Line | None = None, accounts: Accounts | None = None):
        self.path = path
        self._first_accounts = accounts or Accounts()
        self.line = line or Line()
        self.lock = threading.RLock()
        self.scheme_seconds: Callable[[str], float] = lambda path: 0.0
        self.rejection: Callable[[], str] = lambda: ""
        self.build_seconds = 0.0
        self.watch: Callable[[str, YdbError | None], None] = lambda text, error: None
        self.watch_request = self.watch
        self.under_operation: dict[str, Underway] = {}
        self._turns = threading.Condition(self.lock)
        self._hurries = 0
        self._ids = itertools.count(1)
        self._active: dict[str, Transaction] = {}
        self.clear()

    def clear(self) -> None:
        """Lose everything."""
        self.state = State()
        self.accounts = self._first_accounts
        self.orders = Orders()
        self.builds = Builds()
        self._numbers: dict[tuple[TableId, str], Numbers] = {}

    def kept(self) -> Kept:
        """All that it holds now, but for the list of builds."""
        return Kept(self.state, self.accounts, {key: replace(each) for key, each in self._numbers.items()})

    def bring_back(self, kept: Kept) -> None:
        """Hold what it held then, and nothing else. It has to be of this database."""
        self.clear()
        self.state, self.accounts = kept.state, kept.accounts
        self._numbers = {key: replace(each) for key, each in kept.numbers.items()}

    def new_table_id(self) -> TableId:
        return TableId(next(self._ids))

    def numbers(self, table: TableId, column: Column) -> Numbers:
        """What the sequence of a Serial column gives."""
        found = self._numbers.get((table, column.name))
        if found is None:
            found = self._numbers[table, column.name] = Numbers(RANGES[column.type][1])
        return found

    # --- transactions ------------------------------------------------------------------------------------------

    def begin(self, mode: Mode = Mode.SERIALIZABLE) -> Transaction:
        transaction = Transaction(mode, self.state, self.state)
        self._active[transaction.id] = transaction
        return transaction

    @contextmanager
    def statement(self, transaction: Transaction) -> Iterator[None]:
        """One request of a transaction that may stay open. The first one takes the snapshot (kqp_tx.cpp, NeedSnapshot).

        Raises ABORTED after one that wrote where rows that it or a later one read had been changed by then
        (kqp_session_actor.cpp, CheckTransactionLocks: "tx has effects, but locks are broken").
        """
        self._refresh(transaction)
        earlier, transaction.reads, transaction.has_written = transaction.reads, {}, False
        yield
        if transaction.mode is Mode.SERIALIZABLE:
            transaction.broken = transaction.broken or self._changed_since(transaction, transaction.reads)
            if transaction.broken is not None and transaction.has_written:
                raise locks_invalidated(transaction.broken)
        _add_reads(earlier, transaction.reads)
        transaction.reads = earlier
        transaction.used = time.monotonic()

    def rollback(self, transaction: Transaction) -> None:
        self._active.pop(transaction.id, None)

    def commit(self, transaction: Transaction) -> None:
        """Make a transaction's writes the database's.

        Raises ABORTED when another commit changed what it read (or wrote, in SnapshotRW), when a table that it read was
        renamed, or the schema of one that it wrote was changed. One that wrote nothing always succeeds.
        """
        self._active.pop(transaction.id, None)
        if not transaction.writes:
            return
        self._follow_schema(transaction)
        if transaction.outdated is not None:
            if not all(map(self.path_of, transaction.writes)):
                raise unsupported("a commit of rows of a table that was dropped meanwhile")
            raise scheme_changed(transaction.outdated)
        is_snapshot = transaction.mode is Mode.SNAPSHOT_RW
        locked, moved = (transaction.writes, None) if is_snapshot else (transaction.reads, transaction.moved)
        changed = transaction.broken or moved or self._changed_since(transaction, locked)
        if changed is not None:
            raise locks_invalidated(changed)
        self._apply(transaction)

    def change_schema(self, state: State) -> None:
        """Replace the state by one that a scheme operation made from the current one."""
        self.state = state

    def columns_under_build(self, path: str) -> frozenset[str]:
        """Columns that can't be written yet (ydb/core/kqp/ut/scheme/kqp_constraints_ut.cpp)."""
        return frozenset(column.name for column in self.new_columns(path))

    def new_columns(self, path: str) -> tuple[Column, ...]:
        """The columns that are being built on a table."""
        found = self.under_operation.get(path)
        return found.columns if found is not None else ()

    def index_under_build(self, path: str) -> Index | None:
        """The index that is being built on a table."""
        found = self.under_operation.get(path)
        return found.index if found is not None else None

    def let_others(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Let other requests run for a while, until `hurry` is called or `until` says so; for who holds the lock."""
        hurries, end = self._hurries, time.monotonic() + seconds
        while self._hurries == hurries and not until() and (left := end - time.monotonic()) > 0:
            self._turns.wait(left)

    def hurry(self) -> None:
        """End the waits of `let_others`."""
        with self.lock:
            self._hurries += 1
            self._turns.notify_all()

    def wake(self) -> None:
        """Let those who wait in `let_others` look whether they still have to."""
        with self.lock:
            self._turns.notify_all()

    def _refresh(self, transaction: Transaction) -> None:
        """What a statement sees: the snapshot's rows, but the schema of now, as each statement is compiled anew."""
        if transaction.mode.has_snapshot and transaction.has_begun:
            self._follow_schema(transaction)
        else:
            transaction.snapshot = transaction.state = self.state
            transaction.deleted.clear()
            transaction.has_begun = True

    def _follow_schema(self, transaction: Transaction) -> None:
        """See the schema of now. A rename takes the locks of a table with it (datashard.cpp, MoveUserTable)."""
        before, now = transaction.state.catalog, self.state.catalog
        if before is now:
            return
        versions = {table.id: table.version for _, table in _tables(now)}
        paths = {table.id: path for path, table in _tables(now)}
        for path, table in _tables(before):
            if paths.get(table.id, path) != path and any(_table_of(read) == table.id for read in transaction.reads):
                transaction.moved = self.path_of(table.id)
            if versions.get(table.id) != table.version:
                transaction.altered[table.id] = f"{self.path}/{path}"
                if table.id in transaction.writes:
                    transaction.outdated = transaction.altered[table.id]
        transaction.state = State(now, transaction.state.rows)

    def _changed_since(self, transaction: Transaction, locked: Mapping[RowsId, Collection[Key] | None]) -> str | None:
        """The path of a table whose rows of these keys others have changed since the snapshot, or None."""
        for table, keys in locked.items():
            before, now = transaction.snapshot.rows.get(table, _NO_ROWS), self.state.rows.get(table, _NO_ROWS)
            if before is now:
                continue
            if keys is None:
                if before or now or any(other == table for other, _ in transaction.deleted):
                    return self.path_of(table)
            elif any(before.get(k) is not now.get(k) or (table, k) in transaction.deleted for k in keys):
                return self.path_of(table)
        return None

    def path_of(self, table: RowsId) -> str:
        """The path of a table by its id, `""` where it is gone. An index's own table goes by its table."""
        return next(
            (f"{self.path}/{path}" for path, entry in _tables(self.state.catalog) if entry.id == _table_of(table)), ""
        )

    def _apply(self, transaction: Transaction) -> None:
        rows = self.state.rows
        gone = {(t, key) for t, changes in transaction.writes.items() for key, row in changes.items() if row is None}
        for other in list(self._active.values()):  # one may end meanwhile: see session.py
            other.deleted |= gone
        for table, changes in transaction.writes.items():
            if rows.get(table) is transaction.snapshot.rows.get(table):
                rows = rows.set(table, transaction.state.rows[table])
                continue
            now, upserts = rows.get(table, _NO_ROWS), transaction.upserts.get(table)
            if upserts is not None:
                changes = changes | {key: upserts.on(key, now.get(key)) for key in upserts.columns}
            rows = rows.set(table, _changed(now, changes))
        self.state = State(self.state.catalog, rows)


def _tables(catalog: Catalog) -> Iterator[tuple[str, Table]]:
    return ((path, entry) for path, entry in catalog.items() if isinstance(entry, Table))


def _table_of(rows: RowsId) -> TableId:
    return rows.table if isinstance(rows, IndexId) else rows


def _add_reads(reads: Reads, more: Reads) -> None:
    for table, keys in more.items():
        known = reads.setdefault(table, keys)
        if known is not keys:
            reads[table] = None if known is None or keys is None else known | keys


def locks_invalidated(path: str) -> YdbError:
    """Text: ydb/core/kqp/runtime/kqp_write_actor.cpp (STATUS_LOCKS_BROKEN); that without a table is older."""
    table = f" Table: `{path}`." if path else ""
    return YdbError(Status.ABORTED, Issue(f"Transaction locks invalidated.{table}", LOCKS_INVALIDATED))


def scheme_changed(path: str) -> YdbError:
    """Status and text: ydb/core/kqp/ut/effects/kqp_effects_ut.cpp (AlterDuringUpsertTransaction)."""
    return YdbError(Status.ABORTED, Issue(f"Scheme changed. Table: `{path}`.", _SCHEME_MISMATCH))
