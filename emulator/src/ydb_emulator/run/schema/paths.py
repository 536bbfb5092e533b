"""Paths: which are free or taken, what their names may be, directories, and the refusals that name a path."""

from __future__ import annotations

import string
from dataclasses import replace
from typing import Any

from ...errors import BAD_REQUEST, SCHEME_ERROR, Status, YdbError, scheme_failure, unsupported
from ...plan import MakeDirectory, RemoveDirectory
from ...store.catalog import (
    Directory,
    Entry,
    Table,
    Topic,
    View,
    children,
    children_of,
    parent,
    with_directories,
)
from ...store.database import Database, State

MAX_NAME = 255
MAX_DEPTH = 32
DROPPED_BEFORE = "a statement about what another of the same request drops"
"""What YDB answers to it is not known."""
NO_DIRECTORY = "path is not a directory"
_KINDS = {
    Directory: "EPathTypeDir",
    Table: "EPathTypeTable",
    Topic: "EPathTypePersQueueGroup",
    View: "EPathTypeView",
}
_SYMBOLS = frozenset(string.ascii_letters + string.digits + string.punctuation) - {"/"}


def path_failure(
    database: Database, path: str, error: str, kind: str | None = None, code: int = SCHEME_ERROR
) -> YdbError:
    """A path that is not as it should be. The numbers in it are YDB's own and mean nothing here."""
    return scheme_failure(_failed_check(database, path, error, kind), code)


def path_conflict(database: Database, path: str, error: str, kind: str, status: str = "ExecError") -> YdbError:
    """A path of another kind than the statement wants, or one that is there: neither has a code in the gateway, so
    that it says GENERIC_ERROR.

    Source: HandleResponse in ydb/core/kqp/gateway/actors/scheme.h; StatusNameConflict, StatusPathIsNotDirectory and
    StatusAlreadyExists in ydb/core/tx/schemeshard/schemeshard_path.h.
    """
    reason = _failed_check(database, path, error, kind)
    return scheme_failure(f"Scheme operation failed, status: {status}, reason: {reason}", 0)


def _failed_check(database: Database, path: str, error: str, kind: str | None) -> str:
    if kind is not None:
        error += f" (id: [OwnerId: 72057594046678944, LocalPathId: 1], type: {kind}, state: EPathStateNoChanges)"
    absolute = f"{database.path}/{path}" if path else database.path
    return f"Check failed: path: '{absolute}', error: {error}"


def kind_of(entry: Entry) -> str:
    """YDB's name of an entry's kind."""
    return "EPathTypeColumnTable" if isinstance(entry, Table) and entry.is_column else _KINDS[type(entry)]


def unresolved(database: Database, path: str) -> YdbError:
    """The refusal of a path at which nothing is."""
    nearest = path
    while nearest not in database.state.catalog:
        nearest = parent(nearest)
    root = f"{database.path}/{nearest}" if nearest else database.path
    return path_failure(database, path, f"path hasn't been resolved, nearest resolved path: '{root}'")


def path_does_not_exist() -> YdbError:
    """A path that the proxy looks up itself (ReportStatus in ydb/core/tx/tx_proxy/schemereq.cpp): of a view, of a
    directory, of what access rights are for. Where the scheme shard finds out, as of what a table holds, its words are
    those of `unresolved`."""
    return scheme_failure("Path does not exist")


def check_name(database: Database, path: str, name: str, code: int = SCHEME_ERROR) -> None:
    """The name of what a table holds, such as an index. It is one part of a path."""
    if "/" in name:
        raise unsupported("a slash in the name of what a table holds")  # YDB refuses it, the status is not known
    _check_names(database, f"{path}/{name}", code)


def _check_names(database: Database, path: str, code: int = SCHEME_ERROR) -> None:
    """Source: TPath::IsValidLeafName, TChecker::DepthLimit."""

    def failed(error: str) -> YdbError:
        return path_failure(database, path, error, code=code)

    for name in path.split("/"):
        wrong = next((char for char in name if char not in _SYMBOLS), None)
        if not name:
            raise unsupported("a path with an empty part")  # YDB passes over it (SplitPath, ydb/core/base/path.cpp)
        if len(name.encode()) > MAX_NAME:
            raise failed("path part is too long")
        if name == ".sys":
            raise failed("path part '.sys' is reserved by the system")
        if not name.strip("."):
            raise failed(f"is not allowed path part contains only dots '{name}'")
        if wrong is not None:
            raise failed(f"symbol '{wrong}' is not allowed in the path part '{name}'")
    depth = path.count("/") + 2
    if depth > MAX_DEPTH:
        raise failed(f"paths depth limit exceeded, limit: {MAX_DEPTH}, depth: {depth}, delta: 0")


