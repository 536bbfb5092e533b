"""ALTER TABLE of columns, families and settings, made at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pyrsistent import PMap, pmap

from ...errors import BAD_REQUEST, PRECONDITION_FAILED, SCHEME_ERROR, scheme_failure, unsupported
from ...plan import AlterTable
from ...store.catalog import Index, Table, Ttl
from ...store.database import Database, State
from . import column_tables
from .columns import check_columns, check_number_of_columns
from .paths import table_at
from .settings import altered_families, altered_settings, check_settings, check_ttl


def alter_table(operation: AlterTable, database: Database) -> State:
    """The state with the table altered and its rows brought in line."""
    table = table_at(database, operation.path)
    if table.is_column:
        check_columns(operation.add, database.line, SCHEME_ERROR)
        return _altered_state(operation, column_tables.altered(operation, table, database.line), database)
    _check_alter(operation, table, database)
    changes: dict[str, dict[str, Any]] = {}
    for name, change in operation.alter:
        if name in changes or name in operation.drop:
            raise unsupported("several actions on one column")
        changes[name] = dict(change)
    kept = [column for column in table.columns if column.name not in operation.drop]
    columns = [*(replace(column, **changes.get(column.name, {})) for column in kept), *operation.add]
    altered = replace(
        table,
        columns=tuple(columns),
        families=altered_families(table, operation, columns),
        settings=altered_settings(table.settings, operation.settings),
        ttl=table.ttl if operation.ttl is None else operation.ttl or None,
        version=table.version + 1,
    )
    for number, column in enumerate(columns, start=1):
        if column.name in table.key and column.family != "default":
            message = f"Cannot set family for key column ' {column.name}' with id {number}"
            raise scheme_failure(message, BAD_REQUEST)
    if isinstance(operation.ttl, Ttl):
        if operation.ttl.column in operation.drop:
            raise scheme_failure(f"Cannot enable TTL on dropped column: '{operation.ttl.column}'", BAD_REQUEST)
        check_ttl(operation.ttl, altered, BAD_REQUEST)
        if any(index.using for index in table.indexes):
            raise unsupported("a TTL of a table with such an index")
    check_settings(altered)
    return _altered_state(operation, altered, database)


def _altered_state(operation: AlterTable, table: Table, database: Database) -> State:
    state = database.state
    rows = _altered_rows(state.rows.get(table.id, pmap()), operation)
    return State(state.catalog.set(operation.path, table), state.rows.set(table.id, rows))


def _check_alter(operation: AlterTable, table: Table, database: Database) -> None:
    check_columns(operation.add, database.line, BAD_REQUEST)
    names = [column.name for column in operation.add]
    for number, name in enumerate(names):
        if name in names[:number] or table.column(name):
            raise scheme_failure(f"Column '{name}' specified more than once", BAD_REQUEST)
    for name, change in operation.alter:
        altered = table.column(name)
        if altered is None:
            raise unsupported("a change of a column that the same request drops")
        if altered.sequence is not None:
            raise scheme_failure(f"Cannot alter serial column '{name}'", BAD_REQUEST)
        if change.get("not_null"):
            _check_no_nulls(name, table, database)
    for number, name in enumerate(operation.drop):
        if name in operation.drop[:number]:
            raise scheme_failure(f"Duplicate drop column: {name}", BAD_REQUEST)
        _check_droppable(name, operation.path, table, database)
    check_number_of_columns(len(table.columns), len(operation.add), len(operation.drop), BAD_REQUEST)


def _check_droppable(name: str, path: str, table: Table, database: Database) -> None:
    column = table.column(name)
    if column is None:
        raise unsupported("a column that the same request drops before")
    if column.sequence is not None:
        raise scheme_failure(f"Can't drop serial column: '{name}'", BAD_REQUEST)
    if table.ttl is not None and table.ttl.column == name:
        raise scheme_failure(f"Can't drop TTL column: '{name}', disable TTL first ", BAD_REQUEST)
    for index in table.indexes:
        if name in index.columns:
            raise _dropped_of_index("table has an index with that column", name, path, index, database)
        if name in index.cover:
            raise _dropped_of_index("table index covers that column", name, path, index, database)


def _dropped_of_index(why: str, name: str, path: str, index: Index, database: Database) -> Exception:
    """Source: CheckDroppingColumns in ydb/core/tx/schemeshard/schemeshard__operation_alter_table.cpp."""
    message = f"Impossible drop column because {why}, column name: {name}, table name: {database.path}/{path}"
    return scheme_failure(f"{message}, index name: {index.name}", PRECONDITION_FAILED)


def _check_no_nulls(name: str, table: Table, database: Database) -> None:
    rows = database.state.rows.get(table.id, pmap())
    if any(row.get(name) is None for row in rows.values()):
        raise unsupported("SET NOT NULL of a column that holds NULL")


def _altered_rows(rows: PMap, operation: AlterTable) -> PMap:
    defaults = {column.name: column.default[0] for column in operation.add if column.default is not None}
    if not operation.drop and not defaults:
        return rows
    changed = (
        (key, {name: value for name, value in row.items() if name not in operation.drop} | defaults)
        for key, row in rows.items()
    )
    return pmap(changed)
