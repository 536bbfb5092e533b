"""TLS: with a certificate the emulator speaks it, and nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from queue import SimpleQueue

import grpc
import pytest
import sqlalchemy as sa

from ydb_emulator import Emulator
from ydb_emulator.__main__ import main

COMMAND = [sys.executable, "-W", "error", "-m", "ydb_emulator", "--port", "0"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate for localhost, `server.pem`, and its key, `server.key`."""
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost "
        "-addext subjectAltName=DNS:localhost -keyout server.key -out server.pem"
    )
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    return folder


def select(url: str) -> int:
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            return connection.execute(sa.text("SELECT 1")).scalar_one()
    finally:
        engine.dispose()


@pytest.mark.parametrize("options", ["", "&disable_discovery=true"])
def test_client_with_the_certificate(folder: Path, options: str) -> None:
    with Emulator(tls=((folder / "server.key").read_bytes(), (folder / "server.pem").read_bytes())) as emulator:
        assert re.fullmatch(r"yql\+ydb://localhost:\d+/local\?protocol=grpcs", emulator.url)
        assert select(f"{emulator.url}&root_certificates_path={folder / 'server.pem'}{options}") == 1


@pytest.mark.parametrize(
    ("host", "roots"), [("localhost", None), ("localhost", False), ("localhost", True), ("127.0.0.1", True)]
)
def test_only_clients_that_fit_get_through(folder: Path, host: str, roots: bool | None) -> None:
    """`roots`: whether the client knows the certificate, None for a client without TLS. It is valid for localhost."""
    certificate = (folder / "server.pem").read_bytes()
    with Emulator(tls=((folder / "server.key").read_bytes(), certificate)) as emulator:
        target, credentials = f"{host}:{emulator.port}", grpc.ssl_channel_credentials(certificate if roots else None)
        with grpc.insecure_channel(target) if roots is None else grpc.secure_channel(target, credentials) as channel:
            states: SimpleQueue[grpc.ChannelConnectivity] = SimpleQueue()
            channel.subscribe(states.put, try_to_connect=True)
            ends = {grpc.ChannelConnectivity.READY, grpc.ChannelConnectivity.TRANSIENT_FAILURE}
            state = next(state for state in iter(states.get, None) if state in ends)
            channel.unsubscribe(states.put)
            assert (state is grpc.ChannelConnectivity.READY) is (roots is True and host == "localhost")


def test_as_a_process(folder: Path) -> None:
    command = [*COMMAND, "--tls-certificate", str(folder / "server.pem"), "--tls-key", str(folder / "server.key")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert select(f"{url}&root_certificates_path={folder / 'server.pem'}") == 1
        process.terminate()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--tls-key", "server.key"], "--tls-certificate and --tls-key go together"),
        (["--tls-key", "none.key", "--tls-certificate", "server.pem"], "No such file or directory: 'none.key'"),
        (["--tls-key", "server.pem", "--tls-certificate", "server.pem"], "--tls-certificate and --tls-key: [SSL]"),
        (["--users", "server.pem"], "--users: line 1 is not name:password"),
    ],
)
def test_files_that_are_wrong(
    folder: Path,
    arguments: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(SystemExit) as end:
        main(arguments)
    printed = capsys.readouterr()
    assert (end.value.code, printed.out) == (2, "")
    assert message in printed.err
