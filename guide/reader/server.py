"""A command that does not end by itself, such as a server: started, compared up to the recorded line, interrupted.

One on the port of the page's YDB stands for that YDB, which the test brings along: it is interrupted at once. One on
another port is there until the page ends.
"""

import os
import re
import select
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .shell import ShellError, piped, stop_group

TIMEOUT = 120
QUIET = 2


@contextmanager
def serving(command: str, folder: Path, environment: dict[str, str], lines: int | None) -> Iterator[list[str]]:
    """Start a server, wait until it has printed so many lines (None: until it is quiet), and interrupt it at the end.

    Yields the lines; what it prints later is among them once it has ended. Raises ShellError if it ends too early,
    prints too little, or does not end well when interrupted.
    """
    process = subprocess.Popen(
        ["bash", "--noprofile", "--norc", "-c", "exec env " + command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        received = _read(process, lines)
        printed = _text(received).splitlines()
        yield printed
        process.send_signal(signal.SIGINT)
        try:
            rest, _ = process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            raise ShellError(f"still running {TIMEOUT} s after it was interrupted (Ctrl-C)") from None
        received += rest
        if process.returncode:
            raise ShellError(
                f"exit status {process.returncode} after it was interrupted (Ctrl-C); it printed:\n{_text(received)}"
            )
        printed[:] = _text(received).splitlines()
    finally:
        stop_group(process, signal.SIGKILL)
        process.wait()
        piped(process.stdout).close()


def run_server(command: str, folder: Path, environment: dict[str, str], lines: int | None) -> list[str]:
    """Start a server and interrupt it as soon as it is ready. Out: what it printed. Raises ShellError as `serving`."""
    with serving(command, folder, environment, lines) as printed:
        pass
    return printed


def _read(process: subprocess.Popen, lines: int | None) -> bytes:
    printing = piped(process.stdout)
    received, deadline = b"", time.monotonic() + TIMEOUT
    while lines is None or received.count(b"\n") < lines:
        patience = QUIET if lines is None and received else max(0.0, deadline - time.monotonic())
        ready, _, _ = select.select([printing], [], [], patience)
        chunk = os.read(printing.fileno(), 65536) if ready else b""
        if ready and not chunk:
            raise ShellError(f"it ended by itself, with exit status {process.wait()}; it printed:\n{_text(received)}")
        if not ready and lines is None and received:
            break
        if not ready:
            raise ShellError(f"not ready after {TIMEOUT} s; so far it printed:\n{_text(received)}")
        received += chunk
    return received


def _text(received: bytes) -> str:
    return received.decode(errors="replace")


def named_port(command: str) -> int | None:
    """The port that a command names, as in --port 2136."""
    found = re.search(r"--port[ =](\d+)", command)
    return int(found[1]) if found else None


def on_any_port(command: str, page_port: int) -> str:
    """The command with port 0 for the page's. Raises ValueError if it does not name the port."""
    words = shlex.split(command)
    if not any(word == str(page_port) or word.endswith((f":{page_port}", f"={page_port}")) for word in words):
        raise ValueError(f"a server block names its port: --port {page_port}")
    return command.replace(str(page_port), "0")


def told_port(output: list[str]) -> int:
    """The port that a server says it listens on. Raises ValueError if it says none."""
    found = re.search(r"\b(?:localhost|127\.0\.0\.1):(\d+)\b", "\n".join(output))
    if found is None:
        raise ValueError("a server block tells where it listens: localhost:2136. It printed:\n" + "\n".join(output))
    return int(found[1])
