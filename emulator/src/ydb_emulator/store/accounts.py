"""Users, groups and who may do what, as immutable values.

What each change does and its texts: ydb/library/login/login.cpp. How lists of access are kept and read:
ydb/library/aclib/aclib.cpp. The groups that are there at first, their members and rights: ydb/library/yaml_config
(default_groups, default_access), ydb/docs/en/core/security/builtin-security.md.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

from pyrsistent import PMap, pmap

from .catalog import parent
from .rights import CONNECT, PERMISSIONS, Right

OWNER = "root@builtin"
"""The owner of what is made without a login."""
MAX_FAILURES = 4
LOCKED_FOR = datetime.timedelta(hours=1)
"""TAccountLockout of ydb/core/protos/auth.proto: attempt_threshold and attempt_reset_duration."""
EVERYBODY, ADMINS = "USERS", "ADMINS"


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@dataclass(frozen=True)
class User:
    """`password` is None where only its hash is known. `failures` are the logins that failed since the last one."""

    password: str | None = ""
    can_log_in: bool = True
    created: datetime.datetime = field(default_factory=now)
    last_login: datetime.datetime | None = None
    last_failure: datetime.datetime | None = None
    failures: int = 0

    @property
    def is_locked_out(self) -> bool:
        """Whether so many logins failed, the last one not long ago, that no password is right."""
        return (
            self.failures >= MAX_FAILURES and self.last_failure is not None and now() - self.last_failure < LOCKED_FOR
        )


@dataclass(frozen=True)
class Access:
    """An entry of a path's list: what a subject may do there, and whether also below. Each is of one permission."""

    subject: str
    rights: Right
    is_inherited: bool = True


@dataclass(frozen=True)
class Accounts:
    """`groups` are members by group, `access` the lists by path, `owners` those that are not `OWNER`, by path."""

    users: PMap[str, User] = pmap()
    groups: PMap[str, tuple[str, ...]] = pmap()
    access: PMap[str, tuple[Access, ...]] = pmap()
    owners: PMap[str, str] = pmap()

    def subjects(self, user: str) -> frozenset[str]:
        """A user, and all groups that it is in, be it by way of other groups."""
        found, todo = {user}, [user]
        while todo:
            member = todo.pop()
            for group, members in self.groups.items():
                if member in members and group not in found:
                    found.add(group)
                    todo.append(group)
        return frozenset(found)

    def rights(self, user: str | None, path: str) -> Right:
        """What a user may do with a path: everything as its owner, as an administrator, or without a login (None)."""
        subjects = self.subjects(user) if user is not None else frozenset()
        if user is None or ADMINS in subjects or self.owners.get(path) in subjects:
            return Right.FULL
        rights = Right(0)
        for entry in self.effective(path):
            if entry.subject in subjects:
                rights |= entry.rights
        return rights

    def effective(self, path: str) -> list[Access]:
        """The list of a path with what it inherits, which comes first, from the root down."""
        inherited: list[Access] = []
        for above in reversed(list(_above(path))):
            inherited += [entry for entry in self.access.get(above, ()) if entry.is_inherited]
        return [*inherited, *self.access.get(path, ())]


def _above(path: str) -> Iterator[str]:
    while path:
        path = parent(path)
        yield path


def entry(subject: str, permission: str) -> Access:
    """The entry that a permission is. To connect is not inherited: it is about the database as a whole."""
    return Access(subject, PERMISSIONS[permission], permission != CONNECT)


_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (ADMINS, ()),
    ("DATABASE-ADMINS", (ADMINS,)),
    ("ACCESS-ADMINS", ("DATABASE-ADMINS",)),
    ("DDL-ADMINS", ("DATABASE-ADMINS",)),
    ("DATA-WRITERS", (ADMINS,)),
    ("DATA-READERS", ("DATA-WRITERS",)),
    ("METADATA-READERS", ("DATA-READERS", "DDL-ADMINS")),
    (EVERYBODY, ("METADATA-READERS", "DATA-READERS", "DATA-WRITERS", "DDL-ADMINS", "ACCESS-ADMINS", "DATABASE-ADMINS",
                 ADMINS)),
)  # fmt: skip
_DDL = Right.CREATE_DIRECTORY | Right.CREATE_TABLE | Right.WRITE_ATTRIBUTES | Right.ALTER_SCHEMA | Right.REMOVE_SCHEMA
_ACCESS = (
    Access(EVERYBODY, Right.CONNECT),
    Access("METADATA-READERS", Right.LIST),
    Access("DATA-READERS", Right.SELECT_ROW),
    Access("DATA-WRITERS", Right.MODIFY_TABLES),
    Access("DDL-ADMINS", _DDL),
    Access("ACCESS-ADMINS", Right.GRANT),
    Access("DATABASE-ADMINS", Right.MANAGE),
)


def initial(administrators: dict[str, str]) -> Accounts:
    """What a database has at first: administrators with their passwords, the groups, and these groups' rights."""
    names = tuple(administrators)
    groups = {group: (*members, *names) if group in (ADMINS, EVERYBODY) else members for group, members in _GROUPS}
    users = {name: User(password) for name, password in administrators.items()}
    return Accounts(pmap(users), pmap(groups), pmap({"": _ACCESS}))
