"""What YDB would answer: refused, or not known."""

from __future__ import annotations

from collections.abc import Iterator

from ..record import REFUSED, UNKNOWN, Revision, Turn
from .rule import Hit, Rule, upgrade


def refused(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for statement in run.statements:
        if statement.outcome == REFUSED:
            yield Hit(statement.place, f"YDB refuses this: {statement.status}: {statement.words}", statement.text)
    if run.failed and run.refused is None:
        assert run.place is not None
        yield Hit(run.place, f"upgrade() fails: {run.failed}")


def unknown(revision: Revision) -> Iterator[Hit]:
    """Of an upgrade and of a downgrade: neither can be said to run."""
    for turn in (Turn.UPGRADE, Turn.DOWNGRADE):
        for statement in revision.runs[turn].statements if turn in revision.runs else ():
            if statement.outcome == UNKNOWN:
                yield Hit(statement.place, f"not known what YDB answers: {statement.words}", statement.text)


RULES = [
    Rule(
        "YDB101",
        "refused",
        "YDB refuses a statement of upgrade(), or upgrade() raises. The revision stops there, and what it did before "
        "stays: a change of the schema cannot be rolled back.",
        refused,
    ),
    Rule(
        "YDB102",
        "not known",
        "The emulator does not support this statement, so nothing is known of what YDB answers. YDB may well take it. "
        "Run the revision on a YDB before the deploy.",
        unknown,
    ),
]
