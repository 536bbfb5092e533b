"""What concerns the project and no single revision."""

from __future__ import annotations

from collections.abc import Iterator

from ..record import Finding, History, Place

HEADS, MODELS, NOT_COMPARED = "YDB001", "YDB002", "YDB003"


def findings(history: History, folder: str) -> Iterator[Finding]:
    """In: what was run, and the folder of the revisions."""
    if len(history.heads) > 1:
        message = f"{len(history.heads)} heads: {', '.join(history.heads)}. No revision was run"
        yield Finding(HEADS, "", Place(folder), message)
    for merge in history.merges:
        yield Finding(HEADS, merge, Place(folder), f"{merge} merges several heads. No revision was run")
    for difference in history.differences:
        yield Finding(MODELS, "", Place(folder), f"the models want what no revision makes: {words(difference)}")
    if history.comparison:
        yield Finding(NOT_COMPARED, "", Place(folder), f"models and revisions were not compared: {history.comparison}")


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


TITLES = {
    HEADS: (
        "several heads",
        "The version table on YDB has room for one head. Put one of the revisions on top of the other: change its "
        "down_revision. `alembic merge` does not help: on the way to the merge there are two heads.",
    ),
    MODELS: ("models differ", "Autogenerate would still write a revision after the last one."),
    NOT_COMPARED: ("not compared", "Autogenerate failed, so nothing is known of models without a revision."),
}
