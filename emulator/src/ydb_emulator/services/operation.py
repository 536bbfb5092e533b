"""Ydb.Operation.V1.OperationService: the builds of indexes, listed, told, cancelled and forgotten.

Source: ydb/core/grpc_services/rpc_list_operations.cpp, rpc_get_operation.cpp, rpc_cancel_operation.cpp,
rpc_forget_operation.cpp, operation_helpers.cpp (ToOperation); schemeshard_build_index__list.cpp (pages).
"""

from __future__ import annotations

import re

from ydb._grpc.common.protos import ydb_operation_pb2 as pb
from ydb._grpc.common.protos import ydb_table_pb2 as table_pb

from ..errors import Status, YdbError, unsupported
from ..store.builds import Build, State
from .rpc import Call, Node
from .table import encode_kind
from .transactions import bad_request

_KIND = "buildindex"
_PREFIX = f"ydb://{_KIND}/7?"
_PAGE, _MAX_PAGE = 10, 100
_SOON = 10  # seconds in which a statement is told that its build is cancelled
_STATUS = {
    State.DONE: Status.SUCCESS,
    State.CANCELLED: Status.CANCELLED,
    State.REJECTED: Status.ABORTED,
}


def list_operations(node: Node, request: pb.ListOperationsRequest, context: Call) -> pb.ListOperationsResponse:
    """A page of builds, the newest first. The token of the page after the last one is 0."""
    if request.kind != _KIND:
        raise unsupported(f"operations of the kind {request.kind!r}")
    token = request.page_token
    if token and not re.fullmatch(r"[0-9]+", token):
        raise bad_request("Unable to parse page token")
    page = max(int(token or 1), 1)
    size = min(request.page_size or _PAGE, _MAX_PAGE)
    with node.database.lock:
        builds = node.database.builds.newest_first()
        shown = [_encode(node, build) for build in builds[(page - 1) * size : page * size]]
    is_last = page * size >= len(builds)
    return pb.ListOperationsResponse(operations=shown, next_page_token="0" if is_last else str(page + 1))


def get_operation(node: Node, request: pb.GetOperationRequest, context: Call) -> pb.GetOperationResponse:
    """One build. One that is not known is PRECONDITION_FAILED, without a word."""
    try:
        id = _id(request.id)
    except YdbError as error:
        raise error if error.status is Status.UNSUPPORTED else YdbError(error.status) from None
    with node.database.lock:
        build = node.database.builds.find(id)
        if build is not None:
            return pb.GetOperationResponse(operation=_encode(node, build))
    unknown = pb.Operation(id=request.id, ready=True, status=Status.PRECONDITION_FAILED)
    return pb.GetOperationResponse(operation=unknown)


def cancel_operation(node: Node, request: pb.CancelOperationRequest, context: Call) -> None:
    """Ask for the end of a build; the statement that began it fails then. Here it is over when the answer comes."""
    id = _id(request.id)
    with node.database.lock:
        build = node.database.builds.cancel(id)
        node.database.wake()
        node.database.let_others(_SOON, until=lambda: build.is_finished)


def forget_operation(node: Node, request: pb.ForgetOperationRequest, context: Call) -> None:
    """Remove a build that has ended from the list."""
    id = _id(request.id)
    with node.database.lock:
        node.database.builds.forget(id)


def _id(text: str) -> int:
    """The number in an operation's id. Raises BAD_REQUEST for what is none, UNSUPPORTED for one of another kind."""
    if not text.startswith("ydb://"):
        raise bad_request("Invalid operation id")
    if not text.startswith(_PREFIX):
        raise unsupported(f"the operation {text}")
    found = re.fullmatch(r"id=0*([1-9][0-9]{0,18})", text.removeprefix(_PREFIX))
    if found is None:
        raise bad_request("Unable to extract operation id")
    return int(found[1])


def _encode(node: Node, build: Build) -> pb.Operation:
    description = table_pb.IndexBuildDescription(path=f"{node.database.path}/{build.path}")
    if build.index is not None:
        index = build.index
        described = table_pb.TableIndex(name=index.name, index_columns=index.columns, data_columns=index.cover)
        encode_kind(index, described)
        description.index.CopyFrom(described)
    metadata = table_pb.IndexBuildMetadata(description=description, state=build.state.value, progress=build.progress)
    operation = pb.Operation(id=f"{_PREFIX}id={build.id}", ready=build.is_finished)
    if build.is_finished:
        operation.status = _STATUS[build.state]
    if build.why:
        operation.issues.add(message=build.why, severity=1)
    operation.metadata.Pack(metadata)
    return operation


METHODS = {
    "ListOperations": list_operations,
    "GetOperation": get_operation,
    "CancelOperation": cancel_operation,
    "ForgetOperation": forget_operation,
}
