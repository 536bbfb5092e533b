"""Suites of other clients, which a registry serves as source packages and which need no Docker, run on the emulator.

Each function takes an unpacked source package, an environment and the emulator's port, and gives what became of each
test. The suites are unchanged: stand-ins take the place of Docker, and settings name the address.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import report
from .report import FAILED, PASSED, SKIPPED

STAND_INS = Path(__file__).parent / "stand_ins"
TIMEOUT = 900
"""Seconds after which a suite that hangs is stopped."""


@dataclass(frozen=True)
class Other:
    """One suite: of which source package, with its version and the sha256 of its file; the packages of its environment;
    what is run of it, and how."""

    name: str
    source: str
    sha256: str
    packages: tuple[str, ...]
    what: tuple[str, ...]
    run: Callable[[Other, Path, Path, int], dict[str, str]]


def outcomes(other: Other, cache: Path, port: int) -> dict[str, str]:
    """What became of each test of a suite, run on the emulator at the port."""
    folder = _unpacked(other, cache)
    return other.run(other, folder, _environment(other, cache, folder), port)


def _unpacked(other: Other, cache: Path) -> Path:
    """The source package's folder. Raises ValueError where what the registry sends is not what is pinned."""
    cache.mkdir(exist_ok=True)
    folder = cache / f"source-{other.name}"
    if not folder.exists():
        archive = _fetched(other, cache / f"fetched-{other.name}")
        if hashlib.sha256(archive.read_bytes()).hexdigest() != other.sha256:
            raise ValueError(f"{archive} is not the file that is pinned")
        folder.mkdir()
        subprocess.run(["tar", "-xf", archive, "-C", folder], check=True)
    [inside] = folder.iterdir()
    return inside


def _fetched(other: Other, folder: Path) -> Path:
    """The file of a source package, by the registry's own client."""
    folder.mkdir(exist_ok=True)
    if other.run is _jest:
        command = ["npm", "pack", "--silent", other.source]
    else:
        package = other.source.split()[0]
        name = package.partition("==")[0]
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", name, package]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    [archive] = folder.iterdir()
    return archive


def _environment(other: Other, cache: Path, folder: Path) -> Path:
    """The interpreter of an environment with a suite's packages; of npm, the folder that has them."""
    if other.run is _jest:
        if not (folder / "node_modules" / ".bin" / "jest").exists():
            command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save", *other.packages]
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        return folder
    place = cache / f"venv-{other.name}"
    installed, wanted = place / "installed.txt", "\n".join(other.packages)
    if not installed.exists() or installed.read_text() != wanted:
        venv.create(place, clear=True, with_pip=True)
        pip = (place / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check")
        subprocess.run([*pip, "install", *other.packages], check=True)
        installed.write_text(wanted)
    return place / "bin" / "python"


def _pytest(other: Other, folder: Path, python: Path, port: int) -> dict[str, str]:
    """Tests of pytest; the plug-in `emulated` gives them the port."""
    file = folder.parent.parent / f"{other.name}.xml"
    file.unlink(missing_ok=True)
    command: list[Path | str] = [
        python, "-m", "pytest", "-q", "-p", "emulated", "-p", "no:cacheprovider", "-o", "asyncio_mode=auto",
        "-c", os.devnull, f"--rootdir={folder}", f"--confcutdir={folder}", f"--junit-xml={file}", *other.what,
    ]  # fmt: skip
    path = os.pathsep.join((str(STAND_INS), str(folder)))
    said = _finished(command, folder, PYTHONPATH=path, YDB_PORT=str(port))
    if not file.exists():
        raise RuntimeError(said)
    return report.outcomes(file)


def _jest(other: Other, folder: Path, _: Path, port: int) -> dict[str, str]:
    """Compiled tests of JavaScript. They want a certificate, whatever the address."""
    certificate, file = folder.parent.parent / "any.pem", folder.parent.parent / f"{other.name}.json"
    certificate.touch()
    file.unlink(missing_ok=True)
    command = [
        "npx", "jest", "--rootDir", "build/cjs", "--testMatch", *other.what, "--testTimeout", "60000", "--json",
        "--outputFile", str(file),
    ]  # fmt: skip
    address = f"grpc://127.0.0.1:{port}"
    _finished(command, folder, YDB_ENDPOINT=address, YDB_SSL_ROOT_CERTIFICATES_FILE=str(certificate))
    names = {"passed": PASSED, "failed": FAILED, "pending": SKIPPED}
    results = json.loads(file.read_text(encoding="utf-8"))["testResults"]
    return {one["fullName"]: names[one["status"]] for tests in results for one in tests["assertionResults"]}


_DJANGO = re.compile(
    r"^\w+ \(([\w.]+)\)(?:\n[^\n]*)? \.\.\. .*?(ok|FAIL|ERROR|skipped|expected failure)\b", re.MULTILINE
)


def _django(other: Other, folder: Path, python: Path, port: int) -> dict[str, str]:
    """Django's own runner; one process, since databases are made by each."""
    command: list[Path | str] = [
        python, "runtests.py", "--settings=django_on_emulator", "--parallel=1", "--verbosity=2", *other.what,
    ]  # fmt: skip
    said = _finished(command, folder / "tests", PYTHONPATH=str(STAND_INS), YDB_PORT=str(port))
    names = {"ok": PASSED, "expected failure": PASSED, "skipped": SKIPPED}
    return {test: names.get(outcome, FAILED) for test, outcome in _DJANGO.findall(said)}


def _finished(command: Sequence[Path | str], folder: Path, **variables: str) -> str:
    """What a command says, whatever its status."""
    environment = {**os.environ, **variables}
    done = subprocess.run(
        command, cwd=folder, env=environment, timeout=TIMEOUT, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    return done.stdout


OTHERS = (
    Other(
        "ydb-sdk",
        "ydb==3.33.2",
        "927efa83bc7fec8366eebc01a100eb07389bacb4e9a1827cd801606836c66f86",
        ("ydb==3.33.2", "pytest==8.3.5", "pytest-asyncio==0.23.8", "aiohttp", "requests"),
        (
            "tests/query", "tests/table", "tests/aio", "tests/test_errors.py",
            "--ignore=tests/aio/test_credentials.py",  # it needs the packages of Yandex Cloud
        ),
        _pytest,
    ),
    Other(
        "javascript",
        "ydb-sdk@5.11.1",
        "157e1a668d30945e4c6bdda3f305d7ef427d4a415fa6e5e6e422e50c7b239a91",
        ("jest@29.7.0", "dotenv@16.4.5"),
        ("**/__tests__/e2e/**/*.js",),
        _jest,
    ),
    Other(
        "django",
        "django==5.2.19 django-ydb-backend==0.0.1b7",
        "ad03d8abc51dbff95ebf34b27123cf0c26a3b62db7ba0cd520783686362533d1",
        ("django==5.2.19", "django-ydb-backend==0.0.1b7"),
        (
            "basic", "bulk_create", "datetimes", "defer", "get_or_create", "lookup", "many_to_many", "many_to_one",
            "ordering", "select_related", "transactions", "update",
        ),
        _django,
    ),
)  # fmt: skip
"""The sdists of ydb-dbapi, langchain-ydb and django-ydb-backend carry no tests of their own."""
