"""`python -m ydb_emulator [--port 2136] [--line 26.2]`: the emulator as a process, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from . import lines
from .server import Emulator


def main(arguments: list[str] | None = None) -> int:
    """Print the URL once calls are answered, and return 0 when told to stop, 1 where the port can't be had."""
    parser = argparse.ArgumentParser(
        prog="python -m ydb_emulator",
        description="An embedded YDB for tests. Its data lives in memory and is gone when it stops.",
    )
    parser.add_argument(
        "--port", type=int, default=2136, help="port on 127.0.0.1; 0 for any that is free (default: %(default)s)"
    )
    parser.add_argument(
        "--line",
        choices=lines.NAMES,
        default=lines.DEFAULT,
        help="release line of YDB to be like (default: %(default)s)",
    )
    options = parser.parse_args(arguments)

    stopped = threading.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: stopped.set())
    emulator = Emulator(options.port, line=options.line)
    try:
        emulator.start()
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        print(f"{parser.prog}: {reason}", file=sys.stderr)
        return 1
    print(emulator.url, flush=True)
    while not stopped.wait(1):  # without a limit, Windows would not wake up for Ctrl-C
        pass
    emulator.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
