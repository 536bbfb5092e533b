"""Trials: functions that each run in a process of their own, with a time limit.

The processes are forked from one that has imported what all of them need, and nothing of this repository but that.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

GRACE = 15  # seconds for a trial to end when it is told to

PROCESSES = multiprocessing.get_context("forkserver")


class BrokenError(Exception):
    """What makes a run worthless: something fails without any mutant, or a trial gives no verdict."""


@dataclass(frozen=True)
class Verdict:
    """noticed: by which test, `timeout` if by none in time, None if by none. seconds: how long it took."""

    noticed: str | None
    seconds: float = 0


def attempt(function: Callable[..., Any], *arguments: object, limit: float, log: Path) -> Any:
    """Call a function in a process of its own. What it prints goes to a file.

    Out: what it returns, or None if it has not returned after so many seconds. Raises BrokenError if it ends otherwise.
    """
    PROCESSES.set_forkserver_preload(["guide.labs.mutate.preloaded"])
    ours, theirs = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=_call, args=(function, arguments, log, theirs))
    process.start()
    theirs.close()
    try:
        return ours.recv() if ours.poll(limit) else None
    except EOFError:
        raise BrokenError(f"{tail(log)}\nthe trial ended without a verdict") from None
    finally:
        _stop(process)


def side_by_side(jobs: int) -> ThreadPoolExecutor:
    """Threads that wait for as many trials at a time."""
    return ThreadPoolExecutor(jobs)


def tail(log: Path) -> str:
    """The end of what a trial printed."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-50:])


def timed(function: Callable[..., Any], *arguments: object, limit: float, log: Path) -> Verdict:
    """The verdict of a trial that returns which test has noticed something."""
    began = time.monotonic()
    noticed = attempt(function, *arguments, limit=limit, log=log)
    return Verdict("timeout" if noticed is None else noticed or None, time.monotonic() - began)


def _call(function: Callable[..., Any], arguments: tuple[object, ...], log: Path, answer: Connection) -> None:
    os.setpgrp()  # so that what it starts can be ended with it
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what a test has started is stopped as after Ctrl-C
    with log.open("w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    answer.send(function(*arguments))
    sys.stdout.flush()
    os._exit(0)  # without waiting for the threads that a mutant keeps busy


def _stop(process: BaseProcess) -> None:
    """End a process, if it has not ended, and what it has started with it."""
    assert process.pid is not None, "only a process that was started can be ended"
    with suppress(ProcessLookupError):
        if process.is_alive():
            process.join(1)
        if process.is_alive():
            process.terminate()
            process.join(GRACE)
        os.killpg(process.pid, signal.SIGKILL)
    process.join()
