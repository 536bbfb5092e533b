"""A part of a file, shown on a page: an excerpt of the reader's file, or a change that the reader makes in it.

A change is a diff or, of settings, a line `key = value`.
"""

import re
import textwrap
from itertools import groupby


def contains(text: str, fragment: str) -> bool:
    """Whether the lines of the fragment stand in the text, one after the other, at any one indentation."""
    lines, wanted = text.split("\n"), fragment.rstrip("\n").split("\n")
    windows = (lines[start : start + len(wanted)] for start in range(len(lines) - len(wanted) + 1))
    return any(textwrap.dedent("\n".join(window)).split("\n") == wanted for window in windows)


def apply(name: str, text: str, fragment: str) -> str:
    """Put a setting, a line `key = value`, in place of the one that sets the same key.

    In: the file's name and text, the line. Out: the changed text. Raises ValueError where a reader could not tell what
    to do.
    """
    if name.rpartition(".")[2] not in {"ini", "cfg"}:
        raise ValueError(f"a section can be applied to .ini and .cfg files, not to {name}: show a diff")
    line, lines = fragment.rstrip("\n"), text.split("\n")
    key, is_setting, _ = line.partition("=")
    if not is_setting or "\n" in line:
        raise ValueError("a section of settings is one line, key = value: show a diff, or the whole file")
    same = [index for index, other in enumerate(lines) if re.match(rf"{re.escape(key.rstrip())}\s*=", other)]
    if len(same) != 1:
        raise ValueError(f"{key.rstrip()!r} is in the file {len(same)} times: show a diff, or the whole file")
    lines[same[0]] = line
    return "\n".join(lines)


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
