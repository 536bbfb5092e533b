"""The distribution as its users get it: built, installed where nothing else is, started."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path
from venv import EnvBuilder

import pytest
from packaging.requirements import Requirement

from ydb_emulator.yql import tables

EMULATOR = Path(__file__).parent.parent
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]

SELECT_ONE = """
import sys
import ydb
from ydb_emulator import Emulator

with Emulator() as emulator:
    with ydb.Driver(endpoint=f"grpc://127.0.0.1:{emulator.port}", database="/local") as driver:
        with ydb.QuerySessionPool(driver) as pool:
            print(pool.execute_with_retries("SELECT 1 AS one")[0].rows[0].one)
print(sorted({"lark", "mkdocs", "sqlalchemy", "alembic", "pytest"} & {name.partition(".")[0] for name in sys.modules}))
"""


def run(*command: object, status: int = 0, cwd: Path | None = None) -> str:
    """What a command prints, output and errors. Fails where it ends with another status."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == status, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and a wheel that was built of the sdist alone."""
    folder = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "hatchling", "build", "-d", folder, "-t", "sdist", cwd=EMULATOR)
    [sdist] = folder.glob("*.tar.gz")
    run("tar", "-xf", sdist, cwd=folder)
    unpacked = folder / sdist.name.removesuffix(".tar.gz")
    hatchling = ["env", "PYTHONHASHSEED=1", sys.executable, "-m", "hatchling"]
    run(*hatchling, "build", "-d", folder, "-t", "wheel", cwd=unpacked)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    [wheel] = built.glob("*.whl")
    return wheel


def install(folder: Path, *what: object) -> Path:
    """Make an environment that has nothing in it but what is installed. Out: its prefix."""
    EnvBuilder(symlinks=True).create(folder)
    run(*PIP, "--python", folder / "bin" / "python", "install", "--quiet", "--no-compile", *what)
    return folder


def installed(prefix: Path) -> Distribution:
    """The emulator as an environment has it."""
    (packages,) = prefix.glob("lib/python*/site-packages")
    (emulator,) = distributions(name="ydb-emulator", path=[str(packages)])
    return emulator


def borrow(packages: Path, *requirements: str) -> None:
    """Link into a folder what is asked for, and what that asks for, from here. docs/preparation.md fetches it."""
    asked = list(map(Requirement, requirements))
    while asked:
        requirement = asked.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        found = distribution(requirement.name)
        assert requirement.specifier.contains(found.version, prereleases=True)
        parts = {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}
        for part in parts - {path.name for path in packages.iterdir()}:
            (packages / part).symlink_to(str(found.locate_file(part)))
            asked += map(Requirement, found.requires or ())


@pytest.fixture(scope="module")
def prefix(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that had nothing in it, with the wheel installed."""
    folder = install(tmp_path_factory.mktemp("wheel"), "--no-deps", wheel)
    emulator = installed(folder)
    borrow(Path(str(emulator.locate_file(""))), *(emulator.requires or ()))
    return folder


def test_it_is_complete_without_anything_else(prefix: Path) -> None:
    own = f"import ydb_emulator; assert ydb_emulator.__file__.startswith({str(prefix)!r})"
    assert run(prefix / "bin" / "python", "-W", "error", "-c", own + SELECT_ONE) == "1\n[]\n"


@pytest.mark.parametrize("command", [["ydb-emulator"], ["python", "-m", "ydb_emulator"]])
def test_its_command_starts(prefix: Path, command: list[str]) -> None:
    program, *arguments = command
    with subprocess.Popen(
        [prefix / "bin" / program, *arguments, "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        printed = process.stdout.readline()
        process.terminate()  # before anything is asserted: whoever leaves the block waits for its end
    assert re.fullmatch(r"yql\+ydb://127\.0\.0\.1:\d+/local\n", printed)
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("options", "status", "told"), [([], 0, "1 passed"), (["-p", "no:ydb_emulator"], 1, "fixture 'ydb_url' not found")]
)
def test_pytest_has_its_plugin(prefix: Path, tmp_path: Path, options: list[str], status: int, told: str) -> None:
    """By its entry point, under the name by which it can be left out."""
    borrow(tmp_path, "pytest")
    test = tmp_path / "test_it.py"
    test.write_text("def test_it(ydb_url): assert ydb_url.startswith('yql+ydb://127.0.0.1:')")
    variables = [f"PYTHONPATH={tmp_path}", "PYTEST_ADDOPTS=", "PYTEST_PLUGINS=", "PYTEST_DISABLE_PLUGIN_AUTOLOAD="]
    assert told in run("env", *variables, prefix / "bin" / "python", "-m", "pytest", *options, test, status=status)


def test_a_checkout_installs_the_same(prefix: Path, tmp_path: Path) -> None:
    """As of `pip install ./emulator`: its modules, its command and plugin, and what it asks for."""

    def parts(emulator: Distribution) -> tuple[dict[str, bytes], str | None, list[str] | None]:
        own = {"..", f"ydb_emulator-{emulator.version}.dist-info"}
        files = [file for file in emulator.files or () if file.parts[0] not in own]
        return (
            {str(file): file.read_binary() for file in files},
            emulator.read_text("entry_points.txt"),
            emulator.requires,
        )

    checkout = install(tmp_path, "--no-deps", EMULATOR)
    assert parts(installed(checkout)) == parts(installed(prefix))


def test_the_wheel_brings_the_tables_of_its_grammar(wheel: Path) -> None:
    """The same as here, although another process made them, in which sets have another order."""
    with zipfile.ZipFile(wheel) as file:
        names = file.namelist()
        assert json.loads(file.read("ydb_emulator/yql/grammar.json")) == tables.load()
    assert {"ydb_emulator/yql/grammar.json", "ydb_emulator/yql/grammar.lark", "ydb_emulator/py.typed"} <= set(names)
    assert {name.partition("/")[0] for name in names} == {"ydb_emulator", "ydb_emulator-0.1.0.dist-info"}


def test_what_it_asks_for(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        metadata = file.read("ydb_emulator-0.1.0.dist-info/METADATA").decode()
    asked = set(re.findall(r"^Requires-Dist: ([\w-]+)", metadata, re.MULTILINE))
    assert asked == {"grpcio", "protobuf", "pyrsistent", "ydb"}


def test_an_old_python_is_told_which_one_it_needs(wheel: Path, tmp_path: Path) -> None:
    old = ["--python-version", "3.10", "--only-binary", ":all:", "--target", tmp_path]
    told = run(*PIP, "install", "--no-deps", *old, wheel, status=1)
    assert "Package 'ydb-emulator' requires a different Python: 3.10.0 not in '>=3.11'" in told
