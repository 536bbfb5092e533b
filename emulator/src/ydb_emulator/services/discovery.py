"""Ydb.Discovery.V1.DiscoveryService: which nodes serve a database.

Source: ydb/core/grpc_services/rpc_discovery.cpp, ydb/core/discovery/discovery.cpp.
"""

from __future__ import annotations

from ydb._grpc.common.protos import ydb_discovery_pb2 as pb

from ..errors import Issue, Status, YdbError, unsupported
from ..session import NODE_ID
from .rpc import Call, Node, canonical

_ACCESS_DENIED, _DATABASE_NOT_EXIST = 200000, 200202


def list_endpoints(node: Node, request: pb.ListEndpointsRequest, context: Call) -> pb.ListEndpointsResult:
    """The one endpoint there is. Raises NOT_FOUND for another database."""
    if request.service:
        raise unsupported("discovery of single services")
    path = canonical(request.database)
    if path != node.database.path:
        raise YdbError(Status.NOT_FOUND, _why_not(node, path))
    endpoint = pb.EndpointInfo(address=node.address, port=node.port, node_id=NODE_ID, ssl=node.is_secure)
    return pb.ListEndpointsResult(endpoints=[endpoint])


def _why_not(node: Node, path: str) -> Issue:
    root, other = path.split("/")[1:2], node.database.path.split("/")[1:2]
    if root != other:
        return Issue(f"Database {''.join(root)} does not exist", _DATABASE_NOT_EXIST)
    inside = path.removeprefix(f"{node.database.path}/")
    if inside != path and inside in node.database.state.catalog:
        return Issue("Requested path is not database name", _ACCESS_DENIED)
    return Issue("Requested database does not exist", _DATABASE_NOT_EXIST)


METHODS = {"ListEndpoints": list_endpoints}
