"""Ydb.Table.V1.TableService: table descriptions, and the older way to run queries.

Source: ydb/core/grpc_services/rpc_describe_table.cpp, rpc_execute_data_query.cpp, rpc_keep_alive.cpp;
ydb/core/ydb_convert/table_description.cpp.
"""

from __future__ import annotations

from dataclasses import replace

from pyrsistent import PMap
from ydb._grpc.common.protos import ydb_common_pb2 as common_pb
from ydb._grpc.common.protos import ydb_table_pb2 as pb
from ydb._grpc.common.protos import ydb_value_pb2 as value_pb

from .. import types
from ..errors import unsupported
from ..result import ResultSet
from ..store.catalog import Changefeed, Column, Index, Table, Ttl
from ..wire import encode, encode_columns, encode_rows, encode_type
from ..yql import syntax
from ..yql.parser import parse
from . import prepared, scheme
from .parameters import parameters
from .rpc import Call, Node, user
from .transactions import bad_request, begin_mode, check_can_stay_open, open_tx_id, tx_control

MAX_ROWS = 1000
"""A result set of ExecuteDataQuery is cut here (ydb/core/kqp/kqp_default_settings.txt, _ResultRowsLimit)."""

_DATA = (
    syntax.SelectStatement, syntax.Insert, syntax.Update, syntax.Delete, syntax.UpdateOn, syntax.DeleteOn,
)  # fmt: skip

_PARTITION_SIZE_MB = "2048"
_COMPRESSION = {
    "": pb.ColumnFamily.COMPRESSION_UNSPECIFIED,
    "off": pb.ColumnFamily.COMPRESSION_NONE,
    "lz4": pb.ColumnFamily.COMPRESSION_LZ4,
}
_STATUS = {"ENABLED": common_pb.FeatureFlag.ENABLED, "DISABLED": common_pb.FeatureFlag.DISABLED}
_NO_STATS = (pb.QueryStatsCollection.STATS_COLLECTION_UNSPECIFIED, pb.QueryStatsCollection.STATS_COLLECTION_NONE)


# --- sessions and transactions ---------------------------------------------------------------------------------


def create_session(node: Node, request: pb.CreateSessionRequest, context: Call) -> pb.CreateSessionResult:
    return pb.CreateSessionResult(session_id=node.sessions.create().id)


def delete_session(node: Node, request: pb.DeleteSessionRequest, context: Call) -> None:
    node.sessions.delete(request.session_id)


def keep_alive(node: Node, request: pb.KeepAliveRequest, context: Call) -> pb.KeepAliveResult:
    session = node.sessions.get(request.session_id)
    session.touch()
    states = pb.KeepAliveResult
    return states(session_status=states.SESSION_STATUS_BUSY if session.is_busy else states.SESSION_STATUS_READY)


def begin_transaction(node: Node, request: pb.BeginTransactionRequest, context: Call) -> pb.BeginTransactionResult:
    session = node.sessions.get(request.session_id)
    return pb.BeginTransactionResult(tx_meta=pb.TransactionMeta(id=session.begin(begin_mode(request))))


def commit_transaction(node: Node, request: pb.CommitTransactionRequest, context: Call) -> pb.CommitTransactionResult:
    _check_no_stats(request.collect_stats)
    node.sessions.get(request.session_id).commit(open_tx_id(request))
    return pb.CommitTransactionResult()


def rollback_transaction(node: Node, request: pb.RollbackTransactionRequest, context: Call) -> None:
    node.sessions.get(request.session_id).rollback(open_tx_id(request))


# --- queries ---------------------------------------------------------------------------------------------------


def execute_data_query(node: Node, request: pb.ExecuteDataQueryRequest, context: Call) -> pb.ExecuteQueryResult:
    """Run a query text in a transaction."""
    session = node.sessions.get(request.session_id)
    if not request.HasField("tx_control"):
        raise bad_request("Empty tx_control.")
    control = replace(tx_control(request.tx_control), is_data_query=True)
    check_can_stay_open(control)
    _check_no_stats(request.collect_stats)
    match request.query.WhichOneof("query"):
        case None:
            raise bad_request("Unexpected query option")
        case "id":
            text = node.prepared.find(request.query.id)
        case _:
            text = request.query.yql_text
    if not text:
        raise bad_request("Empty query text")
    outcome = session.execute(
        text, parameters(request.parameters), control, user(node, context), is_query_service=False
    )
    result = pb.ExecuteQueryResult(
        result_sets=map(_encode_result, outcome.results), tx_meta=pb.TransactionMeta(id=outcome.transaction)
    )
    if request.query_cache_policy.keep_in_cache:
        result.query_meta.CopyFrom(prepared.meta(node, text))
    return result


