"""Indexes added, dropped, renamed and set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pyrsistent import pmap

from ...errors import BAD_REQUEST, PRECONDITION_FAILED, Status, scheme_failure, unsupported
from ...plan import AddIndex, DropIndex, RenameIndex, SetIndexSettings
from ...store.catalog import Index, Table, children_of
from ...store.database import Database, State
from ...types import STRING, UINT64, UTF8, can_be_key
from .columns import MAX_KEY_COLUMNS, repeated
from .paths import (
    DROPPED_BEFORE,
    altered_state,
    check_child,
    check_name,
    table_at,
    too_many,
    unresolved,
)
from .settings import altered_settings

MAX_INDEXES = 20


def check_index(index: Index, table: Table, database: Database) -> None:
    """Whether the table can have the index. Raises BAD_REQUEST.

    Source: IsCompatibleIndex in ydb/core/base/table_index.cpp and CommonCheck in
    ydb/core/tx/schemeshard/schemeshard_index_utils.h, whose StatusInvalidParameter is BAD_REQUEST
    (ydb/core/kqp/gateway/actors/scheme.h; ut/scheme/kqp_scheme_fulltext_ut.cpp pins it).
    """
    keys = index.columns[:-1] if index.using == VECTOR else index.columns
    _check_columns(index, table, database)
    if index.using == VECTOR:
        _check_embedding(index, table, database)
        keys = keys and (*keys, *table.key)
    elif index.using in FULLTEXT:
        _check_text(index, table, database)
        return
    elif index.using:
        if table.key[: len(index.columns)] != index.columns:
            raise unsupported("a bloom filter of other columns than the first of the key")
        return
    else:
        keys = (*keys, *table.key)
    for name in keys:
        type = table[name].type
        if not can_be_key(type):
            raise _refusal(f"Column '{name}' has wrong key type {type} for being key")
    columns = len(set(keys))
    if columns > MAX_KEY_COLUMNS:
        message = "Too many keys indexed, index table reaches the limit of the maximum key columns count"
        wanted = f"indexing columns: {len(index.columns)}, requested keys columns for index table: {columns}"
        raise _refusal(f"{message}: {wanted}, limit: {MAX_KEY_COLUMNS}")


def no_ttl(index: Index, database: Database) -> str:
    """YDB's name of a kind of index that a table with a TTL can't have (DoesIndexSupportTTL in table_index.cpp)."""
    if index.is_local or not database.line.has("full-text indexes behind their flag"):
        raise unsupported("an index of this kind in a table with a TTL")
    return f"EIndexTypeGlobal{index.using.title().replace('_', '')}"


VECTOR = "vector_kmeans_tree"
FULLTEXT = ("fulltext_plain", "fulltext_relevance")


def _refusal(message: str) -> Exception:
    return scheme_failure(message, BAD_REQUEST)


def _check_columns(index: Index, table: Table, database: Database) -> None:
    if name := repeated(index.columns):
        raise _refusal(f"all index key columns should be unique, for example {name}")
    if name := repeated(index.cover):
        raise _refusal(f"all index data columns should be unique, for example {name}")
    if index.using and not index.is_local:
        for what, names in (("table key", table.key), ("index key", index.columns), ("index data", index.cover)):
            if any(name.startswith("__ydb_") for name in names):
                raise _refusal(f"{what} column shouldn't have a reserved name")
    elif not index.is_local and index.columns == table.key:
        raise _refusal("index keys shouldn't be table keys")
    for name in index.cover:
        # A vector or full-text index may have all columns both as key and as data; of a vector index's prefix this is
        # known of 26.1 alone.
        if name in table.key or (not index.using and name in index.columns):
            message = "the same column can't be used as key and data column for one index"
            raise _refusal(f"{message}, for example {name}")
        if name in index.columns[:-1] and not database.line.has("full-text indexes behind their flag"):
            raise unsupported("a vector index that covers a column of its prefix on this line")


def _check_embedding(index: Index, table: Table, database: Database) -> None:
    name = index.columns[-1]
    if table[name].type != STRING:
        if not database.line.has("checks of vector index settings"):
            raise unsupported("a vector index of this column on this line")
        raise _refusal(f"Embedding column '{name}' expected type 'String' but got {table[name].type}")


def _check_text(index: Index, table: Table, database: Database) -> None:
    """Source: CommonCheck as it is in 26.2, where the key has to be a Uint64."""
    if database.line.has("newer YQL") and [table[name].type for name in table.key] != [UINT64]:
        raise unsupported("a full-text index of a table with such a key on this line")
    wanted = "Fulltext index requires exactly one primary key column of type 'Uint64'"
    if len(table.key) != 1:
        raise _refusal(f"{wanted}, but table has {len(table.key)} primary key columns")
    key = table[table.key[0]]
    if key.type != UINT64:
        message = f"Fulltext index requires primary key column '{key.name}' to be of type 'Uint64'"
        raise _refusal(f"{message} but got {key.type}")
    name = index.columns[0]
    if table[name].type not in (STRING, UTF8):
        raise _refusal(f"Fulltext column '{name}' expected type 'String' or 'Utf8' but got {table[name].type}")


def add_index(operation: AddIndex, database: Database) -> State:
    table, index = table_at(database, operation.path), operation.index
    for name in (*index.columns, *index.cover):
        if table.column(name) is None:
            raise unsupported("an index over a column that the same request drops")
    check_child(database, operation.path, index.name, "EPathTypeTableIndex", BAD_REQUEST)
    if len(table.indexes) >= MAX_INDEXES:
        raise too_many("indexes", MAX_INDEXES, len(table.indexes) + 1, Status.PRECONDITION_FAILED)
    if table.ttl is not None and index.using:
        # Source: schemeshard_build_index__create.cpp; later releases begin with "Table with".
        message = f"{no_ttl(index, database)} index doesn't support TTL"
        raise scheme_failure(message, PRECONDITION_FAILED)
    check_index(index, table, database)
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


def _global_index(database: Database, path: str, name: str) -> Index:
    index = table_at(database, path).index(name)
    if index is None:
        raise unresolved(database, f"{path}/{name}")
    if index.is_local:
        raise unsupported("a change of a bloom filter")
    return index


def drop_index(operation: DropIndex, database: Database) -> State:
    table = table_at(database, operation.path)
    _global_index(database, operation.path, operation.name)
    return altered_state(database, operation.path, indexes=tuple(i for i in table.indexes if i.name != operation.name))


def rename_index(operation: RenameIndex, database: Database) -> State:
    table = table_at(database, operation.path)
    _global_index(database, operation.path, operation.name)
    if table.index(operation.new_name) is not None and operation.replaces:
        kept = tuple(index for index in table.indexes if index.name != operation.new_name)
        renamed = tuple(replace(i, name=operation.new_name) if i.name == operation.name else i for i in kept)
        return altered_state(database, operation.path, indexes=renamed)
    if table.index(operation.new_name) is not None:
        # Source of status and words: CreateConsistentMoveIndex in schemeshard__operation_move_index.cpp.
        raise scheme_failure(f"Index {operation.new_name}exists, but overwrite flag has not been set")
    if operation.new_name in children_of(table):
        raise unsupported("renaming an index to the name of what else the table holds")
    check_name(database, operation.path, operation.new_name)
    return _with_index(database, operation.path, operation.name, lambda index: replace(index, name=operation.new_name))


def set_index_settings(operation: SetIndexSettings, database: Database) -> State:
    table = table_at(database, operation.path)
    if table.index(operation.name) is None:
        raise unsupported(DROPPED_BEFORE)
    if not operation.settings:
        return database.state

    def changed(index: Index) -> Index:
        return replace(index, settings=altered_settings(index.settings, operation.settings))

    return _with_index(database, operation.path, operation.name, changed)


def _with_index(database: Database, path: str, name: str, change: Callable[[Index], Index]) -> State:
    indexes = table_at(database, path).indexes
    return altered_state(database, path, indexes=tuple(change(i) if i.name == name else i for i in indexes))
