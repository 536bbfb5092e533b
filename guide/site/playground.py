"""`make playground`: what a browser needs to run the guide's stack, from the pinned packages of npm and of this guide.

Python for the browser and the editor are what `playground/web/package-lock.json` names. The Python packages are those
of `requirements.lock`, as they are installed here: each file has to be what its package says of it. They are compiled
by the Python that will run them. Nothing is fetched but by npm. `python -m guide.site.playground FOLDER` puts it there.
"""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from guide.paths import ROOT

WEB = ROOT / "playground" / "web"
KEPT = ROOT / ".cache" / "playground"
"""What has been made, by what it was made of."""
LIBRARY = "/lib/python3.14"
PACKAGES = "site-packages"

DISTRIBUTIONS = (
    "alembic", "mako", "markupsafe", "packaging", "protobuf", "pyrsistent", "sqlalchemy", "typing-extensions", "ydb",
    "ydb-dbapi", "ydb-sqlalchemy",
)  # fmt: skip
DRAFTS = ("bridge", "federated_query", "keyvalue", "maintenance", "object_storage", "replication", "view")
"""Services for which the SDK has stubs and no client."""
LEFT_OUT = (
    *(f"ydb/_grpc/v6/draft/{folder}ydb_{name}_" for folder in ("", "protos/") for name in DRAFTS),
    "alembic/testing/", "google/_upb/", "google/protobuf/compiler/", "mako/ext/", "mako/testing/",
    "packaging/_elffile.py", "packaging/_manylinux.py", "packaging/_musllinux.py", "packaging/_parser.py",
    "packaging/_tokenizer.py", "packaging/direct_url.py", "packaging/dependency_groups.py", "packaging/errors.py",
    "packaging/licenses/", "packaging/markers.py", "packaging/metadata.py", "packaging/pylock.py",
    "packaging/requirements.py", "packaging/specifiers.py", "packaging/tags.py", "packaging/utils.py",
    "sqlalchemy/ext/mypy/",
    "sqlalchemy/testing/", "test/", "tests/", "ydb/_grpc/v3/", "ydb/_grpc/v4/", "ydb/_grpc/v5/", "ydb/opentelemetry/",
    "ydb/sqlalchemy/", "alembic_ydb/check/", "playground/web/", "ydb_emulator/__main__.py", "ydb_emulator/cases.py",
    "ydb_emulator/conformance.py", "ydb_emulator/pytest_plugin.py", "ydb_emulator/refusals.py",
)  # fmt: skip
"""Tests, what starts processes, the SDK's stubs for older protobufs, and all of `packaging` but versions."""
STANDARD_LEFT_OUT = (
    "_pydatetime.py", "_pydecimal.py", "_pyio.py", "_pyrepl/", "__phello__/", "bdb.py", "compileall.py", "ctypes/",
    "doctest.py", "ftplib.py", "imaplib.py", "mailbox.py", "modulefinder.py", "multiprocessing/", "pdb.py",
    "pickletools.py", "plistlib.py", "poplib.py", "profile.py", "profiling/", "pstats.py", "pyclbr.py", "pydoc.py",
    "smtplib.py", "sqlite3/", "symtable.py", "tabnanny.py", "trace.py", "tracemalloc.py", "turtle.py", "wave.py",
    "webbrowser.py", "wsgiref/", "xml/", "xmlrpc/", "zipapp.py",
)  # fmt: skip
"""Of the standard library, what needs a network, processes or a person at a prompt, and what C has here already."""
ENCODINGS = re.compile(
    "encodings/(?!__init__|aliases|ascii|base64|charmap|cp1252|cp437|hex|idna|latin_1|punycode|raw|unicode|utf)"
)
"""Of its encodings, those that nobody needs here."""
DATA = ("alembic/templates/", "entry_points.txt", "METADATA")
OWN = {
    "ydb_emulator": ROOT / "emulator" / "src" / "ydb_emulator",
    "alembic_ydb": ROOT / "toolkit" / "src" / "alembic_ydb",
    "playground": ROOT / "playground",
}
TOOLS = ("compile.mjs", "compile.py", "package-lock.json")
READER = (
    "__init__.py", "address.py", "database.py", "engine.py", "errors.py", "fragment.py", "matching.py", "session.py",
    "shown.py", "yql.py",
)  # fmt: skip
"""The reader's modules that tell what a database holds and answers, and that follow and compare blocks."""


