"""Reads through an index, and the tables that hold one as paths: `t/i/indexImplTable`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..errors import (
    BAD_REQUEST,
    PRECONDITION_FAILED,
    SCHEME_ERROR,
    Issue,
    Position,
    refusal_at,
    type_annotation,
    unsupported,
)
from ..store.catalog import Column, Index, Table, parent
from ..store.database import Mode
from ..yql import syntax
from .context import Context


@dataclass(frozen=True)
class IndexTable:
    """The table of an index of the table `base` at `path`; `table` is its schema."""

    path: str
    base: Table
    index: Index
    table: Table


def index_table(path: str, context: Context) -> IndexTable | None:
    """The table of an index at a path, or None where the path is none of one.

    Source: CalcTableImplDescription in ydb/core/base/table_index.cpp.
    """
    above = parent(parent(path))
    base = context.catalog.get(above) if above else None
    if not isinstance(base, Table):
        return None
    name, _, table_name = path[len(above) + 1 :].partition("/")
    index = base.index(name)
    if index is None or table_name not in index.tables():
        return None
    if context.user is not None or not context.database.line.has("EnableAccessToIndexImplTables"):
        raise unsupported("the table of an index as a path of this line or this user")
    if index.using:
        raise unsupported("the tables of a vector or full-text index as paths")
    key = tuple(dict.fromkeys((*index.columns, *base.key)))
    columns = tuple(_plain(base[name]) for name in dict.fromkeys((*key, *index.cover)))
    return IndexTable(above, base, index, Table(base.id, columns, key, settings=index.settings))


def _plain(column: Column) -> Column:
    return Column(column.name, column.type, column.not_null)


def check_lookup(node: syntax.Source, columns: Iterable[str], context: Context) -> None:
    """Raises UNSUPPORTED where a join by these columns looks rows up in an asynchronous index: YDB's check of how the
    index is read knows scans alone."""
    if (
        isinstance(node, syntax.TableSource)
        and node.index is not None
        and context.transaction.mode is not Mode.STALE_RO
    ):
        _, entry = context.entry(node.table)
        index = entry.index(node.index) if isinstance(entry, Table) else None
        if index is not None and index.asynchronous and index.columns[0] in columns:
            raise unsupported("a join that looks rows up in an asynchronous index", node.position)


def check_index_read(index: Index, context: Context, position: Position) -> None:
    """Whether an index can be read, asked when it is. Raises PRECONDITION_FAILED for an asynchronous one outside Stale
    Read Only.

    Source: KindAsyncIndexTable in ydb/core/kqp/executer_actor/kqp_data_executer.cpp; kqp_indexes_ut.cpp
    (SelectFromAsyncIndexedTable). The numbers in the message are YDB's own and mean nothing here.
    """
    if index.asynchronous and context.transaction.mode is not Mode.STALE_RO:
        message = "Read operation can be performed on async index table: [72057594046678944:1:1]"
        raise refusal_at(f"{message} only with StaleRO isolation level", position, PRECONDITION_FAILED)


def index_of(table: Table, absolute: str, name: str, position: Position, built: Index | None = None) -> Index:
    """The index that `VIEW name` reads. Raises SCHEME_ERROR where the table, whose path is `absolute`, has none of that
    name, with other words where it has none at all; UNSUPPORTED for the one that is being `built`, of which YDB says
    that it is not ready to use (HandleReadTable in ydb/core/kqp/opt/kqp_opt_kql.cpp), with a status that is not known.

    Source: ydb/core/kqp/provider/yql_kikimr_type_ann.cpp; ValidateTableHasIndex in yql_kikimr_provider.cpp.
    """
    index = table.index(name)
    if index is None:
        if built is not None and built.name == name:
            raise unsupported(f"what YDB answers to VIEW {name} while the index is built", position)
        message = f"No global indexes for table {absolute}"
        if table.indexes:
            message = f"Required global index not found, index name: {name}"
        raise type_annotation("KiReadTable!", position, Issue(message, SCHEME_ERROR, position))
    if index.using:
        kind = index.using.partition("_")[0].replace("fulltext", "full-text")
        raise unsupported(f"reading through a {kind} index: VIEW {name}", position)
    return index


def check_no_write(path: str, context: Context, position: Position) -> None:
    """Source: CheckWriteToIndex in ydb/core/kqp/opt/kqp_opt_kql.cpp."""
    if index_table(path, context) is not None:
        message = f"Writing to index implementation tables is not allowed. Table: `{context.absolute(path)}`."
        raise refusal_at(message, position, BAD_REQUEST)
