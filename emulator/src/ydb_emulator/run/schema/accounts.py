"""Users, groups and lists of access.

Order and texts of the refusals: ydb/library/login/login.cpp, password_checker.cpp and hashes_checker.cpp beside it;
ydb/core/tx/schemeshard/schemeshard__operation_alter_login.cpp, …_modify_acl.cpp. Which names are taken: measured by
stokaro/ptah (internal/ydbacl) on 25.1 to 26.2.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pyrsistent import pmap

from ...errors import PRECONDITION_FAILED, YdbError, scheme_failure, unsupported
from ...plan import (
    AccountChange,
    AddMember,
    AlterUser,
    ChangeAccounts,
    CreateGroup,
    CreateUser,
    DropGroup,
    DropMember,
    DropUser,
    ModifyAccess,
    RenameGroup,
    RenameTable,
)
from ...store.accounts import EVERYBODY, Accounts, User, entry
from ...store.catalog import Table, parent
from ...store.database import Database, State
from .paths import path_does_not_exist

_NAME = re.compile("[a-z0-9]+")
_SPECIAL = "!@#$%^&*()_+{}|<>?="
_LENGTHS = {"hash": 44, "salt": 24}
"""How long Argon2's hash of 32 bytes and its salt of 16 are in base64."""


def change_accounts(operation: ChangeAccounts, database: Database) -> State:
    """Make the changes, one after the other. Raises PRECONDITION_FAILED where the login provider refuses one."""
    for change in operation.changes:
        database.accounts = _CHANGE[type(change)](change, database)
    return database.state


def _refused(message: str) -> YdbError:
    return scheme_failure(message, PRECONDITION_FAILED)


# --- users -----------------------------------------------------------------------------------------------------


def _create_user(change: CreateUser, database: Database) -> Accounts:
    accounts, name = database.accounts, change.name
    _check_name(name)
    _check_password(change)
    if name in accounts.users:
        raise _refused("User already exists")
    if name in accounts.groups:
        raise _refused("Account already exists")
    user = User(_stored(change), change.can_log_in)
    everybody = accounts.groups.get(EVERYBODY)
    groups = accounts.groups if everybody is None else accounts.groups.set(EVERYBODY, (*everybody, name))
    return replace(accounts, users=accounts.users.set(name, user), groups=groups)


def _alter_user(change: AlterUser, database: Database) -> Accounts:
    accounts = database.accounts
    user = accounts.users.get(change.name)
    if user is None:
        raise _refused("User not found")
    if change.password is not None:
        _check_password(change)
        user = replace(user, password=_stored(change))
    if change.can_log_in is not None:
        user = replace(user, can_log_in=change.can_log_in)
    return replace(accounts, users=accounts.users.set(change.name, user))


def _drop_user(change: DropUser, database: Database) -> Accounts:
    accounts = database.accounts
    if change.name not in accounts.users:
        if change.if_exists:
            return accounts
        raise _refused("User not found")
    return replace(_without_member(accounts, change.name), users=accounts.users.remove(change.name))


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise _refused("Name is not allowed")


def _check_password(change: CreateUser | AlterUser) -> None:
    password = change.password or ""
    if change.is_hash:
        _check_hash(password)
    elif password and change.name in password:
        raise _refused("Password must not contain user name")
    elif any(not (sign.isascii() and sign.isalnum()) and sign not in _SPECIAL for sign in password):
        raise _refused("Password contains unacceptable characters")


def _check_hash(text: str) -> None:
    """An object of the hash, its salt and its type."""
    try:
        fields = json.loads(text)
    except ValueError:
        raise unsupported("a hash that is no JSON") from None  # YDB's status is not known of this
    if not isinstance(fields, dict) or "version" in fields:
        raise unsupported("a hash of this form")
    if fields.keys() != {"hash", "salt", "type"} or not all(isinstance(value, str) for value in fields.values()):
        raise _refused("There should be strictly three fields here: salt, hash and type")
    if fields["type"] != "argon2id":
        raise unsupported("a hash of another type")
    for name, length in _LENGTHS.items():
        if len(fields[name]) != length:
            raise _refused(f"Length of field '{name}' is {len(fields[name])}, but it must be equal {length}")
    for name in _LENGTHS:
        try:
            base64.b64decode(fields[name], validate=True)
        except binascii.Error:
            raise _refused(f"Field '{name}' must be in base64 format") from None


def _stored(change: CreateUser | AlterUser) -> str | None:
    """A password is kept as it is, since hashing it as YDB does takes a library; of a hash nothing is."""
    return None if change.is_hash else change.password


# --- groups ----------------------------------------------------------------------------------------------------


