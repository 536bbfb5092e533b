"""The map of the code for docs/architecture.md: each module, and what it says of itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from guide.paths import ROOT, TOOLKIT
from guide.reader.snippets import in_sections

PAGE = ROOT / "snippets" / "architecture.md"
EMULATOR, GUIDE, TESTS = ROOT / "emulator" / "src" / "ydb_emulator", ROOT / "guide", ROOT / "tests"
WAY = ("services", "session.py", "request.py", "yql", "check", "plan.py", "run", "store", "result.py", "wire.py")
"""The modules of the emulator in the order in which a request goes through them."""


def render() -> str:
    """The file that the page includes."""
    modules = _modules(EMULATOR)
    way = [EMULATOR / name for name in WAY]
    sections = {
        "way": way,
        "emulator": [path for path in modules if path not in way],
        "toolkit": _modules(TOOLKIT),
        "guide": _modules(GUIDE),
        "reader": _modules(GUIDE / "reader"),
        "site": _modules(GUIDE / "site"),
        "tests": _modules(TESTS),
    }
    return in_sections({name: _table(paths) for name, paths in sections.items()})


def _modules(folder: Path) -> list[Path]:
    """Packages and modules in a folder: what is no test itself."""
    packages = sorted(path.parent for path in folder.glob("*/__init__.py"))
    modules = sorted(path for path in folder.glob("*.py") if not path.name.startswith(("__init__", "test_")))
    return [*packages, *modules]


def _table(paths: list[Path]) -> Iterator[str]:
    yield "| | |"
    yield "| --- | --- |"
    for path in paths:
        slash = "/" if path.is_dir() else ""
        yield f"| `{path.relative_to(ROOT).as_posix()}{slash}` | {_says(path)} |"


def _says(path: Path) -> str:
    """The first sentence of a module's or package's docstring, which each must have."""
    file = path / "__init__.py" if path.is_dir() else path
    text = ast.get_docstring(ast.parse(file.read_text()))
    assert text, f"{file.relative_to(ROOT)} has no docstring"
    return text.split("\n")[0].replace("|", "\\|")