def is_free(database: Database, path: str, kind: type[Entry], accepts: bool = False, *, fails: bool = False) -> bool:
    """Whether a path can be made. False: it exists and `accepts` allows that. Raises SCHEME_ERROR or GENERIC_ERROR
    otherwise.

    A directory is made by a service of its own, which says the scheme shard's reason alone and has no status for a path
    below a table (ydb/core/grpc_services/rpc_scheme_base.h).

    `fails` is whether the scheme shard itself is asked to fail on a path that exists, as RENAME TO does
    (SetFailOnExist); CREATE leaves that to the gateway (SetFailedOnAlreadyExists in
    ydb/core/kqp/host/kqp_gateway_proxy.cpp), which has other words and another status for it.
    """
    catalog = database.state.catalog
    above = path
    while above := parent(above):
        entry = catalog.get(above)
        if entry is not None and not isinstance(entry, Directory):
            if kind is Directory:
                raise path_failure(database, above, NO_DIRECTORY, kind_of(entry), code=0)
            raise path_conflict(database, above, NO_DIRECTORY, kind_of(entry))
    entry = catalog.get(path)
    if entry is None:
        _check_names(database, path)
        return True
    if not isinstance(entry, kind):
        conflict = path_failure if kind is Directory else path_conflict
        raise conflict(database, path, "unexpected path type", kind_of(entry))
    if fails:
        raise path_failure(database, path, "path exist, request doesn't accept it", kind_of(entry))
    if not accepts:
        raise exists(database, path, kind_of(entry))
    return False


def exists(database: Database, path: str, kind: str) -> YdbError:
    """What CREATE says of a path that is there."""
    return path_conflict(database, path, "path exist, request accepts it", kind, "ExecComplete")


def make_directory(operation: MakeDirectory, database: Database) -> State:
    state, path = database.state, operation.path
    if not path or not is_free(database, path, Directory, accepts=True):
        return state
    return State(with_directories(state.catalog, path).set(path, Directory()), state.rows)


def remove_directory(operation: RemoveDirectory, database: Database) -> State:
    """Source: ydb/tests/functional/scheme_shard/test_scheme_shard_operations.py; the statuses of
    ydb/core/grpc_services/rpc_scheme_base.h, which has none for StatusPathIsNotDirectory."""
    state, path = database.state, operation.path
    if not path:
        raise unsupported("removing the database's own directory")
    if path not in state.catalog:
        raise path_does_not_exist()
    if not isinstance(state.catalog[path], Directory):
        raise path_failure(database, path, NO_DIRECTORY, kind_of(state.catalog[path]), code=0)
    if below := children(state.catalog, path):
        raise path_failure(database, path, f"path has children, request doesn't accept it, children: {len(below)}")
    return State(state.catalog.discard(path), state.rows)


def table_at(database: Database, path: str) -> Table:
    """The table that was there when the request was checked; an operation before this one may have dropped it."""
    table = database.state.catalog.get(path)
    if not isinstance(table, Table):
        raise unsupported(DROPPED_BEFORE)
    return table


def altered_state(database: Database, path: str, **changes: Any) -> State:
    """The state with one table changed and its schema version raised."""
    state = database.state
    table = replace(table_at(database, path), **changes)
    return State(state.catalog.set(path, replace(table, version=table.version + 1)), state.rows)


def too_many(what: str, limit: int, count: int, status: Status) -> YdbError:
    """The refusal of one more thing that a table would hold."""
    return scheme_failure(_too_many(what, limit, count), status=status)


def too_many_at_once(what: str, limit: int, count: int) -> YdbError:
    """The refusal of what would hold too much: StatusResourceExhausted, for which the proxy has no status.

    Source: …_create_indexed_table.cpp and …_create_cdc_stream.cpp in ydb/core/tx/schemeshard; the default of
    ydb/core/kqp/gateway/actors/scheme.h.
    """
    message = f"Scheme operation failed, status: ExecError, reason: {_too_many(what, limit, count)}"
    return scheme_failure(message, 0)


def _too_many(what: str, limit: int, count: int) -> str:
    message = f"{what} count has reached maximum value in the table, children limit for dir in domain: {limit}"
    return f"{message}, intention to create new children: {count}"


def check_child(database: Database, path: str, name: str, kind: str, code: int = SCHEME_ERROR) -> None:
    """The name of a new child of a table, of this kind. Raises BAD_REQUEST (for a changefeed GENERIC_ERROR) where the
    table has one of that name, `code` where the name is not one."""
    held = children_of(table_at(database, path)).get(name)
    if held is not None and kind == "EPathTypeCdcStream":
        raise path_conflict(database, f"{path}/{name}", "unexpected path type", held)
    if held is not None:
        error = "path exist, request doesn't accept it" if held == kind else "unexpected path type"
        raise path_failure(database, f"{path}/{name}", error, held, BAD_REQUEST)
    check_name(database, path, name, code)
