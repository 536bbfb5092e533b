"""CREATE TABLE with AS and without, DROP TABLE, TRUNCATE TABLE."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import PRECONDITION_FAILED, Issue, Position, refusal_at, scheme_failure, type_annotation, unsupported
from ...plan import CreateTable, DropTable, TruncateTable
from ...releases import Line
from ...store.catalog import Column, Family, Table
from ...store.rows import NO_ID
from ...yql import syntax
from ..context import Context, missing_table
from ..index_tables import index_table
from . import column_tables
from .changefeeds import read_changefeed_settings
from .columns import check_columns, read_options
from .create_as import columns_of_query
from .indexes import check_index, read_index
from .paths import check_not_in_table, new_path
from .settings import (
    CREATE,
    check_family_settings,
    check_partitioning,
    check_settings,
    read_family_settings,
    read_settings,
)


@dataclass(frozen=True)
class Written:
    """A CREATE TABLE as the translator takes it: nothing of it is known to the catalog yet."""

    columns: tuple[syntax.Column, ...]
    families: tuple[tuple[syntax.Family, dict[str, syntax.Setting]], ...]
    settings: dict[str, syntax.Setting]
    key: tuple[str, ...]


def read_create_table(node: syntax.CreateTable, line: Line) -> Written:
    """What the translator says of a CREATE TABLE. Raises GENERIC_ERROR."""
    if node.kind == "OR REPLACE":
        message = "OR REPLACE feature is supported only for EXTERNAL DATA SOURCE and EXTERNAL TABLE"
        raise refusal_at(message, node.position)
    if node.kind == "EXTERNAL TABLE":  # its settings are others
        raise unsupported("this kind of CREATE TABLE", node.position)
    columns = tuple(entry for entry in node.entries if isinstance(entry, syntax.Column))
    _read_columns(columns, node, line)
    for entry in node.entries:
        if isinstance(entry, syntax.Index):
            read_index(entry, line)
    families = tuple(
        (entry, read_family_settings(entry.settings, line))
        for entry in node.entries
        if isinstance(entry, syntax.Family)
    )
    for entry in node.entries:
        if isinstance(entry, syntax.Changefeed):
            read_changefeed_settings(entry, line)
    settings = read_settings(node.settings, is_alter=False)
    if isinstance(node.query, syntax.Values):
        raise refusal_at("AS VALUES statement is not supported for CreateTableAs.", node.query.position)
    key = _primary_key(node)
    _check_names(node, key, [column.name for column in columns] if columns or node.query is None else None)
    return Written(columns, families, settings, key)


def create_table(node: syntax.CreateTable, context: Context) -> CreateTable:
    """CREATE TABLE, whose table gets its id when it is made."""
    written = read_create_table(node, context.database.line)
    if node.kind == "TABLESTORE":
        _check_table_store(node, written, context)
    if node.kind != "TABLE":
        raise unsupported("this kind of CREATE TABLE", node.position)
    if node.query is not None:
        columns, relation = columns_of_query(node, node.query, written.key, context)
        path = new_path(node.table, context)
        return CreateTable(path, _table(node, written, columns, context), node.if_not_exists, relation)
    if node.temporary:
        raise unsupported("temporary tables", node.position)
    path = new_path(node.table, context)
    table = _table(node, written, check_columns(written.columns, context), context)
    return CreateTable(path, table, node.if_not_exists, other_at=None if node.if_not_exists else node.position)


def _check_table_store(node: syntax.CreateTable, written: Written, context: Context) -> None:
    """Source: yql_kikimr_exec.cpp; CreateTableStoreNegative in kqp_scheme_ut.cpp."""
    if not check_settings(written.settings, CREATE, context).is_column:
        raise refusal_at("TABLESTORE with not COLUMN store", node.position)


def _table(node: syntax.CreateTable, written: Written, columns: tuple[Column, ...], context: Context) -> Table:
    indexes = tuple(check_index(entry, context) for entry in node.entries if isinstance(entry, syntax.Index))
    for entry in node.entries:
        if isinstance(entry, syntax.Changefeed):
            issue = Issue("Cannot create table with changefeed", position=entry.position)
            raise type_annotation(CREATE, node.position, issue)
    by_name = {column.name: column for column in columns}
    settings = check_settings(written.settings, CREATE, context, [by_name[name] for name in written.key])
    line = context.database.line
    if settings.is_column:
        families = column_tables.check_new(written.families, columns, settings, node.position, line)
    else:
        check_partitioning(settings.plain, CREATE, node.position)
        if node.partition_by:
            _check_partition_by(node.partition_by, written.key, node.position)
        families = tuple(
            Family(family.name, check_family_settings(family.name, read, CREATE, line))
            for family, read in written.families
        )
    return Table(
        NO_ID, columns, written.key, indexes, is_column=settings.is_column, settings=settings.plain, families=families,
        ttl=settings.ttl, partition_by=node.partition_by or written.key if settings.is_column else (),
        partition_at=settings.partition_at,
    )  # fmt: skip


def _check_names(node: syntax.CreateTable, key: tuple[str, ...], columns: Sequence[str] | None) -> None:
    """Names that stand for others or must differ, as the translator checks them; `columns` are those that may be named,
    None where they aren't known yet. Source: TCreateTableNode in yql/essentials/sql/v1/query.cpp."""

    def check_defined(names: Iterable[str], position: Position) -> None:
        for name in names:
            if columns is not None and name not in columns:
                raise refusal_at(f"Undefined column: {name}", position)

    def check_once(entries: Sequence[Any], said: str) -> None:
        seen = set()
        for entry in entries:
            if entry.name in seen:
                raise refusal_at(said.format(entry.name), entry.position)
            seen.add(entry.name)

    def entries(kind: type) -> list[Any]:
        return [entry for entry in node.entries if isinstance(entry, kind)]

    for number, name in enumerate(key):
        check_defined((name,), node.position)
        if name in key[:number]:
            raise refusal_at(f"Duplicated column in PK: {name}", node.position)
    check_defined(node.partition_by or (), node.position)
    check_once(entries(syntax.Index), "Index {} must be defined once")
    for index in entries(syntax.Index):
        check_defined((*index.columns, *index.cover), index.position)
    check_once(entries(syntax.Changefeed), "Changefeed {} must be defined once")
    check_once(entries(syntax.Family), "Family {} specified more than once")
    families = {family.name for family in entries(syntax.Family)}
    for column in entries(syntax.Column):
        for option in column.options:
            if isinstance(option, syntax.InFamily) and option.name not in families:
                raise refusal_at(f"Unknown family {option.name}", option.position)


