"""Column tables: what the scheme shard checks of new ones and of changes.

Sources: ydb/core/tx/schemeshard/olap (columns/update.cpp, columns/schema.cpp, column_families/schema.cpp,
ttl/validator.cpp, schema/schema.cpp, operations/create_table.cpp, operations/alter/standalone/update.cpp), whose
refusals of an ALTER are SCHEME_ERROR, whatever went wrong; ydb/core/tx/sharding/sharding.cpp (BuildFromProto).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...errors import PRECONDITION_FAILED, SCHEME_ERROR, YdbError, scheme_failure, unsupported
from ...plan import AlterTable
from ...releases import Line
from ...store.catalog import Column, Family, Table, Ttl
from ...types import DYNUMBER, INSTANTS, INTEGERS, TEXTS, Decimal
from .columns import check_column_table_type, repeated
from .settings import check_ttl_column

MAX_COLUMNS = 10_000
_TOO_WIDE = f"column tables of more than {MAX_COLUMNS} columns"  # which YDB refuses

_KEYS = frozenset((*INTEGERS, *TEXTS, *INSTANTS))


@dataclass(frozen=True)
class Fault:
    """What is wrong, and the code of it in CREATE TABLE."""

    message: str
    code: int = SCHEME_ERROR


def check_new(table: Table, line: Line) -> None:
    """Raises SCHEME_ERROR, or PRECONDITION_FAILED for tiers."""
    for column in table.columns:
        check_column_table_type(column)
        if column.name in table.key:
            _check_key_column(column)
    if len(table.columns) > MAX_COLUMNS:
        raise unsupported(_TOO_WIDE)
    if table.ttl is not None and (fault := _ttl_fault(table.ttl, table, line)):
        raise scheme_failure(fault.message, fault.code)
    if repeated(table.partition_by):
        raise unsupported("a column that comes twice in PARTITION BY")
    for name in table.partition_by:
        if name not in table.key:
            raise scheme_failure(f"sharding column name have to been primary key column: {name}")
    if table.indexes:
        raise unsupported("indexes of a column table")


def _check_key_column(column: Column) -> None:
    if not isinstance(column.type, Decimal) and column.type not in _KEYS:
        message = f"Type '{column.type}' specified for column '{column.name}' is not supported as primary key"
        raise scheme_failure(message)
    if not column.not_null:
        raise scheme_failure(f"Nullable key column '{column.name}'")


def _ttl_fault(ttl: Ttl, table: Table, line: Line) -> Fault | None:
    """The index that lets another column than the first one of the key be TTL's has no form in the emulator."""
    column = table.column(ttl.column)
    if column is None:
        return Fault("Incorrect ttl column - not found in scheme")
    if column.type == DYNUMBER:
        return Fault("Unsupported column type for TTL in column tables")
    if message := check_ttl_column(ttl, column):
        return Fault(message)
    if any(target is not None for target in ttl.tiers):
        return Fault("Tiering functionality is disabled for OLAP tables", PRECONDITION_FAILED)
    if table.key[0] != ttl.column:
        if not line.has("MIN_MAX indexes"):
            return Fault("Haven't MAX-index for TTL column and TTL column is not first column in primary key")
        return Fault(
            "TTL column must either be the first PK column, or have a MIN_MAX index; none of these conditions are "
            f"satisfied for '{ttl.column}', so it can't be used as TTL column"
        )
    return None


def altered(operation: AlterTable, table: Table, line: Line) -> Table:
    """The table with the changes made. Raises SCHEME_ERROR."""
    _check_parsed(operation)
    families = _altered_families(operation, table)
    known = {family.name for family in families} | {"default"}
    for column in operation.add:
        if table.column(column.name) is not None:
            raise _failed("schema", f"column '{column.name}' already exists")
        if column.family not in known:
            message = f"Cannot set column family `{column.family}` for column `{column.name}`. Family not found"
            raise _failed("schema", message)
    changes: dict[str, str] = {}
    for name, change in operation.alter:
        family = change.get("family")
        if name in operation.drop or not isinstance(family, str):
            raise unsupported("this change of a column of a column table")
        if family not in known:
            message = f"Cannot alter column family `{family}` for column `{name}`. Family not found"
            raise _failed("schema", message)
        changes[name] = family
    kept = [column for column in table.columns if column.name not in operation.drop]
    columns = [replace(column, family=changes.get(column.name, column.family)) for column in kept]
    ttl = table.ttl if operation.ttl is None else operation.ttl or None
    made = replace(
        table, columns=(*columns, *operation.add), families=families, ttl=ttl, version=table.version + 1
    )  # fmt: skip
    if len(made.columns) > MAX_COLUMNS:
        raise unsupported(_TOO_WIDE)
    if made.ttl is not None and (fault := _ttl_fault(made.ttl, made, line)):
        raise _failed("ttl", fault.message)
    return made


def _check_parsed(operation: AlterTable) -> None:
    """What is wrong with the request by itself."""
    if repeated(operation.drop):
        raise _failed("parse", "Duplicated column for drop")
    for column in operation.add:
        check_column_table_type(column)
    if name := repeated(tuple(column.name for column in operation.add)):
        raise _failed("parse", f"column '{name}' duplication for add")
    if name := repeated(tuple(name for name, _ in operation.alter)):
        raise _failed("parse", f"column '{name}' duplication for update")


def _altered_families(operation: AlterTable, table: Table) -> tuple[Family, ...]:
    families = {family.name: family for family in table.families}
    for name, settings in operation.families:
        if name in operation.new_families:
            if name in families:
                raise _failed("schema", f"column family '{name}' already exists")
            if name == "default":
                raise unsupported("ADD FAMILY default of a table that did not name it")
            families[name] = Family(name, settings)
        elif name not in families:
            if name == "default":
                raise unsupported("ALTER FAMILY default of a table that did not name it")
            raise _failed("schema", f"column family '{name}' not exists for altering")
        else:
            families[name] = Family(name, families[name].settings.update(settings))
    return tuple(families.values())


_STEPS = {"parse": "update parse error", "schema": "schema update error", "ttl": "ttl update error"}


def _failed(step: str, message: str) -> YdbError:
    return scheme_failure(f"{_STEPS[step]}: {message}. in alter constructor STANDALONE_UPDATE")
