"""How a revision is put together: what is left when it stops half-way, or is run again."""

from __future__ import annotations

from collections.abc import Iterator

from ydb_emulator.yql import syntax

from ..record import Place, Revision, Turn
from .rule import ROWS, SCHEMA, Hit, Rule, Taken, inside, nodes, taken, upgrade

OR_ELSE = ("COALESCE", "NVL")


def _schema(revision: Revision) -> list[Taken]:
    return [each for each in taken(upgrade(revision)) if isinstance(each[1], SCHEMA)]


def _rows(revision: Revision) -> list[Taken]:
    return [each for each in taken(upgrade(revision)) if isinstance(each[1], ROWS)]


def several(revision: Revision) -> Iterator[Hit]:
    changes = [statement for statement, _ in _schema(revision) if statement.changed]
    changes = [each for number, each in enumerate(changes) if not (each.at_once and each in changes[:number])]
    if len(changes) > 1 and not revision.is_resumed:
        second = changes[1]
        resumed = revision.runs.get(Turn.RESUME)
        is_silent = resumed is not None and not resumed.failed
        then = (
            "after a part of it, upgrade() leaves out the rest" if is_silent else "what fails after the first leaves it"
        )
        message = f"{len(changes)} changes of the schema: {then}"
        yield Hit(second.place, message, second.text)


def mixed(revision: Revision) -> Iterator[Hit]:
    changes, rows = _schema(revision), _rows(revision)
    if changes and rows and not revision.is_resumed:
        written, _ = rows[0]
        message = "rows are written in a revision that changes the schema"
        yield Hit(written.place, message, written.text)


def _reads(node: object, column: str) -> bool:
    """Whether the value of an expression may change with a column's. A default for NULL does so once."""
    match node:
        case syntax.Binary(operator="??", left=syntax.Name(name=name), right=default) if name == column:
            return _reads(default, column)
        case syntax.Call(name=function, arguments=(syntax.Name(name=name), *defaults)) if name == column:
            if function.upper() in OR_ELSE:
                return any(_reads(default, column) for default in defaults)
    return any(name.name == column for kind in (syntax.Name, syntax.Member) for name in inside(node, kind))


def repeated(revision: Revision) -> Iterator[Hit]:
    """Told by a second run where there are rows, and by the statement where it reads what it writes."""
    for statement, node in taken(upgrade(revision)):
        if isinstance(node, syntax.Update):
            for column, value in node.assignments:
                if _reads(value, column):
                    message = f"a second run changes {node.table.name}.{column} again: the new value depends on the old"
                    yield Hit(statement.place, message, statement.text)
                    return
    run = revision.runs.get(Turn.REPEAT)
    if run is not None and not run.failed:
        changed = [path for path, rows in run.before.rows.items() if run.after.rows.get(path, rows) != rows]
        if changed:
            written = next((each for each, node in taken(run) if isinstance(node, ROWS)), None)
            place = written.place if written else Place(revision.file)  # the SDK's bulk_upsert is no statement
            message = f"a second run changes rows of {', '.join(changed)} again"
            yield Hit(place, message, written.text if written else "")


def once(revision: Revision) -> Iterator[Hit]:
    """Of rows alone: a change of the schema is refused the second time as well, and YDB501 is about those."""
    run = revision.runs.get(Turn.REPEAT)
    refused = run.refused if run is not None else None
    if refused is not None and any(isinstance(node, ROWS) for node in nodes(refused.text)):
        message = f"a second run is refused: {refused.status}: {refused.words}"
        yield Hit(refused.place, message, refused.text, refused.caret)


RULES = [
    Rule("YDB501", several),
    Rule("YDB502", mixed),
    Rule("YDB503", repeated),
    Rule("YDB504", once),
]
