"""What a rule is, and what rules read statements with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from typing import Any, TypeVar

import sqlalchemy as sa
from alembic.operations import ops
from alembic.operations.ops import MigrateOperation

from ydb_emulator.errors import YdbError
from ydb_emulator.yql import syntax
from ydb_emulator.yql.parser import parse

from ..record import TAKEN, Finding, Operation, Place, Revision, Run, Statement, Turn

NOT_SUPPORTED = "The emulator does not support"
DRIVER_PREFIX = re.compile(r"PRAGMA TablePathPrefix = \".*\";\n")


@dataclass(frozen=True)
class Hit:
    """What a rule found in a revision. `caret` is an offset in the statement, where YDB's answer names one."""

    place: Place
    message: str
    statement: str = ""
    caret: int = -1


@dataclass(frozen=True)
class Rule:
    """A code of `codes/`, and what looks for it in a revision."""

    code: str
    check: Callable[[Revision], Iterator[Hit]]

    def findings(self, revision: Revision) -> list[Finding]:
        return [
            Finding(self.code, revision.id, hit.place, hit.message, *shown(hit.statement, hit.caret))
            for hit in self.check(revision)
        ]


def upgrade(revision: Revision) -> Run:
    return revision.runs[Turn.UPGRADE]


@cache
def nodes(text: str) -> tuple[syntax.Statement, ...]:
    """The statements of a query text; none where it is no YQL."""
    try:
        return parse(text).statements
    except YdbError:
        return ()


Action = TypeVar("Action", bound=syntax.Node)
Taken = tuple[Statement, syntax.Statement]


def taken(run: Run) -> Iterator[Taken]:
    """Every statement that was taken, and how the emulator reads it."""
    for statement in run.statements:
        if statement.outcome == TAKEN:
            for node in nodes(statement.text):
                yield statement, node


def actions(run: Run, kind: type[Action]) -> Iterator[tuple[Statement, str, Action]]:
    """Every action of an ALTER TABLE that is of a kind, with the table as it is written."""
    for statement, node in taken(run):
        if isinstance(node, syntax.AlterTable):
            for action in node.actions:
                if isinstance(action, kind):
                    yield statement, node.table.name, action


def asked(run: Run, kind: type | tuple[type, ...]) -> Iterator[Operation]:
    return (operation for operation in run.operations if isinstance(operation.asked, kind))


def columns(operation: MigrateOperation) -> Iterator[tuple[str, sa.Column]]:
    """The columns that an operation makes, each with its table."""
    if isinstance(operation, ops.CreateTableOp):
        yield from ((operation.table_name, item) for item in operation.columns if isinstance(item, sa.Column))
    if isinstance(operation, ops.AddColumnOp):
        yield operation.table_name, operation.column


def is_whole(run: Run, statement: Statement, node: syntax.Update | syntax.Delete, emptied: str = "") -> bool:
    """Whether it meets every row, or every row that has something in `emptied`: it has no other condition."""
    table = found(run, statement, node.table.name)
    filled = {column.name for column in table.columns if column.not_null} if table else set()
    return _is_true(node.where, filled | {emptied})


def _is_true(condition: object, filled: set[str]) -> bool:
    match condition:
        case None | syntax.Bool(value=True):
            return True
        case syntax.Binary(operator="=" | "==", left=syntax.Integer() as left, right=syntax.Integer() as right):
            return left.value == right.value
        case syntax.IsNull(operand=syntax.Name(name=name), negated=True):
            return name in filled
    return False


def named(text: str) -> dict[str, object]:
    """What the named expressions of a text stand for: `$rows = SELECT …`."""
    return {name: node.value for node in nodes(text) if isinstance(node, syntax.NamedExpression) for name in node.names}