def execute_scheme_query(node: Node, request: pb.ExecuteSchemeQueryRequest, context: Call) -> None:
    """Run a query text of scheme statements. Others YDB refuses in words that differ for every kind of them."""
    session = node.sessions.get(request.session_id)
    if not request.yql_text:
        raise bad_request("Empty query text")
    for statement in parse(request.yql_text).statements:
        if isinstance(statement, _DATA):
            raise unsupported("data statements in ExecuteSchemeQuery", statement.position)
    session.execute(request.yql_text, {}, user=user(node, context), is_query_service=False)


def _encode_result(result: ResultSet) -> value_pb.ResultSet:
    first = ResultSet(result.columns, result.rows[:MAX_ROWS])
    return value_pb.ResultSet(
        columns=encode_columns(result), rows=encode_rows(first), truncated=len(result.rows) > MAX_ROWS
    )


def _check_no_stats(mode: int) -> None:
    if mode not in _NO_STATS:
        raise unsupported("query statistics")


# --- descriptions ----------------------------------------------------------------------------------------------


def describe_table(node: Node, request: pb.DescribeTableRequest, context: Call) -> pb.DescribeTableResult:
    """A table's columns, key, indexes and partitioning; for any other entry its kind alone, as YDB answers.

    The index that is being built is among them (FillIndexDescription in table_description.cpp). Raises SCHEME_ERROR
    where there is nothing. YDB doesn't look at the session here.
    """
    for wish in ("include_table_stats", "include_partition_stats", "include_shard_nodes_info", "include_set_val"):
        if getattr(request, wish):
            raise unsupported(f"DescribeTable with {wish}")
    catalog = node.database.state.catalog
    path = scheme.find(node, catalog, request.path)
    scheme.check_described(node, path, context)
    description = pb.DescribeTableResult()
    description.self.CopyFrom(scheme.describe(node, catalog, path))
    table = catalog[path]
    if isinstance(table, Table):
        columns = (*table.columns, *node.database.new_columns(path))
        description.columns.extend(_encode_column(table, column) for column in columns)
        description.primary_key.extend(table.key)
        description.indexes.extend(map(_encode_index, table.indexes))
        if built := node.database.index_under_build(path):
            description.indexes.append(_encode_index(built, is_built=False))
        description.store_type = pb.STORE_TYPE_COLUMN if table.is_column else pb.STORE_TYPE_ROW
        if not table.is_column:
            _encode_settings(table, description)
    return description


def _encode_column(table: Table, column: Column) -> pb.ColumnMeta:
    """YDB says by the type whether a column takes NULL; `not_null` it fills for column tables only."""
    type = column.type if column.not_null else types.optional(column.type)
    meta = pb.ColumnMeta(name=column.name, type=encode_type(type))
    if table.is_column and column.not_null:
        meta.not_null = True
    if column.family != "default":
        meta.family = column.family
    if column.default is not None:
        meta.from_literal.CopyFrom(encode(column.type, *column.default))
    if column.sequence is not None:
        meta.from_sequence.name = column.sequence
    return meta


def _encode_index(index: Index, is_built: bool = True) -> pb.TableIndexDescription:
    states = pb.TableIndexDescription
    description = pb.TableIndexDescription(
        name=index.name,
        index_columns=index.columns,
        data_columns=index.cover,
        status=states.STATUS_READY if is_built else states.STATUS_BUILDING,
    )
    encode_kind(index, description)
    return description


def encode_kind(index: Index, description: pb.TableIndexDescription | pb.TableIndex) -> None:
    """Say of which kind an index is; nothing of one that the proto files do not know which the SDK brings."""
    if index.using:
        return
    kind = "global_async_index" if index.asynchronous else "global_index"
    getattr(description, "global_unique_index" if index.unique else kind).SetInParent()


