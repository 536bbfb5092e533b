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
    "right": "nothing is to do, and nothing is done",
    "seen": "the revision runs, and the next comparison finds nothing",
    "stopped": "YDB cannot do it; Alembic says so and writes no revision",
    "missed": "a difference that Alembic does not see",
    "false alarm": "a revision where nothing is to do",
    "refused": "a revision that YDB refuses",
    "does not run": "a revision that raises an exception before YDB is asked",
    "wrong": "a revision that runs, and leaves a difference or does something else",
    "crash": "Alembic ends with an exception",
}
GOOD = {"right", "seen", "stopped"}
NOT_THERE = "not on this line"
"""Of a case whose database an older line of YDB cannot have."""
