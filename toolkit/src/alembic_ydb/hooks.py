"""Autogenerate for YDB: it compares what YDB has, and stops at what YDB would refuse.

In env.py, import `hooks` from here instead of `YDBImpl`, and call `context.configure(..., **hooks(target_metadata))`.
Of alembic-ydb 0.2.

If you copied it before 0.2, replace the file: it took missing rights for an old release line, and changed the dialect
for the whole process. The release line is an argument of `hooks` now, no `LINE`; `own=("",)` is refused.
"""

import copy
import logging
import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
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

log = logging.getLogger("alembic.autogenerate.ydb")


@dataclass(frozen=True)
class Settings:
    """What `hooks` was told."""

    own: frozenset[str] = frozenset()
    line: tuple[int, ...] = (26, 2)

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> "Settings":
        """Those of an environment, from the options of its `context.configure`."""
        return options.get("ydb_hooks", cls())


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
REFLECTED = COLUMN_TYPES | {ydb.PrimitiveType[name]: type for name, type in EXACT.items()}

# Words of YQL that the dialect writes as they are, where YDB wants them quoted: the tokens id_expr, id_schema and
# others of SQLv1Antlr4.g.in.
WORDS = set(
    "assume at automap bitcast callable compact cube dict empty_action enum erase exists flow hop json_exists "
    "json_query json_value list optional process reduce repeatable resource return returning rollup stream struct "
    "tagged tuple unbounded variant window without".split()
)

STORED = {type.name.lower() for type in REFLECTED if isinstance(type, ydb.PrimitiveType)}
NO_KEY = {"float", "double", "json", "jsondocument", "yson"}
SINCE_25_2 = {"date32", "datetime64", "timestamp64", "interval64"}
INTEGERS = {"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"}
LITERALS = {
    r"-?\d+": INTEGERS | {"float", "double"},
    r"-?\d+\.\d*": {"float", "double"},
    "true|false": {"bool"},
    r"'(?:[^'\\]|\\.)*'": {"string", "utf8", "json", "jsondocument", "yson", "dynumber"},
}
TYPED = re.compile(r"""(\w+)\((["'])[^"'\\]*\2(?:, *\d+)*\)""")  # as in Date("2026-11-29")
WIDER = {"date": {"datetime", "timestamp"}, "datetime": {"timestamp"}}  # what YDB converts a literal to
# Names that YDB takes, by TPath::IsValidLeafName and IsValidColumnName of its sources.
PATH_PART = re.compile(r"(?!\.+$)[!-.0-~]{1,255}")
COLUMN_NAME = re.compile(r"(?!__ydb_)[A-Za-z0-9_-]{1,255}")
OWN = re.compile(r"[^/]+(/[^/]+)*")  # a directory, from the database on
ALIASES = {"bigint": "int64", "smallint": "int16"}

INDEX = re.compile(r"INDEX `([^`]+)` GLOBAL (UNIQUE )?(SYNC|ASYNC) ON \([^)]*\)(?: COVER \(([^)]*)\))?")


