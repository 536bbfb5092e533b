"""A part of a file, shown on a page: an excerpt of the reader's file, or a change that the reader makes in it.

A change is a section of the changed file, or a diff.
"""

import ast
import configparser
import json
import re
import textwrap
import tomllib
from collections.abc import Callable
from itertools import groupby, takewhile

import yaml


def contains(text: str, fragment: str) -> bool:
    """Whether the lines of the fragment stand in the text, one after the other, at any one indentation."""
    lines, wanted = text.split("\n"), fragment.rstrip("\n").split("\n")
    windows = (lines[start : start + len(wanted)] for start in range(len(lines) - len(wanted) + 1))
    return any(textwrap.dedent("\n".join(window)).split("\n") == wanted for window in windows)


def apply(name: str, text: str, fragment: str) -> str:
    """Make the change that a fragment shows.

    In: the file's name and text, the fragment. Out: the changed text.
    Python: definitions and assignments at the top level replace those of the same name, new ones and imports are
    added. ini, cfg: the line `key = value` replaces the one line with that key.
    Raises ValueError where a reader could not tell what to do.
    """
    suffix = name.rpartition(".")[2]
    if suffix == "py":
        return _apply_python(text, fragment)
    if suffix in {"ini", "cfg"}:
        return _apply_setting(text, fragment)
    raise ValueError(f"a section can be applied to .py, .ini and .cfg files, not to {name}: show a diff")


def apply_diff(text: str, diff: str) -> str:
    """Make the change that a diff shows: lines that begin with a space, `-` or `+`; `@@` alone parts its places.

    The context says where each place is, not a number. Raises ValueError where that is not exactly one place.
    """
    lines = text.split("\n")
    for place in _places(diff):
        before = [line[1:] for line in place if not line.startswith("+")]
        after = [line[1:] for line in place if not line.startswith("-")]
        if before == after:
            raise ValueError("a place of the diff changes nothing")
        if not before:
            raise ValueError("a place of the diff shows no line that is in the file")
        size = len(before)
        starts = [start for start in range(len(lines) - size + 1) if lines[start : start + size] == before]
        if len(starts) != 1:
            found = f"{len(starts)} times" if starts else "nowhere"
            first = next((line.strip() for line in before if line.strip()), "")
            raise ValueError(f"the lines that the diff is about ({first!r} …) are {found} in the file")
        lines[starts[0] : starts[0] + size] = after
    return "\n".join(lines)


def _places(diff: str) -> list[list[str]]:
    lines = diff.rstrip("\n").split("\n")
    if wrong := next((line for line in lines if line and line != "@@" and line[0] not in " -+"), None):
        raise ValueError(f"a line of a diff begins with a space, - or +; places are parted by @@ alone: {wrong!r}")
    return [list(group) for is_place, group in groupby(lines, lambda line: line != "@@") if is_place]


def check_syntax(name: str, text: str) -> None:
    """Raises ValueError if a file that the reader writes can't be what its name says: Python, ini, toml, yaml, json."""
    check = SYNTAX.get(name.rpartition(".")[2])
    try:
        if check:
            check(text)
    except (SyntaxError, configparser.Error, yaml.YAMLError, ValueError) as error:
        raise ValueError(f"{name} cannot be read: {error}") from None


def _apply_python(text: str, fragment: str) -> str:
    for chunk, statement in _chunks(fragment):
        lines = text.split("\n")
        present = [(_names(node), node) for node in ast.parse(text).body]
        names = _names(statement)
        if isinstance(statement, ast.Import | ast.ImportFrom):
            if any(ast.dump(node) == ast.dump(statement) for _, node in present):
                continue
            imports = [node for _, node in present if isinstance(node, ast.Import | ast.ImportFrom)]
            line = imports[-1].end_lineno if imports else 0
            lines[line:line] = chunk
        elif not names:
            raise ValueError(
                f"cannot tell where {ast.unparse(statement).splitlines()[0]!r} belongs: show the whole file"
            )
        elif old := [node for others, node in present if others == names]:
            if len(old) > 1:
                raise ValueError(f"{names[0]} is defined {len(old)} times in the file: show the whole file")
            start = min([old[0].lineno, *(item.lineno for item in getattr(old[0], "decorator_list", []))])
            lines[start - 1 : old[0].end_lineno] = chunk
        else:
            # After the last definition, so before the statements that use it.
            defined = [node for others, node in present if others or isinstance(node, ast.Import | ast.ImportFrom)]
            line = defined[-1].end_lineno if defined else 0
            space = [""] if isinstance(statement, ast.Assign | ast.AnnAssign) else ["", ""]
            lines[line:line] = [*space, *chunk]
        text = "\n".join(lines)
    return text


def _chunks(fragment: str) -> list[tuple[list[str], ast.stmt]]:
    """The top-level statements of a fragment, each with its lines: comments and decorators above it included."""
    try:
        body = ast.parse(fragment).body
    except SyntaxError as error:
        raise ValueError(f"the section is not Python on its own ({error}), nor does the file contain it") from None
    lines, chunks, start = fragment.rstrip("\n").split("\n"), [], 0
    for statement in body:
        blank = len(list(takewhile(lambda line: not line.strip(), lines[start : statement.end_lineno])))
        chunks.append((lines[start + blank : statement.end_lineno], statement))
        start = last_line(statement)
    if not chunks or any(line.strip() for line in lines[start:]):
        raise ValueError("the section does not end with a statement: show more of it, or the whole file")
    return chunks


def last_line(statement: ast.stmt) -> int:
    """The number of the last line of a statement that was read from a text."""
    assert statement.end_lineno is not None, "a statement that was made, not read"
    return statement.end_lineno


def _names(statement: ast.stmt) -> list[str]:
    """The names that a statement defines."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [statement.name]
        case ast.Assign():
            return [ast.unparse(target) for target in statement.targets]
        case ast.AnnAssign():
            return [ast.unparse(statement.target)]
    return []


def _parse_ini(text: str) -> None:
    configparser.RawConfigParser().read_string(text)


SYNTAX: dict[str, Callable[[str], object]] = {
    "py": ast.parse,
    "ini": _parse_ini,
    "cfg": _parse_ini,
    "toml": tomllib.loads,
    "yaml": yaml.safe_load,
    "yml": yaml.safe_load,
    "json": json.loads,
}


def _apply_setting(text: str, fragment: str) -> str:
    """Put a line `key = value` in place of the one that sets the same key."""
    line, lines = fragment.rstrip("\n"), text.split("\n")
    key, is_setting, _ = line.partition("=")
    if not is_setting or "\n" in line:
        raise ValueError("a section of settings is one line, key = value: show a diff, or the whole file")
    same = [index for index, other in enumerate(lines) if re.match(rf"{re.escape(key.rstrip())}\s*=", other)]
    if len(same) != 1:
        raise ValueError(f"{key.rstrip()!r} is in the file {len(same)} times: show a diff, or the whole file")
    lines[same[0]] = line
    return "\n".join(lines)
