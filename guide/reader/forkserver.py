"""Python processes that start warm: what they import is loaded already. warm.py starts this file as a program.

A program can tell by two things: a loaded module is there although the program forgot to import it, and what a loaded
module holds at the end is not deleted. A run with real processes notices that (`pytest --real-processes`).
"""

import atexit
import builtins
import gc
import marshal
import os
import runpy
import select
import signal
import socket
import sys
import types
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from importlib.machinery import BuiltinImporter, SourceFileLoader

# Not ydb_sqlalchemy.alembic: its import registers YDBImpl, and a project that forgets the import must fail.
LOADED = (
    "alembic.config", "logging.config", "asyncio", "sqlalchemy.orm", "ydb", "ydb_dbapi", "ydb_sqlalchemy",
    "ydb_emulator.server", "grpc._server", "alembic_ydb.check.worker", "alembic_ydb.check.project",
    "alembic_ydb.check.rules", "pytest",
)  # fmt: skip


LOOKED_UP = ("ydb", "ydb_async", "yql", "yql.ydb", "yql.ydb_async")
"""Names of the dialect: SQLAlchemy reads the metadata of every package for each that it has not met."""


def serve(listener: socket.socket) -> tuple:
    """Fork for each request, until standard input ends. Out, in a process that is to run a program: the request.

    A program gets the signals that its launcher sends, and ends when its launcher is gone; the launcher gets its wait
    status.
    """
    launchers: dict[socket.socket, int] = {}  # with the process of the program of each
    programs: dict[int, tuple[int, socket.socket]] = {}  # by the pidfd that tells of its end: process and launcher
    while True:
        watched: list[int | socket.socket] = [0, listener, *launchers, *programs]
        ready, _, _ = select.select(watched, [], [])
        for ended in programs.keys() & ready:
            process, launcher = programs.pop(ended)
            os.close(ended)
            _, status = os.waitpid(process, 0)
            with suppress(ConnectionError):  # it is gone
                launcher.sendall(status.to_bytes(4, "big"))
            launchers.pop(launcher, None)
            launcher.close()
        for launcher in launchers.keys() & ready:
            if received := launcher.recv(1):
                os.kill(launchers[launcher], received[0])
            else:
                os.kill(launchers.pop(launcher), signal.SIGKILL)
        if 0 in ready:
            for process, _ in programs.values():
                os.kill(process, signal.SIGKILL)
            os._exit(0)
        if listener in ready:
            launcher, _ = listener.accept()
            request, streams = receive(launcher)
            process = os.fork()
            if not process:
                for number, stream in enumerate(streams):
                    os.dup2(stream, number)
                for each in (listener, launcher, *launchers):
                    each.close()
                for number in (*streams, *programs):
                    os.close(number)
                return marshal.loads(request)
            for stream in streams:
                os.close(stream)
            launchers[launcher] = process
            programs[os.pidfd_open(process)] = process, launcher


def receive(launcher: socket.socket) -> tuple[bytes, list[int]]:
    """A launcher's request, and its streams."""
    message, streams, _, _ = socket.recv_fds(launcher, 4, 3)
    size, request = int.from_bytes(message, "big"), b""
    while len(request) < size and (part := launcher.recv(size - len(request))):
        request += part
    return request, streams


def prepare(arguments: list[str], folder: str, umask: int, variables: dict[bytes, bytes]) -> Callable[[], object]:
    """Make this process what `python FILE …`, `-m MODULE …` or `-c TEXT …` makes first. Out: what runs it."""
    os.chdir(folder)
    os.umask(umask)
    os.environb.clear()
    os.environb.update(variables)
    sys.orig_argv[:] = [sys.executable, *arguments]
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    vars(main).update(__loader__=BuiltinImporter, __builtins__=builtins, __annotations__={})
    what, *rest = arguments
    if what == "-m":
        sys.argv[:] = ["-m", *rest[1:]]
        sys.path.insert(0, os.getcwd())
        return lambda: runpy._run_module_as_main(rest[0])  # type: ignore[attr-defined] # as Python itself does
    if what == "-c":
        sys.argv[:] = ["-c", *rest[1:]]
        sys.path.insert(0, "")
        return lambda: exec(compile(rest[0], "<string>", "exec", dont_inherit=True), vars(main))
    sys.argv[:] = arguments
    file = os.path.join(folder, what)
    sys.path.insert(0, os.path.dirname(os.path.realpath(file)))
    vars(main).update(__file__=file, __cached__=None, __loader__=SourceFileLoader("__main__", file))

    def run() -> None:
        with open(file, "rb") as source:
            code = compile(source.read(), file, "exec", dont_inherit=True)
        exec(code, vars(main))

    return run


class Last:
    """What the interpreter takes apart after all that a program may notice, but for a last look for garbage."""

    def __del__(self, collect: Callable[[], object] = gc.collect, end: Callable[[int], object] = os._exit) -> None:
        collect()
        end(self.status)

    def __init__(self, status: int):
        self.status = status


def leave() -> None:
    """Let the interpreter end without taking apart what this file loaded: that would touch, and so copy, all of it.

    Once the modules of the program are gone, it would still go through each string of those that were loaded. A program
    that leaves a session of YDB open fails.
    """
    global run
    left = open_sessions()
    del run  # it holds the program's module
    for name in loaded.keys() - needed:
        sys.modules.pop(name, None)
    with suppress(Exception):  # the interpreter tells of output that cannot be written, and ends with a status for it
        sys.stdout.flush()
        sys.stderr.flush()
        if left:
            print(f"sessions of YDB left open: {len(left)}. engine.dispose() closes them", file=sys.stderr, flush=True)
            os._exit(1)
        if status is not None:
            sys.last = Last(status)  # type: ignore[attr-defined] # sys itself is the last module to go


open_sessions = import_module("open_sessions").open_sessions
del sys.modules["open_sessions"]
del sys.path[0]  # the folder of this file, whose modules have names of others
# The end of a program may warn of what it left open.
needed = {"__main__", "builtins", "sys", "linecache", "traceback", "warnings"}
atexit.register(leave)  # the first of all, so it is called last
gc.disable()  # all of what is imported stays: to look through it again and again takes a sixth of the time
for name in LOADED:
    import_module(name)
for name in LOOKED_UP:
    import_module("sqlalchemy.dialects").registry.load(name)
with suppress(ImportError):  # the driver asks for it as it first sends something
    import_module("opentelemetry.trace")
import_module("ydb_emulator.yql.automaton").automaton()  # an emulator reads its grammar as it starts
loaded: dict[str, object] = dict(sys.modules)
loaded[""] = loaded  # which keeps it, and so the modules, to the end
gc.collect()
gc.freeze()  # a collection in a process that is forked would touch, and so copy, all that is loaded: 0.2 s each
gc.enable()
run = prepare(*serve(socket.socket(fileno=int(sys.argv[1]))))
status: int | None = None
"""What the program ends with, if it ends as most do: a signal and odd statuses are the interpreter's own affair."""
try:
    run()
    status = 0
except SystemExit as error:
    if error.code is None or isinstance(error.code, int) and 0 <= error.code < 256:
        status = int(error.code or 0)
    raise
except BaseException as error:
    # As the interpreter does it, without this file in the traceback. It ends the process as the error asks for.
    below = error.__traceback__
    while below and below.tb_frame.f_code.co_filename == __file__:
        below = below.tb_next
    sys.excepthook(type(error), error.with_traceback(below), below)
    del below  # it holds the program's module
    sys.excepthook = lambda *_: None
    if isinstance(error, Exception):
        status = 1
    raise
