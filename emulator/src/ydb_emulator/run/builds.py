"""Builds of indexes and of columns with a DEFAULT: begun, watched, cancelled, rejected.

The statement that began a build waits for it, and says what came of it; if its client is gone, the build goes on.
Source: ydb/core/kqp/executer_actor/kqp_scheme_executer.cpp (StartBuildOperation, TEvIndexBuilder::TEvGetResponse) as
github.com/ydb-platform/ydb/pull/20268 has it: PRECONDITION_FAILED with the issues of the build, of which one that was
cancelled has none (Fill in schemeshard_build_index_tx_base.cpp).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import Issue, Status, YdbError, unsupported
from ..plan import AddIndex, AlterTable, Operation
from ..store.builds import Build, State
from ..store.catalog import Table
from ..store.database import Database


def begin(operation: Operation, database: Database) -> Build | None:
    """The build that an operation is, None for one that is none."""
    if isinstance(operation, AddIndex) and not operation.index.is_local:
        return database.builds.begin(operation.path, operation.index)
    if isinstance(operation, AlterTable) and any(column.default is not None for column in operation.add):
        table = database.state.catalog.get(operation.path)
        if isinstance(table, Table) and not table.is_column:
            return database.builds.begin(operation.path, None)
    return None


@contextmanager
def running(build: Build | None, database: Database) -> Iterator[None]:
    """Done where the block succeeds. A build that fails for another reason than its own is not in YDB's list."""
    try:
        yield
    except BaseException:
        if build is not None and not build.is_finished:
            database.builds.drop(build)
        raise
    if build is not None:
        build.state = State.DONE


def check_goes_on(build: Build | None, database: Database) -> None:
    """Whether a build comes to its end, asked when its time is over. Raises PRECONDITION_FAILED for one that was
    cancelled or is rejected."""
    if build is None:
        return
    if build.is_cancelled:
        build.state = State.CANCELLED
    elif why := database.rejection():
        build.state, build.why = State.REJECTED, why
    if not build.is_finished:
        return
    if not database.line.has("failures of builds"):
        raise unsupported("what a statement says whose build has failed, on this line")
    raise YdbError(Status.PRECONDITION_FAILED, *([Issue(build.why)] if build.why else []))
