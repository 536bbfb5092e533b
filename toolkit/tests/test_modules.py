"""Each module can be copied instead of installed, and the distribution holds nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

TOOLKIT = Path(__file__).parent.parent
MODULES = sorted(path for path in (TOOLKIT / "src" / "alembic_ydb").glob("*.py") if path.stem != "__init__")
LISTED = dict(re.findall(r"(?m)^\| `alembic_ydb\.(\w+)` \| `(\w+)\.py` \|", (TOOLKIT / "README.md").read_text()))
"""What a module is called, and what its copy is."""
OTHERS = "{'alembic_ydb', 'ydb_emulator', 'guide', 'pytest', 'requests'}"  # the last takes long to import


def run(*command: object, cwd: Path) -> str:
    """What a command prints, output and errors. Fails where it ends with another status than 0."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_the_readme_lists_every_module() -> None:
    assert sorted(LISTED) == [path.stem for path in MODULES]


IMPORTS = f"""
import importlib, sys
for folder, name in zip(sys.argv[1::2], sys.argv[2::2]):
    sys.path[0] = folder
    importlib.import_module(name)
    del sys.modules[name]
    print(name, sorted({OTHERS} & {{each.partition('.')[0] for each in sys.modules}}))
"""


def test_a_copy_is_imported_alone(tmp_path: Path) -> None:
    """From an otherwise empty folder, by the name that the README gives it. Importing prints and changes nothing."""
    places: list[str] = []
    for module in MODULES:
        name = LISTED[module.stem]
        (folder := tmp_path / name).mkdir()
        (folder / f"{name}.py").write_text(module.read_text())
        places += [str(folder), name]
    told = run(sys.executable, "-B", "-W", "error", "-c", IMPORTS, *places, cwd=tmp_path)
    assert told == "".join(f"{name} []\n" for name in places[1::2])
    files = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert files == sorted(Path(name, f"{name}.py") for name in places[1::2])


def test_importing_the_package_imports_none_of_its_modules(tmp_path: Path) -> None:
    """The hooks change what Alembic does as soon as they are imported."""
    found = "print([name for name in sys.modules if name.startswith('alembic')])"
    assert run(sys.executable, "-c", f"import sys, alembic_ydb; {found}", cwd=tmp_path) == "['alembic_ydb']\n"


def test_the_wheel_holds_the_modules_and_asks_for_three_packages(tmp_path: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "-d", tmp_path, "-t", "sdist", cwd=TOOLKIT)
    [sdist] = tmp_path.glob("*.tar.gz")
    run("tar", "-xf", sdist, cwd=tmp_path)
    unpacked = tmp_path / sdist.name.removesuffix(".tar.gz")
    run(sys.executable, "-m", "hatchling", "build", "-d", tmp_path, "-t", "wheel", cwd=unpacked)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        names = [name for name in file.namelist() if re.match(r"alembic_ydb/(?!check/|testing/)", name)]
        [metadata] = [file.read(name).decode() for name in file.namelist() if name.endswith(".dist-info/METADATA")]
    assert sorted(names) == sorted(
        f"alembic_ydb/{name}" for name in ("__init__.py", "py.typed", *(module.name for module in MODULES))
    )
    asked = set(re.findall(r"(?m)^Requires-Dist: ([\w-]+)(?!.*extra ==)", metadata))
    assert asked == {"alembic", "sqlalchemy", "ydb-sqlalchemy"}