class MissingError(Exception):
    """What the playground can't be made without."""


def make(folder: Path) -> None:
    """Put the playground into a folder. Raises MissingError where npm or Node.js is missing, or what they need."""
    if not shutil.which("npm") or not shutil.which("node"):
        raise MissingError("npm and Node.js are not here: what runs in the browser is made with them")
    modules = dict(_modules())
    tools = {name: (WEB / name).read_bytes() for name in TOOLS}
    kept = KEPT / _digest(modules | tools)
    if not kept.exists():
        shutil.rmtree(KEPT, ignore_errors=True)
        KEPT.mkdir(parents=True)
        with tempfile.TemporaryDirectory(dir=KEPT) as scratch:
            made = Path(scratch, "made")
            _make(made, Path(scratch, "library"), modules)
            made.rename(kept)
    shutil.copytree(kept / "parts", folder, dirs_exist_ok=True)
    _bundle(kept / "npm", folder)


def _digest(files: dict[str, bytes]) -> str:
    """Stands for all that takes long to be made of these files."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for name, content in sorted(files.items()):
        digest.update(f"{name} {len(content)} ".encode() + content)
    return digest.hexdigest()[:16]


def _files(folder: Path) -> dict[str, bytes]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _modules() -> Iterator[tuple[str, bytes]]:
    """The files of the library, by their path in it."""
    for name in DISTRIBUTIONS:
        yield from _installed(distribution(name))
    for package, folder in OWN.items():
        for name, content in _files(folder).items():
            path = f"{package}/{name}"
            if name.endswith((".py", ".lark", ".json")) and not path.startswith(LEFT_OUT):
                yield path, content
    yield "guide/__init__.py", (ROOT / "guide" / "__init__.py").read_bytes()
    for name in READER:
        yield f"guide/reader/{name}", (ROOT / "guide" / "reader" / name).read_bytes()


def _installed(package: Distribution) -> Iterator[tuple[str, bytes]]:
    """The files of an installed package that are wanted. Raises MissingError where one is not what was installed."""
    for name, recorded, _ in csv.reader(io.StringIO(package.read_text("RECORD"))):
        is_code = name.endswith(".py") and not name.endswith("_test.py")
        is_data = any(part in name for part in DATA) and not name.endswith(".pyc")
        if not (is_code or is_data) or name.startswith(("..", *LEFT_OUT)):
            continue
        content = Path(str(package.locate_file(name))).read_bytes()
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        if recorded != f"sha256={digest}":
            raise MissingError(f"{name} of {package.name} is not as it was installed: make clean install")
        yield name, content


def _make(made: Path, library: Path, modules: dict[str, bytes]) -> None:
    """Fetch what comes from npm into `npm`, and put the parts that a reader loads into `parts`."""
    npm, parts = made / "npm", made / "parts"
    npm.mkdir(parents=True)
    parts.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(WEB / name, npm)
    _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], npm)
    pyodide = npm / "node_modules" / "pyodide"
    standard = _standard(pyodide / "python_stdlib.zip")
    for name, content in (standard | {f"{PACKAGES}/{name}": content for name, content in modules.items()}).items():
        path = library / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    _run(["node", str(WEB / "compile.mjs"), str(pyodide), str(library), LIBRARY, str(WEB / "compile.py")], npm)
    everything = _everything(library)
    sources = {name: content for name, content in everything.items() if _is_source(name)}
    # Bytecode is found beside a source, which need not be there as a whole: only tracebacks look into it.
    packages = {name: content for name, content in everything.items() if name.startswith(PACKAGES)}
    compiled = {name: b"" if name in sources else content for name, content in packages.items()}
    written = [
        _part(parts, "pyodide.asm.wasm", (pyodide / "pyodide.asm.wasm").read_bytes()),
        _part(parts, "python_stdlib.zip", _zipped(everything)),
        _part(parts, "modules", _packed(compiled)),
    ]
    lock = json.loads((pyodide / "pyodide-lock.json").read_text())
    manifest = {
        "version": hashlib.sha256("".join(str(part["file"]) for part in written).encode()).hexdigest()[:16],
        "parts": written,
        "sources": _part(parts, "sources", _packed(sources)),
        "lock": lock | {"packages": {}},
    }
    (parts / "parts.json").write_text(json.dumps(manifest))
    for name in ("pyodide.mjs", "pyodide.asm.mjs"):
        shutil.copy(pyodide / name, parts)


def _bundle(npm: Path, folder: Path) -> None:
    """Put the scripts of the page into a folder, the editor among them, and the project that it begins with."""
    folder = folder.resolve()  # esbuild runs in the folder of npm
    esbuild = [str(npm / "node_modules" / ".bin" / "esbuild"), "--bundle", "--minify", "--format=esm", "--charset=utf8"]
    for script in WEB.glob("*.js"):
        shutil.copy(script, npm)
    for name in ("app.js", "worker.js"):
        _run([*esbuild, "--log-level=error", "--external:./pyodide.mjs", name, f"--outfile={folder / name}"], npm)
    for name in ("start.js", "style.css", "offline.js"):
        shutil.copy(WEB / name, folder)
    (folder / "example.json").write_text(json.dumps(project_files(ROOT / "example")))


def project_files(folder: Path) -> dict[str, str]:
    """The files of a project by their names, without the bytecode that a run leaves behind."""
    return {name: file.decode() for name, file in _everything(folder).items() if "__pycache__" not in name}


def _standard(archive: Path) -> dict[str, bytes]:
    """The modules of the standard library by their names."""
    with zipfile.ZipFile(archive) as opened:
        return {
            name: opened.read(name)
            for name in opened.namelist()
            if name.endswith(".py") and not name.startswith(STANDARD_LEFT_OUT) and not ENCODINGS.match(name)
        }


def _zipped(everything: dict[str, bytes]) -> bytes:
    """The standard library's bytecode as the archive from which Python starts. It is compressed as a whole later."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in everything.items():
            if name.endswith(".pyc") and not name.startswith(PACKAGES):
                module = re.sub(r"__pycache__/(.+)\.cpython-\d+\.pyc$", r"\1.pyc", name)
                archive.writestr(zipfile.ZipInfo(module), content)
    return packed.getvalue()


