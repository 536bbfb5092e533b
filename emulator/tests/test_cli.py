"""`ydb-emulator`, and `python -m ydb_emulator`, as a process."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from ydb_emulator.__main__ import main

COMMAND = [sys.executable, "-W", "error", "-m", "ydb_emulator"]
SCRIPT = [sys.executable, "-W", "error", str(Path(sys.executable).with_name("ydb-emulator"))]


@pytest.mark.parametrize("command", [COMMAND, SCRIPT], ids=["module", "script"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serves_until_told_to_stop(number, command):
    with subprocess.Popen(
        [*command, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        url = process.stdout.readline().rstrip("\n")
        assert re.fullmatch(r"yql\+ydb://127\.0\.0\.1:[1-9]\d*/local", url)
        engine = sa.create_engine(url)
        with engine.connect():  # holds a session, with its stream, while the process ends
            process.send_signal(number)
            output, errors = process.communicate()
        engine.dispose()

    assert (process.returncode, output, errors) == (0, "", "")


# Tells the process to stop as soon as that many lines have run since it printed its URL.
TOLD_AFTER_LINES = """
import signal, sys
import ydb_emulator.__main__ as command

def trace(frame, event, _):
    global lines
    lines -= event == "line"
    if not lines:
        lines = -1
        signal.raise_signal(signal.SIGTERM)
    return trace

def printed(*_, **__):
    sys._getframe(1).f_trace = trace
    sys.settrace(trace)

command.print = printed
for lines in range(1, 7):
    print(lines, command.main(["--port", "0"]))
    sys.settrace(None)
"""


def test_stops_at_whichever_moment_it_is_told():
    """It waited for ever where the signal came while it took the lock of what it waited for."""
    done = subprocess.run([sys.executable, "-c", TOLD_AFTER_LINES], capture_output=True, text=True, timeout=60)

    assert (done.stdout.split(), done.stderr) == ("1 0 2 0 3 0 4 0 5 0 6 0".split(), "")


@pytest.fixture
def taken():
    """A port in use."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield str(listening.getsockname()[1])


def test_port_in_use(taken):
    done = subprocess.run([*COMMAND, "--port", taken], capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"ydb-emulator: port {taken} is in use: "
        "stop what listens there, or choose another one (0 for any that is free)\n"
    )


@pytest.mark.parametrize("port", ["70000", "-1", "abc", ""])
def test_no_such_port(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([f"--port={port}"])
    assert end.value.code == 2
    assert capsys.readouterr() == (
        "",
        f"ydb-emulator: argument --port: {port!r} is no port: "
        "choose a number from 1 to 65535, or 0 for any that is free\n",
    )


@pytest.mark.parametrize("path", ["local", "", "/", "/a/", "//a", "/a b", "/a?b", "/ж"])
def test_no_such_database(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([f"--database={path}"])
    assert end.value.code == 2
    assert capsys.readouterr() == (
        "",
        f"ydb-emulator: argument --database: {path!r} is no path of a database: "
        "write one such as /local or /ru-central1/a/b\n",
    )


@pytest.mark.parametrize("command", [COMMAND, SCRIPT], ids=["module", "script"])
def test_is_ready_without_what_it_does_not_need(command, taken):
    start = [command[0], "-X", "importtime", *command[1:], "--port", taken]
    told = subprocess.run(start, capture_output=True, text=True).stderr

    imported = {line.rpartition("|")[2].strip() for line in told.splitlines() if line.startswith("import time:")}
    assert "ydb._grpc.common" in imported
    assert imported.isdisjoint({"ydb.driver", "ydb.aio", "lark", "pytest", "sqlalchemy"})
