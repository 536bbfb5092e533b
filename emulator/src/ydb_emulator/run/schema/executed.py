"""What a query says of a scheme operation that was refused: which one it was, and below it the reason.

Seen on 26.2 (github.com/ydb-platform/ydb/issues/53192; stokaro/ptah, internal/ydbflags/ydbflags_test.go), not on 25.1
(the same test) and 25.2 (github.com/ydb-platform/ydb/issues/28086). Of the lines between nothing is known; there it is
the reason alone.
"""

from __future__ import annotations

from ...errors import NOWHERE, TYPE_ANNOTATION, Issue, Status, YdbError, executing
from ...plan import (
    AddChangefeed,
    AddIndex,
    AlterSequence,
    AlterTable,
    ChangeAccounts,
    CreateTable,
    CreateView,
    DropChangefeed,
    DropIndex,
    DropTable,
    DropView,
    ModifyAccess,
    Operation,
    RenameIndex,
    RenameTable,
    SetIndexSettings,
    TruncateTable,
)
from ...store.catalog import Table
from ...store.database import Database

_NAMES: dict[type[Operation], str] = {
    SetIndexSettings: "AlterTable",
    DropIndex: "DropIndex",
    RenameIndex: "MoveIndex",
    RenameTable: "MoveTable",
    TruncateTable: "TruncateTable",
    AddChangefeed: "CreateCdcStream",
    DropChangefeed: "DropCdcStream",
    AlterSequence: "AlterSequence",
}


def told(error: YdbError, operation: Operation, database: Database) -> YdbError:
    """The refusal of an operation as a query tells it."""
    if not error.issues:
        return error
    reason, *others = error.issues
    was_checked_before = reason.code == TYPE_ANNOTATION or reason.position != NOWHERE
    if error.status is Status.UNSUPPORTED or was_checked_before:
        return error
    if isinstance(operation, AddIndex):  # an index is built by other means, which keep no code
        return YdbError(error.status, Issue(reason.message), *others)
    what = _executed(operation, database) if database.line.has("names of scheme operations") else None
    if what is None:
        return error
    return executing(what, error)


def _executed(operation: Operation, database: Database) -> str | None:
    """YDB's name of an operation, None where it isn't known which of several it was that failed."""
    match operation:
        case CreateView() | DropView():
            return 'operation with object "VIEW"'
        case CreateTable(rows=None, table=table):
            name = "CreateColumnTable" if table.is_column else "CreateTable"
            if not table.is_column and (table.indexes or any(column.sequence for column in table.columns)):
                name = "CreateIndexedTable"
        case AlterTable(path) | DropTable(path):
            entry = database.state.catalog.get(path)
            is_column = isinstance(entry, Table) and entry.is_column
            name = type(operation).__name__.replace("Table", "ColumnTable" if is_column else "Table")
        case ChangeAccounts(changes):
            is_access = any(isinstance(change, ModifyAccess) for change in changes)
            name = "ModifyACL" if is_access else "AlterLogin"
        case _ if type(operation) in _NAMES:
            name = _NAMES[type(operation)]
        case _:
            return None
    return f"ESchemeOp{name}"
