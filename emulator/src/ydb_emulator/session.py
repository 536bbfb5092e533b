"""Sessions of a node and the transactions in them.

Sources: ydb/core/kqp/proxy_service/kqp_proxy_service.cpp (sessions), ydb/core/kqp/session_actor/kqp_session_actor.cpp
(transactions), ydb/core/kqp/kqp_default_settings.txt (limits).
"""

from __future__ import annotations

import base64
import threading
import time
import urllib.parse
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from . import request
from .errors import Issue, Status, YdbError, unsupported
from .request import Parameter
from .result import ResultSet
from .store.database import Database, Mode, Transaction
from .types import Type

NODE_ID = 1
MAX_SESSIONS = 1000
MAX_TRANSACTIONS = 10
IDLE_TIMEOUT = 600.0
"""Seconds after which a session that no stream is attached to may be closed."""
TRANSACTION_IDLE_TIMEOUT = 300.0
"""Seconds after which an open transaction may have to make room for another one."""

_TRANSACTION_NOT_FOUND = 2015
_TOO_MANY_TRANSACTIONS = 2014


@dataclass(frozen=True)
class TxControl:
    """Which transaction a statement runs in: one begun for it, or the open one of that id; and whether to commit.

    `is_data_query` tells that the table service asks, which may not change column tables.
    """

    begin: Mode | None = None
    id: str = ""
    commit: bool = False
    is_data_query: bool = False


@dataclass(frozen=True)
class Outcome:
    """The result sets of a query text, and the id of the transaction that it left open (`""` for none)."""

    results: tuple[ResultSet, ...]
    transaction: str = ""


class Session:
    """One client's session: at most one request at a time, and its open transactions by id."""

    def __init__(self, database: Database, id: str):
        self.id = id
        self.attached = False
        self.peer = ""
        self.is_cut_off = False
        self.closed = threading.Event()
        self.used = time.monotonic()
        self._database = database
        self._transactions: dict[str, Transaction] = {}
        self._busy = threading.Lock()

    @property
    def is_busy(self) -> bool:
        return self._busy.locked()

    @property
    def is_over(self) -> bool:
        """Whether it is closed, or may be because nobody is attached to it and nothing was heard of it for long."""
        is_idle = not self.attached and not self.is_busy and self.used < time.monotonic() - IDLE_TIMEOUT
        return is_idle or self.closed.is_set()

    def touch(self) -> None:
        """The client is still there."""
        self.used = time.monotonic()

    def begin(self, mode: Mode) -> str:
        """Begin a transaction and return its id. Raises BAD_SESSION where too many are open."""
        with self._request():
            return self._begin(mode).id

    def commit(self, id: str) -> None:
        """Commit a transaction; it is gone whether that succeeds or not. Raises NOT_FOUND, ABORTED."""
        with self._request():
            self._commit(self._find(id))

    def rollback(self, id: str) -> None:
        """Raises NOT_FOUND."""
        with self._request():
            self._rollback(self._find(id))

    def abandon(self, id: str) -> None:
        """Roll a transaction back if it is still open."""
        with self._database.lock:
            if id in self._transactions:
                self._rollback(self._transactions[id])

    def execute(
        self,
        text: str,
        parameters: dict[str, Parameter],
        control: TxControl | None = None,
        user: str | None = None,
        is_query_service: bool = True,
    ) -> Outcome:
        """Run a query text: by itself without a `control`, else in a transaction. A failure ends the transaction.

        `user` is who asks; None is somebody without a login, who may do everything.

        Raises SESSION_BUSY, NOT_FOUND for a transaction that isn't open in this session, and what the query raises.
        """
        with self._request():
            if control is None:
                return Outcome(self._run(text, parameters, None, user, is_query_service))
            transaction = self._find(control.id) if control.begin is None else self._begin(control.begin)
            transaction.is_data_query = control.is_data_query
            try:
                with self._database.statement(transaction):
                    results = self._run(text, parameters, transaction, user, is_query_service)
            except BaseException:
                self._rollback(transaction)
                raise
            if control.commit:
                self._commit(transaction)
            return Outcome(results, "" if control.commit else transaction.id)

    def prepare(self, text: str, user: str | None = None) -> dict[str, Type]:
        """The types of the parameters that a query text declares. Raises SESSION_BUSY and what checking it raises."""
        with self._request():
            try:
                return request.prepare(self._database, text, user)
            except RecursionError:
                raise unsupported("such deep nesting") from None

    def _run(
        self,
        text: str,
        parameters: dict[str, Parameter],
        transaction: Transaction | None,
        user: str | None,
        is_query_service: bool,
    ) -> tuple[ResultSet, ...]:
        try:
            results = request.execute(self._database, text, parameters, transaction, user, is_query_service)
        except RecursionError:
            refusal = unsupported("such deep nesting")
            self._database.watch(text, refusal)
            raise refusal from None
        except YdbError as error:
            self._database.watch(text, error)
            raise
        self._database.watch(text, None)
        return results

    def close(self) -> None:
        """Roll back what is open and let go of the stream that is attached."""
        with self._database.lock:
            for transaction in list(self._transactions.values()):
                self._rollback(transaction)
            self.closed.set()

    @contextmanager
    def _request(self) -> Iterator[None]:
        if not self._busy.acquire(blocking=False):
            raise YdbError(Status.SESSION_BUSY, Issue("Pending previous query completion"))
        try:
            with self._database.lock:
                if self.closed.is_set():
                    raise session_not_found(self.id)
                yield
        finally:
            self.touch()
            self._busy.release()

    def _begin(self, mode: Mode) -> Transaction:
        """Where as many are open as may be, one that was not used for long makes room (RemoveOldTransactions)."""
        if len(self._transactions) >= MAX_TRANSACTIONS:
            oldest = min(self._transactions.values(), key=lambda transaction: transaction.used)
            if oldest.used < time.monotonic() - TRANSACTION_IDLE_TIMEOUT:
                self._rollback(oldest)
        if len(self._transactions) >= MAX_TRANSACTIONS:
            self.close()
            message = f"Too many transactions, current active: {MAX_TRANSACTIONS} MaxTxPerSession: {MAX_TRANSACTIONS}"
            # A guess at which of the two texts comes first: YDB sends an issue of that code and this message.
            raise YdbError(Status.BAD_SESSION, Issue(message, _TOO_MANY_TRANSACTIONS))
        transaction = self._database.begin(mode)
        self._transactions[transaction.id] = transaction
        return transaction

    def _find(self, id: str) -> Transaction:
        if id not in self._transactions:
            raise YdbError(Status.NOT_FOUND, Issue(f"Transaction not found: {id}", _TRANSACTION_NOT_FOUND))
        return self._transactions[id]

    def _commit(self, transaction: Transaction) -> None:
        del self._transactions[transaction.id]
        self._database.commit(transaction)

    def _rollback(self, transaction: Transaction) -> None:
        del self._transactions[transaction.id]
        self._database.rollback(transaction)


