"""What came of a case: a verdict, and what it is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Judgment:
    """What came of a case: the verdict, the operations of the revision or what was said, and how a downgrade ends."""

    id: str
    verdict: str
    said: str = ""
    downgrade: str = ""


VERDICTS = {
    "right": "nothing needs to change, and Alembic writes nothing",
    "seen": "the revision runs, and the next comparison finds no difference",
    "stopped": "YDB cannot do it: Alembic says so and writes no revision",
    "missed": "Alembic does not see the difference",
    "false alarm": "nothing needs to change, and Alembic writes a revision",
    "refused": "YDB refuses the revision",
    "does not run": "the revision raises an exception before YDB is asked",
    "silently different": "the revision runs, and leaves a difference or does something else",
    "crash": "Alembic ends with an exception",
}
GOOD = {"right", "seen", "stopped"}
BADGES = {
    "right": "works",
    "seen": "works",
    "stopped": "differs",
    "missed": "silent",
    "false alarm": "silent",
    "refused": "refused",
    "does not run": "refused",
    "silently different": "silent",
    "crash": "refused",
}
"""The class of each verdict's badge on the page (docs/stylesheets/text.css)."""
NOT_THERE = "not on this line"
"""Of a case whose database an older line of YDB cannot have."""
