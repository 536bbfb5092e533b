"""Snippet files: their named sections, writing captured output back into them, and loading those that are modules."""

import importlib.util
import sys
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from pymdownx.snippets import SnippetPreprocessor

MARKER = SnippetPreprocessor.RE_SNIPPET_SECTION


@dataclass(frozen=True)
class Include:
    """What an include line names: a file as the page writes it, where that is, and a section of it or None.

    `line` is the one of the file, counted from 1, on which it begins.
    """

    name: str
    file: Path
    section: str | None = None
    line: int = field(default=1, compare=False)

    def __str__(self) -> str:
        return f"{self.name}:{self.section}" if self.section else self.name


def in_sections(sections: Mapping[str, Iterable[str]]) -> str:
    """The text of a file of sections, as a page includes them. In: the lines of each, by its name."""
    lines = [
        line for name, told in sections.items() for line in (f"--8<-- [start:{name}]", *told, f"--8<-- [end:{name}]")
    ]
    return "\n".join(lines) + "\n"


def load(file: Path, name: str = "") -> ModuleType:
    """A module that a page shows. In: its file, and the name that it has on the page, if that is not the file's."""
    name = name or file.stem
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec and spec.loader, f"{file}: no file of Python"
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def find_sections(text: str) -> dict[str, tuple[int, int]]:
    """Find the named sections of a snippet file.

    In: the file's text. Out: for each name, the slice of lines between its two markers.
    Raises ValueError for a section that is opened twice, never closed, never opened, or empty: the site would build
    without a word and show the wrong lines.
    """
    lines = text.split("\n")
    opened: dict[str, int] = {}
    closed: dict[str, tuple[int, int]] = {}
    for index, line in enumerate(lines):
        marker = MARKER.match(line) if "8<" in line else None  # the pattern alone would take ten times as long
        if not marker or marker["escape"]:
            continue
        name = marker["name"]
        if marker["type"].lower() == "start":
            if name in opened:
                raise ValueError(f"line {index + 1}: section '{name}' is opened twice")
            opened[name] = index + 1
        elif name not in opened or name in closed:
            raise ValueError(f"line {index + 1}: section '{name}' is closed but not open")
        else:
            closed[name] = (opened[name], index)
    for name, start in opened.items():
        if name not in closed:
            raise ValueError(f"line {start}: section '{name}' is never closed: add '--8<-- [end:{name}]'")
        if not any(line.strip() and not MARKER.match(line) for line in lines[slice(*closed[name])]):
            raise ValueError(f"line {start}: section '{name}' is empty")
    return closed


def rewrite(include: Include, text: str) -> None:
    """Write `text` in place of what the include names, keeping markers and indentation.

    Raises ValueError if section markers lie inside what would be replaced: they would be lost.
    """
    lines = include.file.read_text().split("\n")
    start, end = (0, len(lines))
    if include.section:
        start, end = find_sections("\n".join(lines))[include.section]
    if any(MARKER.match(line) for line in lines[start:end]):
        raise ValueError(f"{include} has sections inside, which a rewrite would lose: change it by hand")
    if not include.section:
        include.file.write_text(text)
        return
    indent = min((line[: len(line) - len(line.lstrip())] for line in lines[start:end] if line.strip()), key=len)
    lines[start:end] = textwrap.indent(text.rstrip("\n"), indent).split("\n")
    include.file.write_text("\n".join(lines))


def unused(folder: Path, includes: list[Include], others: set[Path]) -> list[str]:
    """The snippets that no page shows.

    In: the folder of snippets, what pages include, files that belong to what they include. Out: the files and
    sections (as `file:section`) that are nowhere included.
    """
    used = {(include.file.resolve(), include.section) for include in includes}
    files = {file for file, _ in used} | {file.resolve() for file in others}
    left = []
    for file in sorted(folder.rglob("*")):
        if not file.is_file() or "__pycache__" in file.parts:
            continue
        if file.resolve() not in files:
            left.append(file.relative_to(folder).as_posix())
            continue
        names = find_sections(file.read_text())
        left += [f"{file.relative_to(folder)}:{name}" for name in names if (file.resolve(), name) not in used]
    return left
