"""Ydb.Table.V1.TableService: tables made, altered, copied, renamed and dropped by requests of their own.

A request becomes the operation that a statement would, and runs as that. What the scheme shard refuses has a status of
its own here: ydb/core/grpc_services/rpc_scheme_base.h (TEvProposeTransactionStatus).
Source: ydb/core/grpc_services/rpc_create_table.cpp, rpc_alter_table.cpp, rpc_drop_table.cpp, rpc_copy_table.cpp,
rpc_copy_tables.cpp, rpc_rename_tables.cpp; ydb/services/ydb/ydb_ut.cpp (CreateTableBadRequest…, DropTableBadRequest,
AlterTableAddIndexBadRequest, CreateAlterCopyAndDropTable).
"""

from __future__ import annotations

from collections.abc import Iterable

from google.protobuf.message import Message
from ydb._grpc.common.protos import ydb_table_pb2 as pb

from ..errors import Issue, Status, YdbError, unsupported
from ..plan import (
    AddIndex,
    AlterTable,
    CopyTable,
    CreateTable,
    DropChangefeed,
    DropIndex,
    DropTable,
    Operation,
    RenameIndex,
    RenameTable,
)
from ..run import schema
from ..store.catalog import Table, parent
from . import table_parts as parts
from .rpc import Call, Node, canonical, user
from .table_texts import as_text
from .transactions import bad_request


def create_table(node: Node, request: pb.CreateTableRequest, context: Call) -> None:
    """Make a table. One that is there already is no error, whatever it is like.

    Source: rpc_scheme_base.h, where StatusAlreadyExists is SUCCESS.
    """
    path = _below_database(node, request.path)
    if not request.columns:
        raise bad_request("At least one column shoult be in table")
    if not request.primary_key:
        raise bad_request("At least one primary key should be specified")
    _check_unread(request, _NOT_CREATED)
    table = parts.new_table(request, node.database.line)
    if path not in node.database.state.catalog:
        _check_key(table)
    _apply(node, context, CreateTable(path, table, if_not_exists=True))


def _check_key(table: Table) -> None:
    """Source: ydb/services/ydb/ydb_ut.cpp (CreateTableBadRequest2)."""
    for name in table.key:
        if table.column(name) is None:
            message = f"Unknown column '{name}' specified in key column list"
            raise YdbError(Status.SCHEME_ERROR, Issue(message))


_NOT_CREATED = ("storage_settings", "attributes", "compaction_policy", "temporary", "tiering", "store_type")
_NOT_ALTERED = (
    "alter_columns", "alter_storage_settings", "alter_attributes", "set_compaction_policy", "add_changefeeds",
    "set_tiering", "drop_tiering",
)  # fmt: skip
"""Fields of the requests that YDB takes and the emulator does not."""


def drop_table(node: Node, request: pb.DropTableRequest, context: Call) -> None:
    """Drop a table. Raises SCHEME_ERROR where there is none."""
    _apply(node, context, DropTable(_split(node, request.path), if_exists=False))


def alter_table(node: Node, request: pb.AlterTableRequest, context: Call) -> None:
    """Change a table by changes of one kind (GetAlterOperationKinds). Raises BAD_REQUEST for none."""
    _check_unread(request, _NOT_ALTERED)
    kinds = [kind for kind, fields in _KINDS.items() if any(_is_set(request, field) for field in fields)]
    if not kinds:
        raise bad_request("Empty alter")
    if len(kinds) > 1:
        raise YdbError(Status.UNSUPPORTED, Issue("Mixed alter is unsupported"))
    [kind] = kinds
    if kind in _ONE_ONLY and len(getattr(request, _KINDS[kind][0])) > 1:
        raise YdbError(Status.UNSUPPORTED, Issue(_ONE_ONLY[kind]))
    _apply(node, context, _altered(node, kind, request))


_KINDS = {
    "common": (
        "add_columns", "drop_columns", "set_ttl_settings", "drop_ttl_settings", "add_column_families",
        "alter_column_families", "alter_partitioning_settings", "set_key_bloom_filter", "set_read_replicas_settings",
    ),
    "add index": ("add_indexes",),
    "drop index": ("drop_indexes",),
    "drop changefeed": ("drop_changefeeds",),
    "rename index": ("rename_indexes",),
}  # fmt: skip
_ONE_ONLY = {
    "add index": "Only one index can be added by one operation",
    "drop index": "Only one index can be removed by one operation",
    "drop changefeed": "Only one changefeed can be removed by one operation",
    "rename index": "Only one index can be renamed by one operation",
}


