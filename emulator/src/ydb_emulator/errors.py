"""YDB's errors: one exception, and the statuses, issue codes and texts that YDB answers with.

A refusal is a status and a tree of issues (`ydb_issue_message.proto`). Functions below are named after
what is refused; each text is YDB's own, taken from its sources or tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum


class Status(IntEnum):
    """Status codes of `ydb_status_codes.proto`."""

    SUCCESS = 400000
    BAD_REQUEST = 400010
    UNAUTHORIZED = 400020
    INTERNAL_ERROR = 400030
    ABORTED = 400040
    UNAVAILABLE = 400050
    OVERLOADED = 400060
    SCHEME_ERROR = 400070
    GENERIC_ERROR = 400080
    TIMEOUT = 400090
    BAD_SESSION = 400100
    PRECONDITION_FAILED = 400120
    ALREADY_EXISTS = 400130
    NOT_FOUND = 400140
    SESSION_EXPIRED = 400150
    CANCELLED = 400160
    UNDETERMINED = 400170
    UNSUPPORTED = 400180
    SESSION_BUSY = 400190


class Severity(IntEnum):
    """Severities of `ydb/public/api/protos/ydb_issue_message.proto` as YQL numbers them."""

    FATAL = 0
    ERROR = 1
    WARNING = 2
    INFO = 3


@dataclass(frozen=True)
class Position:
    """A place in the text of a query: row and column, both from 1."""

    row: int = 0
    column: int = 0


NOWHERE = Position()


@dataclass(frozen=True)
class Issue:
    """One issue of a refusal, with the issues that explain it below it."""

    message: str
    code: int = 0
    position: Position = NOWHERE
    severity: Severity = Severity.ERROR
    issues: tuple[Issue, ...] = ()

    def texts(self) -> list[str]:
        """This issue's message and those of the issues below it, outermost first."""
        return [self.message, *(text for issue in self.issues for text in issue.texts())]


class YdbError(Exception):
    """A refusal: `status` and `issues` as they go over the wire."""

    def __init__(self, status: Status, *issues: Issue):
        super().__init__(f"{status.name}: " + "; ".join(text for i in issues for text in i.texts()))
        self.status = status
        self.issues = issues


TYPE_ANNOTATION = 1030
LOCKS_INVALIDATED = 2001
SCHEME_ERROR = 2003
BAD_OPERATION = 2008
CONSTRAINT_VIOLATION = 2012
BAD_REQUEST = 2017
ACCESS_DENIED = 2018
QUERY_INVALIDATED = 2019
PRECONDITION_FAILED = 2029
UNSUPPORTED = 2030
BAD_COLUMN_TYPE = 2031
NO_COLUMN_DEFAULT_VALUE = 2032

TERMINATED = "Terminate was called, reason("
"""How what an expression says begins that fails as it runs (UdfTerminate in ydb/core/kqp/ut/query/kqp_query_ut.cpp)."""

_STATUS_BY_CODE = {
    LOCKS_INVALIDATED: Status.ABORTED,
    SCHEME_ERROR: Status.SCHEME_ERROR,
    CONSTRAINT_VIOLATION: Status.PRECONDITION_FAILED,
    BAD_REQUEST: Status.BAD_REQUEST,
    ACCESS_DENIED: Status.UNAUTHORIZED,
    PRECONDITION_FAILED: Status.PRECONDITION_FAILED,
    UNSUPPORTED: Status.UNSUPPORTED,
    BAD_COLUMN_TYPE: Status.BAD_REQUEST,
    NO_COLUMN_DEFAULT_VALUE: Status.BAD_REQUEST,
}
"""Issue codes (yql/essentials/core/issue/protos/issue_id.proto) that decide the status of a refusal.

Source: GetYdbStatus in ydb/core/kqp/session_actor/kqp_worker_common.cpp.
"""


def refusal(*issues: Issue) -> YdbError:
    """A refusal with the status that its issues ask for."""
    return YdbError(status_of(*issues), *issues)


def status_of(*issues: Issue) -> Status:
    """The status of a tree of issues: that on which all its branches agree, else GENERIC_ERROR.

    A branch is decided by the outermost code that has a status; an issue without one and without issues below it says
    GENERIC_ERROR. Source: CollectYdbStatuses and GetYdbStatus in ydb/core/kqp/session_actor/kqp_worker_common.cpp.
    """
    said = {status for issue in issues for status in _statuses(issue)}
    return said.pop() if len(said) == 1 else Status.GENERIC_ERROR


def _statuses(issue: Issue) -> Iterator[Status]:
    if issue.code in _STATUS_BY_CODE:
        yield _STATUS_BY_CODE[issue.code]
    elif not issue.issues:
        yield Status.GENERIC_ERROR
    for below in () if issue.code in _STATUS_BY_CODE else issue.issues:
        yield from _statuses(below)


def refusal_at(message: str, position: Position, code: int = 0) -> YdbError:
    """A refusal of one issue, about a place in the query's text."""
    return refusal(Issue(message, code, position))


def type_annotation(function: str, position: Position, *issues: Issue) -> YdbError:
    """A refusal found while types are inferred, such as `KiUpdateTable!` for an UPDATE that can't be.

    Shape: ydb/services/ydb/ydb_ut.cpp pins `Type annotation` > `At function: KiWriteTable!` > the cause.
    """
    at = Issue(f"At function: {function}", position=position, issues=issues)
    return refusal(Issue("Type annotation", TYPE_ANNOTATION, issues=(at,)))


def scheme_failure(message: str, code: int = SCHEME_ERROR, status: Status | None = None) -> YdbError:
    """A refusal by the scheme shard, after the statement itself was found right.

    Shape: github.com/ydb-platform/ydb/issues/11193; a second issue follows SCHEME_ERROR alone (the switch over the
    status in ydb/core/kqp/session_actor/kqp_session_actor.cpp).
    """
    issue = Issue(message, code)
    status = status or status_of(issue)
    if status is not Status.SCHEME_ERROR:
        return YdbError(status, issue)
    invalidated = "Query invalidated on scheme/internal error during Scheme execution"
    return YdbError(status, issue, Issue(invalidated, QUERY_INVALIDATED))


def executing(what: str, error: YdbError) -> YdbError:
    """A refusal by the scheme shard as later releases tell it: what was executed, and the reason below it.

    Source: MakeSchemeOperationRequest in ydb/core/kqp/executer_actor/kqp_scheme_executer.cpp.
    """
    reason, *others = error.issues
    return YdbError(error.status, Issue(f"Executing {what}", reason.code, issues=(reason,)), *others)


def row_access_denied(absolute: str) -> YdbError:
    """A table's rows without the right to read or change them. Source: ydb/core/kqp/ut/scheme/kqp_acl_ut.cpp."""
    return YdbError(Status.ABORTED, Issue(f"Failed to resolve table `{absolute}` status: AccessDenied.", 2028))


def unsupported(what: str, position: Position = NOWHERE) -> YdbError:
    """The emulator's own refusal of something that YDB may well accept; never YDB's words."""
    return YdbError(Status.UNSUPPORTED, Issue(f"The emulator does not support {what}", position=position))
