"""The scheme operation that a statement asks for, by YDB's name: for what the check refuses in the scheme shard's."""

from __future__ import annotations

from ...errors import BAD_REQUEST, NOWHERE, PRECONDITION_FAILED, SCHEME_ERROR, YdbError, executing
from ...releases import Line
from ...types import SERIAL_TYPES
from ...yql import syntax

_OF_SHARD = (BAD_REQUEST, PRECONDITION_FAILED, SCHEME_ERROR)
_BY_ACTION: dict[type[syntax.AlterAction], str] = {
    syntax.DropIndex: "DropIndex",
    syntax.RenameIndex: "MoveIndex",
    syntax.AddChangefeed: "CreateCdcStream",
    syntax.DropChangefeed: "DropCdcStream",
    syntax.RenameTable: "MoveTable",
}


def told(error: YdbError, statement: syntax.Node, line: Line) -> YdbError:
    """The refusal of a statement as a query tells it: the scheme shard's has no place in the text."""
    reason = error.issues[0]
    is_of_shard = reason.code in _OF_SHARD and reason.position == NOWHERE
    what = _executed(statement) if is_of_shard and line.has("names of scheme operations") else None
    return error if what is None else executing(f"ESchemeOp{what}", error)


def _executed(statement: syntax.Node) -> str | None:
    match statement:
        case syntax.CreateTable(query=None, settings=settings) if not any(s.name.upper() == "STORE" for s in settings):
            return "CreateIndexedTable" if any(map(_is_made_beside, statement.entries)) else "CreateTable"
        case syntax.AlterTable(actions=(action, *_)):
            return _BY_ACTION.get(type(action), "AlterTable")
        case syntax.TruncateTable():
            return "TruncateTable"
        case syntax.AlterSequence():
            return "AlterSequence"
    return None


def _is_made_beside(entry: syntax.TableEntry) -> bool:
    """Whether an entry of CREATE TABLE is an object of its own: an index, or the sequence of a Serial."""
    if isinstance(entry, syntax.Column) and entry.type is not None:
        return entry.type.name.lower() in SERIAL_TYPES
    return isinstance(entry, syntax.Index)
