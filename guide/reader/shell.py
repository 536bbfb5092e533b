"""The reader's terminal: one bash process, so that `cd`, `export` and an activated environment last."""

import contextlib
import os
import re
import select
import shlex
import signal
import subprocess
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import IO, AnyStr

TIMEOUT = 240
"""Less than what pytest gives a test: its alarm would end the run, and what the command has printed would be lost."""
POLL = 0.5


class ShellError(Exception):
    """A command that gave no result: it took too long, or ended the shell."""


@dataclass(frozen=True)
class Result:
    """What a command printed (output and errors, in order) and its exit status."""

    output: str
    status: int


class Shell:
    """A bash process in a folder, with an environment of its own. Use it as a context manager."""

    def __init__(self, folder: Path, environment: dict[str, str], timeout: float = TIMEOUT):
        self.folder, self.environment, self.timeout = folder, environment, timeout

    def __enter__(self) -> "Shell":
        self.process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        piped(self.process.stdin).close()
        # Whatever the page's commands left behind goes as well: the group is the shell's own.
        stop_group(self.process, signal.SIGKILL)
        self.process.wait()
        piped(self.process.stdout).close()

    def run(self, command: str) -> Result:
        """Run one command. Raises ShellError if there is no result."""
        mark = f"\x1e{uuid.uuid4().hex}\x1e"
        # `eval` keeps a syntax error to its command; the command's own input is empty, the shell's is our script.
        script = f"eval {shlex.quote(command)} </dev/null; printf '{mark}%d\\n' $?\n"
        commands = piped(self.process.stdin)
        try:
            commands.write(script.encode())
            commands.flush()
        except BrokenPipeError:
            raise ShellError("the shell has ended") from None
        return self._read(re.compile(f"{mark}(\\d+)\n".encode()))

    def _read(self, end: re.Pattern) -> Result:
        printing = piped(self.process.stdout)
        received, deadline = b"", time.monotonic() + self.timeout
        while not (found := end.search(received)):
            # A process in the background may hold the pipe open, so its end does not tell that the shell has ended.
            ended = self.process.poll() is not None
            ready, _, _ = select.select([printing], [], [], 0 if ended else POLL)
            chunk = os.read(printing.fileno(), 65536) if ready else b""
            received += chunk
            printed = received.decode(errors="replace")
            if ended and not chunk:
                raise ShellError(f"it ended the shell, so nothing after it ran; it printed:\n{printed}")
            if time.monotonic() > deadline:
                raise ShellError(f"no end after {self.timeout:g} s; so far it printed:\n{printed}")
        # A terminal's bash does not count lines in its messages.
        output = re.sub(r"(?m)^bash: line \d+: ", "bash: ", received[: found.start()].decode(errors="replace"))
        return Result(output, int(found[1]))


def heed_interrupts() -> None:
    """Undo what a shell's `&` does: all that we start would ignore Ctrl-C, and no server would end."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def piped(stream: IO[AnyStr] | None) -> IO[AnyStr]:
    """A stream of a process that was started with a pipe for it. Raises ValueError if it was not."""
    if stream is None:
        raise ValueError("the process was started without a pipe for this stream")
    return stream


def stop_group(process: subprocess.Popen, number: signal.Signals) -> None:
    """Signal a process that leads its own group, and all of the group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