def _altered(node: Node, kind: str, request: pb.AlterTableRequest) -> Operation:
    """Raises BAD_REQUEST for what the request says of no table, SCHEME_ERROR where the table isn't there."""
    path, line = _split(node, request.path), node.database.line
    if kind == "add index":
        index = parts.added_index(request.add_indexes[0])
        table = node.database.state.catalog.get(path)
        if not isinstance(table, Table) or any(table.column(name) is None for name in (*index.columns, *index.cover)):
            raise unsupported("ADD INDEX of what is not there, by AlterTable")  # its words are not known
        if index.unique and not line.has("EnableAddUniqueIndex"):
            raise unsupported("ADD INDEX of a unique index on this line, by AlterTable")
        return AddIndex(path, index)
    if kind == "drop index":
        return DropIndex(path, request.drop_indexes[0])
    if kind == "drop changefeed":
        return DropChangefeed(path, request.drop_changefeeds[0])
    if kind == "rename index":
        item = request.rename_indexes[0]
        parts.check_rename(item)
        if not line.has("EnableMoveIndex"):
            raise YdbError(Status.PRECONDITION_FAILED, Issue("Move index is not supported yet"))
        return RenameIndex(path, item.source_name, item.destination_name, item.replace_destination)
    return _common(path, request, node)


def _common(path: str, request: pb.AlterTableRequest, node: Node) -> AlterTable:
    table, line = node.database.state.catalog.get(path), node.database.line
    add = parts.columns(request.add_columns, line)
    fields = ("alter_partitioning_settings", "set_key_bloom_filter", "set_read_replicas_settings")
    families = [*request.add_column_families, *request.alter_column_families]
    made = AlterTable(
        path,
        add=add,
        drop=tuple(request.drop_columns),
        families=tuple((family.name, parts.family_settings(family, line)) for family in families),
        settings=parts.settings(request, *fields),
        ttl=False if request.HasField("drop_ttl_settings") else parts.ttl(request, "set_ttl_settings"),
    )
    if any(column.default is not None or column.not_null for column in add):
        raise unsupported("ADD COLUMN with a default or without NULL, by AlterTable")
    if isinstance(table, Table):
        if table.is_column:
            raise unsupported("AlterTable of a column table")
        for name in made.drop:
            _check_droppable(name, table, made)
    return made


def _check_droppable(name: str, table: Table, made: AlterTable) -> None:
    """Source: TTableInfo::CreateAlterData in ydb/core/tx/schemeshard/schemeshard_info_types.cpp."""
    if any(column.name == name for column in made.add):
        raise bad_request(f"Add + drop same column: '{name}'")
    if table.column(name) is None:
        raise bad_request(f"Can't drop unknown column: '{name}'")
    if name in table.key:
        raise bad_request(f"Can't drop key column: '{name}'")


def copy_table(node: Node, request: pb.CopyTableRequest, context: Call) -> None:
    """Copy a table with its rows and its indexes. A table that is there already is no error, and stays as it is.

    Source: rpc_copy_table.cpp, which doesn't ask to fail on it; acceptExisted in schemeshard__operation_copy_table.cpp.
    """
    _apply(node, context, CopyTable(_split(node, request.source_path), _split(node, request.destination_path)))


def copy_tables(node: Node, request: pb.CopyTablesRequest, context: Call) -> None:
    """Copy tables, all of them at one moment or none. Directories have to be there, unlike for CopyTable.

    Raises SCHEME_ERROR for a directory that is not there. Source: rpc_copy_tables.cpp;
    ydb/core/tx/schemeshard/schemeshard__operation_consistent_copy_tables.cpp; ESchemeOpCreateConsistentCopyTables in
    ydb/core/tx/tx_proxy/schemereq.cpp, which looks for the directories;
    ydb/docs/en/core/reference/ydb-cli/tools-copy.md.
    """
    if not request.tables or any(item.omit_indexes for item in request.tables):
        raise unsupported("CopyTables of no tables, or without their indexes")
    pairs = [(_split(node, item.source_path), _split(node, item.destination_path)) for item in request.tables]
    if len({path for pair in pairs for path in pair}) < 2 * len(pairs):
        raise unsupported("CopyTables with a path twice")
    database = node.database
    with database.lock:
        if len(pairs) > 1 and any(database.scheme_seconds(source) > 0 for source, _ in pairs):
            raise unsupported("CopyTables of several tables that takes a while")
        catalog = database.state.catalog
        if any(target in catalog for _, target in pairs):
            raise unsupported("CopyTables over what is there")  # its words are not known
        if any(parent(target) not in catalog for _, target in pairs):
            raise YdbError(Status.SCHEME_ERROR, Issue("Path does not exist"))
        _apply(node, context, *(CopyTable(source, target) for source, target in pairs))