class YDBImpl(ydb_alembic.YDBImpl):
    """Alembic takes the class that is defined last for a dialect: this one."""

    __dialect__ = "yql"

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        preparer = self.dialect.preparer(self.dialect)
        preparer.reserved_words = preparer.reserved_words | WORDS
        self.dialect.identifier_preparer = preparer  # of this engine alone
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
        kinds = self._kinds(next(iter(conn_indexes)).table.name) if conn_indexes else None
        for index in list(conn_indexes):
            if kinds is not None and index.name not in kinds:  # a vector or full-text index, which a model cannot have
                conn_indexes.discard(index)
                metadata_indexes.discard(in_model.get(index.name, index))
            elif kinds is not None:
                unique, asynchronous, cover = kinds[index.name]
                index.dialect_options["ydb"].update({"async": asynchronous, "cover": cover})
                if unique:
                    self.unique.add((index.table.name, index.name))
                    index.unique = index.name in in_model  # Alembic would not see that a unique index is to be dropped
            elif index.name in in_model:  # this YDB does not tell: it will be as the model has it
                index.unique = in_model[index.name].unique
                index.dialect_options["ydb"].update(in_model[index.name].dialect_options["ydb"])

    def _kinds(self, table: str) -> dict[str, tuple[bool, bool, list[str]]] | None:
        """The indexes of a table by name: unique, async, covered columns. None if the line does not tell: before 26.1.

        Raises CommandError where YDB refuses for another reason.
        """
        assert self.connection is not None, "autogenerate has one"
        try:
            text = self.connection.execute(sa.text(f"SHOW CREATE TABLE `{table}`")).one()[2]
        except sa.exc.DBAPIError as error:
            if Settings.of(self.context_opts).line < (26, 1) and not_known(error):
                return None
            raise CommandError(f"YDB does not tell the indexes of {table}: {words(error)}") from error
        return {
            name: (bool(unique), kind == "ASYNC", re.findall("`(.*?)`", cover))
            for name, unique, kind, cover in INDEX.findall(text)
        }

    def create_index(self, index: sa.Index, **kw: Any) -> None:
        """The dialect quotes covered columns only if they are columns, no names."""
        options = index.dialect_options["ydb"]
        options["cover"] = [sa.column(each) if isinstance(each, str) else each for each in options["cover"] or ()]
        super().create_index(index, **kw)

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


def words(error: sa.exc.DBAPIError) -> str:
    """What YDB said, without positions and codes."""
    found = re.findall(r'message: "((?:[^"\\]|\\.)*)"', str(error.orig))
    return "; ".join(each.replace('\\"', '"') for each in found) or str(error.orig)


def not_known(error: sa.exc.DBAPIError) -> bool:
    """Whether YDB refused a statement because its line does not have it, and not for want of rights or of an answer.

    A syntax error, or "Sys view is not supported" (ydb/core/sys_view/show_create/show_create.cpp).
    """
    status = getattr(getattr(error.orig, "status", None), "name", "")
    return status in ("GENERIC_ERROR", "UNSUPPORTED") or "Sys view is not supported" in str(error.orig)


@comparators.dispatch_for("schema", qualifier="yql")
def read_exactly(autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps, schemas: Any) -> None:
    """Let Alembic read the tables by a copy of the dialect that knows every type. The engine's own is left alone."""
    inspector = sa.inspect(autogen_context.connection)
    assert isinstance(inspector, sa.Inspector)
    inspector.dialect = _exact(inspector.dialect)
    autogen_context.inspector = inspector
    if not hasattr(comparators, "populate_with"):  # before Alembic 1.18 this function replaces Alembic's own
        comparators.dispatch("schema")(autogen_context, upgrade_ops, schemas)


def _exact(dialect: Any) -> Any:
    """A copy of a dialect that reads every type, and raises CommandError where YDB does not describe a table.

    The dialect takes every error for the answer that there is no such table.
    """

    def describe(connection: Any, name: str, schema: str | None = None) -> Any:
        try:
            return connection.connection.describe(name)
        except dialect.dbapi.Error as error:
            raise CommandError(f"YDB does not describe {name}: {error}") from error

    def columns(connection: Any, name: str, schema: str | None = None, **_: Any) -> list[dict[str, Any]]:
        return [_reflected(column) for column in describe(connection, name).columns]

    exact = copy.copy(dialect)
    vars(exact).update(_describe_table=describe, get_columns=columns)
    return exact


def _reflected(column: Any) -> dict[str, Any]:
    """A column that YDB described, as SQLAlchemy wants it."""
    type, nullable = column.type, isinstance(column.type, ydb.OptionalType)
    if nullable:
        type = type.item
    if isinstance(type, ydb.DecimalType):
        known: Any = sa.DECIMAL(type.precision, type.scale)
    else:
        known = REFLECTED.get(type) or YdbType(getattr(type, "name", str(type)))
    return {"name": column.name, "type": known, "nullable": nullable, "default": None}


