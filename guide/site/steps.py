"""The steps of a page for the browser: what the tests walk, as `playground.steps` does it, and why a page has none."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from guide.pages import read, site
from guide.paths import ROOT
from guide.reader.page import Block, Page
from guide.reader.roles import Role
from guide.reader.session import parse
from guide.reader.way import Way, ways
from playground.steps import KINDS
from playground.terminal import NAMES
from playground.words import commands, parts

THREADS = {"asyncio", "concurrent", "multiprocessing", "socket", "ssl", "subprocess", "threading"}
"""What a tab has no threads, processes and sockets for."""
PACKAGES = {
    "alembic", "alembic_ydb", "google", "mako", "markupsafe", "packaging", "pyrsistent", "sqlalchemy",
    "typing_extensions", "ydb", "ydb_dbapi", "ydb_emulator", "ydb_sqlalchemy",
}  # fmt: skip
"""What can be imported there besides the standard library: `guide.site.playground` brings it."""
SETTINGS = {r"^\+?hooks *=": "a formatter, which is another program", r"^\+?timezone *=": "the data of time zones"}
"""Settings of Alembic, as a file or a change has them, that need what a tab does not have."""
TOLD = {Role.SESSION, Role.YQL}
"""What a page has to have for a reader to run anything."""
NOT_FOLLOWED = {Role.ANSWER}
"""Its lines are those of another block."""


def steps(page: Page) -> dict[str, Any] | None:
    """A page as the browser follows it, by the first of its ways that can be; None if none can. Raises ReaderError."""
    for way in ways_of(page):
        if not why_not(way) and any(role in TOLD for _, role in way.blocks):
            return {
                "title": title(page),
                "files": dict(_project(way)),
                "steps": [_step(block, role) for block, role in way.blocks if role not in NOT_FOLLOWED],
            }
    return None


def ways_of(page: Page) -> list[Way]:
    """The ways through a page. Raises ReaderError."""
    return ways(site(), page.path, lambda _, path: read(path))


def why_not(way: Way) -> list[str]:
    """What a way needs and a browser tab lacks, in words; nothing if it can be followed there."""
    return list(dict.fromkeys(_lacking(way)))


def title(page: Page) -> str:
    """What a page is called: its first heading."""
    lines = page.path.read_text().split("\n")
    return next((line.removeprefix("# ") for line in lines if line.startswith("# ")), page.name)


def _project(way: Way) -> Iterator[tuple[str, str]]:
    """The files that a way starts from, by their names."""
    if way.project:
        for file in sorted(way.project.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file.relative_to(way.project).as_posix(), file.read_text()


def _step(block: Block, role: Role) -> dict[str, Any]:
    return {
        "kind": role.name.lower(),
        "name": block.title,
        "text": block.text,
        "masks": block.masks,
        "whole": not block.include.section,
    }


def _lacking(way: Way) -> Iterator[str]:
    if "environment" in way.page.meta:
        yield "a Python environment of its own"
    files = dict(_project(way))
    for block, role in way.blocks:
        if role in NOT_FOLLOWED:
            continue
        if role.name.lower() not in KINDS:
            yield _UNKNOWN[role]
        elif role is Role.SESSION:
            for command in parse(block.text):
                yield from _lacking_command(command.text)
        else:
            yield from (what for setting, what in SETTINGS.items() if re.search(setting, block.text, re.MULTILINE))
            if role is Role.FILE:
                files[block.title] = block.text
    own = {part for name in files for part in name.removesuffix(".py").split("/")}
    for name, text in files.items():
        if name.endswith(".py"):
            yield from (f"the module {module}" for module in _lacking_modules(text) if module not in own)


_UNKNOWN = {
    Role.SERVER: "a server",
    Role.EXAMPLE: "a Python block whose output the tests write below each print",
    Role.SETUP: "operations, each on tables that are set up anew",
    Role.OPERATION: "operations, each on tables that are set up anew",
    Role.SENT: "operations, each on tables that are set up anew",
}


def _lacking_command(text: str) -> Iterator[str]:
    """What a line of the terminal needs that the tab's terminal does not have."""
    try:
        found = commands(text)
    except ValueError as error:
        yield f"a shell: {error}"
        return
    for command in (each for _, pipeline in found for each in pipeline):
        words = [each.text({}) for each in parts(command)[0]]
        while words and "=" in words[0] and words[0].split("=", 1)[0].isidentifier():
            words.pop(0)
        match words:
            case ["python", "-m", module, *_] if module not in ("alembic", "alembic_ydb.builds"):
                yield f"the command python -m {module}"
            case ["alembic", "edit", *_]:
                yield "an editor"
            case ["timeout", _, name, *_] if name not in NAMES:
                yield f"the command {name}"
            case [name, *_] if name not in NAMES:
                yield f"the command {name}"


@cache
def _lacking_modules(text: str) -> frozenset[str]:
    """What a module imports that a tab does not have, and what modules of the toolkit import that it names."""
    found: set[str] = set()
    for name in _imported(ast.parse(text)):
        top = name.split(".")[0]
        if top == "alembic_ydb":
            file = ROOT / "toolkit" / "src" / f"{name.replace('.', '/')}.py"
            found |= _lacking_modules(file.read_text()) if file.is_file() else set()
        elif top in THREADS or (top not in sys.stdlib_module_names and top not in PACKAGES):
            found.add(top)
    return frozenset(found)


def _imported(tree: ast.Module) -> Iterable[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
