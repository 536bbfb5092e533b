"""Ydb.Table.V1.TableService: queries that are prepared, or kept in the cache.

Source: ydb/core/grpc_services/rpc_prepare_data_query.cpp, rpc_execute_data_query.cpp (query_meta).
"""

from __future__ import annotations

from ydb._grpc.common.protos import ydb_table_pb2 as pb
from ydb._grpc.common.protos import ydb_value_pb2 as value_pb

from ..request import declared
from ..types import Type
from ..wire import encode_type
from .rpc import Call, Node, user
from .transactions import bad_request


def prepare_data_query(node: Node, request: pb.PrepareDataQueryRequest, context: Call) -> pb.PrepareQueryResult:
    """Check a query text and keep it. The result names the parameters that it declares, dollar sign and all."""
    session = node.sessions.get(request.session_id)
    if not request.yql_text:
        raise bad_request("Empty query text")
    types = session.prepare(request.yql_text, user(node, context))
    return pb.PrepareQueryResult(query_id=node.prepared.keep(request.yql_text), parameters_types=_encode(types))


def meta(node: Node, text: str) -> pb.QueryMeta:
    """What a request that keeps its query in the cache, or runs a prepared one, is told of it."""
    types = _encode(declared(node.database, text))
    return pb.QueryMeta(id=node.prepared.keep(text), parameters_types=types)


def _encode(types: dict[str, Type]) -> dict[str, value_pb.Type]:
    return {f"${name}": encode_type(type) for name, type in types.items()}


METHODS = {"PrepareDataQuery": prepare_data_query}
