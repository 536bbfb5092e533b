"""Access rights, and the permissions that name them.

Rights and their sets: ydb/library/aclib/aclib.h. Names of permissions, and which of them are inherited by what is below
a path: ydb/core/ydb_convert/ydb_convert.cpp (AccessMap_, ConvertShortYdbPermissionNameToFullYdbPermissionName).
"""

from __future__ import annotations

from enum import IntFlag
from functools import cache


class Right(IntFlag):
    """One bit for each right; those of several bits are what YDB calls generic."""

    SELECT_ROW = 0x1
    UPDATE_ROW = 0x2
    ERASE_ROW = 0x4
    READ_ATTRIBUTES = 0x8
    WRITE_ATTRIBUTES = 0x10
    CREATE_DIRECTORY = 0x20
    CREATE_TABLE = 0x40
    CREATE_QUEUE = 0x80
    REMOVE_SCHEMA = 0x100
    DESCRIBE_SCHEMA = 0x200
    ALTER_SCHEMA = 0x400
    CREATE_DATABASE = 0x800
    DROP_DATABASE = 0x1000
    GRANT = 0x2000
    WRITE_USER_ATTRIBUTES = 0x4000
    CONNECT = 0x8000

    MODIFY_TABLES = UPDATE_ROW | ERASE_ROW
    READ_TABLES = SELECT_ROW | READ_ATTRIBUTES
    LIST = READ_ATTRIBUTES | DESCRIBE_SCHEMA
    READ = SELECT_ROW | LIST
    WRITE = (
        MODIFY_TABLES | WRITE_ATTRIBUTES | CREATE_DIRECTORY | CREATE_TABLE | CREATE_QUEUE | REMOVE_SCHEMA | ALTER_SCHEMA
        | WRITE_USER_ATTRIBUTES
    )  # fmt: skip
    USE_LEGACY = READ | WRITE | GRANT
    USE = USE_LEGACY | CONNECT
    MANAGE = CREATE_DATABASE | DROP_DATABASE
    FULL_LEGACY = USE_LEGACY | MANAGE
    FULL = USE | MANAGE


PERMISSIONS = {
    "ydb.database.connect": Right.CONNECT,
    "ydb.database.create": Right.CREATE_DATABASE,
    "ydb.database.drop": Right.DROP_DATABASE,
    "ydb.tables.modify": Right.MODIFY_TABLES,
    "ydb.tables.read": Right.READ_TABLES,
    "ydb.generic.list": Right.LIST,
    "ydb.generic.read": Right.READ,
    "ydb.generic.write": Right.WRITE,
    "ydb.generic.use_legacy": Right.USE_LEGACY,
    "ydb.generic.use": Right.USE,
    "ydb.generic.manage": Right.MANAGE,
    "ydb.generic.full_legacy": Right.FULL_LEGACY,
    "ydb.generic.full": Right.FULL,
    "ydb.access.grant": Right.GRANT,
    "ydb.granular.select_row": Right.SELECT_ROW,
    "ydb.granular.update_row": Right.UPDATE_ROW,
    "ydb.granular.erase_row": Right.ERASE_ROW,
    "ydb.granular.read_attributes": Right.READ_ATTRIBUTES,
    "ydb.granular.write_attributes": Right.WRITE_ATTRIBUTES,
    "ydb.granular.create_directory": Right.CREATE_DIRECTORY,
    "ydb.granular.create_table": Right.CREATE_TABLE,
    "ydb.granular.create_queue": Right.CREATE_QUEUE,
    "ydb.granular.remove_schema": Right.REMOVE_SCHEMA,
    "ydb.granular.describe_schema": Right.DESCRIBE_SCHEMA,
    "ydb.granular.alter_schema": Right.ALTER_SCHEMA,
}
FULL, CONNECT, GRANT = "ydb.generic.full", "ydb.database.connect", "ydb.access.grant"

_SHORT = {
    "connect": CONNECT,
    "create": "ydb.database.create",
    "drop": "ydb.database.drop",
    "modify_tables": "ydb.tables.modify",
    "select_tables": "ydb.tables.read",
    "list": "ydb.generic.list",
    "select": "ydb.generic.read",
    "insert": "ydb.generic.write",
    "use_legacy": "ydb.generic.use_legacy",
    "use": "ydb.generic.use",
    "manage": "ydb.generic.manage",
    "full_legacy": "ydb.generic.full_legacy",
    "full": FULL,
    "grant": GRANT,
    "select_attributes": "ydb.granular.read_attributes",
    "modify_attributes": "ydb.granular.write_attributes",
}
_GRANULAR = ("select_row", "update_row", "erase_row", "create_directory", "create_table", "create_queue",
             "remove_schema", "describe_schema", "alter_schema")  # fmt: skip
_SHORT |= {name: f"ydb.granular.{name}" for name in _GRANULAR}
_DEPRECATED = "ydb.deprecated."


def permission(name: str) -> str | None:
    """The full name of a permission that a statement names, by words with `_` between or in full; None for no name."""
    full = _SHORT.get(name.lower(), name)
    if full.startswith(_DEPRECATED):
        full = f"ydb.granular.{full.removeprefix(_DEPRECATED)}"
    return full if full in PERMISSIONS else None


@cache  # each description of a path asks for those of all who may do something there
def named(rights: Right) -> tuple[str, ...]:
    """The permissions that make up some rights, those of most rights first (ConvertACLMaskToYdbPermissionNames)."""
    names = []
    for name, mask in sorted(PERMISSIONS.items(), key=lambda item: -item[1].bit_count()):
        if rights and rights & mask == mask:
            names.append(name)
            rights &= ~mask
    return tuple(names)
