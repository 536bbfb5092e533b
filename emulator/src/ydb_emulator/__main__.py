"""`ydb-emulator [--port 2136] [--line 26.2] ...`: the emulator as a process, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import queue
import re
import signal
import sys
import types
from pathlib import Path
from typing import NoReturn

from . import releases


def _leave_out_the_sdk() -> None:
    """Let `ydb` be a package without contents of its own, so that its protocol's stubs alone are imported.

    A process that serves needs nothing else of it, and to be ready takes 0.27 s of processor time so, else 0.35 s.
    """
    spec = importlib.util.find_spec("ydb")
    if spec is not None and "ydb" not in sys.modules:
        package = types.ModuleType("ydb")
        package.__path__ = list(spec.submodule_search_locations or ())
        sys.modules["ydb"] = package


class _Parser(argparse.ArgumentParser):
    """Tells of a mistake in a sentence; what there is to choose from, --help tells."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def _port(text: str) -> int:
    """A port, from the command line. Raises ArgumentTypeError."""
    if text.isdecimal() and int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no port: choose a number from 1 to 65535, or 0 for any that is free")


def _seconds(text: str) -> float:
    """A number of seconds, from the command line. Raises ArgumentTypeError."""
    if text.isdecimal():
        return float(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no whole number of seconds")


def _path(text: str) -> str:
    """The path of a database, from the command line. Raises ArgumentTypeError."""
    if re.fullmatch(r"(/[\w.-]+)+", text, re.ASCII):
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is no path of a database: write one such as /local or /ru-central1/a/b")


def _read_pair(key: Path, certificate: Path) -> tuple[bytes, bytes]:
    """A private key and its certificate. Raises OSError where there is no such pair in these files."""
    pair = key.read_bytes(), certificate.read_bytes()
    import ssl  # gRPC would write to the log what is wrong, and raise something else

    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    return pair


def command() -> int:
    """`ydb-emulator`, as a process of its own."""
    _leave_out_the_sdk()
    return main()


def main(arguments: list[str] | None = None) -> int:
    """Print the URL once calls are answered, and return 0 when told to stop, 1 where the port can't be had."""
    parser = _Parser(
        prog="ydb-emulator",
        description="An embedded YDB for tests. Its data lives in memory and is gone when it stops.",
    )
    parser.add_argument(
        "--port", type=_port, default=2136, help="port on 127.0.0.1; 0 for any that is free (default: %(default)s)"
    )
    parser.add_argument(
        "--database", type=_path, metavar="PATH", default="/local", help="path of the database (default: %(default)s)"
    )
    parser.add_argument(
        "--line",
        choices=releases.NAMES,
        default=releases.DEFAULT,
        help="release line of YDB to be like (default: %(default)s)",
    )
    parser.add_argument(
        "--users", type=Path, metavar="FILE", help="ask for a login; the users, a line name:password each"
    )
    parser.add_argument("--tls-certificate", type=Path, metavar="FILE", help="speak TLS, with this certificate (PEM)")
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="the private key of the certificate (PEM)")
    parser.add_argument(
        "--build-seconds",
        type=_seconds,
        default=0,
        metavar="SECONDS",
        help="how long the build of an index takes (default: no time)",
    )
    options = parser.parse_args(arguments)
    if (options.tls_certificate is None) != (options.tls_key is None):
        parser.error("--tls-certificate and --tls-key go together")
    from .access import read_users  # not above: `_leave_out_the_sdk` comes first
    from .server import Emulator

    try:
        users = read_users(options.users.read_text(encoding="utf-8")) if options.users else None
    except (OSError, ValueError) as error:
        parser.error(f"--users: {error}")
    try:
        tls = _read_pair(options.tls_key, options.tls_certificate) if options.tls_key else None
    except OSError as error:
        parser.error(f"--tls-certificate and --tls-key: {error}")

    # Not an Event: a handler that comes while this thread is inside its `wait` would wait for this thread's own lock.
    told: queue.SimpleQueue[int] = queue.SimpleQueue()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda number, _: told.put(number))
    emulator = Emulator(
        options.port, options.database, options.line, users=users, tls=tls, build_seconds=options.build_seconds
    )
    try:
        emulator.start()
    except OSError as error:
        print(f"{parser.prog}: {error.strerror}", file=sys.stderr)
        return 1
    print(emulator.url, flush=True)
    while True:
        with contextlib.suppress(queue.Empty):
            told.get(timeout=1)  # without a limit, Windows would not wake up for Ctrl-C
            break
    emulator.stop()
    return 0


if __name__ == "__main__":
    sys.exit(command())
