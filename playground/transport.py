"""What stands in for the package `grpc`: its client side, as far as the ydb SDK and the emulator import it.

A call runs in place, in the emulator's method table that `serve` gave its address. Requests and responses are
serialized on their way, as on a wire: what comes out does not depend on who keeps a message. `install` makes it
`import grpc`. Tested against the real one in tests/playground.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from enum import Enum, IntEnum
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:  # it imports grpc
    from ydb_emulator.services.rpc import Rpc

_LOCAL = {"localhost", "127.0.0.1", "[::1]", "0.0.0.0"}


class StatusCode(Enum):
    """https://grpc.github.io/grpc/core/md_doc_statuscodes.html, with the names that gRPC prints."""

    OK = (0, "ok")
    CANCELLED = (1, "cancelled")
    UNKNOWN = (2, "unknown")
    INVALID_ARGUMENT = (3, "invalid argument")
    DEADLINE_EXCEEDED = (4, "deadline exceeded")
    NOT_FOUND = (5, "not found")
    ALREADY_EXISTS = (6, "already exists")
    PERMISSION_DENIED = (7, "permission denied")
    RESOURCE_EXHAUSTED = (8, "resource exhausted")
    FAILED_PRECONDITION = (9, "failed precondition")
    ABORTED = (10, "aborted")
    OUT_OF_RANGE = (11, "out of range")
    UNIMPLEMENTED = (12, "unimplemented")
    INTERNAL = (13, "internal")
    UNAVAILABLE = (14, "unavailable")
    DATA_LOSS = (15, "data loss")
    UNAUTHENTICATED = (16, "unauthenticated")


class Compression(IntEnum):
    NoCompression = 0
    Deflate = 1
    Gzip = 2


class RpcError(Exception):
    """A call that ended with another status than OK."""

    def __init__(self, code: StatusCode, details: str) -> None:
        super().__init__(details)
        self._code, self._details = code, details

    def code(self) -> StatusCode:
        return self._code

    def details(self) -> str:
        return self._details

    def __str__(self) -> str:
        return f'RPC that terminated with:\n\tstatus = {self._code}\n\tdetails = "{self._details}"'


class FutureTimeoutError(Exception):
    """A future that is not done in time."""


class FutureCancelledError(Exception):
    """A future that was cancelled. None is, here."""


_served: dict[str, Mapping[str, Rpc]] = {}


def serve(port: int, methods: Mapping[str, Rpc]) -> None:
    """Let a port of this machine answer with a method table; what was served there before is gone."""
    _served[str(port)] = methods


def _methods(target: str) -> Mapping[str, Rpc]:
    """What is served at an address. Raises RpcError where nothing is."""
    host, _, port = target.rpartition(":")
    if host not in _LOCAL or port not in _served:
        raise RpcError(StatusCode.UNAVAILABLE, f"failed to connect to all addresses; last error: {target}: refused")
    return _served[port]


class Call:
    """A call from both sides: its headers and its end for the emulator, its end for the client."""

    def __init__(self, target: str = "", metadata: Iterable[tuple[str, Any]] | None = None) -> None:
        self._target, self._metadata = target, tuple(metadata or ())
        self._ends: list[Callable[[], None]] = []
        self._has_ended = False
        self._error: RpcError | None = None

    def invocation_metadata(self) -> Iterable[tuple[str, Any]]:
        return self._metadata

    def trailing_metadata(self) -> Iterable[tuple[str, Any]]:
        return ()

    def peer(self) -> str:
        return self._target

    def abort(self, code: StatusCode, details: str) -> NoReturn:
        self._error = RpcError(code, details)
        raise self._error

    def code(self) -> StatusCode | None:
        return self._error.code() if self._error else None

    def add_callback(self, callback: Callable[[], None]) -> bool:
        self._ends.append(callback)
        return not self._has_ended

    def end(self) -> None:
        """Tell who wants to know that the call has ended, once."""
        if not self._has_ended:
            self._has_ended = True
            for callback in self._ends:
                callback()


class _Stream(Call):
    """The responses of a call. The server runs up to the first one at once, as it would elsewhere, and then as read."""

    def begin(self, responses: Iterator[Any], deserialize: Callable[[bytes], Any]) -> _Stream:
        self._responses, self._deserialize = responses, deserialize
        self._first: list[Any] = []
        self._run()
        return self

    def _run(self) -> None:
        try:
            self._first.append(next(self._responses).SerializeToString())
        except StopIteration:
            self.end()
        except RpcError as error:
            self._error = error
            self.end()
        except Exception as error:
            self._error = _fault(error)
            self.end()

    def __iter__(self) -> _Stream:
        return self

    def __next__(self) -> Any:
        if not self._first and not self._has_ended:
            self._run()
        if self._first:
            return self._deserialize(self._first.pop())
        if self._error:
            raise self._error
        raise StopIteration

    def cancel(self) -> bool:
        if self._has_ended:
            return False
        self._error = RpcError(StatusCode.CANCELLED, "Locally cancelled by application!")
        self._first.clear()
        self.end()
        self._responses.close()  # type: ignore[attr-defined] # a generator, as each stream is
        return True

    def __del__(self) -> None:
        self.cancel()


