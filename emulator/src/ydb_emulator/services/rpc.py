"""How a call is answered: its method is found, the answer or the refusal is wrapped as YDB wraps it.

A method is a function `(node, request, context)`. It returns the result of an operation (None for none), or the
response itself where the service has no operations (QueryService) or an operation is what is asked for, or yields
responses where they are a stream; it raises YdbError to refuse. Every other method of a service is
refused as unsupported, so that a client doesn't take it for a connection at fault and try again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, Protocol

import grpc
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

from ..access import Access
from ..errors import Issue, Status, YdbError, unsupported
from ..faults import Fault, Faults
from ..prepared import Prepared
from ..session import Sessions
from ..store.accounts import ADMINS
from ..store.database import Database
from ..wire import encode_issue

logger = logging.getLogger("ydb_emulator")

DATABASE_HEADER = "x-ydb-database"
TOKEN_HEADER = "x-ydb-auth-ticket"


@dataclass(frozen=True)
class Node:
    """What the services work with: the one node of a cluster with one database."""

    database: Database
    sessions: Sessions
    faults: Faults
    access: Access
    address: str
    port: int
    is_secure: bool
    prepared: Prepared = field(default_factory=Prepared)


class Call(Protocol):
    """A call as the services see it. A ServicerContext of gRPC is one; another transport brings its own."""

    def invocation_metadata(self) -> Iterable[tuple[str, Any]]:
        """The headers that came with it."""

    def peer(self) -> str:
        """The connection that it came by."""

    def abort(self, code: grpc.StatusCode, details: str) -> NoReturn:
        """End it with a status of gRPC. Always raises."""

    def code(self) -> grpc.StatusCode | None:
        """The status that `abort` ended it with, if it did."""

    def add_callback(self, callback: Callable[[], None]) -> bool:
        """Have something called when it has ended. False where it has ended already."""


Method = Callable[[Node, Any, Call], Message | Iterator[Message] | None]
"""Each takes the message of its own name."""


@dataclass(frozen=True)
class Rpc:
    """A method of YDB's API for a transport to serve: it makes the call, and moves messages.

    `name` is the full one, such as `/Ydb.Query.V1.QueryService/ExecuteQuery`. `answer` takes a request, or None for
    one that is no `request`, and returns a `response`, or where it `streams` an iterator of them. What YDB refuses is
    a response as well; only `Call.abort` raises. A stream that is not read to its end has to be closed.
    """

    name: str
    request: type[Message]
    response: type[Message]
    streams: bool
    answer: Callable[[Message | None, Call], Any]

    def parse(self, data: bytes) -> Message | None:
        """The request in these bytes, None where there is none in them."""
        try:
            return self.request.FromString(data)
        except DecodeError:  # grpc would log a traceback
            return None


def canonical(path: str) -> str:
    """A path as YDB reads it: one slash before every name, none at the end."""
    return "".join(f"/{name}" for name in path.split("/") if name)


def rpcs(
    node: Node,
    service: ServiceDescriptor,
    methods: Mapping[str, Method],
    any_database: bool = False,
    needs_token: bool = True,
) -> Iterator[Rpc]:
    """All methods of a service. `any_database` for one that doesn't work in the database of the header."""
    for method in service.methods:
        if not method.client_streaming:
            yield _rpc(node, method, methods.get(method.name, _refuse), any_database, needs_token)


def _refuse(node: Node, request: Message, context: Call) -> None:
    raise unsupported(f"the request {request.DESCRIPTOR.full_name}")


def _rpc(node: Node, descriptor: MethodDescriptor, method: Method, any_database: bool, needs_token: bool) -> Rpc:
    response_class = GetMessageClass(descriptor.output_type)

    def call(request: Message | None, context: Call) -> Message | Iterator[Message] | None:
        if request is None:
            context.abort(grpc.StatusCode.INTERNAL, f"Can't parse a {descriptor.input_type.full_name}")
        if not any_database:
            _check_database(node, context)
        if needs_token:
            _check_token(node, context)
            _check_rights(node, descriptor.name, context)
        _check_operation(request)
        fault = node.faults.meet(descriptor.name, request)
        if fault is not None:
            _strike(node, fault, method, request, context)
        return method(node, request, context)

    def unary(request: Message | None, context: Call) -> Message:
        with _Refusals(response_class, context) as refusals:
            return _success(response_class, call(request, context))
        return refusals.response

    def stream(request: Message | None, context: Call) -> Iterator[Message]:
        with _Refusals(response_class, context) as refusals:
            yield from call(request, context) or ()
        if refusals.response is not None:
            yield refusals.response

    streams = descriptor.server_streaming
    name = f"/{descriptor.containing_service.full_name}/{descriptor.name}"
    request_class = GetMessageClass(descriptor.input_type)
    return Rpc(name, request_class, response_class, streams, stream if streams else unary)


