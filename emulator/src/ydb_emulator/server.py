"""The emulator as a whole: a gRPC server on a loopback port, with one database behind it."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from functools import partial
from queue import SimpleQueue
from types import TracebackType

import grpc

from . import releases
from .access import Access, accounts
from .faults import Faults
from .services.api import methods
from .services.rpc import Node, Rpc
from .session import Sessions
from .store.database import Database, Kept
from .yql.automaton import automaton

_ADDRESS = "127.0.0.1"
_GRACE = 1  # seconds for calls that are under way when the server stops
_MAX_MESSAGE = 64_000_000
"""DEFAULT_GRPC_MESSAGE_SIZE_LIMIT of YDB (ydb/public/sdk/cpp/src/library/grpc/common/constants.h)."""

_OPTIONS = (
    ("grpc.so_reuseport", 0),
    ("grpc.max_receive_message_length", _MAX_MESSAGE),
    ("grpc.max_send_message_length", _MAX_MESSAGE),
    # Clients ping every ten seconds while a session is idle; by default a server hangs up on that.
    ("grpc.http2.max_ping_strikes", 0),
    ("grpc.keepalive_permit_without_calls", 1),
)


class Emulator:
    """An embedded YDB on a port of this machine's loopback interface. A context manager.

    `port` 0 is any free port. `url` is for SQLAlchemy, with the port that was taken once it is started. `line` is the
    release line that it behaves as, `flags` are feature flags that differ from the line's (see `lines`). With `users`,
    passwords by name, it asks for a login, and they are its administrators (see `access`). `tls`, a key and a
    certificate in PEM, lets it speak TLS and nothing else. `build_seconds` is how long the build of an index takes, or
    of a column with a DEFAULT. `faults` lets requests fail on demand.
    """

    def __init__(
        self,
        port: int = 0,
        path: str = "/local",
        line: str = releases.DEFAULT,
        flags: Mapping[str, bool] | None = None,
        users: Mapping[str, str] | None = None,
        tls: tuple[bytes, bytes] | None = None,
        build_seconds: float = 0.0,
    ):
        self.port = port
        self.database = Database(path, releases.Line(line, flags or {}), accounts(users))
        self.faults = Faults()
        self.database.scheme_seconds = self.faults.scheme_seconds
        self.database.rejection = self.faults.rejection
        self.database.build_seconds = build_seconds
        self._access = Access(self.database, asks=users is not None)
        self._tls = tls
        self._sessions = Sessions(self.database)
        self._threads = _Threads()
        self._server: grpc.Server | None = None

    @property
    def url(self) -> str:
        options = "?protocol=grpcs" if self._tls else ""
        return f"yql+ydb://{self._host}:{self.port}{self.database.path}{options}"

    @property
    def _host(self) -> str:
        """What clients are to call this machine: with TLS by its name, which is what a certificate has."""
        return "localhost" if self._tls else _ADDRESS

    def start(self) -> Emulator:
        """Take the port and answer calls. Raises OSError where the port is in use."""
        _check_free(self.port)
        self._server = grpc.server(self._threads, options=_OPTIONS)
        address = f"{_ADDRESS}:{self.port}"
        if self._tls:
            self.port = self._server.add_secure_port(address, grpc.ssl_server_credentials([self._tls]))
        else:
            self.port = self._server.add_insecure_port(address)
        self._server.add_generic_rpc_handlers([_Handlers(self.methods())])
        self._server.start()
        # The first statement would wait for it; a client takes about as long to come.
        threading.Thread(target=automaton, name="ydb-emulator-grammar", daemon=True).start()
        return self

    def methods(self) -> dict[str, Rpc]:
        """The method table, for a transport of one's own. It need not be started, and has no threads then.

        Each table begins anew with prepared queries; sessions and data are the emulator's.
        """
        is_secure = self._tls is not None
        node = Node(self.database, self._sessions, self.faults, self._access, self._host, self.port, is_secure)
        return methods(node)

    def stop(self) -> None:
        """End every session and stop; nothing is left running. Does nothing where it isn't started."""
        if self._server is None:
            return
        self.database.hurry()
        self._sessions.close()  # ends the streams, so that nothing uses up the grace
        # With no grace, a client that is still there may log a "goaway". gRPC is not waited for without a limit.
        self._server.stop(_GRACE).wait(3 * _GRACE)
        self._threads.shutdown()
        self._server = None

    @property
    def running(self) -> bool:
        """Whether it is started, and not stopped since."""
        return self._server is not None

    def restart(self, keep_data: bool = True) -> None:
        """Stop and start again on the same port: connections and sessions are gone, data only where it isn't kept."""
        self.stop()
        if not keep_data:
            self.database.clear()
        self.start()

    def reset(self) -> None:
        """Be empty again, as a new one: sessions end with what they have open, data and faults are gone."""
        self.faults.clear()
        self.faults.requests.clear()
        with self.database.lock:
            self._sessions.close()
            while self.database.under_operation:
                self.database.hurry()
                self.database.let_others(_GRACE, until=lambda: not self.database.under_operation)
            self.database.clear()

    def keep(self) -> Kept:
        """What the database holds now, for `bring_back`."""
        with self.database.lock:
            return self.database.kept()

    def bring_back(self, kept: Kept) -> None:
        """Hold again what it held when that was kept, and nothing else. Sessions end, as with `reset`."""
        self.reset()
        with self.database.lock:
            self.database.bring_back(kept)

    def __enter__(self) -> Emulator:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