class Sessions:
    """The sessions of a node by id.

    In place, without gRPC, a session ends where nobody holds its stream any more. The garbage collector may find that
    anywhere, in a thread that is in here or in one that holds the database. So who ends sessions asks for no lock here.
    """

    def __init__(self, database: Database):
        self._database = database
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def create(self) -> Session:
        """Raises OVERLOADED where the node has as many sessions as it may."""
        session = Session(self._database, _new_id())
        with self._lock:
            expired = self._expired()
            if len(self._sessions) - len(expired) >= MAX_SESSIONS:
                message = f"Active sessions limit exceeded, maximum allowed: {MAX_SESSIONS}"
                raise YdbError(Status.OVERLOADED, Issue(message))
            for old in expired:
                self._sessions.pop(old.id, None)
            self._sessions[session.id] = session
        for old in expired:
            old.close()
        return session

    def get(self, id: str) -> Session:
        """Raises BAD_SESSION where there is none of that id, BAD_REQUEST where it isn't an id."""
        session = self._sessions.get(check_id(id))
        if session is None or session.is_over:
            raise session_not_found(id)
        return session

    def delete(self, id: str) -> None:
        """Close a session. There may be none of that id: YDB answers before it looks."""
        session = self._sessions.pop(check_id(id), None)
        if session is not None:
            session.close()

    def disconnect(self, peer: str) -> None:
        """End the sessions of one connection, as if it had broken."""
        for session in list(self._sessions.values()):
            if session.peer == peer:
                session.is_cut_off = True
                self.delete(session.id)

    def close(self) -> None:
        for id in list(self._sessions):
            self.delete(id)

    def _expired(self) -> list[Session]:
        return [session for session in list(self._sessions.values()) if session.is_over]


def check_id(id: str) -> str:
    """A session's id as it came in a request. Raises BAD_REQUEST where it can't be one."""
    if not id:
        raise YdbError(Status.BAD_REQUEST, Issue("Empty session id"))
    if not id.startswith("ydb://session/") or "node_id" not in urllib.parse.parse_qs(id.partition("?")[2]):
        raise YdbError(Status.BAD_REQUEST, Issue(f"Failed to parse session id: {id}"))
    return id


def session_not_found(id: str) -> YdbError:
    return YdbError(Status.BAD_SESSION, Issue(f"Session not found: {id}"))


def _new_id() -> str:
    """An id such as YDB's: the node, and a GUID of four hexadecimal words in base64."""
    words = uuid.uuid4().bytes
    guid = "-".join(words[i : i + 4].hex() for i in range(0, 16, 4))
    return f"ydb://session/3?node_id={NODE_ID}&id={base64.b64encode(guid.encode()).decode()}"
