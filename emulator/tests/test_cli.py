"""`python -m ydb_emulator` as a process."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys

import pytest
import sqlalchemy as sa

COMMAND = [sys.executable, "-W", "error", "-m", "ydb_emulator"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serves_until_told_to_stop(number):
    with subprocess.Popen(
        [*COMMAND, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        url = process.stdout.readline().rstrip("\n")
        assert re.fullmatch(r"yql\+ydb://127\.0\.0\.1:[1-9]\d*/local", url)
        engine = sa.create_engine(url)
        with engine.connect():  # holds a session, with its stream, while the process ends
            process.send_signal(number)
            output, errors = process.communicate(timeout=10)
        engine.dispose()

    assert (process.returncode, output, errors) == (0, "", "")


def test_port_in_use():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run([*COMMAND, "--port", port], capture_output=True, text=True, timeout=20)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"python -m ydb_emulator: port {port} is in use: "
        "stop what listens there, or choose another one (0 for any that is free)\n"
    )


def test_no_such_port():
    done = subprocess.run([*COMMAND, "--port", "70000"], capture_output=True, text=True, timeout=20)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