def _fault(error: Exception) -> RpcError:
    """What gRPC makes of an exception of a server."""
    return RpcError(StatusCode.UNKNOWN, f"Exception calling application: {error}")


class _MultiCallable:
    """A method of a channel."""

    def __init__(
        self, target: str, name: str, serialize: Callable[[Any], bytes], deserialize: Callable[[bytes], Any]
    ) -> None:
        self._target, self._name, self._serialize, self._deserialize = target, name, serialize, deserialize

    def _answer(self, call: Call, request: Any) -> Any:
        """What the emulator answers: a response, or an iterator of them. Raises RpcError."""
        method = _methods(self._target).get(self._name)
        if method is None:
            raise RpcError(StatusCode.UNIMPLEMENTED, "Method not found!")
        return method.answer(method.parse(self._serialize(request)), call)


class Answered(Future):
    """The future of a call."""

    def trailing_metadata(self) -> Iterable[tuple[str, Any]]:
        return ()


class _Unary(_MultiCallable):
    def with_call(self, request: Any, timeout: float | None = None, metadata: Any = None, **_: Any) -> tuple[Any, Call]:
        call = Call(self._target, metadata)
        try:
            response = self._deserialize(self._answer(call, request).SerializeToString())
        except RpcError:
            raise
        except Exception as error:
            raise _fault(error) from error
        finally:
            call.end()
        return response, call

    def __call__(self, request: Any, timeout: float | None = None, metadata: Any = None, **_: Any) -> Any:
        return self.with_call(request, timeout, metadata)[0]

    def future(self, request: Any, timeout: float | None = None, metadata: Any = None, **_: Any) -> Answered:
        """A future that is done already."""
        future = Answered()
        try:
            future.set_result(self.with_call(request, timeout, metadata)[0])
        except RpcError as error:
            future.set_exception(error)
        return future


class _Streaming(_MultiCallable):
    def __call__(self, request: Any, timeout: float | None = None, metadata: Any = None, **_: Any) -> _Stream:
        stream = _Stream(self._target, metadata)
        return stream.begin(self._responses(stream, request), self._deserialize)

    def _responses(self, stream: _Stream, request: Any) -> Iterator[Any]:
        yield from self._answer(stream, request)


class Channel:
    """A connection to an address; nothing is opened, and nothing has to be closed."""

    def __init__(self, target: str) -> None:
        self.target = target

    def unary_unary(self, method: str, request_serializer: Any, response_deserializer: Any, **_: Any) -> _Unary:
        return _Unary(self.target, method, request_serializer, response_deserializer)

    def unary_stream(self, method: str, request_serializer: Any, response_deserializer: Any, **_: Any) -> _Streaming:
        return _Streaming(self.target, method, request_serializer, response_deserializer)

    def stream_stream(self, method: str, **_: Any) -> Callable[..., NoReturn]:
        def call(*_: Any, **__: Any) -> NoReturn:
            raise RpcError(StatusCode.UNIMPLEMENTED, f"{method}: nothing in this process streams requests")

        return call

    stream_unary = stream_stream

    def close(self) -> None: ...


def insecure_channel(target: str, options: Any = None, compression: Any = None) -> Channel:
    return Channel(target.removeprefix("ipv4:").removeprefix("dns:"))


def secure_channel(target: str, credentials: Any, options: Any = None, compression: Any = None) -> Channel:
    """A channel on which nobody answers: nothing here speaks TLS."""
    return Channel(f"tls:{target}")


def ssl_channel_credentials(*_: Any, **__: Any) -> object:
    return object()


class _Ready:
    """What `channel_ready_future` returns: known at once."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def result(self, timeout: float | None = None) -> None:
        try:
            _methods(self._channel.target)
        except RpcError:
            raise FutureTimeoutError from None

    def cancel(self) -> bool:
        return False


def channel_ready_future(channel: Channel) -> _Ready:
    return _Ready(channel)


class GenericRpcHandler:
    """For the emulator's server, which is not started here."""


def first_version_is_lower(*_: str) -> bool:
    """The generated stubs ask whether `grpc` is older than they are."""
    return False


class _Unused:
    """A class that the SDK names and does not use here."""


def install() -> None:
    """Make this `import grpc`. Raises ImportError where the real one has been imported already."""
    if "grpc" in sys.modules:
        raise ImportError("grpc has been imported already: install the stand-in before anything imports ydb")
    here = sys.modules[__name__]
    grpc = ModuleType("grpc", here.__doc__)
    grpc.__dict__.update({name: value for name, value in vars(here).items() if not name.startswith("_")})
    grpc.__dict__["__version__"] = "0"
    grpc.__dict__["Future"] = Future
    aio, utilities = ModuleType("grpc.aio"), ModuleType("grpc._utilities")
    for name in ("AioRpcError", "Call", "Channel", "StreamStreamCall", "UnaryStreamCall", "UnaryUnaryCall"):
        setattr(aio, name, type(name, (_Unused,), {}))
    utilities.__dict__["first_version_is_lower"] = first_version_is_lower
    grpc.__dict__.update(aio=aio, _utilities=utilities, __path__=[])
    sys.modules.update({"grpc": grpc, "grpc.aio": aio, "grpc._utilities": utilities})
