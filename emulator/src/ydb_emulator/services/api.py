"""YDB's API as the emulator offers it: the method table that a transport serves.

gRPC is one transport (see `server`). What runs in the same process can call the methods itself: without a port, without
a thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ydb._grpc.common import (
    ydb_auth_v1_pb2,
    ydb_discovery_v1_pb2,
    ydb_operation_v1_pb2,
    ydb_query_v1_pb2,
    ydb_scheme_v1_pb2,
    ydb_scripting_v1_pb2,
    ydb_table_v1_pb2,
)

from . import auth, bulk, discovery, operation, prepared, query, scheme, schemes, table
from .rpc import Method, Node, Rpc, rpcs

_SERVICES: dict[Any, Mapping[str, Method]] = {
    ydb_query_v1_pb2: query.METHODS,
    ydb_table_v1_pb2: table.METHODS | schemes.METHODS | prepared.METHODS | bulk.METHODS,
    ydb_scheme_v1_pb2: scheme.METHODS,
    ydb_operation_v1_pb2: operation.METHODS,
    ydb_scripting_v1_pb2: {},
    ydb_discovery_v1_pb2: discovery.METHODS,
    ydb_auth_v1_pb2: auth.METHODS,
}


def methods(node: Node) -> dict[str, Rpc]:
    """The methods of a node by their full names, such as `/Ydb.Query.V1.QueryService/ExecuteQuery`."""
    return {
        method.name: method
        for module, answers in _SERVICES.items()
        for service in module.DESCRIPTOR.services_by_name.values()
        for method in rpcs(
            node,
            service,
            answers,
            any_database=module is ydb_discovery_v1_pb2,
            needs_token=module is not ydb_auth_v1_pb2,
        )
    }
