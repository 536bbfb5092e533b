"""Autogenerate for YDB: it compares what YDB has, and stops at what YDB would refuse.

In env.py, import `hooks` from here instead of `YDBImpl`, and call `context.configure(..., **hooks(target_metadata))`.
"""

import logging
import posixpath
import re
from collections.abc import Collection, Iterator
from typing import Any, Literal

import sqlalchemy as sa
import ydb
from alembic.autogenerate import comparators
from alembic.autogenerate.api import AutogenContext
from alembic.ddl.impl import ComparisonResult
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from ydb_sqlalchemy import alembic as ydb_alembic
from ydb_sqlalchemy.sqlalchemy import COLUMN_TYPES, types

LINE = (26, 2)  # The oldest release line of YDB that your revisions are to run on.

log = logging.getLogger("alembic.autogenerate.ydb")


# --- What YDB has ----------------------------------------------------------------------------------------------


class YdbType(sa.types.UserDefinedType):
    """A column type that the dialect has no class for, by its name in YQL."""

    cache_ok = True

    def __init__(self, name: str):
        self.name = name

    def get_col_spec(self, **_: object) -> str:
        return self.name


# The dialect reflects several types as one, and cannot read a table with a type that it does not list.
EXACT = {
    "Int8": types.Int8,
    "Int32": types.Int32,
    "Uint8": types.UInt8,
    "Uint16": types.UInt16,
    "Double": sa.Double,
    "Date32": types.YqlDate32,
    "Datetime64": types.YqlDateTime64,
    "Timestamp64": types.YqlTimestamp64,
    "UUID": sa.UUID,
    **{name: YdbType(name) for name in ("Int16", "JsonDocument", "Yson", "DyNumber", "Interval", "Interval64")},
}
COLUMN_TYPES.update({ydb.PrimitiveType[name]: type for name, type in EXACT.items()})

STORED = {type.name.lower() for type in COLUMN_TYPES if isinstance(type, ydb.PrimitiveType)}
NO_KEY = {"float", "double", "json", "jsondocument", "yson"}
SINCE_25_2 = {"date32", "datetime64", "timestamp64", "interval64"}
INTEGERS = {"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"}
LITERALS = {
    r"-?\d+": INTEGERS | {"float", "double"},
    r"-?\d+\.\d*": {"float", "double"},
    "true|false": {"bool"},
    "'.*'": {"string", "utf8", "json", "jsondocument", "yson", "dynumber"},
}
ALIASES = {"bigint": "int64", "smallint": "int16"}

INDEX = re.compile(r"INDEX `([^`]+)` GLOBAL (UNIQUE )?(SYNC|ASYNC) ON \([^)]*\)(?: COVER \(([^)]*)\))?")


class YDBImpl(ydb_alembic.YDBImpl):
    """Alembic takes the class that is defined last for a dialect: this one."""

    __dialect__ = "yql"

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.unique: set[tuple[str, str]] = set()  # the unique indexes that were met: table and name

    def compare_type(self, inspector_column: sa.Column, metadata_column: sa.Column) -> bool:
        old, new = inspector_column.type, yql(metadata_column.type, self.dialect)
        if isinstance(old, sa.DECIMAL):  # the dialect would render a scale of 0 as 9
            return new != f"decimal({old.precision},{old.scale})"
        return new != yql(old, self.dialect)

    def compare_server_default(self, *_: object) -> bool:
        """The dialect reflects no defaults: there is nothing to compare with."""
        return False

    def correct_for_autogen_constraints(
        self,
        conn_uniques: set[sa.UniqueConstraint],
        conn_indexes: set[Any],
        metadata_uniques: set[sa.UniqueConstraint],
        metadata_indexes: set[sa.Index],
    ) -> None:
        """Give reflected indexes the options that the dialect does not read."""
        in_model = {index.name: index for index in metadata_indexes}
        kinds = self._kinds(next(iter(conn_indexes)).table.name) if conn_indexes else {}
        for index in conn_indexes:
            if index.name in kinds:
                unique, asynchronous, cover = kinds[index.name]
                index.dialect_options["ydb"].update({"async": asynchronous, "cover": cover})
                if unique:
                    self.unique.add((index.table.name, index.name))
                    index.unique = index.name in in_model  # Alembic would not see that a unique index is to be dropped
            elif index.name in in_model:  # this YDB does not tell: it will be as the model has it
                index.unique = in_model[index.name].unique
                index.dialect_options["ydb"].update(in_model[index.name].dialect_options["ydb"])

    def _kinds(self, table: str) -> dict[str, tuple[bool, bool, list[str]]]:
        """The indexes of a table by name: unique, async, covered columns. Lines before 26.1 do not tell."""
        try:
            text = self.connection.execute(sa.text(f"SHOW CREATE TABLE `{table}`")).one()[2]
        except sa.exc.DBAPIError:
            return {}
        return {
            name: (bool(unique), kind == "ASYNC", re.findall("`(.*?)`", cover))
            for name, unique, kind, cover in INDEX.findall(text)
        }

    def compare_indexes(self, metadata_index: sa.Index, reflected_index: sa.Index) -> ComparisonResult:
        if _options(metadata_index) != _options(reflected_index):
            return ComparisonResult.Different("async or cover")
        return super().compare_indexes(metadata_index, reflected_index)

    def render_type(self, type_obj: sa.types.TypeEngine, autogen_context: AutogenContext) -> Literal[False]:
        """Import the module of a type that is not SQLAlchemy's own. Alembic names it in full, and imports nothing."""
        module = type(type_obj).__module__
        if not module.startswith("sqlalchemy."):
            autogen_context.imports.add(f"import {module}")
        return False


