"""Tables made, dropped, renamed and emptied."""

from __future__ import annotations

from dataclasses import replace

from pyrsistent import PMap, pmap

from ...errors import (
    BAD_REQUEST,
    PRECONDITION_FAILED,
    SCHEME_ERROR,
    Issue,
    scheme_failure,
    type_annotation,
    unsupported,
)
from ...plan import CopyTable, CreateTable, DropTable, RenameTable, TruncateTable
from ...store.catalog import Table, parent, with_directories
from ...store.database import Database, State
from ...store.rows import Key, Row
from ...types import can_be_key
from . import column_tables
from .columns import MAX_KEY_COLUMNS, check_columns, check_number_of_columns
from .indexes import MAX_INDEXES, check_index, no_ttl
from .paths import (
    DROPPED_BEFORE,
    altered_state,
    check_name,
    is_free,
    kind_of,
    path_does_not_exist,
    path_failure,
    table_at,
    too_many_at_once,
)
from .settings import check_families, check_partition_at, check_settings, check_ttl, check_uniform


def create_table(operation: CreateTable, database: Database) -> State:
    state, line = database.state, database.line
    _check_name(operation, database)
    is_moved_there = operation.rows is not None and not operation.if_not_exists
    if not is_free(database, operation.path, Table, operation.if_not_exists, fails=is_moved_there):
        return state
    if operation.rows is not None and parent(operation.path) not in state.catalog:
        if not line.has("directories of CREATE TABLE AS"):
            raise path_does_not_exist()  # issue 20671 of ydb-platform/ydb
    table = replace(operation.table, id=database.new_table_id())
    if not table.is_column:
        _check_indexes(table, operation.path, database)
    check_columns(table.columns, line, SCHEME_ERROR)
    if table.is_column:
        column_tables.check_new(table, line)
    else:
        check_number_of_columns(0, len(table.columns), 0, SCHEME_ERROR)
        _check_key(table)
        check_families(table)
        if table.ttl is not None:
            check_ttl(table.ttl, table, SCHEME_ERROR)
    check_settings(table)
    check_uniform(table, int(table.settings.get("UNIFORM_PARTITIONS", 1)), SCHEME_ERROR)
    check_partition_at(table)
    catalog = with_directories(state.catalog, operation.path).set(operation.path, table)
    return State(catalog, _rows_of(operation, table, state))


def _check_indexes(table: Table, path: str, database: Database) -> None:
    """YDB looks at the indexes of a new table before it looks at the table.

    Source: CreateIndexedTable in ydb/core/tx/schemeshard/schemeshard__operation_create_indexed_table.cpp.
    """
    if len(table.indexes) > MAX_INDEXES:
        raise too_many_at_once("indexes", MAX_INDEXES, len(table.indexes))
    for index in table.indexes:
        check_name(database, path, index.name)
        if index.using and table.ttl is not None:
            message = f"Table with {no_ttl(index, database)} index doesn't support TTL"
            raise scheme_failure(message, BAD_REQUEST)
        check_index(index, table, database)
        if index.name in {column.sequence for column in table.columns}:
            raise unsupported("an index of a sequence's name")


def _check_name(operation: CreateTable, database: Database) -> None:
    """No other table of that name is there. The query processor asks when it comes to the statement.

    Source: HandleCreateTable in ydb/core/kqp/provider/yql_kikimr_type_ann.cpp;
    ydb/tests/functional/scheme_tests/test_execute_scheme_operations.py.
    """
    there = database.state.catalog.get(operation.path)
    if operation.other_at is not None and isinstance(there, Table) and not _is_same(operation.table, there):
        message = f"Table name conflict: db.[{database.path}/{operation.path}] is used to reference multiple tables."
        raise type_annotation("KiCreateTable!", operation.other_at, Issue(message, position=operation.other_at))


