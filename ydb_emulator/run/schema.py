"""Scheme operations run: what the scheme shard checks, and the state that comes out.

Each operation is atomic and sees the state that the operations before it left.
Sources: ydb/core/tx/schemeshard/schemeshard_path.cpp, schemeshard_info_types.cpp, schemeshard__operation_*.cpp.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..catalog import Column, Directory, Entry, Index, Table, View, parent, with_directories
from ..check.schema import (
    AddIndex, AlterColumns, CreateTable, CreateView, DropIndex, DropTable, DropView, Operation, RenameIndex,
    RenameTable, SetDefault, SetSettings,
)  # fmt: skip
from ..database import Database, State
from ..errors import BAD_REQUEST, SCHEME_ERROR, Status, YdbError, scheme_failure
from ..types import COLUMN_TYPES, Decimal, can_be_key

MAX_COLUMNS, MAX_KEY_COLUMNS, MAX_INDEXES = 200, 20, 20
MAX_NAME, MAX_DEPTH = 255, 32

_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_TYPE_NAMES = {Directory: "EPathTypeDir", Table: "EPathTypeTable", View: "EPathTypeView"}


def apply(operation: Operation, database: Database) -> None:
    """Change the database's catalog as the operation says. Raises YdbError where the scheme shard refuses it."""
    database.change_schema(_APPLY[type(operation)](operation, database))


def _path_failure(database: Database, path: str, message: str, entry: Entry | None = None) -> YdbError:
    known = ""
    if entry is not None:
        known = f" (id: [OwnerId: 72057594046678944, LocalPathId: {getattr(entry, 'id', 1)}], "
        known += f"type: {_TYPE_NAMES[type(entry)]}, state: EPathStateNoChanges)"
    return scheme_failure(f"Check failed: path: '{database.path}/{path}', error: {message}{known}")


def _check_free(database: Database, path: str, kind: type[Entry], accepts: bool = False) -> bool:
    """Whether a path can be made. False: it exists and `accepts` allows that. Raises SCHEME_ERROR otherwise."""
    for part in path.split("/"):
        if len(part) > MAX_NAME:
            raise _path_failure(database, path, "path part is too long")
        if not _NAME.fullmatch(part):
            raise _path_failure(database, path, f"path part '{part}' contains wrong symbols")
    if path.count("/") + 2 > MAX_DEPTH:
        raise _path_failure(database, path, "paths depth limit exceeded")
    above = path
    while above := parent(above):
        entry = database.state.catalog.get(above)
        if entry is not None and not isinstance(entry, Directory):
            raise _path_failure(database, above, "path is not a directory", entry)
    entry = database.state.catalog.get(path)
    if entry is None:
        return True
    if not isinstance(entry, kind):
        raise _path_failure(database, path, "unexpected path type", entry)
    if not accepts:
        words = "path exist, request doesn't accept it" if kind is Table else "path exist, request accepts it"
        raise _path_failure(database, path, words, entry)
    return False


# --- tables ----------------------------------------------------------------------------------------------------


def _create_table(operation: CreateTable, database: Database) -> State:
    state = database.state
    if not _check_free(database, operation.path, Table, operation.if_not_exists):
        return state
    table = replace(operation.table, id=database.new_table_id())
    for column in table.columns:
        _check_stored_column(column)
    if len(table.columns) > MAX_COLUMNS:
        raise scheme_failure(f"Too many columns: {len(table.columns)}, maximum: {MAX_COLUMNS}")
    if len(table.key) > MAX_KEY_COLUMNS:
        raise scheme_failure(f"Too many key columns: {len(table.key)}, maximum: {MAX_KEY_COLUMNS}")
    for name in table.key:
        type = table.column(name).type
        if not can_be_key(type):
            raise scheme_failure(f"Column {name} has wrong key type {type}")
    for number, index in enumerate(table.indexes, start=1):
        _check_index(index, table, SCHEME_ERROR)
        if number > MAX_INDEXES:
            raise _too_many_indexes(number)
        if index.name in {other.name for other in table.indexes[: number - 1]}:
            raise scheme_failure(f"Index name '{index.name}' is used twice")
    catalog = with_directories(state.catalog, operation.path).set(operation.path, table)
    return State(catalog, state.rows)


def _check_stored_column(column: Column) -> None:
    if len(column.name) > MAX_NAME:
        raise scheme_failure(f"Column name too long '{column.name}', maximum: {MAX_NAME}")
    if not _NAME.fullmatch(column.name):
        raise scheme_failure(f"Invalid name for column '{column.name}'")
    if column.type not in COLUMN_TYPES and not isinstance(column.type, Decimal):
        message = f"Type '{column.type}' specified for column '{column.name}' is not supported by storage"
        raise scheme_failure(message)


def _check_index(index: Index, table: Table, code: int) -> None:
    if index.columns == table.key:
        raise scheme_failure("index keys shouldn't be table keys", code)
    if len(set(index.columns)) != len(index.columns):
        raise scheme_failure("Duplicate column in index", code)
    for name in index.columns:
        type = table.column(name).type
        if not can_be_key(type):
            raise scheme_failure(f"Column '{name}' has wrong key type {type} for being key", code)
    for name in index.cover:
        if name in index.columns or name in table.key:
            raise scheme_failure(f"Column '{name}' is already part of the index or of the key", code)


def _too_many_indexes(count: int) -> YdbError:
    message = f"indexes count has reached maximum value in the table, children limit for dir in domain: {MAX_INDEXES}"
    return scheme_failure(f"{message}, intention to create new children: {count}", status=Status.PRECONDITION_FAILED)