def yql(type: sa.types.TypeEngine, dialect: sa.Dialect) -> str:
    """The column type that YDB makes of a type in a model, in lower case."""
    text = dialect.type_compiler_instance.process(type).lower().replace(" ", "")
    text = re.sub(r"^optional<(.*)>$", r"\1", text)
    return ALIASES.get(text, text)


def _options(index: sa.Index) -> tuple[bool, set[str]]:
    options = index.dialect_options["ydb"]
    return bool(options["async"]), {getattr(column, "name", column) for column in options["cover"] or ()}


@comparators.dispatch_for("table", qualifier="yql")
def compare_table(
    autogen_context: AutogenContext,
    modify_ops: ops.ModifyTableOps,
    schema: str | None,
    name: str,
    conn_table: sa.Table | None,
    metadata_table: sa.Table | None,
) -> None:
    """Stop at changes that Alembic does not see."""
    if conn_table is None or metadata_table is None:
        return
    before, after = (", ".join(table.primary_key.columns.keys()) for table in (conn_table, metadata_table))
    if before != after:
        raise refusal([f"{name}: the primary key is ({before}), in the model ({after}): YDB cannot change it"])
    if found := list(_constraints(metadata_table, autogen_context.migration_context.dialect, is_new=False)):
        raise refusal(found)


# --- What YDB refuses ------------------------------------------------------------------------------------------


def faults(op: ops.MigrateOperation, context: MigrationContext) -> Iterator[str]:
    """Why YDB would refuse an operation, or the dialect would make something else of it."""
    match op:
        case ops.OpContainer():
            for each in op.ops:
                yield from faults(each, context)
        case ops.CreateTableOp():
            yield from _table_faults(op.to_table(context), context.dialect)
        case ops.AddColumnOp():
            yield from _column_faults(op.table_name, op.column, context.dialect)
            where = f"{op.table_name}.{op.column.name}"
            if not op.column.nullable:
                yield f"{where}: YDB cannot add a NOT NULL column as Alembic writes it: make it nullable"
            if op.column.server_default is not None and LINE < (26, 1):
                yield f"{where}: YDB adds columns with a default since 26.1"
        case ops.AlterColumnOp():
            where = f"{op.table_name}.{op.column_name}"
            if op.modify_type is not None:
                assert op.existing_type is not None, "autogenerate tells both"
                new, old = (yql(type, context.dialect) for type in (op.modify_type, op.existing_type))
                yield f"{where}: it is {old}, in the model {new}: YDB cannot change a column's type"
            if op.modify_nullable is False:
                yield f"{where}: it takes NULL, in the model it does not: YDB cannot set NOT NULL"
        case ops.CreateIndexOp():
            yield from _index_faults(op.to_index(context), context.dialect)


def _table_faults(table: sa.Table, dialect: sa.Dialect) -> Iterator[str]:
    if table.schema:
        yield f"{table.fullname}: YDB has directories, no schemas: name the table '{table.schema}/{table.name}'"
    if not table.primary_key.columns:
        yield f"{table.name}: YDB wants a primary key"
    for column in table.primary_key.columns:
        if yql(column.type, dialect) in NO_KEY:
            yield f"{table.name}.{column.name}: YDB has no keys of type {yql(column.type, dialect)}"
    for column in table.columns:
        yield from _column_faults(table.name, column, dialect)
    yield from _constraints(table, dialect)


def _column_faults(table: str, column: sa.Column, dialect: sa.Dialect) -> Iterator[str]:
    where, type = f"{table}.{column.name}", yql(column.type, dialect)
    decimal = re.fullmatch(r"decimal\(\d+,\d+\)", type)
    if type not in STORED and not decimal:
        yield f"{where}: YDB has no columns of type {type}"
    if LINE < (25, 2) and (type in SINCE_25_2 or decimal and type != "decimal(22,9)"):
        yield f"{where}: YDB has columns of type {type} since 25.2"
    if column.identity is not None or column.computed is not None:
        yield f"{where}: YDB has no GENERATED columns"
    elif isinstance(column.server_default, sa.DefaultClause):
        if not column.nullable:
            yield f"{where}: YDB takes no NOT NULL after DEFAULT, as the dialect writes it: leave one out"
        yield from _default_faults(where, column.server_default.arg, type)