def yql(type: sa.types.TypeEngine, dialect: sa.Dialect) -> str:
    """The column type that YDB makes of a type in a model, in lower case."""
    text = dialect.type_compiler_instance.process(type).lower().replace(" ", "")
    text = re.sub(r"^optional<(.*)>$", r"\1", text)
    return ALIASES.get(text, text)


def _options(index: sa.Index) -> tuple[bool, set[str]]:
    options = index.dialect_options["ydb"]
    return bool(options["async"]), {getattr(column, "name", column) for column in options["cover"] or ()}


@comparators.dispatch_for("table")
def compare_table(
    autogen_context: AutogenContext,
    modify_ops: ops.ModifyTableOps,
    schema: str | None,
    name: str,
    conn_table: sa.Table | None,
    metadata_table: sa.Table | None,
) -> None:
    """Stop at changes that Alembic does not see."""
    if conn_table is None or metadata_table is None or autogen_context.migration_context.dialect.name != "yql":
        return
    before, after = (", ".join(table.primary_key.columns.keys()) for table in (conn_table, metadata_table))
    if before != after:
        found = f"{name}: the primary key is ({before}), in the model ({after}): YDB cannot change it"
        raise refusal([f"{found}: see 'Change a primary key'"])
    if faulty := list(_constraints(metadata_table, autogen_context.migration_context.dialect, is_new=False)):
        raise refusal(faulty)


# --- What YDB refuses ------------------------------------------------------------------------------------------


def faults(op: ops.MigrateOperation, context: MigrationContext) -> Iterator[str]:
    """Why YDB would refuse an operation, or the dialect would make something else of it."""
    match op:
        case ops.OpContainer():
            for each in op.ops:
                yield from faults(each, context)
        case ops.CreateTableOp():
            yield from _table_faults(op.to_table(context), context)
        case ops.AddColumnOp():
            yield from _column_faults(op.table_name, op.column, context)
            where = f"{op.table_name}.{op.column.name}"
            if not op.column.nullable:
                yield f"{where}: YDB cannot add a NOT NULL column as Alembic writes it: see 'NOT NULL'"
            if op.column.server_default is not None and Settings.of(context.opts).line < (26, 1):
                yield f"{where}: YDB adds columns with a default since 26.1"
        case ops.AlterColumnOp():
            where = f"{op.table_name}.{op.column_name}"
            if op.modify_type is not None:
                assert op.existing_type is not None, "autogenerate tells both"
                new, old = (yql(type, context.dialect) for type in (op.modify_type, op.existing_type))
                yield f"{where}: it is {old}, in the model {new}: YDB cannot change a type: see 'Change a type'"
            if op.modify_nullable is False:
                yield f"{where}: it takes NULL, in the model it does not: YDB cannot set NOT NULL: see 'NOT NULL'"
        case ops.CreateIndexOp():
            yield from _index_faults(op.to_index(context), context.dialect)


def _table_faults(table: sa.Table, context: MigrationContext) -> Iterator[str]:
    dialect = context.dialect
    if table.schema:
        yield f"{table.fullname}: YDB has directories, no schemas: name the table '{table.schema}/{table.name}'"
    if not all(PATH_PART.fullmatch(part) for part in table.name.strip("/").split("/")):
        yield f"{table.name}: YDB has no tables of that name"
    if not table.primary_key.columns:
        yield f"{table.name}: YDB wants a primary key"
    for column in table.primary_key.columns:
        if yql(column.type, dialect) in NO_KEY:
            yield f"{table.name}.{column.name}: YDB has no keys of type {yql(column.type, dialect)}"
    for column in table.columns:
        yield from _column_faults(table.name, column, context)
    yield from _constraints(table, dialect)


