"""What concerns the project and no single revision."""

from __future__ import annotations

from collections.abc import Iterator

from ..record import Finding, History, Place

HEADS, MODELS, NOT_COMPARED, IN_NO_MODEL = "YDB001", "YDB002", "YDB003", "YDB005"


def findings(history: History) -> Iterator[Finding]:
    folder = history.folder
    if len(history.heads) > 1:
        message = f"{len(history.heads)} heads: {', '.join(sorted(history.heads))}. No revision was run"
        yield Finding(HEADS, "", Place(folder), message)
    for merge in history.merges:
        yield Finding(HEADS, merge, Place(folder), f"{merge} merges several heads. No revision was run")
    for difference in history.differences:
        if _drops(difference):
            message = f"autogenerate would drop what is in no model: {words(difference)}"
            yield Finding(IN_NO_MODEL, "", Place(folder), message)
        else:
            yield Finding(MODELS, "", Place(folder), f"the models want what no revision makes: {words(difference)}")
    if history.comparison:
        yield Finding(NOT_COMPARED, "", Place(folder), f"models and revisions were not compared: {history.comparison}")


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
    return f"{kind} {getattr(parts[0], 'name', parts[0])}"
