"""The places where the emulator refuses, and which of them a run reaches.

Such a place is a `raise` of a refusal, or a `return` of a function that makes one: of a YdbError, or of an Issue or a
PathError that others put into one. Each refuses in YDB's name, which it owes to a source, or as not supported, in the
emulator's own.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any
from unittest import mock

from . import errors

SOURCE = Path(__file__).parent
SPEAKING = ("check", "run", "store", "yql", "request.py", "show.py", "system_views.py", "text.py")
"""What refuses statements. Calls that are wrong as such (services, sessions, values on the wire) have tests instead."""
MAKERS = {"YdbError", "YdbError | None", "Exception", "Issue", "Issue | None"}
"""The annotations of functions that make refusals."""
OWN = {"unsupported", "_unsupported"}
ERRORS = {name for name in dir(builtins) if name.endswith("Error")}
"""What is raised for those who write the emulator."""


@dataclass(frozen=True)
class Place:
    """The statement of a refusal: its file below SOURCE, its lines, and what its first line reads.

    `guard` are the lines of the condition around it, if there is one. `own`: it is refused as not supported.
    """

    file: str
    lines: range
    text: str
    guard: range
    own: bool

    def __str__(self) -> str:
        return f"{self.file}:{self.lines[0]}: {self.text}"


def places() -> list[Place]:
    """All places of the emulator that refuse a statement, in the order of files and lines."""
    files = [file for name in SPEAKING for file in [SOURCE / name, *sorted((SOURCE / name).rglob("*.py"))]]
    read = [(file.relative_to(SOURCE).as_posix(), file.read_text(encoding="utf-8")) for file in files if file.is_file()]
    return [place for name, text in read for place in _in_text(name, text)]


@cache
def _in_text(name: str, text: str) -> tuple[Place, ...]:
    lines = text.splitlines()
    return tuple(
        Place(name, _lines(node), lines[node.lineno - 1].strip(), _lines(guard), _name(made) in OWN)
        for node, made, guard in _refusing(ast.parse(text), makes=False, guard=None)
    )


def _refusing(
    node: ast.AST, makes: bool, guard: ast.expr | None
) -> Iterator[tuple[ast.stmt, ast.expr, ast.expr | None]]:
    """In: whether a function around makes refusals, and the guard. Out: statements, what each makes, its guard."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):  # in which no statement is
            continue
        inside, around = makes, guard
        match child:
            case ast.FunctionDef(returns=returns):
                inside, around = returns is not None and ast.unparse(returns) in MAKERS, None
            case ast.If(test=test):
                around = test
            case ast.Raise(exc=ast.Call() | ast.IfExp() as made) if _name(made) not in ERRORS:
                yield child, made, guard
            case ast.Return(value=ast.expr() as made) if makes and not _hands_on(made):
                yield child, made, guard
        yield from _refusing(child, inside, around)


def _hands_on(made: ast.expr) -> bool:
    """Whether it is no refusal, or one that was made elsewhere."""
    if isinstance(made, ast.IfExp):
        return _hands_on(made.body) and _hands_on(made.orelse)
    return isinstance(made, ast.Constant | ast.Name | ast.Subscript)


def _lines(node: ast.stmt | ast.expr | None) -> range:
    return range(0) if node is None else range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _name(made: ast.expr) -> str:
    """The name of what is called."""
    match made:
        case ast.Call(func=func):
            return _name(func)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


@dataclass
class Reached:
    """The lines of the emulator that were being run when a refusal was made: file below SOURCE, and number."""

    lines: set[tuple[str, int]] = field(default_factory=set)

    def has(self, place: Place) -> bool:
        return any((place.file, line) in self.lines for line in place.lines)

    def note(self, frame: FrameType | None) -> None:
        while frame is not None:
            file = frame.f_code.co_filename
            if file.startswith(f"{SOURCE}/"):
                self.lines.add((file[len(f"{SOURCE}/") :], frame.f_lineno))
            frame = frame.f_back


@contextmanager
def recording() -> Iterator[Reached]:
    """What is reached inside of it, in all threads of this process."""
    reached = Reached()

    def noting(made: Any) -> mock._patch[Any]:
        init = made.__init__

        def noted(self: object, *arguments: object, **named: object) -> None:
            reached.note(sys._getframe(1))
            init(self, *arguments, **named)

        return mock.patch.object(made, "__init__", noted)

    from .check.jsonpath.reading import PathError  # not above: who asks for places may put others in place of modules

    with noting(errors.Issue), noting(errors.YdbError), noting(PathError):
        yield reached
