"""Scheme operations run: what the scheme shard checks, and the state that comes out.

Each operation is atomic and sees the state that the operations before it left.
Sources: ydb/core/tx/schemeshard/schemeshard_path.cpp, schemeshard_info_types.cpp, schemeshard__operation_*.cpp.
"""

from __future__ import annotations

import re
from dataclasses import replace

from immutables import Map

from ..catalog import Column, Directory, Entry, Family, Index, Table, Ttl, View, parent, with_directories
from ..database import Database, State
from ..errors import BAD_REQUEST, PRECONDITION_FAILED, SCHEME_ERROR, Status, YdbError, scheme_failure, unsupported
from ..operations import (
    AddChangefeed,
    AddFamily,
    AddIndex,
    AlterColumns,
    AlterFamily,
    AlterSequence,
    CreateTable,
    CreateView,
    DropChangefeed,
    DropIndex,
    DropTable,
    DropView,
    Operation,
    RenameIndex,
    RenameTable,
    ResetTtl,
    SetDefault,
    SetFamily,
    SetIndexSettings,
    SetSettings,
    TruncateTable,
)  # fmt: skip
from ..types import COLUMN_TYPES, DYNUMBER, INSTANTS, UINT32, UINT64, Decimal, can_be_key

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
    _check_families(table)
    if table.ttl is not None:
        _check_ttl(table.ttl, table, SCHEME_ERROR)
    if table.is_column:
        _check_column_table(table)
    elif table.partition_by:
        raise unsupported("PARTITION BY of a row table")
    if "UNIFORM_PARTITIONS" in table.settings and table.column(table.key[0]).type not in (UINT32, UINT64):
        raise scheme_failure("Uniform partitions need a first key column of type Uint32 or Uint64")
    catalog = with_directories(state.catalog, operation.path).set(operation.path, table)
    rows = state.rows
    if operation.rows is not None:
        names = [name for name, _ in operation.rows.columns]
        new = {}
        for record in operation.rows.rows():
            row = dict(zip(names, record, strict=True))
            new[tuple(row[name] for name in table.key)] = row
        rows = rows.set(table.id, Map(new))
    return State(catalog, rows)


def _check_families(table: Table) -> None:
    known = {"default", *(family.name for family in table.families)}
    for column in table.columns:
        if column.family not in known:
            raise scheme_failure(f"Unknown column family: {column.family}")
        if column.family != "default" and column.name in table.key:
            raise scheme_failure(f"Key column '{column.name}' must be in the default family")


def _check_ttl(ttl: Ttl, table: Table, code: int) -> None:
    """Source: ydb/core/tx/schemeshard/schemeshard_validate_ttl.cpp."""
    column = table.column(ttl.column)
    if column is None:
        raise scheme_failure(f"Cannot enable TTL on unknown column: '{ttl.column}'", code)
    if column.type in INSTANTS and ttl.unit is None:
        return
    if column.type in (UINT32, UINT64, DYNUMBER):
        if ttl.unit is None:
            raise scheme_failure("'ValueSinceUnixEpochModeSettings' should be specified", code)
        return
    if column.type in INSTANTS:
        raise scheme_failure("'DateTypeColumnModeSettings' should be specified", code)
    raise scheme_failure("Unsupported column type", code)


def _check_column_table(table: Table) -> None:
    """Source: ydb/docs/en/core/concepts/datamodel/table.md, column-oriented tables."""
    for name in table.key:
        if not table.column(name).not_null:
            raise scheme_failure(f"Nullable key column '{name}'")
    for name in table.partition_by:
        if name not in table.key:
            raise scheme_failure(f"Column '{name}' of PARTITION BY is not a key column")
    if table.indexes:
        raise unsupported("indexes of a column table")
    if any(column.default is not None or column.sequence for column in table.columns):
        raise scheme_failure("Default values are not supported in column tables")


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
    if table.ttl is not None and table.ttl.column == name:
        raise scheme_failure(f"Can't drop TTL column: '{name}', disable TTL first", BAD_REQUEST)
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
    if table.changefeeds:
        raise scheme_failure("Cannot move table with cdc streams", PRECONDITION_FAILED)
    _check_free(database, operation.new_path, Table)
    if parent(operation.new_path) not in state.catalog:
        raise scheme_failure("Path does not exist")
    catalog = state.catalog.delete(operation.path).set(operation.new_path, replace(table, version=table.version + 1))
    return State(catalog, state.rows)


