"""Which of upstream's suites run, and with which packages, as data.

Versions that the guide pins come from requirements.lock; the others are those that upstream tests itself with
(ydb-platform/ydb-sqlalchemy, test-requirements.txt).
"""

from __future__ import annotations

from dataclasses import dataclass

from guide.lock import locked

SOURCE = "ydb-sqlalchemy"
"""The package whose sdist carries the suites. Those of ydb-dbapi carry none, those of ydb need Docker."""


@dataclass(frozen=True)
class Run:
    """One environment with its own packages. Both of the dialect's drivers run where a suite itself allows."""

    name: str
    packages: tuple[str, ...]


def versions(run: Run) -> str:
    """What a run is of, in one line: the suites' package and SQLAlchemy."""
    return f"{locked(SOURCE)} {run.packages[0]}"


_COMMON = ("pytest<8.4", "pytest-asyncio<1", "greenlet", "requests", *map(locked, ("alembic", "ydb", "ydb-dbapi")))

RUNS = (
    Run("upstream", ("sqlalchemy==2.0.7", *_COMMON)),
    Run("guide", (locked("sqlalchemy"), *_COMMON)),
)
"""SQLAlchemy as upstream pins it for its tests, and as the guide ships it."""
