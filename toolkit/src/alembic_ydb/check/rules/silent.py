"""What a revision asks for and does not get, while nothing says so."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic.operations import ops
from sqlalchemy.sql import visitors

from ydb_emulator.yql import syntax

from ..record import Revision
from .rule import Hit, Rule, actions, asked, columns, found, inside, path, taken, upgrade

LEAST = "AUTO_PARTITIONING_MIN_PARTITIONS_COUNT"
BY = {"AUTO_PARTITIONING_BY_SIZE", "AUTO_PARTITIONING_BY_LOAD"}


def unique(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    if run.failed:
        return
    for operation in asked(run, ops.CreateIndexOp):
        index = operation.asked
        assert isinstance(index, ops.CreateIndexOp)
        if index.unique:
            yield Hit(operation.place, f"index {index.index_name} is not unique: the dialect leaves out unique=True")
    for operation in asked(run, ops.CreateTableOp):
        table = operation.asked
        assert isinstance(table, ops.CreateTableOp)
        for item in table.columns:
            if isinstance(item, sa.Column) and item.unique and item.index:
                yield Hit(operation.place, f"the index of {table.table_name}.{item.name} is not unique")
            if isinstance(item, sa.Index) and item.unique:
                yield Hit(operation.place, f"index {item.name} is not unique: the dialect leaves out unique=True")
    for operation in asked(run, ops.AddColumnOp):
        added = operation.asked
        assert isinstance(added, ops.AddColumnOp)
        if added.column.unique and added.column.index:
            yield Hit(operation.place, f"the index of {added.table_name}.{added.column.name} is not unique")


def schema(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    kinds = (ops.CreateTableOp, ops.DropTableOp, ops.CreateIndexOp, ops.DropIndexOp, ops.BulkInsertOp, ops.ExecuteSQLOp)
    for operation in asked(run, kinds):
        for name in sorted(_schemas(operation.asked)) if not run.failed else ():
            yield Hit(operation.place, f'schema={name!r} is left out: YDB has directories, as in "{name}/table"')


def _schemas(operation: object) -> set[str]:
    """What an operation on a table or on its rows has as `schema=`."""
    match operation:
        case ops.BulkInsertOp(table=table):
            named = [table.schema]
        case ops.ExecuteSQLOp(sqltext=sa.ClauseElement() as statement):
            named = [item.schema for item in visitors.iterate(statement) if isinstance(item, sa.TableClause)]
        case _:
            named = [getattr(operation, "schema", None)]
    return {str(name) for name in named if name}


def length(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for operation in run.operations:
        for table, column in columns(operation.asked):
            found = getattr(column.type, "length", None)
            if isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum) and found and not run.failed:
                yield Hit(operation.place, f"{table}.{column.name} may hold any length: YDB has no String({found})")


def unfilled_key(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for operation in asked(run, ops.CreateTableOp):
        table = operation.asked
        assert isinstance(table, ops.CreateTableOp)
        key = [item for item in table.columns if isinstance(item, sa.Column) and item.primary_key]
        numbered = key if len(key) == 1 else [column for column in key if column.autoincrement is True]
        if len(numbered) != 1 or run.failed:
            continue
        [column] = numbered
        asks = column.autoincrement is True or (
            column.autoincrement == "auto" and isinstance(column.type, sa.Integer) and not _fills(column.default)
        )
        has_default = column.server_default is not None or _model_fills(revision, table.table_name, str(column.name))
        if asks and not has_default and not column.foreign_keys:
            yield Hit(
                operation.place,
                f"nothing fills {table.table_name}.{column.name}: YDB does not number rows. "
                "Say autoincrement=False where each insert has a value",
            )


def _fills(default: object) -> bool:
    """Whether a default of the application gives a value. A sequence does not: the dialect leaves it out."""
    return default is not None and not isinstance(default, sa.Sequence)


def _model_fills(revision: Revision, table: str, column: str) -> bool:
    """Autogenerate writes no `default` into a revision: the models have it."""
    for metadata in revision.models:
        model = metadata.tables.get(table)
        if model is not None and column in model.c and _fills(model.c[column].default):
            return True
    return False


def partitions(revision: Revision) -> Iterator[Hit]:
    """Source: FillPartitioningPolicy in ydb/core/ydb_convert/table_description.cpp."""
    run = upgrade(revision)
    for statement, table, action in actions(run, syntax.SetSettings):
        named = {setting.name.upper() for setting in action.settings}
        before = found(run, statement, table)
        least = before.settings.get(LEAST, "1") if before else "1"
        after = run.after.tables.get(path(run, statement, table))
        if least != "1" and LEAST not in named and named & BY and after and after.settings.get(LEAST) == "1":
            message = f"this sets {LEAST} of {table} from {least} to 1: name it in the same statement"
            yield Hit(statement.place, message, statement.text)


def view_of_asynchronous(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for statement, node in taken(run):
        if isinstance(node, syntax.CreateView):
            for source in inside(node.query, syntax.TableSource):
                table = run.after.tables.get(path(run, statement, source.table.name))
                for index in table.indexes if table else ():
                    if index.name == source.index and index.asynchronous:
                        message = f"{node.view.name} reads {index.name}, an asynchronous index: others are refused"
                        yield Hit(statement.place, message, statement.text)


def digits(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for operation in run.operations if not run.failed else ():
        for table, column in columns(operation.asked):
            if column.type.__visit_name__ in ("float", "FLOAT"):
                yield Hit(operation.place, f"{table}.{column.name} keeps 7 digits: YDB's Float has 32 bits")


def few_numbers(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for statement, node in taken(run):
        if not isinstance(node, syntax.CreateTable):
            continue
        for entry in node.entries:
            if (
                isinstance(entry, syntax.Column)
                and entry.type
                and entry.type.name.lower() in ("smallserial", "serial2")
            ):
                message = f"{node.table.name}.{entry.name} gives numbers up to 32,767: later inserts are refused"
                yield Hit(statement.place, message, statement.text)


RULES = [
    Rule("YDB201", unique),
    Rule("YDB202", schema),
    Rule("YDB203", length),
    Rule("YDB204", unfilled_key),
    Rule("YDB205", partitions),
    Rule("YDB206", view_of_asynchronous),
    Rule("YDB207", digits),
    Rule("YDB212", few_numbers),
]
