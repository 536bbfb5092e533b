"""What a rule is, and what rules read statements with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from ydb_emulator.errors import YdbError
from ydb_emulator.yql import syntax
from ydb_emulator.yql.parser import parse

from ..record import TAKEN, Finding, Operation, Place, Revision, Run, Statement, Turn


@dataclass(frozen=True)
class Hit:
    """What a rule found in a revision."""

    place: Place
    message: str
    statement: str = ""


@dataclass(frozen=True)
class Rule:
    """`title` says what is wrong in a few words, `meaning` what it means and what to do, for `--explain`."""

    code: str
    title: str
    meaning: str
    check: Callable[[Revision], Iterator[Hit]]

    def findings(self, revision: Revision) -> list[Finding]:
        return [Finding(self.code, revision.id, hit.place, hit.message, hit.statement) for hit in self.check(revision)]


def upgrade(revision: Revision) -> Run:
    return revision.runs[Turn.UPGRADE]


@cache
def nodes(text: str) -> tuple[syntax.Statement, ...]:
    """The statements of a query text; none where it is no YQL."""
    try:
        return parse(text).statements
    except YdbError:
        return ()


Taken = tuple[Statement, syntax.Statement]


def taken(run: Run) -> Iterator[Taken]:
    """Every statement that was taken, and how the emulator reads it."""
    for statement in run.statements:
        if statement.outcome == TAKEN:
            for node in nodes(statement.text):
                yield statement, node


def actions(run: Run, kind: type) -> Iterator[tuple[Statement, str, syntax.AlterAction]]:
    """Every action of an ALTER TABLE that is of a kind, with the table as it is written."""
    for statement, node in taken(run):
        if isinstance(node, syntax.AlterTable):
            for action in node.actions:
                if isinstance(action, kind):
                    yield statement, node.table.name, action


def asked(run: Run, kind: type) -> Iterator[Operation]:
    return (operation for operation in run.operations if isinstance(operation.asked, kind))


SCHEMA = (
    syntax.CreateTable, syntax.DropTable, syntax.AlterTable, syntax.TruncateTable, syntax.CreateView, syntax.DropView,
    syntax.AlterSequence, syntax.Topic,
)  # fmt: skip
ROWS = (syntax.Insert, syntax.Update, syntax.Delete, syntax.UpdateOn, syntax.DeleteOn)


def _path(paths: Iterable[str], name: str) -> str | None:
    """The path of a table that a statement names: a prefix may stand before either."""
    exact = name.strip("/")
    found = [path for path in paths if path == exact or path.endswith(f"/{exact}") or exact.endswith(f"/{path}")]
    return min(found, key=len, default=None)


def was_there(run: Run, table: str) -> bool:
    """Whether the revision found a table."""
    return _path(run.before.tables, table) is not None


def holds(run: Run, table: str) -> str:
    """How many rows of a table are known, in brackets, where there are any."""
    path = _path(run.before.rows, table)
    rows = len(run.before.rows[path]) if path is not None else 0
    return f" ({rows:,} row{'' if rows == 1 else 's'} here)" if rows else ""
