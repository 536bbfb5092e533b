"""Which rights a scheme operation asks for.

Source: ExtractResolveForACL and CheckAccess in ydb/core/tx/tx_proxy/schemereq.cpp (with EnableStrictUserManagement off,
as by default); texts: ydb/core/kqp/gateway/actors/scheme.h; tests: ydb/tests/functional/security/test_grants.py and its
kin. Nobody needs the right to connect: CheckDatabaseAccessPermission is off by default. The build of an index has a
check and words of its own: CheckAlterAccess in ydb/core/kqp/executer_actor/kqp_scheme_executer.cpp, which asks for less
since github.com/ydb-platform/ydb/pull/22800, of August 2025: on 25.3 and later, as is inferred from that.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import ACCESS_DENIED, Issue, Status, YdbError, refusal, unsupported
from ..plan import (
    AccountChange,
    AddChangefeed,
    AddIndex,
    AlterSequence,
    AlterTable,
    AlterTopic,
    AlterUser,
    ChangeAccounts,
    CopyTable,
    CreateTable,
    CreateView,
    DropChangefeed,
    DropIndex,
    DropTable,
    DropView,
    MakeDirectory,
    ModifyAccess,
    Operation,
    RemoveDirectory,
    RenameIndex,
    RenameTable,
    SetIndexSettings,
)
from ..store.accounts import ADMINS
from ..store.catalog import parent
from ..store.database import Database
from ..store.rights import PERMISSIONS, Right


def authorize(operation: Operation, database: Database, user: str | None) -> None:
    """Raises UNAUTHORIZED where a user lacks a right; None may do everything, and so may administrators."""
    if user is None or ADMINS in database.accounts.subjects(user):
        return
    for path, right in _needed(operation, database, user):
        is_there = path in database.state.catalog  # else the operation is refused for that
        if is_there and right & ~database.accounts.rights(user, path):
            if isinstance(operation, AddIndex):
                raise YdbError(Status.UNAUTHORIZED, Issue("Unauthorized"))
            denied = Issue("Access denied.")
            raise refusal(Issue("Access denied for scheme request", ACCESS_DENIED, issues=(denied,)))


def _needed(operation: Operation, database: Database, user: str) -> Iterator[tuple[str, Right]]:
    match operation:
        case CreateTable(path, rows=None) | CreateView(path):
            yield _nearest(database, path), Right.CREATE_TABLE
        case DropTable(path) | DropView(path) | RemoveDirectory(path):
            yield path, Right.REMOVE_SCHEMA
        case RenameTable(path, new_path):
            yield path, Right.SELECT_ROW | Right.REMOVE_SCHEMA
            yield parent(new_path), Right.CREATE_TABLE
        case CopyTable(path, new_path):
            yield path, Right.SELECT_ROW
            yield _nearest(database, new_path), Right.CREATE_TABLE
        case MakeDirectory(path):
            yield _nearest(database, path), Right.CREATE_DIRECTORY
        case AlterTable() | DropIndex() | RenameIndex() | AddChangefeed() | DropChangefeed() | AlterSequence():
            yield operation.path, Right.ALTER_SCHEMA
        case AddIndex(path):
            alters = database.line.has("indexes by who may alter the table")
            yield path, Right.ALTER_SCHEMA | Right.DESCRIBE_SCHEMA if alters else Right.READ | Right.WRITE
        case ChangeAccounts(changes):
            for change in changes:
                yield from _needed_of_account(change, database, user)
        case AlterTopic() | SetIndexSettings() if Right.ALTER_SCHEMA in database.accounts.rights(user, operation.path):
            return
        case _:
            raise unsupported("this scheme operation by a user whose rights are limited")


def _needed_of_account(change: AccountChange, database: Database, user: str) -> Iterator[tuple[str, Right]]:
    match change:
        case ModifyAccess(path, subjects, permissions):
            yield path, Right.GRANT | _changed(path, subjects, permissions, change.is_given, database)
        case AlterUser(name, password, can_log_in=None) if name == user and password is not None:
            return
        case _:
            yield "", Right.ALTER_SCHEMA


def _changed(
    path: str, subjects: tuple[str, ...], permissions: tuple[str, ...] | None, is_given: bool, database: Database
) -> Right:
    """The rights that a GRANT or REVOKE really changes, of which nobody may give or take more than they have."""
    rights = Right(0)
    known = [entry for entry in database.accounts.access.get(path, ()) if entry.subject in subjects]
    if permissions is None:
        for entry in known:
            rights |= entry.rights
        return rights
    for name in permissions:
        held = {entry.subject for entry in known if entry.rights == PERMISSIONS[name]}
        if held != set(subjects) if is_given else held:
            rights |= PERMISSIONS[name]
    return rights


def _nearest(database: Database, path: str) -> str:
    """The directory in which the first thing is made that is not there yet."""
    path = parent(path)
    while path not in database.state.catalog:
        path = parent(path)
    return path