def _is_source(name: str) -> bool:
    """Whether a module is only looked into by tracebacks. The tables of the grammar look at what they were made of."""
    return name.endswith(".py") and not name.startswith(
        (f"{PACKAGES}/alembic/templates/", f"{PACKAGES}/ydb_emulator/yql/tables.py")
    )


def _everything(folder: Path) -> dict[str, bytes]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _packed(files: dict[str, bytes]) -> bytes:
    """Files in one: the length of an index, the index, the files."""
    index = json.dumps([[name, len(content)] for name, content in files.items()]).encode()
    return len(index).to_bytes(4, "little") + index + b"".join(files.values())


def _part(folder: Path, name: str, content: bytes) -> dict[str, str | int]:
    """Write a part, compressed, since not every host does that. Its name tells what is in it."""
    packed = gzip.compress(content, 9, mtime=0)
    file = f"{name.rpartition('.')[0] or name}-{hashlib.sha256(content).hexdigest()[:12]}.bin"
    (folder / file).write_bytes(packed)
    return {"name": name, "file": file, "bytes": len(packed)}


def _run(command: list[str], folder: Path) -> None:
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if run.returncode:
        raise MissingError(f"{' '.join(command)}: {(run.stdout + run.stderr)[-1000:]}")


if __name__ == "__main__":
    try:
        make(Path(sys.argv[1]).resolve())
    except MissingError as error:
        sys.exit(str(error))