def _default_faults(where: str, default: str | sa.ClauseElement, type: str) -> Iterator[str]:
    """A default is a literal of the column's own type. Alembic quotes a string."""
    text = f"'{default}'" if isinstance(default, str) else str(default)
    fitting = next((types for literal, types in LITERALS.items() if re.fullmatch(literal, text, re.I | re.S)), ())
    of_type = re.match(r"(\w+)\(['\"]", text)
    if type not in fitting and not (of_type and type.startswith(of_type[1].lower())):
        hint = f": write sa.text({default!r})" if isinstance(default, str) else ""
        yield f"{where}: the default {text} is no literal of type {type}{hint}"


def _index_faults(index: sa.Index, dialect: sa.Dialect) -> Iterator[str]:
    if index.unique:
        yield f"{index.name}: YDB adds no unique index to a table, and the dialect would make a plain one"
    if len(index.columns) != len(index.expressions) or any(not hasattr(each, "name") for each in index.expressions):
        yield f"{index.name}: YDB indexes columns, not expressions"
    for column in index.columns:
        if yql(column.type, dialect) in NO_KEY:
            yield f"{index.name}: YDB has no indexes on columns of type {yql(column.type, dialect)}"


def _constraints(table: sa.Table, dialect: sa.Dialect, is_new: bool = True) -> Iterator[str]:
    """The constraints that YDB does not know, found in what would be sent."""
    for line in str(sa.schema.CreateTable(table).compile(dialect=dialect)).split("\n"):
        found = re.match(r"\s*(CONSTRAINT \S+ )?(PRIMARY KEY|UNIQUE|CHECK|FOREIGN KEY)", line)
        if found and found[2] in ("UNIQUE", "CHECK"):
            yield f"{table.name}: YDB has no {found[2]} constraints: {line.strip(', ').strip()}"
        elif found and found[2] == "PRIMARY KEY" and found[1] and is_new:
            yield f"{table.name}: YDB has no names for primary keys: {line.strip(', ').strip()}"


def refusal(found: list[str]) -> CommandError:
    return CommandError("YDB would not run this revision, so it is not written:\n" + "\n".join(f"  {i}" for i in found))


# --- The hooks -------------------------------------------------------------------------------------------------


def hooks(metadata: sa.MetaData, own: Collection[str] = ()) -> dict[str, Any]:
    """Options for `context.configure`.

    In: the models' metadata, and directories that hold nothing but this project's tables ("" is the database's own):
    what is there and in no model is dropped. Other tables are left alone.
    """

    def include_name(name: str | None, type_: str, parent_names: object) -> bool:
        return type_ != "table" or name is None or name in metadata.tables or posixpath.dirname(name) in own

    def include_object(object: Any, name: str | None, type_: str, reflected: bool, compare_to: Any) -> bool:
        """YDB has no foreign keys. In a model they serve relationships."""
        return type_ != "foreign_key_constraint"

    return {
        "include_name": include_name,
        "include_object": include_object,
        "process_revision_directives": process,
    }


def process(context: MigrationContext, revision: object, directives: list[ops.MigrationScript]) -> None:
    """Stop before a revision is written that YDB would refuse."""
    for script in directives:
        for upgrade in script.upgrade_ops_list:
            _without_foreign_keys(upgrade)
            if found := list(faults(upgrade, context)):
                raise refusal(found)
        for downgrade in script.downgrade_ops_list:
            _without_foreign_keys(downgrade)
            _relax(downgrade, getattr(context.impl, "unique", set()))


def _without_foreign_keys(container: ops.OpContainer) -> None:
    for op in container.ops:
        match op:
            case ops.OpContainer():
                _without_foreign_keys(op)
            case ops.CreateTableOp():
                op.columns = [each for each in op.columns if not isinstance(each, sa.ForeignKeyConstraint)]


def _relax(container: ops.OpContainer, unique: set[tuple[str, str]]) -> None:
    """Leave out of a downgrade what YDB has no way back to."""
    for op in list(container.ops):
        match op:
            case ops.OpContainer():
                _relax(op, unique)
            case ops.CreateIndexOp() if (op.table_name, op.index_name) in unique:
                container.ops.remove(op)
                log.warning("downgrade: the unique index %s is not made again", op.index_name)
            case ops.AddColumnOp() if not op.column.nullable:
                op.column.nullable = True
                log.warning("downgrade: %s.%s comes back nullable", op.table_name, op.column.name)
            case ops.AlterColumnOp(modify_nullable=False):
                container.ops.remove(op)
                log.warning("downgrade: %s.%s stays nullable", op.table_name, op.column_name)
