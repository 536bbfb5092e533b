"""What a revision asks for and does not get, while nothing says so."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic.operations import ops

from ..record import Revision
from .rule import Hit, Rule, asked, upgrade


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
    kinds = (ops.CreateTableOp, ops.DropTableOp, ops.CreateIndexOp, ops.DropIndexOp)
    for operation in asked(run, kinds):  # type: ignore[arg-type]
        name = getattr(operation.asked, "schema", None)
        if name and not run.failed:
            yield Hit(operation.place, f'schema={name!r} is left out: YDB has directories, as in "{name}/table"')


def length(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for operation in run.operations:
        for table, column in _columns(operation.asked):
            found = getattr(column.type, "length", None)
            if isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum) and found and not run.failed:
                yield Hit(operation.place, f"{table}.{column.name} may hold any length: YDB has no String({found})")


def _columns(operation: ops.MigrateOperation) -> Iterator[tuple[str, sa.Column]]:
    if isinstance(operation, ops.CreateTableOp):
        yield from ((operation.table_name, item) for item in operation.columns if isinstance(item, sa.Column))
    if isinstance(operation, ops.AddColumnOp):
        yield operation.table_name, operation.column


def unfilled_key(revision: Revision) -> Iterator[Hit]:
    run = upgrade(revision)
    for operation in asked(run, ops.CreateTableOp):
        table = operation.asked
        assert isinstance(table, ops.CreateTableOp)
        key = [item for item in table.columns if isinstance(item, sa.Column) and item.primary_key]
        if len(key) != 1 or run.failed:
            continue
        [column] = key
        asks = column.autoincrement is True or (
            column.autoincrement == "auto" and isinstance(column.type, sa.Integer) and column.default is None
        )
        if asks and column.server_default is None and not column.foreign_keys:
            yield Hit(
                operation.place,
                f"nothing fills {table.table_name}.{column.name}: YDB does not number rows. "
                "Say autoincrement=False where each insert has a value",
            )


RULES = [
    Rule(
        "YDB201",
        "unique left out",
        "unique=True makes an ordinary index, and duplicates are accepted. Make the table with a unique index, in YQL, "
        "or check values by a table of their own.",
        unique,
    ),
    Rule(
        "YDB202",
        "schema left out",
        "YDB has no schemas. The dialect leaves out schema= of tables and indexes, so that the table is made, or "
        "dropped, in the database itself. Write the directory into the name.",
        schema,
    ),
    Rule(
        "YDB203",
        "length left out",
        "YDB's strings have no length. sa.String(100) becomes Utf8, and longer values are stored. Check the length in "
        "the application.",
        length,
    ),
    Rule(
        "YDB204",
        "key that nothing fills",
        "An integer key is a plain Int64: YDB does not number rows by itself, and an ORM insert without a value fails. "
        "Give the key a default, such as a uuid, make it Serial in YQL, or say autoincrement=False.",
        unfilled_key,
    ),
]