def rename_tables(node: Node, request: pb.RenameTablesRequest, context: Call) -> None:
    """Rename tables in the order of the request: all of them at one moment, or none.

    Raises BAD_REQUEST for no table. Source: rpc_rename_tables.cpp (one transaction of several operations);
    ydb/core/tx/schemeshard/ut_move/ut_move.cpp (Reject: Table2 goes to Moved2 and Table1 to Table2, but Table1 and
    Table2 do not change places; TwoTables); ydb/docs/en/core/reference/ydb-cli/commands/_includes/tools/rename.md.
    """
    if not request.tables:
        raise bad_request("Emply move list")
    if any(item.replace_destination for item in request.tables):
        raise unsupported("RenameTables over another table")
    pairs = [(_split(node, item.source_path), _split(node, item.destination_path)) for item in request.tables]
    database = node.database
    with database.lock:
        if len(pairs) > 1:
            _check_several(pairs)
            if any(database.scheme_seconds(source) > 0 for source, _ in pairs):
                raise unsupported("RenameTables of several tables that takes a while")
        _apply(node, context, *(RenameTable(source, target) for source, target in pairs))


def _check_several(pairs: list[tuple[str, str]]) -> None:
    """Raises UNSUPPORTED where a table is named twice: YDB refuses it (ut_move.cpp, Reject), in words not known."""
    sources, targets = ({pair[place] for pair in pairs} for place in (0, 1))
    renamed: set[str] = set()
    for source, target in pairs:
        if source in renamed:
            raise unsupported("RenameTables of one table twice")
        renamed.add(target)
    if len(sources) < len(pairs) or len(targets) < len(pairs):
        raise unsupported("RenameTables of one table twice, or of two tables to one name")


# --- paths and refusals ----------------------------------------------------------------------------------------


def _below_database(node: Node, path: str) -> str:
    """The path of a new table in the catalog. Raises BAD_REQUEST (TrySplitPathByDb in ydb/core/base/path.cpp)."""
    absolute, root = canonical(path), node.database.path
    if not absolute.startswith(f"{root}/"):
        raise bad_request(f"Table path not in database, path: {path}, database: {root}")
    return absolute.removeprefix(f"{root}/")


def _split(node: Node, path: str) -> str:
    """The path of a table in the catalog. Raises BAD_REQUEST (SplitPath in rpc_common.h)."""
    if "/" not in path or path.endswith("/"):
        raise bad_request(f"wrong path format '{path}'")
    root = node.database.path
    if not canonical(path).startswith(f"{root}/"):
        raise unsupported("a path outside of the database, or one that is not absolute, in a request on tables")
    return canonical(path).removeprefix(f"{root}/")


_OF_A_TABLE = (AlterTable, CopyTable, DropChangefeed, DropIndex, DropTable, RenameIndex, RenameTable)


def _apply(node: Node, context: Call, *operations: Operation) -> None:
    """Carry a request out, all of it or nothing, and tell who watches as what statement of YQL."""
    database, text = node.database, "; ".join(filter(None, map(as_text, operations)))
    with database.lock:
        before = database.state, database.accounts
        try:
            for operation in operations:
                _apply_one(node, operation, context)
        except YdbError as error:
            if len(operations) > 1:
                database.state, database.accounts = before
            if text:
                database.watch_request(text, error)
            raise
        if text:
            database.watch_request(text, None)


def _apply_one(node: Node, operation: Operation, context: Call) -> None:
    """What isn't there is told as the proxy tells it (test_scheme_error in tests/test_errors.py of
    ydb-platform/ydb-python-sdk)."""
    if isinstance(operation, _OF_A_TABLE) and operation.path not in node.database.state.catalog:
        raise YdbError(Status.SCHEME_ERROR, Issue("Path does not exist"))
    try:
        schema.apply(operation, node.database, user(node, context))
    except YdbError as error:
        raise _refused(error) from None


def _refused(error: YdbError) -> YdbError:
    """The refusal of a scheme operation without the words that a query puts around it.

    A conflict of names has a status of its own here.
    """
    message = error.issues[0].message
    _, is_conflict, reason = message.partition(", reason: Check failed: ")
    if is_conflict:
        return YdbError(Status.SCHEME_ERROR, Issue(f"Check failed: {reason}"))
    if error.status is Status.GENERIC_ERROR:
        raise unsupported("what a request on tables is refused for here") from error
    return YdbError(error.status, Issue(message))


def _is_set(request: Message, field: str) -> bool:
    descriptor = request.DESCRIPTOR.fields_by_name.get(field)
    if descriptor is None:  # not in the oldest proto files that the SDK brings
        return False
    value = getattr(request, field)
    if descriptor.message_type is not None and not hasattr(value, "__len__"):
        return bool(request.HasField(field))
    return bool(value)


def _check_unread(request: Message, fields: Iterable[str]) -> None:
    for field in fields:
        if _is_set(request, field) and not (field == "store_type" and request.store_type == pb.STORE_TYPE_ROW):
            raise unsupported(f"{field} in a {request.DESCRIPTOR.name}")


METHODS = {
    "CreateTable": create_table,
    "DropTable": drop_table,
    "AlterTable": alter_table,
    "CopyTable": copy_table,
    "CopyTables": copy_tables,
    "RenameTables": rename_tables,
}
