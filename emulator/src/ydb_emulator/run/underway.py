"""Scheme operations that take their time: what others may do with their paths meanwhile.

Reads and writes of the table go on. Another scheme operation on the path gets OVERLOADED, and a column that is being
added with a DEFAULT can't be written yet.
Sources: ydb/core/tx/schemeshard/schemeshard_path.cpp (NotUnderOperation, NotUnderDeleting, FailOnExist), EPathState of
ydb/core/protos/flat_scheme_op.proto; status: the scheme executer's map of StatusMultipleModifications.
"""

from __future__ import annotations

from ..errors import Status, YdbError, scheme_failure, unsupported
from ..plan import (
    AddIndex,
    AlterTable,
    ChangeAccounts,
    CreateTable,
    CreateTopic,
    CreateView,
    DropTable,
    DropTopic,
    DropView,
    MakeDirectory,
    Operation,
    RemoveDirectory,
    RenameTable,
)
from ..store.builds import Build
from ..store.catalog import Table, Topic, View
from ..store.database import Database, Underway

MULTIPLE_SCHEME_MODIFICATIONS = 2010
_CREATE, _ALTER, _DROP, _MOVE = "EPathStateCreate", "EPathStateAlter", "EPathStateDrop", "EPathStateMoving"


def require_idle(operation: Operation, database: Database) -> None:
    """Raises OVERLOADED where an operation on one of the paths is under way."""
    if not database.under_operation:
        return
    creates = isinstance(operation, (CreateTable, CreateTopic, CreateView))
    for path in _paths(operation, database):
        found = database.under_operation.get(path)
        if found is None:
            continue
        if creates and found.state == _CREATE:
            raise _busy(database, path, "path exists but creating right now")
        if found.state == _DROP:
            raise _busy(database, path, "path is being deleted right now")
        if not creates:
            raise _busy(database, path, "path is under operation")
    if isinstance(operation, RemoveDirectory):
        if any(path.startswith(f"{operation.path}/") for path in database.under_operation):
            raise unsupported("removing a directory with something under operation in it")


def wait(operation: Operation, database: Database, build: Build | None) -> bool:
    """Let others run for as long as it takes, or until its build is cancelled. False where it takes no time."""
    paths = _paths(operation, database)
    seconds = database.scheme_seconds(next(iter(paths))) if paths else 0.0
    if build is not None:
        seconds = build.seconds = max(seconds, database.build_seconds)
    if not seconds:
        return False
    database.under_operation |= paths
    try:
        database.let_others(seconds, until=lambda: build is not None and build.is_cancelled)
    finally:
        for path in paths:
            del database.under_operation[path]
        database.wake()
    return True


def _paths(operation: Operation, database: Database) -> dict[str, Underway]:
    match operation:
        case MakeDirectory() | RemoveDirectory() | ChangeAccounts():
            return {}
        case CreateTable(path, table):
            return {path: Underway(_CREATE, _kind(table))}
        case CreateTopic(path, made) | CreateView(path, made):
            return {path: Underway(_CREATE, _kind(made))}
    kind = _kind(database.state.catalog.get(operation.path))
    match operation:
        case DropTable(path) | DropTopic(path) | DropView(path):
            return {path: Underway(_DROP, kind)}
        case RenameTable(path, new_path):
            return {path: Underway(_MOVE, kind), new_path: Underway(_CREATE, kind)}
        case AlterTable(path, add):
            built = tuple(column for column in add if column.default is not None)
            return {path: Underway(_ALTER, kind, built)}
        case AddIndex(path, index):
            return {path: Underway(_ALTER, kind, index=index)}
    return {operation.path: Underway(_ALTER, kind)}


def _kind(entry: object) -> str:
    if isinstance(entry, Topic):
        return "EPathTypePersQueueGroup"
    if isinstance(entry, View):
        return "EPathTypeView"
    return "EPathTypeColumnTable" if isinstance(entry, Table) and entry.is_column else "EPathTypeTable"


def _busy(database: Database, path: str, error: str) -> YdbError:
    """The numbers in it are YDB's own and mean nothing here."""
    found = database.under_operation[path]
    about = f"id: [OwnerId: 72057594046678944, LocalPathId: 1], type: {found.kind}, state: {found.state}"
    message = f"Check failed: path: '{database.path}/{path}', error: {error} ({about})"
    return scheme_failure(message, MULTIPLE_SCHEME_MODIFICATIONS, Status.OVERLOADED)
