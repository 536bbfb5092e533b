"""Users, groups and access rights: what is checked before the database is asked.

Source of the texts: yql/essentials/sql/v1/sql_translation.cpp (RoleNameClause, UserParameters, PermissionNameClause);
ydb/core/ydb_convert/ydb_convert.cpp (permissions), ydb/core/kqp/host/kqp_gateway_proxy.cpp (ModifyPermissions, paths).
"""

from __future__ import annotations

from ...errors import Issue, refusal, refusal_at, unsupported
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
)
from ...store import rights
from ...yql import syntax
from ..context import Context

_SYSTEM_ROLES = ("current_role", "current_user", "session_user")
_ALL = "all_privileges"


def _role(node: syntax.Role, allows_system: bool = False) -> str:
    """A name that is no word for whoever asks. Where such a word may stand, the emulator doesn't know who that is."""
    if node.name.lower() in _SYSTEM_ROLES:
        if allows_system:
            raise unsupported(f"{node.name.upper()} as a name", node.position)
        raise refusal_at(f"System role {node.name.upper()} can not be used here", node.position)
    if not node.name:
        raise unsupported("an empty name of a user or a group", node.position)
    return node.name


def check_user(node: syntax.User) -> ChangeAccounts:
    """CREATE and ALTER USER: one password or hash, and one of LOGIN and NOLOGIN, at most."""
    name = _role(node.role, allows_system=node.action == "ALTER")
    password: str | None = None
    can_log_in: bool | None = None
    is_hash = False
    seen = set()
    for option in node.options:
        what = "password" if option.kind in ("PASSWORD", "HASH") else "login"
        if what in seen:
            raise refusal_at("Conflicting or redundant options", option.position)
        seen.add(what)
        if what == "login":
            can_log_in = option.kind == "LOGIN"
        else:
            password = _text(option.value) if option.value is not None else ""
            is_hash = option.kind == "HASH"
    if node.action == "CREATE":
        return ChangeAccounts((CreateUser(name, password or "", is_hash, can_log_in is not False),))
    return ChangeAccounts((AlterUser(name, password, is_hash, can_log_in),))


def _text(value: syntax.String) -> str:
    if value.suffix:
        raise unsupported("a password that is no plain string", value.position)
    return value.value.decode(errors="replace")


def check_group(node: syntax.Group) -> ChangeAccounts:
    """CREATE and ALTER GROUP: each member is a change of its own."""
    name = _role(node.role, allows_system=node.action != "CREATE")
    roles = tuple(map(_role, node.roles))
    match node.action:
        case "CREATE":
            return ChangeAccounts((CreateGroup(name), *(AddMember(name, role) for role in roles)))
        case "ADD":
            return ChangeAccounts(tuple(AddMember(name, role) for role in roles))
        case "DROP":
            return ChangeAccounts(tuple(DropMember(name, role) for role in roles))
    return ChangeAccounts((RenameGroup(name, roles[0]),))


def drop_roles(node: syntax.DropRoles) -> ChangeAccounts:
    """DROP USER and DROP GROUP of one or more."""
    kind = DropUser if node.kind == "USER" else DropGroup
    names = [_role(role, allows_system=True) for role in node.roles]
    changes: list[AccountChange] = [kind(name, node.if_exists) for name in names]
    return ChangeAccounts(tuple(changes))


def check_grant(node: syntax.Grant, context: Context) -> ChangeAccounts:
    """GRANT and REVOKE: the names of permissions, and the path of each object."""
    roles = tuple(map(_role, node.roles))
    permissions = _permissions(node)
    paths = [_path(path, context) for path in node.paths]
    return ChangeAccounts(tuple(ModifyAccess(path, roles, permissions, not node.is_revoked) for path in paths))


def _permissions(node: syntax.Grant) -> tuple[str, ...] | None:
    """The full names of what a statement names; None for all that there is to take."""
    if node.permissions is None:
        if node.with_option:
            raise unsupported("ALL with the right to grant", node.position)
        return None if node.is_revoked else (rights.FULL,)
    found = []
    for written in node.permissions:
        if written.is_text and written.name.lower() == _ALL:
            raise unsupported(f"the permission {_ALL}", written.position)
        name = rights.permission(written.name)
        if name is None:
            raise refusal(Issue(f"Unknown permission name: {written.name}"))
        found.append(name)
    return (*found, rights.GRANT) if node.with_option else tuple(found)


def _path(written: syntax.Path, context: Context) -> str:
    """The path in the catalog. A TablePathPrefix is not for it: it is absolute, or within the database.

    Before 26.1 a relative one had to be in a directory: measured by stokaro/ptah (internal/ydbacl/path.go).
    """
    name, root = written.name, context.database.path
    if name.endswith("/") or not name or name in (".", ".."):
        raise unsupported("this path of an object", written.position)
    if "/" not in name and not context.database.line.has("GRANT ON a name"):
        raise refusal(Issue(f"wrong path format '{name}'"))
    if not name.startswith("/"):
        return name
    if name == root:
        return ""
    return name.removeprefix(f"{root}/") if name.startswith(f"{root}/") else name