def _set_settings(operation: SetSettings, database: Database) -> State:
    table = _table(database, operation.path)
    if operation.ttl is not None:
        _check_ttl(operation.ttl, table, BAD_REQUEST)
    settings = table.settings.update(operation.settings)
    return _altered(database, operation.path, settings=settings, ttl=operation.ttl or table.ttl)


def _reset_ttl(operation: ResetTtl, database: Database) -> State:
    return _altered(database, operation.path, ttl=None)


def _set_index_settings(operation: SetIndexSettings, database: Database) -> State:
    if _table(database, operation.path).index(operation.name) is None:
        raise _path_failure(database, f"{operation.path}/{operation.name}", "path hasn't been resolved")
    return _altered(database, operation.path)


def _add_family(operation: AddFamily, database: Database) -> State:
    table = _table(database, operation.path)
    if operation.family.name in {family.name for family in table.families}:
        raise scheme_failure(f"Column family '{operation.family.name}' already exists", BAD_REQUEST)
    return _altered(database, operation.path, families=(*table.families, operation.family))


def _alter_family(operation: AlterFamily, database: Database) -> State:
    families = tuple(
        Family(f.name, f.settings.update(operation.settings)) if f.name == operation.name else f
        for f in _table(database, operation.path).families
    )
    return _altered(database, operation.path, families=families)


def _set_family(operation: SetFamily, database: Database) -> State:
    """A family that is not there is made (ydb-behaviour §3)."""
    table = _table(database, operation.path)
    known = {"default", *(family.name for family in table.families)}
    made = () if operation.family in known else (Family(operation.family),)
    columns = tuple(replace(c, family=operation.family) if c.name == operation.column else c for c in table.columns)
    return _altered(database, operation.path, columns=columns, families=(*table.families, *made))


def _truncate_table(operation: TruncateTable, database: Database) -> State:
    table = _table(database, operation.path)
    if table.changefeeds:
        raise scheme_failure("Cannot truncate table with cdc streams", PRECONDITION_FAILED)
    state = _altered(database, operation.path)
    return State(state.catalog, state.rows.set(table.id, Map()))


# --- changefeeds and sequences ---------------------------------------------------------------------------------

MAX_CHANGEFEEDS = 5


def _add_changefeed(operation: AddChangefeed, database: Database) -> State:
    table, changefeed = _table(database, operation.path), operation.changefeed
    if table.changefeed(changefeed.name) or table.index(changefeed.name):
        raise _path_failure(database, f"{operation.path}/{changefeed.name}", "path exist, request doesn't accept it")
    if len(table.changefeeds) >= MAX_CHANGEFEEDS:
        raise scheme_failure("cdc streams count has reached maximum value in the table", PRECONDITION_FAILED)
    return _altered(database, operation.path, changefeeds=(*table.changefeeds, changefeed))


def _drop_changefeed(operation: DropChangefeed, database: Database) -> State:
    table = _table(database, operation.path)
    if table.changefeed(operation.name) is None:
        raise _path_failure(database, f"{operation.path}/{operation.name}", "path hasn't been resolved")
    kept = tuple(changefeed for changefeed in table.changefeeds if changefeed.name != operation.name)
    return _altered(database, operation.path, changefeeds=kept)


def _alter_sequence(operation: AlterSequence, database: Database) -> State:
    table = _table(database, operation.table)
    database.alter_sequence(table.id, operation.column, operation.restart, operation.increment)
    return database.state


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
    ResetTtl: _reset_ttl,
    SetIndexSettings: _set_index_settings,
    AddFamily: _add_family,
    AlterFamily: _alter_family,
    SetFamily: _set_family,
    TruncateTable: _truncate_table,
    AddChangefeed: _add_changefeed,
    DropChangefeed: _drop_changefeed,
    AlterSequence: _alter_sequence,
    CreateView: _create_view,
    DropView: _drop_view,
}