def _is_same(table: Table, other: Table) -> bool:
    """Whether CREATE TABLE takes two tables for one; settings don't count.

    Source: IsSameTable in ydb/core/kqp/provider/yql_kikimr_gateway.h.
    """

    def told(of: Table) -> tuple[object, ...]:
        columns = {(column.name, column.type, column.not_null) for column in of.columns}
        indexes = {(index.name, index.columns, index.cover, index.unique, index.asynchronous) for index in of.indexes}
        return of.key, columns, indexes

    return told(table) == told(other)


def _rows_of(operation: CreateTable, table: Table, state: State) -> PMap:
    """The rows of CREATE TABLE … AS. Of two with the same key YDB keeps either.

    Source: ydb/docs/en/core/yql/reference/syntax/create_table/as_select.md.
    """
    if operation.rows is None:
        return state.rows
    names = [name for name, _ in operation.rows.columns]
    rows: dict[Key, Row] = {}
    for record in operation.rows.rows():
        row = dict(zip(names, record, strict=True))
        if rows.setdefault(tuple(row[name] for name in table.key), row) != row:
            raise unsupported("CREATE TABLE AS of different rows with the same key, of which YDB keeps any one")
    return state.rows.set(table.id, pmap(rows))


def _check_key(table: Table) -> None:
    for name in table.key:
        type = table[name].type
        if not can_be_key(type):
            raise scheme_failure(f"Column {name} has wrong key type {type}")
    if len(table.key) > MAX_KEY_COLUMNS:
        raise scheme_failure(f"Too many key columns: current: 0, new: {len(table.key)}. Limit: {MAX_KEY_COLUMNS}")


def drop_table(operation: DropTable, database: Database) -> State:
    state = database.state
    entry = state.catalog.get(operation.path)
    if entry is None and operation.if_exists:
        return state
    if entry is None:
        raise unsupported(DROPPED_BEFORE)
    if not isinstance(entry, Table):
        raise path_failure(database, operation.path, "path is not a table", kind_of(entry))
    rows = state.rows.discard(entry.id)
    return State(state.catalog.discard(operation.path), rows)


def rename_table(operation: RenameTable, database: Database) -> State:
    state, table = database.state, table_at(database, operation.path)
    if table.changefeeds:
        raise scheme_failure("Cannot move table with cdc streams", PRECONDITION_FAILED)
    is_free(database, operation.new_path, Table, fails=True)
    if parent(operation.new_path) not in state.catalog:
        raise path_does_not_exist()
    catalog = state.catalog.discard(operation.path).set(operation.new_path, replace(table, version=table.version + 1))
    return State(catalog, state.rows)


def copy_table(operation: CopyTable, database: Database) -> State:
    """A table of the same columns, settings, indexes and rows; nothing where a table is there already.

    Source: ydb/core/tx/schemeshard/schemeshard__operation_copy_table.cpp, …_consistent_copy_tables.cpp.
    """
    table = table_at(database, operation.path)
    if table.is_column or table.changefeeds or any(column.sequence for column in table.columns):
        raise unsupported("a copy of a table of columns, with changefeeds or Serial columns")
    if any(index.using or index.unique for index in table.indexes):
        raise unsupported("a copy of a table with such an index")
    if not is_free(database, operation.new_path, Table, accepts=True):
        return database.state
    copy = replace(table, id=database.new_table_id(), version=1)
    state = database.state
    catalog = with_directories(state.catalog, operation.new_path).set(operation.new_path, copy)
    return State(catalog, state.rows.set(copy.id, state.rows.get(table.id, pmap())))


def truncate_table(operation: TruncateTable, database: Database) -> State:
    table = table_at(database, operation.path)
    if table.changefeeds:
        raise scheme_failure("Cannot truncate table with CDC streams", PRECONDITION_FAILED)
    if any(index.asynchronous for index in table.indexes):
        raise scheme_failure("Cannot truncate table with async indexes", PRECONDITION_FAILED)
    if any(index.using == "vector_kmeans_tree" for index in table.indexes):
        raise unsupported("TRUNCATE of a table with a vector index")  # refused by some builds of 26.2, taken by others
    state = altered_state(database, operation.path)
    return State(state.catalog, state.rows.set(table.id, pmap()))
