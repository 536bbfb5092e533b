"""The processes of a check, one for each request: what one imports, changes or reaches is no other's.

On Linux they can be forked from this process, which has imported what they share; elsewhere each begins on its own.
"""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from .request import Answer, Request

SHARED = (
    "alembic_ydb.check.worker", "alembic_ydb.check.project", "alembic_ydb.check.rules", "sqlalchemy.orm",
    "ydb_sqlalchemy",
)  # fmt: skip
"""Not ydb_sqlalchemy.alembic: its import registers YDB with Alembic, and env.py has to do that."""
ENDS = (signal.SIGTERM, signal.SIGHUP)
"""What ends the program as Ctrl+C does: a CI that cancels a job, a terminal that is closed."""
STOPS = (signal.SIGINT, *ENDS)
GRACE = 10
"""Seconds that a process has for stopping itself. It cannot while a call of C does not let Python go on."""


def answers(requests: Sequence[Request], forks: bool) -> list[Answer]:
    """Side by side. No process is left behind. `forks`: whether they may have what this process has changed."""
    start: type[_Process] = _Started
    if forks and _may_fork():
        for name in SHARED:
            import_module(name)
        if _may_fork():
            start = _Forked
            gc.freeze()  # a collection in a forked process would touch, and so copy, all that is loaded
    with tempfile.TemporaryDirectory() as folder:
        running: list[_Process] = []
        try:
            for number, request in enumerate(requests):
                with _held_back() if start is _Forked else nullcontext():
                    running.append(start(request, Path(folder, str(number))))
            found = []
            while running:
                found.append(running[0].answer())
                running.pop(0).end()  # at once: later, another process may have its number
            return found
        finally:
            for process in running:
                process.end()


def _may_fork() -> bool:
    """Only a process with one thread may. The kernel counts those, too, that gRPC starts with its first channel."""
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:  # this is no Linux
        return False


@contextmanager
def _held_back() -> Iterator[None]:
    """Ctrl+C waits until the process that is forked is among those to end: Python ignores it while it forks."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Process:
    """A process with a request. Its answer and what it prints go to files."""

    def __init__(self, request: Request, folder: Path):
        folder.mkdir()
        self._request, self._answered, self._printed = request, folder / "answer", folder / "printed"

    def wait(self, seconds: float) -> Any:
        """How it ended: its exit status, or less than 0 for a signal. None where it has not."""
        raise NotImplementedError

    def end(self) -> None:
        raise NotImplementedError

    @staticmethod
    def end_session(leader: int | None) -> None:
        """End what env.py or a revision have started themselves and left, such as a tunnel."""
        if leader is not None:
            with suppress(ProcessLookupError):  # nothing is left
                os.killpg(leader, signal.SIGKILL)

    def answer(self) -> Answer:
        limit = self._request.seconds
        status = self.wait(limit + GRACE)
        if self._answered.is_file():
            return Answer.from_json(self._answered.read_text())
        if status is None:
            stopped = f"it is stopped after {limit} s, in a call that Python cannot interrupt"
            return Answer(self._request.line, error=stopped)
        last = self._printed.read_text(errors="replace").strip().splitlines()[-1:] or ["it printed nothing"]
        return Answer(self._request.line, error=f"its process ended with {status}: {last[0]}")


class _Forked(_Process):
    def __init__(self, request: Request, folder: Path):
        super().__init__(request, folder)
        sys.stdout.flush()
        sys.stderr.flush()
        self._process = get_context("fork").Process(target=self._work)
        self._process.start()

    def _work(self) -> None:
        """In the forked process, which is from here on as if `python -m alembic_ydb.check.started` had begun it."""
        from . import worker

        os.setsid()
        for each in ENDS:
            signal.signal(each, signal.SIG_DFL)
        gc.enable()
        printed = os.open(self._printed, os.O_WRONLY | os.O_CREAT)
        for stream, number in ((os.open(os.devnull, os.O_RDONLY), 0), (printed, 1), (printed, 2)):
            os.dup2(stream, number)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        sys.path.insert(0, os.getcwd())
        worker.work(self._request, self._answered)

    def wait(self, seconds: float) -> Any:
        self._process.join(seconds)
        return self._process.exitcode

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self.end_session(self._process.pid)


class _Started(_Process):
    def __init__(self, request: Request, folder: Path):
        super().__init__(request, folder)
        asked = folder / "request"
        asked.write_text(request.as_json)
        command = [sys.executable, "-m", "alembic_ydb.check.started", str(asked), str(self._answered)]
        with self._printed.open("w") as printed:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=printed, stderr=printed, start_new_session=True
            )

    def wait(self, seconds: float) -> Any:
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(seconds)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self.end_session(self._process.pid)
