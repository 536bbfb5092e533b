"""What the driver makes of each status: how often a statement is sent, after which pauses, what reaches Alembic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from unittest.mock import patch

import sqlalchemy as sa

from guide.paths import ROOT
from ydb_emulator import Emulator
from ydb_emulator.errors import Status

PAGE = ROOT / "snippets" / "production" / "retries.md"
STATUSES = [status for status in Status if status is not Status.SUCCESS]
LIMIT = 100


@dataclass(frozen=True)
class Outcome:
    """What comes of a statement that is always answered with a status: times sent, pauses in seconds, the exception."""

    times: int
    pauses: tuple[float, ...]
    error: str


@cache
def outcomes() -> dict[Status, Outcome]:
    """By status. The pauses, which are drawn by lot, are the longest there can be, and nobody waits for them."""
    with Emulator() as emulator:
        engine = sa.create_engine(emulator.url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            found: dict[Status, Outcome] = {status: _outcome(emulator, connection, status) for status in STATUSES}
        engine.dispose()
    return found


def _outcome(emulator: Emulator, connection: sa.Connection, status: Status) -> Outcome:
    pauses: list[float] = []
    emulator.faults.requests.clear()
    emulator.faults.fail(status=status, times=LIMIT, message=status.name)
    clock, chance = SimpleNamespace(sleep=pauses.append), SimpleNamespace(random=lambda: 1.0)
    try:
        with patch("ydb.retries.time", clock), patch("ydb.retries.random", chance):
            connection.execute(sa.DDL("CREATE TABLE t (id Int64, PRIMARY KEY (id))"))
    except sa.exc.DBAPIError as error:
        return Outcome(emulator.faults.requests["ExecuteQuery"], tuple(pauses), type(error).__name__)
    finally:
        emulator.faults.clear()
    raise AssertionError(f"{status.name}: sent more than {LIMIT} times, or not at all")


def render() -> str:
    """The generated part of the page: a table."""
    by_outcome: dict[Outcome, list[str]] = {}
    for status, outcome in outcomes().items():
        by_outcome.setdefault(outcome, []).append(f"`{status.name}`")
    ordered = sorted(by_outcome, key=lambda outcome: (-outcome.times, sum(outcome.pauses), outcome.error))
    rows = (f"| {', '.join(by_outcome[each])} | {_told(each)} | `{each.error}` |" for each in ordered)
    lines = ["| YDB answers | the statement is sent | Alembic gets |", "| --- | --- | --- |", *rows]
    return "\n".join(["--8<-- [start:statuses]", *lines, "--8<-- [end:statuses]"]) + "\n"


def _told(outcome: Outcome) -> str:
    if outcome.times == 1:
        return "once"
    pauses = "at once" if not outcome.pauses else " ".join(_pauses(outcome.pauses))
    return f"up to {outcome.times} times, {pauses}"


def _pauses(pauses: tuple[float, ...]) -> Iterator[str]:
    first = f"{pauses[0] * 1000:.0f} ms" if pauses[0] < 0.1 else f"{pauses[0]:.0f} s"
    yield f"after at most {first}, then twice that, up to {max(pauses):.3g} s;"
    yield f"in all {sum(pauses):.0f} s at most"