def _strike(node: Node, fault: Fault, method: Method, request: Message, context: Call) -> None:
    """Let a fault happen to a request, before or after it runs. Always raises."""
    if fault.code is not None:
        context.abort(fault.code, fault.details)
    if fault.after:
        answer = method(node, request, context)
        if isinstance(answer, Iterator):
            next(answer, None)  # the first part comes when all is done
    session_id = getattr(request, "session_id", "")
    if fault.status is None:
        node.sessions.disconnect(context.peer())
        context.abort(grpc.StatusCode.UNAVAILABLE, "Socket closed")
    if fault.status in (Status.BAD_SESSION, Status.SESSION_EXPIRED):
        node.sessions.delete(session_id)
    elif session_id:
        control = getattr(request, "tx_control", request)
        node.sessions.get(session_id).abandon(getattr(control, "tx_id", ""))
    raise fault.error(session_id)


class _Refusals:
    """Turns an exception in its block into a response.

    The emulator's own fault is UNSUPPORTED as well: a client tries most other statuses again, up to eleven times.
    """

    def __init__(self, response_class: type[Message], context: Call):
        self.response: Message | None = None
        self._response_class = response_class
        self._context = context

    def __enter__(self) -> _Refusals:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: object) -> bool:
        if isinstance(error, YdbError):
            self.response = _failure(self._response_class, error)
        elif isinstance(error, Exception) and self._context.code() is None:  # with a code, it is `abort` that raised
            logger.error("The emulator failed", exc_info=error)
            fault = Issue(f"The emulator failed: {type(error).__name__}: {error}")
            self.response = _failure(self._response_class, YdbError(Status.UNSUPPORTED, fault))
        return self.response is not None


def _check_database(node: Node, context: Call) -> None:
    """Refuse a call for another database. One without the header works in the root database, which is ours.

    Source: ydb/core/grpc_services/grpc_request_proxy.cpp (ForgetDatabase).
    """
    for name, value in context.invocation_metadata():
        if name == DATABASE_HEADER and value and canonical(value) != node.database.path:
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "Unknown database")


def _check_token(node: Node, context: Call) -> None:
    """Refuse a call of somebody who has not logged in, where the emulator asks for that."""
    token = dict(context.invocation_metadata()).get(TOKEN_HEADER, "")
    refusal = node.access.refusal(token)
    if refusal is not None:
        context.abort(grpc.StatusCode.UNAUTHENTICATED, refusal)


_WITH_RIGHTS = frozenset((
    "CreateSession", "DeleteSession", "AttachSession", "KeepAlive", "BeginTransaction", "CommitTransaction",
    "RollbackTransaction", "ExecuteQuery", "ExecuteDataQuery", "ExecuteSchemeQuery", "ListDirectory", "DescribePath",
    "MakeDirectory", "RemoveDirectory", "DescribeTable", "ListEndpoints", "WhoAmI", "CreateTable", "DropTable",
    "AlterTable", "RenameTables", "CopyTable", "CopyTables", "PrepareDataQuery", "BulkUpsert",
))  # fmt: skip
"""The methods that look at the rights of who asks, or need none."""


def user(node: Node, context: Call) -> str | None:
    """Who asks; None where there was no login."""
    return node.access.user(dict(context.invocation_metadata()).get(TOKEN_HEADER, ""))


def limited(node: Node, context: Call) -> str | None:
    """Who asks, where what they may do has to be looked at; None for administrators."""
    name = user(node, context)
    return name if name is not None and ADMINS not in node.database.accounts.subjects(name) else None


def _check_rights(node: Node, method: str, context: Call) -> None:
    if method not in _WITH_RIGHTS and limited(node, context) is not None:
        raise unsupported(f"the request {method} of a user whose rights are limited")


def _check_operation(request: Message) -> None:
    """Refuse an operation that is to run in the background; its time limits can wait, nothing here takes long."""
    params = getattr(request, "operation_params", None)
    if params is not None and params.operation_mode == params.ASYNC:
        raise unsupported("asynchronous operations")


def _has_operation(response: Message) -> bool:
    return "operation" in response.DESCRIPTOR.fields_by_name


def _success(response_class: type[Message], result: Message | None) -> Message:
    response = response_class()
    if isinstance(result, response_class) and _has_operation(response):
        return result
    if not _has_operation(response):
        if result is not None:
            response = result
        response.status = Status.SUCCESS
        return response
    response.operation.ready = True
    response.operation.status = Status.SUCCESS
    if result is not None:
        response.operation.result.Pack(result)
    return response


def _failure(response_class: type[Message], error: YdbError) -> Message:
    response = response_class()
    answer = response
    if _has_operation(response):
        answer = response.operation
        answer.ready = True
    answer.status = error.status
    answer.issues.extend(map(encode_issue, error.issues))
    return response
