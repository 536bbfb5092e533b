"""Checked changes of rows, run in a transaction: keys compared, defaults filled in, unique indexes kept.

Source: ydb/core/kqp/ut/effects/*.cpp; the shape of a conflict: ydb-java-sdk, QueryIntegrationTest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ..errors import CONSTRAINT_VIOLATION, QUERY_INVALIDATED, Issue, Status, YdbError, refusal, unsupported
from ..plan import Change
from ..result import ResultSet
from ..store import unique
from ..store.catalog import Column, Table
from ..store.database import Database, Transaction, Upserts
from ..store.rows import Key, Row
from ..types import RANGES, Value

_ENGINE_ERROR = 200503
_MAX_KEY, _MAX_VALUE = 2**20 + 2**10, 2**24
"""Bytes of a row's key, and of each other value: ydb/core/tx/datashard/const.h."""


def apply(change: Change, database: Database, transaction: Transaction) -> ResultSet | None:
    """Make the change in the transaction; the result set is that of RETURNING, if there is one."""
    rows = list(change.rows())
    if not change.table.is_column:
        for row in rows:
            _require_sizes(change.table, row)
    if change.kind == "DELETE ON":
        returned = _delete(change, rows, transaction)
    elif change.kind == "UPDATE ON":
        returned = _update(change, rows, database, transaction)
    else:
        returned = _insert(change, rows, database, transaction)
    if change.returning is None:
        return None
    names = [name for name, _ in change.returning]
    return ResultSet(change.returning, tuple(tuple(row.get(name) for name in names) for row in returned))


def _require_sizes(table: Table, row: Row) -> None:
    """Raises BAD_REQUEST for a key or a value that is too long.

    Source: ParseOperation in ydb/core/tx/datashard/datashard_write_operation.cpp.
    """
    sizes = {name: _size(value) for name, value in row.items()}
    key = sum(sizes.pop(name, 0) for name in table.key)
    if key > _MAX_KEY:
        raise _too_long("key", key, _MAX_KEY)
    if (longest := max(sizes.values(), default=0)) > _MAX_VALUE:
        raise _too_long("cell", longest, _MAX_VALUE)


def _size(value: Value) -> int:
    """In bytes. What is neither text nor bytes is small, and counts as eight."""
    if isinstance(value, str):
        return len(value) if value.isascii() else len(value.encode())
    return len(value) if isinstance(value, bytes) else 8


def _too_long(what: str, size: int, limit: int) -> YdbError:
    message = f"Row {what} size of {size} bytes is larger than the allowed threshold {limit}"
    return YdbError(Status.BAD_REQUEST, Issue(message))


def _key(table: Table, row: Row) -> Key:
    return tuple(row[name] for name in table.key)


def _insert(change: Change, rows: list[Row], database: Database, transaction: Transaction) -> list[Row]:
    table = change.table
    filled = [_with_key(table, row, database) for row in rows]
    keys = [_key(table, row) for row in filled]
    # An UPSERT reads nothing: it can't conflict, unless an index or RETURNING asks for the row that was there.
    is_blind = change.kind == "UPSERT" and not table.indexes and change.returning is None
    read = transaction.peek if is_blind else transaction.get
    new: dict[Key, Row] = {}
    given: list[tuple[Key, Row]] = []
    columns: dict[Key, Row] = {}
    for key, row in zip(keys, filled, strict=True):
        old = new.get(key) or (read(table.id, key) if change.kind == "UPSERT" else None)
        new[key] = old | row if old is not None else _with_defaults(table, row, database)
        given.append((key, new[key]))
        columns[key] = columns.get(key, {}) | row
    if is_blind:
        transaction.write(table.id, new, Upserts(columns, lambda row: _with_defaults(table, row, database)))
    else:
        # INSERT and REPLACE write every column, an UPSERT those that it names or that have a default.
        named = {c.name for c in table.columns if change.kind != "UPSERT" or c.has_default}.union(*filled[:1])
        if said := _violated(change, given, named, transaction):
            if change.kind == "INSERT OR REVERT":
                return []
            raise _violation(change, database, said)
        _write(change, new, transaction)
    return list(new.values())


def _with_key(table: Table, row: Row, database: Database) -> Row:
    missing = [table[name] for name in table.key if name not in row]
    return row | {column.name: _default(table, column, database) for column in missing}


def _with_defaults(table: Table, row: Row, database: Database) -> Row:
    return {c.name: row[c.name] if c.name in row else _default(table, c, database) for c in table.columns}