def _drop_table(operation: DropTable, database: Database) -> State:
    state = database.state
    entry = state.catalog.get(operation.path)
    if entry is None and operation.if_exists:
        return state
    if entry is None:
        raise _path_failure(database, operation.path, "path hasn't been resolved, nearest resolved path: "
                            f"'{database.path}'")  # fmt: skip
    if not isinstance(entry, Table):
        raise _path_failure(database, operation.path, "path is not a table", entry)
    rows = state.rows.delete(entry.id) if entry.id in state.rows else state.rows
    return State(state.catalog.delete(operation.path), rows)


def _altered(database: Database, path: str, **changes: object) -> State:
    """The state with one table changed and its schema version raised."""
    state = database.state
    table = replace(_table(database, path), **changes)
    return State(state.catalog.set(path, replace(table, version=table.version + 1)), state.rows)


def _table(database: Database, path: str) -> Table:
    table = database.state.catalog.get(path)
    if not isinstance(table, Table):
        raise _path_failure(database, path, "path has been deleted")
    return table


def _alter_columns(operation: AlterColumns, database: Database) -> State:
    table = _table(database, operation.path)
    for column in operation.add:
        _check_stored_column(column)
        if table.column(column.name):
            raise scheme_failure(f"Cannot alter type for column '{column.name}'", BAD_REQUEST)
    if len(table.columns) + len(operation.add) > MAX_COLUMNS:
        raise scheme_failure(f"Too many columns, maximum: {MAX_COLUMNS}", BAD_REQUEST)
    for name in operation.drop:
        _check_droppable(name, table)
    kept = (column for column in table.columns if column.name not in operation.drop)
    columns = tuple(
        replace(column, not_null=False) if column.name in operation.drop_not_null else column for column in kept
    )
    state = _altered(database, operation.path, columns=columns + operation.add)
    defaults = {column.name: column.default[0] for column in operation.add if column.default is not None}
    if not operation.drop and not defaults or table.id not in state.rows:
        return state
    rows = state.rows[table.id].mutate()
    for key, row in state.rows[table.id].items():
        rows[key] = {name: value for name, value in row.items() if name not in operation.drop} | defaults
    return State(state.catalog, state.rows.set(table.id, rows.finish()))


def _check_droppable(name: str, table: Table) -> None:
    for index in table.indexes:
        if name in index.columns:
            raise scheme_failure("Impossible drop column because table has an index with that column", BAD_REQUEST)
        if name in index.cover:
            raise scheme_failure("Impossible drop column because table index covers that column", BAD_REQUEST)


def _set_default(operation: SetDefault, database: Database) -> State:
    columns = tuple(
        replace(column, default=operation.default) if column.name == operation.column else column
        for column in _table(database, operation.path).columns
    )
    return _altered(database, operation.path, columns=columns)


def _add_index(operation: AddIndex, database: Database) -> State:
    table, index = _table(database, operation.path), operation.index
    if index.unique:
        raise scheme_failure("Adding a unique index to an existing table is disabled", BAD_REQUEST)
    _check_index(index, table, BAD_REQUEST)
    if table.index(index.name):
        path = f"{database.path}/{operation.path}/{index.name}"
        raise scheme_failure(f"Check failed: path: '{path}', error: path exist, request doesn't accept it", BAD_REQUEST)
    if len(table.indexes) >= MAX_INDEXES:
        raise _too_many_indexes(len(table.indexes) + 1)
    return _altered(database, operation.path, indexes=(*table.indexes, index))


def _drop_index(operation: DropIndex, database: Database) -> State:
    table = _table(database, operation.path)
    return _altered(database, operation.path, indexes=tuple(i for i in table.indexes if i.name != operation.name))


def _rename_index(operation: RenameIndex, database: Database) -> State:
    table = _table(database, operation.path)
    if table.index(operation.name) is None:
        raise _path_failure(database, f"{operation.path}/{operation.name}", "path hasn't been resolved")
    if table.index(operation.new_name) is not None:
        raise _path_failure(database, f"{operation.path}/{operation.new_name}", "path exist, request doesn't accept it")
    indexes = tuple(replace(i, name=operation.new_name) if i.name == operation.name else i for i in table.indexes)
    return _altered(database, operation.path, indexes=indexes)


def _rename_table(operation: RenameTable, database: Database) -> State:
    state, table = database.state, _table(database, operation.path)
    _check_free(database, operation.new_path, Table)
    if parent(operation.new_path) not in state.catalog:
        raise scheme_failure("Path does not exist")
    catalog = state.catalog.delete(operation.path).set(operation.new_path, replace(table, version=table.version + 1))
    return State(catalog, state.rows)


def _set_settings(operation: SetSettings, database: Database) -> State:
    table = _table(database, operation.path)
    return _altered(database, operation.path, settings=table.settings.update(operation.settings))


# --- views -----------------------------------------------------------------------------------------------------


def _create_view(operation: CreateView, database: Database) -> State:
    state = database.state
    if not _check_free(database, operation.path, View, operation.if_not_exists):
        return state
    return State(with_directories(state.catalog, operation.path).set(operation.path, operation.view), state.rows)


def _drop_view(operation: DropView, database: Database) -> State:
    state = database.state
    entry = state.catalog.get(operation.path)
    if entry is None and operation.if_exists:
        return state
    if entry is None:
        raise scheme_failure("Path does not exist")
    if not isinstance(entry, View):
        raise _path_failure(database, operation.path, "path is not a view", entry)
    return State(state.catalog.delete(operation.path), state.rows)


_APPLY = {
    CreateTable: _create_table,
    DropTable: _drop_table,
    AlterColumns: _alter_columns,
    SetDefault: _set_default,
    AddIndex: _add_index,
    DropIndex: _drop_index,
    RenameIndex: _rename_index,
    RenameTable: _rename_table,
    SetSettings: _set_settings,
    CreateView: _create_view,
    DropView: _drop_view,
}