def whole_tables(query: object, names: dict[str, object]) -> Iterator[str]:
    """The tables that a query reads as a whole: without WHERE, LIMIT and GROUP BY."""
    match query:
        case syntax.Subquery() | syntax.SubquerySource():
            yield from whole_tables(query.query, names)
        case syntax.TableSource():
            yield query.table.name
        case syntax.Join():
            yield from whole_tables(query.left, names)
        case syntax.BindSource(expression=syntax.Bind(name=name)) if name in names:
            yield from whole_tables(names[name], {other: names[other] for other in names if other != name})
        case syntax.Select(where=None, limit=None, group_by=(), distinct=False):
            yield from whole_tables(query.source, names)
        case syntax.SetOperation(limit=None):
            yield from whole_tables(query.left, names)
            yield from whole_tables(query.right, names)


def inside(node: object, kind: type) -> Iterator[Any]:
    """Every node of a kind in a tree."""
    if isinstance(node, kind):
        yield node
    if isinstance(node, (tuple, list)):
        for item in node:
            yield from inside(item, kind)
    elif isinstance(node, syntax.Node):
        yield from inside([value for name, value in vars(node).items() if name != "position"], kind)


SCHEMA = (
    syntax.CreateTable, syntax.DropTable, syntax.AlterTable, syntax.TruncateTable, syntax.CreateView, syntax.DropView,
    syntax.AlterSequence, syntax.Topic,
)  # fmt: skip
ROWS = (syntax.Insert, syntax.Update, syntax.Delete, syntax.UpdateOn, syntax.DeleteOn)


def path(run: Run, statement: Statement, name: str) -> str:
    """The path in the catalog that a name in a statement means, under its PRAGMA TablePathPrefix."""
    prefix = _prefix(statement.text)
    if prefix and not name.startswith("/"):
        name = f"/{prefix.strip('/')}/{name.removeprefix('./')}"
    return name.removeprefix(f"{run.database}/").strip("/")


@cache
def _prefix(text: str) -> str:
    """The last one that a text sets."""
    found = ""
    for node in nodes(text):
        if isinstance(node, syntax.Pragma) and node.name.lower() == "tablepathprefix":
            [*_, value] = node.values or (None,)
            found = value.value.decode() if isinstance(value, syntax.String) else ""
    return found


def is_unknown(run: Run) -> bool:
    """Whether a request of the SDK ended it that the emulator does not support, and that is no statement."""
    return run.is_answer and run.refused is None and NOT_SUPPORTED in run.failed


def was_there(run: Run, statement: Statement, table: str) -> bool:
    """Whether the revision found a table that a statement of it names."""
    return found(run, statement, table) is not None


def found(run: Run, statement: Statement, table: str) -> Any:
    """The table of the emulator as the revision found it; None where it was not there, or was no table."""
    return run.before.tables.get(_first_path(run, statement, table))


def _first_path(run: Run, at: Statement, table: str) -> str:
    """The path that a table had before statements of the revision renamed it. They are those before this one."""
    known = path(run, at, table)
    earlier = {id(statement) for statement in takewhile(lambda each: each is not at, run.statements)}
    renamed = [
        (path(run, statement, old), path(run, statement, action.new_table.name))
        for statement, old, action in actions(run, syntax.RenameTable)
        if id(statement) in earlier
    ]
    for before, after in reversed(renamed):
        if after == known:
            known = before
    return known


def holds(run: Run, statement: Statement, table: str) -> str:
    """How large a table is, in brackets, where that is known: by YDB's estimate, or by the rows that it has here."""
    path = _first_path(run, statement, table)
    if size := run.before.sizes.get(path):
        return f" (about {_number(size.rows)} rows, {_bytes(size.bytes)})"
    rows = len(run.before.rows.get(path, ()))
    return f" ({rows:,} row{'' if rows == 1 else 's'} here)" if rows else ""


def _number(count: int) -> str:
    """Two digits of an estimate: 12,000,000."""
    return f"{int(float(f'{count:.1e}')):,}"


def _bytes(count: int) -> str:
    size = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:,.3g} TB"


def shown(text: str, caret: int = -1) -> tuple[str, int]:
    """A statement without the prefix that the driver writes before it: ydb_table_path_prefix of the URL."""
    without = DRIVER_PREFIX.sub("", text, count=1)
    return without, caret - (len(text) - len(without)) if caret >= 0 else caret
