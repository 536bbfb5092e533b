"""Indexes added, dropped, renamed and set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pyrsistent import pmap

from ...errors import BAD_REQUEST, Status, scheme_failure, unsupported
from ...plan import AddIndex, DropIndex, RenameIndex, SetIndexSettings
from ...store.catalog import Index, Table
from ...store.database import Database, State
from ...types import can_be_key
from .columns import MAX_KEY_COLUMNS, repeated
from .paths import altered_state, check_child, path_does_not_exist, table_at, too_many
from .settings import altered_settings

MAX_INDEXES = 20


def check_index(index: Index, table: Table, code: int) -> None:
    """Source: ydb/core/tx/schemeshard/schemeshard_utils.h (IsCompatibleIndex)."""
    if name := repeated(index.columns):
        raise scheme_failure(f"all index key columns should be unique, for example {name}", code)
    if name := repeated(index.cover):
        raise scheme_failure(f"all index data columns should be unique, for example {name}", code)
    if index.columns == table.key:
        raise scheme_failure("index keys shouldn't be table keys", code)
    for name in index.columns:
        type = table[name].type
        if not can_be_key(type):
            raise scheme_failure(f"Column '{name}' has wrong key type {type} for being key", code)
        if name in index.cover:
            message = "the same column can't be used as key and data column for one index"
            raise scheme_failure(f"{message}, for example {name}", code)
    for name in index.cover:
        if name in table.key:
            raise unsupported("a key column in COVER")
    columns = len({*index.columns, *table.key})
    if columns > MAX_KEY_COLUMNS:
        message = "Too many keys indexed, index table reaches the limit of the maximum key columns count"
        raise scheme_failure(f"{message}: indexing columns: {columns}, limit: {MAX_KEY_COLUMNS}", code)


def add_index(operation: AddIndex, database: Database) -> State:
    table, index = table_at(database, operation.path), operation.index
    for name in (*index.columns, *index.cover):
        if table.column(name) is None:
            raise unsupported("an index over a column that the same request drops")
    check_child(database, operation.path, index.name, "EPathTypeTableIndex", BAD_REQUEST)
    check_index(index, table, BAD_REQUEST)
    if len(table.indexes) >= MAX_INDEXES:
        raise too_many("indexes", MAX_INDEXES, len(table.indexes) + 1, Status.PRECONDITION_FAILED)
    if index.unique:
        _check_unique(index, table, database)
    return altered_state(database, operation.path, indexes=(*table.indexes, index))


def _check_unique(index: Index, table: Table, database: Database) -> None:
    """NULL repeats freely, as in every unique index."""
    keys = [
        tuple(row.get(name) for name in index.columns) for row in database.state.rows.get(table.id, pmap()).values()
    ]
    keys = [key for key in keys if None not in key]
    if len(set(keys)) != len(keys):
        raise unsupported("adding a unique index to rows that repeat a key")


def drop_index(operation: DropIndex, database: Database) -> State:
    table = table_at(database, operation.path)
    if table.index(operation.name) is None:
        raise path_does_not_exist()
    return altered_state(database, operation.path, indexes=tuple(i for i in table.indexes if i.name != operation.name))


def rename_index(operation: RenameIndex, database: Database) -> State:
    table = table_at(database, operation.path)
    if table.index(operation.name) is None:
        raise path_does_not_exist()
    check_child(database, operation.path, operation.new_name, "EPathTypeTableIndex")
    return _with_index(database, operation.path, operation.name, lambda index: replace(index, name=operation.new_name))


def set_index_settings(operation: SetIndexSettings, database: Database) -> State:
    table = table_at(database, operation.path)
    if table.index(operation.name) is None:
        raise path_does_not_exist()
    if not operation.settings:
        return database.state

    def changed(index: Index) -> Index:
        return replace(index, settings=altered_settings(index.settings, operation.settings))

    return _with_index(database, operation.path, operation.name, changed)


def _with_index(database: Database, path: str, name: str, change: Callable[[Index], Index]) -> State:
    indexes = table_at(database, path).indexes
    return altered_state(database, path, indexes=tuple(change(i) if i.name == name else i for i in indexes))
