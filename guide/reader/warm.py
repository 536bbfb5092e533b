"""`alembic`, `alembic-ydb`, `pytest`, `uvicorn` and `python` with a file, a module (-m) or a text (-c), for a page's
commands, in processes that forkserver.py has ready.

Whatever the launchers do not know (options of Python, variables that its start depends on, a server that has gone) they
leave to the real program.
"""

import atexit
import hashlib
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from functools import cache
from pathlib import Path

from .script import write_script
from .shell import piped

SERVER = Path(__file__).with_name("forkserver.py")
SCRIPTS = ("alembic", "alembic-ydb", "pytest", "uvicorn")
READ_AT_START = ("PYTHON", "LANG", "LC_", "TZ", "LD_", "GRPC_", "PROTOCOL_BUFFERS_", "DISABLE_SQLALCHEMY_")
"""Variables, by their beginning, that Python or a loaded module looks at when it starts."""

LAUNCHER = """\
import sys, marshal, posix, _signal, _socket

# Programs do not see the launchers; those that they start themselves are the real ones.
variables = dict(posix.environ)
variables[b"PATH"] = variables.get(b"PATH", b"").replace({folder!r} + b":", b"")
if b"_" in variables:
    variables[b"_"] = {real!r}

def start():
    for number in (0, 1, 2):
        posix.fstat(number)  # one that is closed would be the connection
    arguments = {before!r} + sys.argv[1:]
    if arguments[:1] not in (["-m"], ["-c"]):
        if not arguments or arguments[0][:1] == "-" or posix.stat(arguments[0]).st_mode >> 12 != 0o10:
            return None
    elif len(arguments) == 1 or arguments[0] == "-c" and sys.version_info >= (3, 13):
        return None  # from 3.13 on, a traceback has the lines of such a text: only the interpreter can tell them
    if {{name: value for name, value in variables.items() if name.startswith({names!r})}} != {read!r}:
        return None
    umask = posix.umask(0)
    posix.umask(umask)
    request = marshal.dumps((arguments, posix.getcwd(), umask, variables))
    connection = _socket.socket(_socket.AF_UNIX)
    connection.connect({address!r})
    streams = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
    connection.sendmsg([len(request).to_bytes(4, "big")], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)])
    connection.sendall(request)
    return connection

# A signal waits until it can be handed on: the program may have begun before that.
handed_on = (_signal.SIGHUP, _signal.SIGINT, _signal.SIGTERM)
before = _signal.pthread_sigmask(_signal.SIG_BLOCK, handed_on)
try:
    connection = start()
except OSError:
    connection = None
if not connection:
    _signal.pthread_sigmask(_signal.SIG_SETMASK, before)
    posix.execve({real!r}, [{name!r}] + sys.argv[1:], variables)
for number in handed_on:
    if _signal.getsignal(number) != _signal.SIG_IGN:
        _signal.signal(number, lambda number, _: connection.send(bytes([number])))
_signal.pthread_sigmask(_signal.SIG_SETMASK, before)
answer = connection.recv(4)
if not answer:
    sys.exit("the server of warm processes has gone, and this program with it")
status = int.from_bytes(answer, "big")
if posix.WIFSIGNALED(status):
    if posix.WTERMSIG(status) != _signal.SIGKILL:
        _signal.signal(posix.WTERMSIG(status), _signal.SIG_DFL)
    posix.kill(posix.getpid(), posix.WTERMSIG(status))
posix._exit(posix.WEXITSTATUS(status))
"""

allowed = True
"""Set to False, every process is a real one."""

wanted = threading.Event()
"""Set before a server's first command, the server is there when that comes: it takes a second to import all."""

SHARED = "WARM_LAUNCHERS"
"""The variable by which a process that has a server tells those that it starts, which need none then."""


def start(prefix: Path, variables: dict[str, str]) -> Path | None:
    """A server for the commands, as long as this process lives; it starts with the first of them.

    In: the Python environment; the variables of the commands. Out: a folder of launchers to begin PATH with, or None
    where there can't be any. Where it is `wanted`, it does not wait for the first command.
    """
    if not allowed or sys.platform != "linux":
        return None
    read = frozenset(pair for pair in variables.items() if pair[0].startswith(READ_AT_START))
    name = f"warm-{hashlib.sha256(repr((prefix, sorted(read))).encode()).hexdigest()[:16]}-"
    shared = Path(os.environ.get(SHARED, ""))
    return shared / "bin" if shared.name.startswith(name) and shared.exists() else _start(prefix, read, name)


@cache
def _start(prefix: Path, variables: frozenset[tuple[str, str]], name: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=name))
    os.environ[SHARED] = str(folder)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folder / "socket"))
    listener.listen()
    real = prefix / "bin" / "python"
    processes: list[subprocess.Popen] = []

    def serve() -> None:
        """Start the server as the first launcher asks for it: not every page has commands for it."""
        with listener:
            if not wanted.is_set():
                select.select([listener], [], [])
            process = subprocess.Popen(
                [real, SERVER, str(listener.fileno())],
                env=dict(variables) | {"HOME": str(folder)},
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                pass_fds=[listener.fileno()],
                start_new_session=True,
            )
            processes.append(process)

    threading.Thread(target=serve, daemon=True).start()
    atexit.register(_stop, processes, folder)
    for name in ("python", *SCRIPTS):
        program = prefix / "bin" / name
        launcher = folder / "bin" / name
        launcher.parent.mkdir(exist_ok=True)
        write_script(
            launcher,
            [str(real), "-IS"],
            LAUNCHER.format(
                before=[] if name == "python" else [str(program)],
                names=tuple(each.encode() for each in READ_AT_START),
                read={each.encode(): value.encode() for each, value in variables},
                address=str(folder / "socket"),
                real=os.fsencode(program),
                folder=os.fsencode(launcher.parent),
                name=name,
            ),
        )
    return folder / "bin"


def _stop(processes: list[subprocess.Popen], folder: Path) -> None:
    for process in processes:
        piped(process.stdin).close()
        process.wait()
    shutil.rmtree(folder, ignore_errors=True)