class _Handlers(grpc.GenericRpcHandler):
    """The method table as gRPC asks for it."""

    def __init__(self, methods: Mapping[str, Rpc]) -> None:
        self._handlers = {name: _handler(method) for name, method in methods.items()}

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        return self._handlers.get(details.method)


def _handler(method: Rpc) -> grpc.RpcMethodHandler:
    make = grpc.unary_stream_rpc_method_handler if method.streams else grpc.unary_unary_rpc_method_handler
    return make(method.answer, method.parse, method.response.SerializeToString)


_Call = tuple[Future, Callable[[], object]]


class _Threads(Executor):
    """A daemon thread for each call at a time, a session's stream among them; one that is free takes the next call.

    The threads of a ThreadPoolExecutor aren't daemons: a program that ends without stopping its server would hang.
    """

    def __init__(self) -> None:
        self._calls: dict[threading.Thread, SimpleQueue[_Call | None]] = {}
        self._free: list[SimpleQueue[_Call | None]] = []

    def submit(self, fn: Callable, /, *args: object, **kwargs: object) -> Future:
        future: Future = Future()
        try:
            calls = self._free.pop()
        except IndexError:
            calls = SimpleQueue()
            thread = threading.Thread(target=self._answer, args=(calls,), name="ydb-emulator", daemon=True)
            self._calls[thread] = calls
            thread.start()
        calls.put((future, partial(fn, *args, **kwargs)))
        return future

    def _answer(self, calls: SimpleQueue[_Call | None]) -> None:
        while (call := calls.get()) is not None:
            future, work = call
            try:
                future.set_result(work())
            except BaseException as error:  # whatever it is, it is the future's
                future.set_exception(error)
            del call, future, work  # nothing of a call lasts until the next one
            self._free.append(calls)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for the calls that go on. There are no new ones: the server has stopped."""
        for calls in self._calls.values():
            calls.put(None)
        for thread in self._calls:
            thread.join()
        self._calls.clear()
        self._free.clear()


def _check_free(port: int) -> None:
    """Raise OSError where the port is in use, before gRPC does with a message and a log line of its own."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_ADDRESS, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            message = f"port {port} is in use: stop what listens there, or choose another one (0 for any that is free)"
            raise OSError(errno.EADDRINUSE, message) from None
