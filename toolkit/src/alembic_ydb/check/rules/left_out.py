"""What the dialect leaves out of an operation: options of other databases, IF EXISTS, comments, limits of an Enum."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic.operations import ops

from ydb_emulator.yql import syntax

from ..record import Revision
from .rule import Hit, Rule, asked, columns, path, taken, upgrade

OTHERS = (*sa.dialects.__all__, "mariadb", "yql")
"""Names that options of other databases begin with. The dialect is registered as yql, and its options are ydb_*."""


def comment(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for operation in run.operations if not run.failed else ():
        if isinstance(operation.asked, ops.CreateTableOp) and operation.asked.comment:
            yield Hit(operation.place, f"the comment of {operation.asked.table_name} is left out")
        for table, column in columns(operation.asked):
            if column.comment:
                yield Hit(operation.place, f"the comment of {table}.{column.name} is left out")


def options(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    if run.failed:
        return
    for operation in asked(run, (ops.CreateIndexOp, ops.DropIndexOp)):
        for condition in ("if_not_exists", "if_exists"):
            if getattr(operation.asked, condition, False):
                yield Hit(operation.place, f"{condition} is left out: YDB answers as without it")
    for operation in asked(run, (ops.CreateIndexOp, ops.CreateTableOp)):
        made = operation.asked
        assert isinstance(made, (ops.CreateIndexOp, ops.CreateTableOp))
        name = f"index {made.index_name}" if isinstance(made, ops.CreateIndexOp) else f"table {made.table_name}"
        for option in made.kw:
            if option.partition("_")[0] in OTHERS:
                yield Hit(operation.place, f"{name} is made without {option}, which is for another database")
        if isinstance(made, ops.CreateIndexOp):
            for column in made.columns:
                if not isinstance(column, (str, sa.TextClause, sa.ColumnClause)):
                    message = f"{name} is on the plain column: the dialect leaves out {column}"
                    yield Hit(operation.place, message)


def nothing(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    changed = {
        (path(run, statement, node.table.name), name)
        for statement, node in taken(run)
        if isinstance(node, syntax.AlterTable)
        for action in node.actions
        for name in vars(action).values()
        if isinstance(name, str)
    }
    made = [node.table.name for _, node in taken(run) if isinstance(node, syntax.CreateTable)]
    for operation in asked(run, ops.AlterColumnOp):
        altered = operation.asked
        assert isinstance(altered, ops.AlterColumnOp)
        copy = f"_alembic_tmp_{altered.table_name}"[:50]  # of batch_alter_table(recreate="always")
        is_sent = copy in made or any(
            name == altered.column_name and table.rpartition("/")[2] == altered.table_name.rpartition("/")[2]
            for table, name in changed
        )
        if not is_sent and not run.failed:
            yield Hit(operation.place, "alter_column sends nothing to YDB")


def enum(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for operation in run.operations if not run.failed else ():
        for table, column in columns(operation.asked):
            if isinstance(column.type, sa.Enum):
                yield Hit(operation.place, f"{table}.{column.name} may hold any text: YDB has no Enum")


RULES = [
    Rule("YDB208", comment),
    Rule("YDB209", options),
    Rule("YDB210", nothing),
    Rule("YDB211", enum),
]