def _column_faults(table: str, column: sa.Column, context: MigrationContext) -> Iterator[str]:
    where, type = f"{table}.{column.name}", yql(column.type, context.dialect)
    decimal = re.fullmatch(r"decimal\(\d+,\d+\)", type)
    if not COLUMN_NAME.fullmatch(column.name):
        yield f"{where}: YDB has no columns of that name: only letters, digits, _ and -, and not __ydb_ first"
    if type not in STORED and not decimal:
        yield f"{where}: YDB has no columns of type {type}"
    if Settings.of(context.opts).line < (25, 2) and (type in SINCE_25_2 or decimal and type != "decimal(22,9)"):
        yield f"{where}: YDB has columns of type {type} since 25.2"
    if column.identity is not None or column.computed is not None:
        yield f"{where}: YDB has no GENERATED columns"
    elif isinstance(column.server_default, sa.DefaultClause):
        if not column.nullable:
            yield f"{where}: YDB takes no NOT NULL after DEFAULT, as the dialect writes it: leave one out"
        yield from _default_faults(where, column, type, context)


def _default_faults(where: str, column: sa.Column, type: str, context: MigrationContext) -> Iterator[str]:
    """A default is a literal of the column's own type. YDB is asked whether its value is one, too."""
    compiler: Any = context.dialect.ddl_compiler
    text = compiler(context.dialect, None).get_column_default_string(column)
    fitting = next((types for literal, types in LITERALS.items() if re.fullmatch(literal, text, re.I | re.S)), ())
    typed = TYPED.fullmatch(text)
    given = typed[1].lower() if typed else ""
    if type not in {*fitting, *WIDER.get(given, ())} and given != type.partition("(")[0]:
        default = column.server_default.arg if isinstance(column.server_default, sa.DefaultClause) else None
        hint = f": write sa.text({default!r})" if isinstance(default, str) else ""
        yield f"{where}: the default {text} is no literal of type {type}{hint}"
    elif context.connection is not None:
        of_type = f"FormatType(TypeOf({text}))" if typed else f"CAST({text} AS {type}) IS NULL"
        try:
            found = context.connection.execute(sa.text(f"SELECT {of_type}".replace(":", "\\:"))).scalar()
        except sa.exc.DBAPIError as error:
            yield f"{where}: YDB does not take the default {text}: {words(error)}"
        else:
            if found is True or given == "decimal" and found != type.capitalize().encode():
                yield f"{where}: the default {text} is no value of type {type}"


def _index_faults(index: sa.Index, dialect: sa.Dialect) -> Iterator[str]:
    if index.name and not PATH_PART.fullmatch(index.name):
        yield f"{index.name}: YDB has no indexes of that name"
    if index.unique:
        what = "YDB adds no unique index to a table by default, and the dialect would make a plain one"
        yield f"{index.name}: {what}: see 'Unique values'"
    if len(index.columns) != len(index.expressions) or any(not isinstance(i, sa.Column) for i in index.expressions):
        yield f"{index.name}: YDB indexes columns, not expressions"
    for column in index.columns:
        if yql(column.type, dialect) in NO_KEY:
            yield f"{index.name}: YDB has no indexes on columns of type {yql(column.type, dialect)}"


def _constraints(table: sa.Table, dialect: sa.Dialect, is_new: bool = True) -> Iterator[str]:
    """The constraints that YDB does not know, found in what would be sent."""
    for line in str(sa.schema.CreateTable(table).compile(dialect=dialect)).split("\n"):
        found = re.match(r"\s*(CONSTRAINT \S+ )?(PRIMARY KEY|UNIQUE|CHECK|FOREIGN KEY)", line)
        if found and found[2] in ("UNIQUE", "CHECK"):
            see = ": see 'Unique values'" if found[2] == "UNIQUE" else ""
            yield f"{table.name}: YDB has no {found[2]} constraints: {line.strip(', ').strip()}{see}"
        elif found and found[2] == "PRIMARY KEY" and found[1] and is_new:
            yield f"{table.name}: YDB has no names for primary keys: {line.strip(', ').strip()}"