def _check_partition_by(columns: tuple[str, ...], key: tuple[str, ...], position: Position) -> None:
    """PARTITION BY of a row table: the whole key, which changes nothing.

    Source: ConvertCreateTableSettingsToProto in ydb/core/kqp/host/kqp_gateway_proxy.cpp.
    """
    if len(columns) > len(key):
        raise refusal_at('"Partition by" contains more columns than primary key does', position)
    if len(columns) < len(key):
        raise refusal_at('"Partition by" is not supported yet', position)
    if columns != key:
        raise refusal_at('"Partition by" doesn\'t match primary key', position)


def _read_columns(written: Sequence[syntax.Column], node: syntax.CreateTable, line: Line) -> None:
    """What the translator says of columns, CREATE TABLE … AS or not."""
    for column in written:
        if node.query is not None and column.type is not None:
            raise refusal_at("Column types are not supported for CREATE TABLE AS", column.position)
        if node.query is None and column.type is None:
            raise refusal_at("Column requires a type", column.position)
        read_options(column, line)
    if node.query is not None and any(isinstance(entry, syntax.Family) for entry in node.entries):
        raise refusal_at("Column families are not supported for CREATE TABLE AS", node.position)


def _primary_key(node: syntax.CreateTable) -> tuple[str, ...]:
    keys = [entry for entry in node.entries if isinstance(entry, syntax.PrimaryKey)]
    if len(keys) > 1:
        raise refusal_at("PRIMARY KEY statement must be specified only once", keys[1].position)
    if not keys:
        raise refusal_at("Primary key is required for ydb tables.", node.position)
    return keys[0].columns


def drop_table(written: syntax.Path, if_exists: bool, context: Context) -> DropTable:
    """DROP TABLE. Raises SCHEME_ERROR where no table is at the path, unless IF EXISTS allows that."""
    path, entry = context.entry(written)
    check_not_in_table(path, written.position, context)
    if entry is None and not if_exists:
        raise missing_table(context.absolute(path), "KiDropTable!", written.position)
    return DropTable(path, if_exists)


def truncate_table(written: syntax.Path, context: Context) -> TruncateTable:
    """TRUNCATE TABLE, of the lines that have it."""
    if not context.database.line.has("TRUNCATE"):
        # As the grammar of these lines refuses it, but for the long list of what it expects.
        raise refusal_at("mismatched input 'TRUNCATE'", written.position)
    if not context.database.line.has("EnableTruncateTable"):
        # Source: schemeshard__operation_truncate_table.cpp.
        raise scheme_failure("TRUNCATE TABLE statement is not supported", PRECONDITION_FAILED)
    if index_table(context.path(written), context) is not None:
        # Source: CreateConsistentTruncateTable in schemeshard__operation_truncate_table.cpp.
        raise scheme_failure("Cannot truncate index", PRECONDITION_FAILED)
    path, table = context.table(written, "KiTruncateTable!")
    if table.is_column:
        raise unsupported("TRUNCATE of a column table", written.position)
    return TruncateTable(path)