def _default(table: Table, column: Column, database: Database) -> Value:
    if column.sequence is not None:
        return _next_value(table, column, database)
    return column.default[0] if column.default is not None else None


def _next_value(table: Table, column: Column, database: Database) -> int:
    """The next number of a Serial column, of which its type keeps as many bits as it has.

    Source of the refusal: Handle(TEvNextValResult) in ydb/core/kqp/runtime/kqp_sequencer_actor.cpp and, of its status,
    kqp_session_actor.cpp, which answers SCHEME_ERROR of a data query with ABORTED; ydb/docs, serial.md, shows the text.
    """
    number = database.numbers(table.id, column).take()
    if number is None:
        absolute = f"{database.path_of(table.id)}/{column.sequence}"
        message = f"Failed to get next val for sequence: {absolute}, status: SCHEME_ERROR"
        cause = "sequence [OwnerId: 72057594046678944, LocalPathId: 1] doesn't have any more values available"
        invalidated = "Query invalidated on scheme/internal error during Data execution"
        issue = Issue(message, issues=(Issue(cause, _ENGINE_ERROR),))
        raise YdbError(Status.ABORTED, issue, Issue(invalidated, QUERY_INVALIDATED))
    least, largest = RANGES[column.type]
    return (number - least) % (largest - least + 1) + least


def _update(change: Change, rows: list[Row], database: Database, transaction: Transaction) -> list[Row]:
    new: dict[Key, Row] = {}
    given: list[tuple[Key, Row]] = []
    for row in rows:
        key = _key(change.table, row)
        old = new.get(key) or transaction.get(change.table.id, key)
        if old is not None:
            new[key] = old | row
        given.append((key, new.get(key, row)))  # YDB checks rows that are not there, and then skips them
    if said := _violated(change, given, set(*rows[:1]), transaction):
        raise _violation(change, database, said)
    _write(change, new, transaction)
    return list(new.values())


def _delete(change: Change, rows: list[Row], transaction: Transaction) -> list[Row]:
    deleted: dict[Key, Row] = {}
    for row in rows:
        key = _key(change.table, row)
        old = transaction.get(change.table.id, key)
        if old is not None:
            deleted[key] = old
    _write(change, dict.fromkeys(deleted), transaction)
    return list(deleted.values())


def _violated(
    change: Change, given: list[tuple[Key, Row]], named: Collection[str], transaction: Transaction
) -> str | None:
    """What YDB says where the key of an INSERT, or a unique index, has no place for the rows of a statement.

    Of the indexes, those count that have one of the named columns. Rows that repeat each other come first.
    Source: RewriteInputForConstraint in ydb/core/kqp/opt/physical/effects/kqp_opt_phy_upsert_index.cpp;
    KqpBuildInsertIndexStages in kqp_opt_phy_insert_index.cpp; ydb/core/kqp/ut/indexes/kqp_indexes_multishard_ut.cpp
    (KqpUniqueIndex). Of a key that is given twice: kqp_effects_ut.cpp (InsertAbort_Params_Duplicates) and, of VALUES,
    kqp_immediate_effects_ut.cpp.
    """
    table = change.table
    indexes = [index for index in table.indexes if index.unique and not {*index.columns}.isdisjoint(named)]
    keys = {key for key, _ in given} if change.kind.startswith("INSERT") else set()
    is_key_repeated = bool(keys) and len(keys) != len(given)
    if is_key_repeated and table.is_column:
        raise unsupported("an INSERT into a column table that gives a key twice")  # its words are not known
    is_checked_first = change.of_values or any(index.unique for index in table.indexes)
    if is_key_repeated and is_checked_first or any(unique.repeats(index, given) for index in indexes):
        return "Duplicated keys found."
    is_there = is_key_repeated or any(transaction.get(table.id, key) is not None for key in keys)
    if is_there or any(unique.conflicts(table, index, given, transaction) for index in indexes):
        return "Conflict with existing key."
    return None


def _write(change: Change, rows: Mapping[Key, Row | None], transaction: Transaction) -> None:
    """Write rows, or delete those that are None, with the entries of the unique indexes."""
    for index in change.table.indexes:
        if index.unique:
            unique.write(change.table, index, rows, transaction)
    transaction.write(change.table.id, rows)


def _violation(change: Change, database: Database, cause: str) -> YdbError:
    message = f"Constraint violated. Table: `{database.path}/{change.path}`."
    return refusal(Issue(message, CONSTRAINT_VIOLATION, issues=(Issue(cause, CONSTRAINT_VIOLATION),)))
