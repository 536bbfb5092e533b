"""What concerns the project and no single revision."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..record import Finding, History, Place, source

HEADS, MODELS, NOT_COMPARED, IN_NO_MODEL = "YDB001", "YDB002", "YDB003", "YDB005"
FOLLOWS, COMPARES = re.compile(r"\bdown_revision\b"), re.compile(r"^[^#]*\btarget_metadata\b")


def findings(history: History) -> Iterator[Finding]:
    if len(history.heads) > 1:
        message = f"{len(history.heads)} heads: {', '.join(sorted(history.heads))}. No revision was run"
        yield Finding(HEADS, "", _line(history.heads[max(history.heads)], FOLLOWS), message)
    for merge, file in history.merges.items():
        yield Finding(HEADS, merge, _line(file, FOLLOWS), f"{merge} merges several heads. No revision was run")
    env = _line(str(Path(history.folder, "env.py")), COMPARES)
    for difference in history.differences:
        if _drops(difference):
            message = f"autogenerate would drop what is in no model: {words(difference)}"
            yield Finding(IN_NO_MODEL, "", env, message)
        else:
            yield Finding(MODELS, "", env, f"the models want what no revision makes: {words(difference)}")
    if history.comparison:
        yield Finding(NOT_COMPARED, "", env, f"models and revisions were not compared: {history.comparison}")


def _line(file: str, sought: re.Pattern) -> Place:
    """The first line of a file in which something stands, the first of all where it does not."""
    lines = source(file).splitlines()
    return Place(file, next((number for number, line in enumerate(lines, 1) if sought.search(line)), 1))


def _drops(difference: object) -> bool:
    return isinstance(difference, tuple) and difference[0] in ("remove_table", "remove_column", "remove_index")


def words(difference: object) -> str:
    """A difference as Alembic writes it: `add_column seasons.title`."""
    if isinstance(difference, list):
        return ", ".join(map(words, difference))
    assert isinstance(difference, tuple)
    kind, *parts = difference
    if kind.startswith("modify_"):
        return f"{kind} {parts[1]}.{parts[2]}"
    if kind.endswith("_column"):
        return f"{kind} {parts[1]}.{parts[2].name}"
    return f"{kind} {getattr(parts[0], 'name', parts[0])}".rstrip()
