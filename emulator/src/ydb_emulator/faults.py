"""Faults on demand: what a test wants to go wrong, and when. In Python alone, never over the wire.

    emulator.faults.fail("ExecuteQuery", Status.UNAVAILABLE, nth=2)
    emulator.faults.drop_connection("CommitTransaction", after=True)
    emulator.faults.reject("ExecuteQuery", grpc.StatusCode.RESOURCE_EXHAUSTED, "no resource")
    emulator.faults.delay_scheme_operation(3.0)
    ...
    assert not emulator.faults.pending

A fault strikes the n-th request of its kind, counted from when it is asked for, and the `times - 1` that follow.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import grpc
from google.protobuf.message import Message
from ydb._grpc.common import (
    ydb_auth_v1_pb2,
    ydb_discovery_v1_pb2,
    ydb_operation_v1_pb2,
    ydb_query_v1_pb2,
    ydb_scheme_v1_pb2,
    ydb_table_v1_pb2,
)

from .errors import LOCKS_INVALIDATED, Issue, Status, YdbError

_SERVICES = (
    ydb_auth_v1_pb2, ydb_discovery_v1_pb2, ydb_operation_v1_pb2, ydb_query_v1_pb2, ydb_scheme_v1_pb2, ydb_table_v1_pb2,
)  # fmt: skip
REQUESTS = frozenset(
    method.name for module in _SERVICES for s in module.DESCRIPTOR.services_by_name.values() for method in s.methods
)

_ISSUES = {
    Status.ABORTED: Issue("Transaction locks invalidated.", LOCKS_INVALIDATED),
    Status.UNAVAILABLE: Issue("Kikimr cluster or one of its subsystems was unavailable.", 2005),
    Status.OVERLOADED: Issue("Kikimr cluster or one of its subsystems is overloaded.", 2006),
    Status.CANCELLED: Issue("Operation cancelled.", 2021),
    Status.UNDETERMINED: Issue("State of operation is unknown.", 2026),
    Status.SESSION_EXPIRED: Issue("Session expired"),  # a guess: YDB's query service answers BAD_SESSION instead
}
"""What YDB says with a status: ydb/core/kqp/executer_actor/ut/kqp_executer_ut.cpp, session_actor (locks)."""

Matching = Callable[[str], bool]


@dataclass
class Fault:
    """One fault that was asked for. `status` None drops the connection; `after` lets the request run first.

    With a `code` the call ends with that status of gRPC, and `details`, before anything looks at the request.
    """

    request: str
    status: Status | None
    nth: int
    times: int
    matching: Matching | None
    after: bool
    issue: Issue | None
    code: grpc.StatusCode | None = None
    details: str = ""
    met: int = 0

    @property
    def is_pending(self) -> bool:
        return self.met < self.nth + self.times - 1

    def meets(self, request: str, text: str) -> bool:
        """Whether it strikes this request, which counts if it is of its kind."""
        if request != self.request or not self.is_pending or self.matching is not None and not self.matching(text):
            return False
        self.met += 1
        return self.met >= self.nth

    def error(self, session_id: str) -> YdbError:
        """The refusal to answer with. Only for faults with a status."""
        assert self.status is not None
        return YdbError(self.status, self.issue or Issue(f"Session not found: {session_id}"))


@dataclass
class Delay:
    """A scheme operation that is to take this long. `path` None is any path. `is_underway` is set once one is."""

    seconds: float
    path: str | None
    nth: int
    times: int
    met: int = 0
    is_underway: threading.Event = field(default_factory=threading.Event)

    @property
    def is_pending(self) -> bool:
        return self.met < self.nth + self.times - 1

    def meets(self, path: str) -> bool:
        if not self.is_pending or self.path not in (None, path):
            return False
        self.met += 1
        if self.met < self.nth:
            return False
        self.is_underway.set()
        return True


class Faults:
    """The faults of one emulator. `requests` counts the requests of every kind that came so far."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self._asked: list[Fault] = []
        self._delays: list[Delay] = []
        self._rejections: list[str] = []
        self._lock = threading.Lock()

    @property
    def pending(self) -> tuple[Fault | Delay, ...]:
        """Those that have not struck as often as they were asked to."""
        with self._lock:
            faults: list[Fault | Delay] = [*self._asked, *self._delays]
            return tuple(fault for fault in faults if fault.is_pending)

    def clear(self) -> None:
        """Forget them all."""
        with self._lock:
            self._asked.clear()
            self._delays.clear()
            self._rejections.clear()

    def fail(
        self,
        request: str = "ExecuteQuery",
        status: Status = Status.UNAVAILABLE,
        *,
        nth: int = 1,
        times: int = 1,
        matching: Matching | None = None,
        after: bool = False,
        message: str = "",
    ) -> None:
        """Answer a request with a status, instead of running it or `after` it ran (its fate is ambiguous then).

        `request` is the name of an RPC. `matching` tells by the text of a query whether it counts. As in YDB the
        transaction of the request ends, and with BAD_SESSION and SESSION_EXPIRED its session. Without a `message` the
        words are YDB's. Raises ValueError for a request or a number that can't be, and where words are needed.
        """
        if not message and status not in (*_ISSUES, Status.BAD_SESSION):
            raise ValueError(f"say with which message to answer {status.name}")
        issue = Issue(message) if message else _ISSUES.get(status)
        self._ask(Fault(request, status, nth, times, matching, after, issue))

    def drop_connection(
        self,
        request: str = "ExecuteQuery",
        *,
        nth: int = 1,
        times: int = 1,
        matching: Matching | None = None,
        after: bool = False,
    ) -> None:
        """Let the connection break as a request comes, or `after` it ran and before its answer.

        The call ends with gRPC's UNAVAILABLE, as do the streams of all sessions on the connection: they are gone with
        their transactions. Clients of one process may share a connection. Raises ValueError as `fail` does.
        """
        self._ask(Fault(request, None, nth, times, matching, after, None))

    def reject(
        self,
        request: str = "ExecuteQuery",
        code: grpc.StatusCode = grpc.StatusCode.RESOURCE_EXHAUSTED,
        details: str = "no resource",
        *,
        nth: int = 1,
        times: int = 1,
        matching: Matching | None = None,
    ) -> None:
        """End a call with a status of gRPC, as YDB does before it looks at a request, or what stands before YDB.

        The details are those of YDB with too many requests under way: ydb/library/grpc/server/grpc_request.h. Sessions
        and transactions are left alone. Raises ValueError as `fail` does, and for OK.
        """
        if code is grpc.StatusCode.OK:
            raise ValueError("a call that ends with OK is not rejected")
        self._ask(Fault(request, None, nth, times, matching, False, None, code, details))

    def delay_scheme_operation(self, seconds: float, *, path: str | None = None, nth: int = 1, times: int = 1) -> Delay:
        """Let a scheme operation on a table or view take so long; its path is under operation meanwhile.

        Out: the delay, whose `is_underway` can be waited for; `Database.hurry` ends it early. `path` is relative to the
        database (`t`, `folder/t`). Raises ValueError for numbers that can't be.
        """
        _check_numbers(nth, times)
        with self._lock:
            self._delays.append(delay := Delay(seconds, path, nth, times))
        return delay

    def reject_build(self, message: str) -> None:
        """Let the next build of an index, or of a column with a DEFAULT, come to nothing and say why.

        Raises ValueError without words.
        """
        if not message:
            raise ValueError("say why the build is rejected")
        with self._lock:
            self._rejections.append(message)

    def rejection(self) -> str:
        """Why a build that has run its time comes to nothing, `""` where it does not. For the database."""
        with self._lock:
            return self._rejections.pop(0) if self._rejections else ""

    def meet(self, request: str, message: Message) -> Fault | None:
        """The fault that strikes a request that has come, if any. For the services."""
        with self._lock:
            self.requests[request] += 1
            if not self._asked:
                return None
            text = _text(message)
            struck = [fault for fault in self._asked if fault.meets(request, text)]
            return struck[0] if struck else None

    def scheme_seconds(self, path: str) -> float:
        """How long a scheme operation on a path is to take. For the database."""
        with self._lock:
            return max((delay.seconds for delay in self._delays if delay.meets(path)), default=0.0)

    def _ask(self, fault: Fault) -> None:
        if fault.request not in REQUESTS:
            raise ValueError(f"{fault.request!r} is not a request: use the name of an RPC, such as ExecuteQuery")
        _check_numbers(fault.nth, fault.times)
        with self._lock:
            self._asked.append(fault)


def _check_numbers(nth: int, times: int) -> None:
    if nth < 1 or times < 1:
        raise ValueError("nth and times count from 1")


def _text(message: Message) -> str:
    """The text of a query, `""` for other requests."""
    fields = message.DESCRIPTOR.fields_by_name
    if "query_content" in fields:
        return message.query_content.text
    if "yql_text" in fields:
        return message.yql_text
    return message.query.yql_text if "query" in fields and "yql_text" in message.query.DESCRIPTOR.fields_by_name else ""