def _encode_settings(table: Table, description: pb.DescribeTableResult) -> None:
    """Settings of a row table. Defaults: ydb/docs/en/core/concepts/datamodel/table.md."""
    partitioning = description.partitioning_settings
    _encode_partitioning(table.settings, _made_with(table), partitioning)
    description.key_bloom_filter = _STATUS[table.settings.get("KEY_BLOOM_FILTER", "DISABLED")]
    if replicas := table.settings.get("READ_REPLICAS_SETTINGS"):
        kind, _, count = replicas.partition(":")
        field = "per_az_read_replicas_count" if kind == "PER_AZ" else "any_az_read_replicas_count"
        setattr(description.read_replicas_settings, field, int(count))
    for family in table.families:
        encoded = description.column_families.add(name=family.name)
        encoded.compression = _COMPRESSION[family.settings.get("COMPRESSION", "")]
        if media := family.settings.get("DATA"):
            encoded.data.media = media
    if table.ttl is not None:
        _encode_ttl(table.ttl, description.ttl_settings)
    for changefeed in table.changefeeds:
        _encode_changefeed(changefeed, description.changefeeds.add(name=changefeed.name))


def _made_with(table: Table) -> int:
    """The partitions that the table was made with, which is also their least number unless it says another."""
    return len(table.partition_at) + 1 if table.partition_at else int(table.settings.get("UNIFORM_PARTITIONS", 1))


def _encode_partitioning(settings: PMap[str, str], made_with: int, encoded: pb.PartitioningSettings) -> None:
    def setting(name: str, default: str) -> str:
        return settings.get(f"AUTO_PARTITIONING_{name}", default)

    encoded.partitioning_by_size = _STATUS[setting("BY_SIZE", "ENABLED")]
    if setting("BY_SIZE", "ENABLED") == "ENABLED":
        encoded.partition_size_mb = int(setting("PARTITION_SIZE_MB", _PARTITION_SIZE_MB))
    encoded.partitioning_by_load = _STATUS[setting("BY_LOAD", "DISABLED")]
    encoded.min_partitions_count = int(setting("MIN_PARTITIONS_COUNT", str(made_with)))
    encoded.max_partitions_count = int(setting("MAX_PARTITIONS_COUNT", "0"))


def _encode_ttl(ttl: Ttl, encoded: pb.TtlSettings) -> None:
    """A TTL that deletes, as the older fields of `ydb_table.proto` say it; both forms name the column."""
    seconds = ttl.interval // 10**6
    if ttl.unit is None:
        encoded.date_type_column.column_name = ttl.column
        encoded.date_type_column.expire_after_seconds = seconds
    else:
        since_epoch = encoded.value_since_unix_epoch
        since_epoch.column_name = ttl.column
        since_epoch.column_unit = getattr(pb.ValueSinceUnixEpochModeSettings, f"UNIT_{ttl.unit}")
        since_epoch.expire_after_seconds = seconds


def _encode_changefeed(changefeed: Changefeed, encoded: pb.ChangefeedDescription) -> None:
    settings = changefeed.settings
    encoded.mode = getattr(pb.ChangefeedMode, f"MODE_{settings['MODE']}")
    encoded.format = getattr(pb.ChangefeedFormat, f"FORMAT_{settings['FORMAT']}")
    encoded.state = pb.ChangefeedDescription.STATE_ENABLED
    encoded.virtual_timestamps = settings.get("VIRTUAL_TIMESTAMPS", False)
    if hasattr(encoded, "schema_changes"):  # not in the oldest proto files that the SDK brings
        encoded.schema_changes = settings.get("SCHEMA_CHANGES", False)
    if interval := settings.get("BARRIERS_INTERVAL"):
        encoded.resolved_timestamps_interval.FromMicroseconds(interval)


METHODS = {
    "CreateSession": create_session,
    "DeleteSession": delete_session,
    "KeepAlive": keep_alive,
    "BeginTransaction": begin_transaction,
    "CommitTransaction": commit_transaction,
    "RollbackTransaction": rollback_transaction,
    "ExecuteDataQuery": execute_data_query,
    "ExecuteSchemeQuery": execute_scheme_query,
    "DescribeTable": describe_table,
}
