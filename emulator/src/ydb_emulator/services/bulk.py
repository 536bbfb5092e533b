"""Ydb.Table.V1.TableService/BulkUpsert: rows put into a table without a session or a transaction of the client's.

Source: ydb/core/grpc_services/rpc_load_rows.cpp, ydb/core/tx/tx_proxy/upload_rows_common_impl.h (BuildSchema);
ydb/services/ydb/ydb_bulk_upsert_ut.cpp, ydb_bulk_upsert_olap_ut.cpp.
"""

from __future__ import annotations

from collections.abc import Iterator

from ydb._grpc.common.protos import ydb_table_pb2 as pb
from ydb._grpc.common.protos import ydb_value_pb2 as value_pb

from ..errors import Issue, Status, YdbError, unsupported
from ..plan import Change
from ..run import changes
from ..store.catalog import Column, Table
from ..store.rights import Right
from ..store.rows import Row
from ..types import INT64, INTERVAL, List, Struct, Type
from ..wire import column_type, decode
from .rpc import Call, Node, canonical, limited


def bulk_upsert(node: Node, request: pb.BulkUpsertRequest, context: Call) -> pb.BulkUpsertResult:
    """Upsert a list of structs; the result is an empty message.

    Raises SCHEME_ERROR where they don't fit the table, BAD_REQUEST for wrong values.
    """
    if request.WhichOneof("data_format"):
        raise unsupported("BulkUpsert of CSV or Arrow")
    path, table = _table(node, request)
    asks = limited(node, context)
    if asks is not None and Right.UPDATE_ROW not in node.database.accounts.rights(asks, path):
        raise unsupported("BulkUpsert without the right to it")  # its words are not known
    members = request.rows.type.list_type.item.struct_type.members
    for message in _misfits(table, members):
        raise _refusal(request, message)
    if not request.rows.value.items:
        raise unsupported("BulkUpsert of no rows")  # refused by some lines, taken by others
    columns = [table[member.name] for member in members]
    rows = list(_rows(request.rows, columns))
    if table.is_column and len({tuple(row[name] for name in table.key) for row in rows}) < len(rows):
        raise unsupported("BulkUpsert of one key twice into a column table")  # which row stays nothing says
    with node.database.lock:
        transaction = node.database.begin()
        try:
            change = Change("UPSERT", path, table, lambda: rows)
            with node.database.statement(transaction):
                changes.apply(change, node.database, transaction)
        except BaseException:
            node.database.rollback(transaction)
            raise
        node.database.commit(transaction)
    return pb.BulkUpsertResult()


def _refusal(request: pb.BulkUpsertRequest, message: str) -> YdbError:
    return YdbError(Status.SCHEME_ERROR, Issue(f"Bulk upsert to table '{request.table}' {message}"))


def _table(node: Node, request: pb.BulkUpsertRequest) -> tuple[str, Table]:
    absolute, root = canonical(request.table), node.database.path
    if not absolute:
        raise _refusal(request, f"Bulk upsert. Invalid table path specified: '{request.table}'")
    path = absolute.removeprefix(f"{root}/")
    table = node.database.state.catalog.get(path)
    if not absolute.startswith(f"{root}/") or table is None:
        raise _refusal(request, "unknown table")
    if not isinstance(table, Table) or table.changefeeds:
        raise unsupported("BulkUpsert into this kind of table")
    return path, table


def _misfits(table: Table, members: list[value_pb.StructMember]) -> Iterator[str]:
    """What is wrong with the columns of a request, in the order in which YDB looks at it."""
    given = {member.name for member in members}
    if len(given) < len(members):
        raise unsupported("BulkUpsert with a column twice")
    for member in members:
        column = table.column(member.name)
        if column is None:
            yield f"Unknown column: {member.name}"
            return
        type = _type(member.type)
        if table.is_column and type != column.type:
            raise unsupported("BulkUpsert of values of another type into a column table")  # some are converted
        if type != column.type and (type, column.type) != (INT64, INTERVAL):
            yield f"Type mismatch, got type {type} for column {member.name}, but expected {column.type}"
    if table.is_column and table.indexes:
        raise unsupported("BulkUpsert into a column table with an index")
    if any(not index.asynchronous for index in table.indexes):
        yield "Only async-indexed tables are supported by BulkUpsert"
    if any(index.asynchronous for index in table.indexes):
        raise unsupported("BulkUpsert into a table with an index")  # on behind a flag
    missing = [name for name in table.key if name not in given]
    _check_one(missing)
    if missing:
        yield f"Missing key columns: {missing[0]}"
    missing = [column.name for column in table.columns if column.not_null and column.name not in given]
    _check_one(missing)
    if missing:
        yield f"Missing not null columns: {missing[0]}"
    if any(column.default is not None and column.name not in given for column in table.columns):
        raise unsupported("BulkUpsert without a column that has a default")  # as a flag has it
    if table.is_column and len(given) < len(table.columns):
        raise unsupported("BulkUpsert into a column table without all columns")  # refused as a setting has it


def _check_one(missing: list[str]) -> None:
    """YDB tells several in the order of a hash table."""
    if len(missing) > 1:
        raise unsupported("BulkUpsert without several columns that it needs")


def _type(message: value_pb.Type) -> Type:
    """The type of a column's values."""
    item = message.optional_type.item if message.WhichOneof("type") == "optional_type" else message
    found = column_type(item) if item.WhichOneof("type") in ("type_id", "decimal_type") else None
    if found is None:
        raise unsupported("BulkUpsert of values of such a type")
    return found


def _rows(rows: value_pb.TypedValue, columns: list[Column]) -> Iterator[Row]:
    type, values = decode(rows)
    assert isinstance(type, List)
    assert isinstance(type.item, Struct)
    names = [name for name, _ in type.item.fields]
    for value in values:
        row = dict(zip(names, value, strict=True))
        if any(column.not_null and row[column.name] is None for column in columns):
            raise unsupported("NULL for a column without NULL, by BulkUpsert")  # its words are not known
        yield row


METHODS = {"BulkUpsert": bulk_upsert}
