"""The builds of indexes, and of columns with a DEFAULT: operations that outlive the request that began them.

Source: ydb/core/tx/schemeshard/schemeshard_build_index_tx_base.cpp (Fill: state and progress), …__cancel.cpp,
…__forget.cpp, …__list.cpp; ut_index_build/ut_index_build.cpp (CancelBuild, RejectsCancel), ut_column_build.
"""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from enum import IntEnum

from ..errors import Issue, Status, YdbError, unsupported
from .catalog import Index

_FIRST_ID = 281474976710657
"""Ids are those of transactions. YDB's documentation shows such numbers; they mean nothing here."""


class State(IntEnum):
    """IndexBuildState of `ydb_table.proto`."""

    FILLING = 2  # of rows, which YDB calls the transfer of data
    DONE = 4
    CANCELLED = 6
    REJECTED = 8


@dataclass
class Build:
    """One build. `path` is its table, relative to the database; `index` is None for a build of columns.

    `seconds` is how long it takes, `why` is what a rejected one says.
    """

    id: int
    path: str
    index: Index | None
    state: State = State.FILLING
    seconds: float = 0.0
    is_cancelled: bool = False
    why: str = ""
    _began: float = field(default_factory=time.monotonic)

    @property
    def is_finished(self) -> bool:
        return self.state is not State.FILLING

    @property
    def progress(self) -> float:
        """Percent: of its time while it goes on, 0 where it came to nothing."""
        if self.state is State.FILLING:
            return min(100 * (time.monotonic() - self._began) / self.seconds, 99.0) if self.seconds else 0.0
        return 100.0 if self.state is State.DONE else 0.0


class Builds:
    """The builds that a database remembers: all, until they are forgotten."""

    def __init__(self) -> None:
        self._ids = itertools.count(_FIRST_ID)
        self._by_id: dict[int, Build] = {}

    def begin(self, path: str, index: Index | None) -> Build:
        build = Build(next(self._ids), path, index)
        self._by_id[build.id] = build
        return build

    def drop(self, build: Build) -> None:
        """It never was: the request that began it was refused."""
        self._by_id.pop(build.id, None)

    def find(self, id: int) -> Build | None:
        return self._by_id.get(id)

    def newest_first(self) -> list[Build]:
        return sorted(self._by_id.values(), key=lambda build: -build.id)

    def cancel(self, id: int) -> Build:
        """Ask for the end of a build, and return it. Raises NOT_FOUND, and PRECONDITION_FAILED for one that is over."""
        build = self._existing(id)
        if build.is_finished:
            raise _refused(Status.PRECONDITION_FAILED, id, "has been finished already")
        if build.is_cancelled:
            raise unsupported("a build that is cancelled twice")
        build.is_cancelled = True
        return build

    def forget(self, id: int) -> None:
        """Remove a build that is finished. Raises NOT_FOUND, and PRECONDITION_FAILED for one that is not."""
        if not self._existing(id).is_finished:
            raise _refused(Status.PRECONDITION_FAILED, id, "hasn't been finished yet")
        del self._by_id[id]

    def _existing(self, id: int) -> Build:
        build = self._by_id.get(id)
        if build is None:
            raise _refused(Status.NOT_FOUND, id, "not found")
        return build


def _refused(status: Status, id: int, why: str) -> YdbError:
    return YdbError(status, Issue(f"Index build process with id <{id}> {why}"))
