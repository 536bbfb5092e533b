"""Ydb.Query.V1.QueryService: sessions, transactions and queries.

Source: ydb/core/grpc_services/query/*.cpp, ydb/core/kqp/proxy_service/kqp_proxy_service.cpp.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import grpc
from ydb._grpc.common.protos import ydb_query_pb2 as pb
from ydb._grpc.common.protos import ydb_value_pb2 as value_pb

from ..errors import Status, YdbError, unsupported
from ..result import ResultSet
from ..session import NODE_ID, Outcome
from ..wire import encode_columns, encode_rows
from .parameters import parameters
from .rpc import Call, Node, user
from .transactions import bad_request, begin_mode, open_tx_id, tx_control

PART_BYTES = 1 << 20
"""A part of a result set ends with the row that takes it over this size, unless the request says otherwise."""


def create_session(node: Node, request: pb.CreateSessionRequest, context: Call) -> pb.CreateSessionResponse:
    session = node.sessions.create()
    return pb.CreateSessionResponse(session_id=session.id, node_id=NODE_ID)


def delete_session(node: Node, request: pb.DeleteSessionRequest, context: Call) -> None:
    node.sessions.delete(request.session_id)


def attach_session(node: Node, request: pb.AttachSessionRequest, context: Call) -> Iterator[pb.SessionState]:
    """A stream that lasts as long as the session; when the client ends it, the session ends."""
    session = node.sessions.get(request.session_id)
    if session.is_busy:
        raise YdbError(Status.SESSION_BUSY)
    session.attached = True
    session.peer = context.peer()
    if not context.add_callback(session.closed.set):
        session.closed.set()
    try:
        yield pb.SessionState(status=Status.SUCCESS)
        session.closed.wait()
        if session.is_cut_off:
            context.abort(grpc.StatusCode.UNAVAILABLE, "Socket closed")
    finally:
        node.sessions.delete(session.id)


def begin_transaction(node: Node, request: pb.BeginTransactionRequest, context: Call) -> pb.BeginTransactionResponse:
    session = node.sessions.get(request.session_id)
    return pb.BeginTransactionResponse(tx_meta=pb.TransactionMeta(id=session.begin(begin_mode(request))))


def commit_transaction(node: Node, request: pb.CommitTransactionRequest, context: Call) -> None:
    node.sessions.get(request.session_id).commit(open_tx_id(request))


def rollback_transaction(node: Node, request: pb.RollbackTransactionRequest, context: Call) -> None:
    node.sessions.get(request.session_id).rollback(open_tx_id(request))


def execute_query(node: Node, request: pb.ExecuteQueryRequest, context: Call) -> Iterator[pb.ExecuteQueryResponsePart]:
    """Run a query text; the parts of its result sets follow one another, set by set."""
    _check_query(request)
    outcome = _execute(node, request, user(node, context))
    parts = chain.from_iterable(_parts(index, result, request) for index, result in enumerate(outcome.results))
    first = next(parts, pb.ExecuteQueryResponsePart(status=Status.SUCCESS))
    if outcome.transaction:
        first.tx_meta.id = outcome.transaction
    yield first
    yield from parts


def _check_query(request: pb.ExecuteQueryRequest) -> None:
    if request.exec_mode in (pb.EXEC_MODE_VALIDATE, pb.EXEC_MODE_EXPLAIN):
        raise unsupported(pb.ExecMode.Name(request.exec_mode))
    if request.exec_mode != pb.EXEC_MODE_EXECUTE:
        raise bad_request("Unexpected query mode")
    if request.WhichOneof("query") != "query_content":
        raise bad_request("Unexpected query option")
    if not request.query_content.text:
        raise bad_request("Empty query text")
    if request.query_content.syntax not in (pb.SYNTAX_UNSPECIFIED, pb.SYNTAX_YQL_V1):
        raise unsupported("a syntax other than YQL v1")
    if request.stats_mode not in (pb.STATS_MODE_UNSPECIFIED, pb.STATS_MODE_NONE):
        raise unsupported("query statistics")
    if request.result_set_format not in (value_pb.ResultSet.FORMAT_UNSPECIFIED, value_pb.ResultSet.FORMAT_VALUE):
        raise unsupported("a result set format other than VALUE")
    if request.pool_id not in ("", "default"):
        raise unsupported("resource pools")


def _execute(node: Node, request: pb.ExecuteQueryRequest, asks: str | None) -> Outcome:
    """Run it in the session it names, or in one of its own."""
    control = tx_control(request.tx_control) if request.HasField("tx_control") else None
    text, values = request.query_content.text, parameters(request.parameters)
    if request.session_id:
        session = node.sessions.get(request.session_id)
        if not session.attached:
            raise bad_request("Attempt to execute query on explicit session without attach")
        return session.execute(text, values, control, asks)
    session = node.sessions.create()
    try:
        return session.execute(text, values, control, asks)
    finally:
        node.sessions.delete(session.id)


def _parts(index: int, result: ResultSet, request: pb.ExecuteQueryRequest) -> Iterator[pb.ExecuteQueryResponsePart]:
    limit = request.response_part_limit_bytes or PART_BYTES
    columns = encode_columns(result)

    def new_part() -> pb.ExecuteQueryResponsePart:
        result_set = value_pb.ResultSet(columns=columns)
        return pb.ExecuteQueryResponsePart(status=Status.SUCCESS, result_set_index=index, result_set=result_set)

    part, size = new_part(), 0
    for row in encode_rows(result):
        if size > limit:
            yield part
            if request.schema_inclusion_mode == pb.SCHEMA_INCLUSION_MODE_FIRST_ONLY:
                columns = []
            part, size = new_part(), 0
        part.result_set.rows.append(row)
        size += row.ByteSize()
    yield part


METHODS = {
    "CreateSession": create_session,
    "DeleteSession": delete_session,
    "AttachSession": attach_session,
    "BeginTransaction": begin_transaction,
    "CommitTransaction": commit_transaction,
    "RollbackTransaction": rollback_transaction,
    "ExecuteQuery": execute_query,
}
