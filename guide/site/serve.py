"""`python -m guide.site.serve PORT`: the preview of the site, and beside it what follows each page that changes.

Neither outlives the other, nor the process that started them: `make` may be killed. Both are in process groups of their
own: Ctrl-C is for this process alone, which ends them.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
PREVIEW = ("guide.site.preview", "serve", "--no-strict", "--dirty", "--dev-addr")


def serve(port: str) -> int:
    """Serve until the preview ends, or a signal asks for it. Out: the exit status.

    A signal raises nothing: at any moment, all that was started is ended.
    """
    asked: list[int] = []
    for number in ENDING:  # Ctrl-C, too: a shell's `&` has it ignored
        signal.signal(number, lambda number, _: asked.append(number))
    commands = ([*PREVIEW, f"127.0.0.1:{port}"], ["guide.site.watch"])
    parent, is_told = os.getppid(), False
    with tempfile.TemporaryDirectory(prefix="preview-") as built:  # MkDocs, when it is ended, leaves what it has built
        environment = {**os.environ, "CHECK_PATHS": "false", "TMPDIR": built}
        preview, watcher = (
            subprocess.Popen([sys.executable, "-m", *command], env=variables, process_group=0)
            for command, variables in zip(commands, (environment, None), strict=True)
        )
        try:
            while not asked and preview.poll() is None and os.getppid() == parent:
                if watcher.poll() is not None and not is_told:
                    is_told = True
                    print("The preview goes on, but pages are no longer followed.", file=sys.stderr, flush=True)
                time.sleep(0.2)
        finally:
            stop(preview, watcher)
    return 130 if asked else preview.returncode


def stop(*running: subprocess.Popen) -> None:
    """End processes, and wait for them."""
    for process in running:
        process.terminate()
    for process in running:
        killer = threading.Timer(5, process.kill)
        killer.start()
        process.wait()
        killer.cancel()


if __name__ == "__main__":
    sys.exit(serve(sys.argv[1]))
