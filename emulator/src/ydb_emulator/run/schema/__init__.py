"""Scheme operations run: what the scheme shard checks, and the state that comes out.

A module for each kind of object, with the same names as in `check.schema`. Each operation is atomic and sees the state
that the operations before it left.
Sources: ydb/core/tx/schemeshard/schemeshard_path.cpp, schemeshard_info_types.cpp (TTableInfo::CreateAlterData),
schemeshard_validate_ttl.cpp, schemeshard_utils.h (IsCompatibleIndex, CommonCheck), schemeshard__operation_*.cpp, limits
in schemeshard_types.h (ydb/docs/en/core/concepts/limits-ydb.md).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...plan import (
    AddChangefeed,
    AddIndex,
    AlterSequence,
    AlterTable,
    AlterTopic,
    ChangeAccounts,
    CopyTable,
    CreateTable,
    CreateTopic,
    CreateView,
    DropChangefeed,
    DropIndex,
    DropTable,
    DropTopic,
    DropView,
    MakeDirectory,
    Operation,
    RemoveDirectory,
    RenameIndex,
    RenameTable,
    SetIndexSettings,
    TruncateTable,
)
from ...store.database import Database, State
from .. import builds, underway
from ..rights import authorize
from .accounts import change_accounts, follow
from .alter import alter_table
from .changefeeds import add_changefeed, drop_changefeed
from .indexes import add_index, drop_index, rename_index, set_index_settings
from .paths import make_directory, remove_directory
from .sequences import alter_sequence
from .tables import copy_table, create_table, drop_table, rename_table, truncate_table
from .topics import alter_topic, create_topic, drop_topic
from .views import create_view, drop_view

_APPLY: dict[type[Operation], Callable[[Any, Database], State]] = {
    MakeDirectory: make_directory,
    RemoveDirectory: remove_directory,
    CreateTable: create_table,
    DropTable: drop_table,
    AlterTable: alter_table,
    AddIndex: add_index,
    DropIndex: drop_index,
    RenameIndex: rename_index,
    SetIndexSettings: set_index_settings,
    RenameTable: rename_table,
    CopyTable: copy_table,
    TruncateTable: truncate_table,
    AddChangefeed: add_changefeed,
    DropChangefeed: drop_changefeed,
    CreateTopic: create_topic,
    AlterTopic: alter_topic,
    DropTopic: drop_topic,
    AlterSequence: alter_sequence,
    CreateView: create_view,
    DropView: drop_view,
    ChangeAccounts: change_accounts,
}


def apply(operation: Operation, database: Database, user: str | None = None) -> None:
    """Change the database's catalog as the operation says. Raises YdbError where the scheme shard refuses it.

    `user` is who asks, and owns what is made; None is somebody without a login.
    """
    authorize(operation, database, user)
    make = _APPLY[type(operation)]
    before = database.state
    underway.require_idle(operation, database)
    state = make(operation, database)
    build = builds.begin(operation, database)
    with builds.running(build, database):
        if underway.wait(operation, database, build):
            builds.check_goes_on(build, database)
            state = make(operation, database)  # others have run meanwhile
            before = database.state
        else:
            builds.check_goes_on(build, database)
        database.change_schema(state)
    follow(operation, before, database, user)