def refusal(found: list[str]) -> CommandError:
    return CommandError("YDB would not run this revision, so it is not written:\n" + "\n".join(f"  {i}" for i in found))


# --- The hooks -------------------------------------------------------------------------------------------------


def hooks(metadata: sa.MetaData, own: Collection[str] = (), line: str = "26.2") -> dict[str, Any]:
    """Options for `context.configure`.

    In: the models' metadata; directories that hold nothing but this project's tables: what is there and in no model is
    dropped, but what begins with `alembic_` (version tables, a lease), and other tables are left alone; the oldest
    release line of YDB that the revisions are to run on. Raises CommandError where they are none.
    """
    if isinstance(own, str) or not all(isinstance(each, str) and OWN.fullmatch(each) for each in own):
        raise CommandError(
            f"hooks: own={own!r} is no list of directories, as in own=['shop', 'shop/stats']. The database itself, '', "
            "is nobody's own: tables of other programs would be dropped."
        )
    if not isinstance(line, str) or not re.fullmatch(r"\d+\.\d+", line):
        raise CommandError(f"hooks: line={line!r} is no release line of YDB, as in line='26.2'")

    def include_name(name: str | None, type_: str, parent_names: object) -> bool:
        if type_ != "table" or name is None or name in metadata.tables:
            return True
        directory, last = posixpath.split(name)
        return directory in own and not last.startswith("alembic_")

    def include_object(object: Any, name: str | None, type_: str, reflected: bool, compare_to: Any) -> bool:
        """YDB has no foreign keys. In a model they serve relationships."""
        return type_ != "foreign_key_constraint"

    return {
        "include_name": include_name,
        "include_object": include_object,
        "process_revision_directives": process,
        "ydb_hooks": Settings(frozenset(own), tuple(map(int, line.split(".")))),
    }


def process(context: MigrationContext, revision: object, directives: list[ops.MigrationScript]) -> None:
    """Stop before a revision is written that YDB would refuse, and warn of what will hurt later."""
    for script in directives:
        for upgrade in script.upgrade_ops_list:
            _without_foreign_keys(upgrade)
            if found := list(faults(upgrade, context)):
                raise refusal(found)
            for warning in _warnings(upgrade):
                log.warning(warning)
        for downgrade in script.downgrade_ops_list:
            _without_foreign_keys(downgrade)
            _relax(downgrade, getattr(context.impl, "unique", set()))


def _changes(container: ops.OpContainer) -> Iterator[ops.MigrateOperation]:
    """The single operations of a revision."""
    for op in container.ops:
        if isinstance(op, ops.OpContainer):
            yield from _changes(op)
        else:
            yield op


def _warnings(upgrade: ops.OpContainer) -> Iterator[str]:
    """What runs, but not as most people expect. Titles are of pages of the guide Alembic on YDB."""
    changes = list(_changes(upgrade))
    if len(changes) > 1:
        yield (
            f"{len(changes)} changes in one revision: if one fails, those before it stay. Split the revision: "
            "see 'A revision stopped half-way'"
        )
    for op in changes:
        made = op.columns if isinstance(op, ops.CreateTableOp) else []
        keys = [each for each in made if isinstance(each, sa.Column) and each.primary_key]
        if len(keys) == 1 and _wants_number(keys[0]):
            yield (
                f"{keys[0].table.name}.{keys[0].name}: YDB does not number rows. Give the key a default, or a value in "
                "every insert; autoincrement=False says that you do: see 'Errors', Failed to convert type"
            )


def _wants_number(column: sa.Column) -> bool:
    """Whether SQLAlchemy leaves a key's value to the database, which has none."""
    return (
        isinstance(column.type, sa.Integer)
        and column.autoincrement is not False
        and column.server_default is None
        and (column.default is None or isinstance(column.default, sa.Sequence))
        and not column.foreign_keys
    )


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