def _create_group(change: CreateGroup, database: Database) -> Accounts:
    accounts = database.accounts
    _check_name(change.name)
    _check_free(accounts, change.name)
    return replace(accounts, groups=accounts.groups.set(change.name, ()))


def _check_free(accounts: Accounts, group: str) -> None:
    if group in accounts.groups:
        raise _refused("Group already exists")
    if group in accounts.users:
        raise _refused("Account already exists")


def _members(accounts: Accounts, group: str) -> tuple[str, ...]:
    if group not in accounts.groups:
        raise _refused("Group not found")
    return accounts.groups[group]


def _add_member(change: AddMember, database: Database) -> Accounts:
    accounts = database.accounts
    members = _members(accounts, change.group)
    if change.member not in accounts.users and change.member not in accounts.groups:
        raise _refused("Member account not found")
    if change.member in members:
        return accounts
    if change.member in accounts.subjects(change.group):
        raise unsupported("a group that would be among its own members")
    return replace(accounts, groups=accounts.groups.set(change.group, (*members, change.member)))


def _drop_member(change: DropMember, database: Database) -> Accounts:
    accounts = database.accounts
    members = tuple(member for member in _members(accounts, change.group) if member != change.member)
    return replace(accounts, groups=accounts.groups.set(change.group, members))


def _rename_group(change: RenameGroup, database: Database) -> Accounts:
    """Entries of access lists keep the old name, which is nobody's from then on. In YDB's code the members get lost,
    and which of the two names is checked differs between its versions."""
    accounts, new = database.accounts, change.new_name
    if not (_NAME.fullmatch(change.name) and _NAME.fullmatch(new)):
        raise unsupported("such names in ALTER GROUP … RENAME")
    if _members(accounts, change.name):
        raise unsupported("a new name for a group with members")
    _check_free(accounts, new)
    groups = {
        group: tuple(new if member == change.name else member for member in known)
        for group, known in accounts.groups.items()
        if group != change.name
    }
    return replace(accounts, groups=pmap({**groups, new: ()}))


def _drop_group(change: DropGroup, database: Database) -> Accounts:
    accounts = database.accounts
    if change.name not in accounts.groups:
        if change.if_exists:
            return accounts
        raise _refused("Group not found")
    accounts = _without_member(accounts, change.name)
    return replace(accounts, groups=accounts.groups.remove(change.name))


def _without_member(accounts: Accounts, gone: str) -> Accounts:
    groups = accounts.groups
    for group, members in groups.items():
        if gone in members:
            groups = groups.set(group, tuple(member for member in members if member != gone))
    return replace(accounts, groups=groups)


# --- access ----------------------------------------------------------------------------------------------------


def _modify_access(change: ModifyAccess, database: Database) -> Accounts:
    accounts, catalog, path = database.accounts, database.state.catalog, change.path
    if path not in catalog:
        if isinstance(catalog.get(parent(path)), Table) or path.split("/")[0] == ".sys":
            raise unsupported("access rights of a system view, or of what a table holds")
        raise path_does_not_exist()
    known = accounts.access.get(path, ())
    if change.permissions is None:
        changed = tuple(one for one in known if one.subject not in change.subjects)
    else:
        meant = [entry(subject, name) for subject in change.subjects for name in change.permissions]
        if change.is_given:
            changed = tuple(dict.fromkeys((*known, *meant)))
        else:
            changed = tuple(one for one in known if one not in meant)
    return replace(accounts, access=accounts.access.set(path, changed))


def follow(operation: object, before: State, database: Database, user: str | None) -> None:
    """Let lists and owners follow the catalog: they go and move with their path; who makes one owns it."""
    accounts, catalog = database.accounts, database.state.catalog
    if before.catalog is catalog or user is None and not accounts.owners and accounts.access.keys() <= {""}:
        return
    access, owners = accounts.access, accounts.owners
    if isinstance(operation, RenameTable):
        old, new = operation.path, operation.new_path
        access = access.set(new, access[old]) if old in access else access
        owners = owners.set(new, owners[old]) if old in owners else owners
    elif user is not None:
        for path in catalog.keys() - before.catalog.keys():
            owners = owners.set(path, user)
    for path in (access.keys() | owners.keys()) - catalog.keys():
        access, owners = access.discard(path), owners.discard(path)
    database.accounts = replace(accounts, access=access, owners=owners)


_CHANGE: dict[type[AccountChange], Callable[[Any, Database], Accounts]] = {
    CreateUser: _create_user,
    AlterUser: _alter_user,
    DropUser: _drop_user,
    CreateGroup: _create_group,
    AddMember: _add_member,
    DropMember: _drop_member,
    RenameGroup: _rename_group,
    DropGroup: _drop_group,
    ModifyAccess: _modify_access,
}
