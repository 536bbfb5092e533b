"""What conformance cases ask of the operation service: the builds of indexes, for which the SDK has half the calls."""

from __future__ import annotations

from typing import Any

import ydb
from ydb._grpc.common import ydb_operation_v1_pb2_grpc
from ydb._grpc.common.protos import ydb_operation_pb2 as pb
from ydb._grpc.common.protos import ydb_table_pb2 as table_pb

_STATES = {2: "filling", 4: "done", 6: "cancelled", 8: "rejected"}


def builds(driver: ydb.Driver) -> list[tuple[str, list[object]]]:
    """The builds that YDB remembers, the newest first: id, and table, index (None for columns) and state."""
    request = pb.ListOperationsRequest(kind="buildindex", page_size=100)
    page: Any = driver(request, ydb_operation_v1_pb2_grpc.OperationServiceStub, "ListOperations", _checked)
    return [(operation.id, _told(operation)) for operation in page.operations]


def _told(operation: pb.Operation) -> list[object]:
    told = table_pb.IndexBuildMetadata()
    operation.metadata.Unpack(told)
    return [told.description.path, told.description.index.name or None, _STATES.get(told.state, "other")]


def change(driver: ydb.Driver, what: str, id: str = "") -> None:
    """`cancel` or `forget` a build, the newest without an id. Raises what YDB refuses with."""
    getattr(ydb.OperationClient(driver), what)(id or builds(driver)[0][0])


def _checked(_: object, response: Any) -> Any:
    ydb.issues._process_response(response)
    return response
