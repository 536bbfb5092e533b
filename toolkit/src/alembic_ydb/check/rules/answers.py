"""What YDB would answer: refused, or not known."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlalchemy as sa
from alembic.operations import ops
from alembic.operations.ops import MigrateOperation

from ydb_emulator.yql import syntax

from ..record import REFUSED, UNKNOWN, Revision, Run, Statement, Turn
from .rule import Hit, Rule, asked, is_unknown, nodes, upgrade, was_there

WORDS = set(
    "assume at automap bitcast callable compact cube dict empty_action enum erase exists flow hop json_exists "
    "json_query json_value list optional process reduce repeatable resource return returning rollup stream struct "
    "tagged tuple unbounded variant window without".split()
)
"""As in hooks.py, which changes how Alembic works with YDB where it is imported: that is for env.py to do."""
UNSURE = (
    ("already exists. in alter constructor STANDALONE_UPDATE", "s-add-column-again"),
    ("is reserved by the system", "s-name-sys"),
)
"""Answers to changes of the schema whose cases in the guide are of low confidence, and no others."""
CURES = {
    r"ADD CONSTRAINT \S+ PRIMARY KEY\b": "YDB cannot change a primary key: copy the rows into a new table",
    r"CONSTRAINT \S+ PRIMARY KEY\b": (
        "YDB has no names for primary keys: leave the name out, and pk of a naming convention"
    ),
    r"\bFOREIGN KEY\b": "YDB has no foreign keys: leave it out",
    r"\bUNIQUE *\(": "YDB has no UNIQUE constraints, but unique indexes in CREATE TABLE: write that in YQL",
    r"\bCHECK *\(": "YDB has no CHECK constraints: leave it out",
    r"\bDROP CONSTRAINT\b": "YDB has no constraints that could be dropped: leave it out",
    r"\bGENERATED (ALWAYS|BY DEFAULT)\b": "YDB has no GENERATED columns: let the application supply the value",
    r"\bALTER COLUMN \S+ TYPE\b": "YDB cannot change a type: add a column, and copy the values",
    r"\bRENAME (COLUMN )?(?!TO\b|INDEX\b)\S+ TO\b": "YDB cannot rename a column: add one, and copy the values",
}
"""What Alembic or SQLAlchemy write that YDB cannot read, and what to do instead."""
NOT_READ = ("no viable alternative", "mismatched input", "extraneous input", "missing ")


def refused(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for statement in run.statements:
        if statement.outcome == REFUSED:
            goes_on = statement is not run.refused
            answer = f"YDB refuses this{', and upgrade() goes on' if goes_on else ''}"
            message = f"{answer}: {statement.status}: {statement.words}{_cure(run, statement)}{_doubt(statement)}"
            yield Hit(statement.place, message, statement.text, statement.caret)
    if run.failed and run.refused is None and not is_unknown(run):
        assert run.place is not None
        yield Hit(run.place, f"upgrade() fails: {run.failed}")


def _cure(run: Run, statement: Statement) -> str:
    """What to do about a refusal whose words do not say it."""
    if statement.words.startswith("SET NOT NULL is currently"):
        return " Add a column that is NOT NULL and has a default, and copy the values"
    if statement.words.startswith("Scheme operations cannot be executed inside transaction"):
        return ". Write op.execute(sa.DDL(...)), which the dialect sends outside of one"
    if any(said in statement.words for said in NOT_READ):
        for operation in asked(run, (ops.CreateTableOp, ops.AddColumnOp)):
            for name in _names(operation.asked) if operation.place == statement.place else ():
                if name.lower() in WORDS:
                    return f'. Is it the name {name}? Write sa.Column(quoted_name("{name}", True), ...)'
        for written, cure in CURES.items():
            if re.search(written, statement.text):
                return f". {cure}"
    for node in nodes(statement.text):
        if (
            isinstance(node, syntax.DropTable)
            and node.kind == "TABLE"
            and not was_there(run, statement, node.table.name)
        ):
            return ". No revision makes it: if autogenerate wrote this, the table is somebody else's"
    return ""


def _doubt(statement: Statement) -> str:
    """That these words of YDB are not certain, where they are not."""
    for words, case in UNSURE:
        if words in statement.words:
            return f" (not certain: the case {case} of the guide is inferred)"
    return ""


def _names(operation: MigrateOperation) -> Iterator[str]:
    columns = operation.columns if isinstance(operation, ops.CreateTableOp) else [getattr(operation, "column", None)]
    return (column.name for column in columns if isinstance(column, sa.Column))


def unknown(revision: Revision) -> Iterator[Hit]:
    """Of an upgrade and of a downgrade: neither can be said to run."""
    for turn in (Turn.UPGRADE, Turn.DOWNGRADE):
        for statement in revision.runs[turn].statements if turn in revision.runs else ():
            if statement.outcome == UNKNOWN:
                message = f"not known what YDB answers: {statement.words}"
                yield Hit(statement.place, message, statement.text, statement.caret)
        run = revision.runs.get(turn)
        if run is not None and run.place is not None and is_unknown(run):
            yield Hit(run.place, f"not known what YDB answers: {run.failed}")


RULES = [
    Rule("YDB101", refused),
    Rule("YDB102", unknown),
]
