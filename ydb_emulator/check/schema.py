"""CREATE, ALTER and DROP checked as the query processor does it; the scheme shard's own checks are in `run.schema`.

Order and texts of the refusals: ydb/core/kqp/provider/yql_kikimr_type_ann.cpp (HandleCreateTable, HandleAlterTable),
yql/essentials/sql/v1/sql_translation.cpp, yql/essentials/sql/v1/query.cpp; which actions may stand together:
ydb/core/ydb_convert/table_description.cpp.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from immutables import Map

from ..catalog import Column, Index, Table, View
from ..errors import BAD_COLUMN_TYPE, BAD_REQUEST, UNSUPPORTED, Issue, Position, refusal, type_annotation, unsupported
from ..types import NULL, SERIAL_TYPES, Data, Optional, strip
from ..yql import syntax
from .context import Context, Expr
from .conversion import convert
from .expressions import Scope, check
from .queries import check_query
from .typenames import resolve_type

CREATE, ALTER = "KiCreateTable!", "KiAlterTable!"


# --- what a scheme operation does ------------------------------------------------------------------------------


@dataclass(frozen=True)
class CreateTable:
    """`table` has no id yet."""

    path: str
    table: Table
    if_not_exists: bool


@dataclass(frozen=True)
class DropTable:
    path: str
    if_exists: bool


@dataclass(frozen=True)
class AlterColumns:
    """Columns to add and names to drop, in one operation."""

    path: str
    add: tuple[Column, ...] = ()
    drop: tuple[str, ...] = ()
    drop_not_null: tuple[str, ...] = ()


@dataclass(frozen=True)
class SetDefault:
    """`default` is a one-tuple, or None for DROP DEFAULT."""

    path: str
    column: str
    default: tuple | None


@dataclass(frozen=True)
class AddIndex:
    path: str
    index: Index


@dataclass(frozen=True)
class DropIndex:
    path: str
    name: str


@dataclass(frozen=True)
class RenameIndex:
    path: str
    name: str
    new_name: str


@dataclass(frozen=True)
class RenameTable:
    path: str
    new_path: str


@dataclass(frozen=True)
class SetSettings:
    path: str
    settings: Map[str, str]


@dataclass(frozen=True)
class CreateView:
    path: str
    view: View
    if_not_exists: bool


@dataclass(frozen=True)
class DropView:
    path: str
    if_exists: bool


Operation = (
    CreateTable | DropTable | AlterColumns | SetDefault | AddIndex | DropIndex | RenameIndex | RenameTable
    | SetSettings | CreateView | DropView
)  # fmt: skip

Statement = syntax.CreateTable | syntax.DropTable | syntax.AlterTable | syntax.CreateView | syntax.DropView


def check_schema(node: Statement, context: Context) -> Operation:
    """The scheme operation that a statement asks for. Raises YdbError where YDB refuses it."""
    match node:
        case syntax.CreateTable():
            return _create_table(node, context)
        case syntax.DropTable(table, "TABLE", if_exists):
            path = context.path(table) if if_exists else context.table(table, "KiDropTable!")[0]
            return DropTable(path, if_exists)
        case syntax.AlterTable(kind="TABLE"):
            return _alter_table(node, context)
        case syntax.CreateView():
            return _create_view(node, context)
        case syntax.DropView(view, if_exists):
            return DropView(context.path(view), if_exists)
    raise unsupported("this kind of table", node.position)


# --- CREATE TABLE ----------------------------------------------------------------------------------------------


def _create_table(node: syntax.CreateTable, context: Context) -> CreateTable:
    if node.kind != "TABLE" or node.temporary or node.query is not None or node.partition_by is not None:
        raise unsupported("this kind of CREATE TABLE", node.position)
    path = context.path(node.table)
    written = [entry for entry in node.entries if isinstance(entry, syntax.Column)]
    key = _primary_key(node, written)
    columns = _columns(written, context)
    indexes = tuple(
        _new_index(entry, columns) for entry in node.entries if isinstance(entry, syntax.Index)
    )
    for entry in node.entries:
        if isinstance(entry, syntax.Changefeed):
            issue = Issue("Cannot create table with changefeed", position=entry.position)
            raise type_annotation(CREATE, node.position, issue)
        if isinstance(entry, syntax.Family):
            raise unsupported("column families", entry.position)
    table = Table(0, columns, key, indexes, settings=check_settings(node.settings))
    return CreateTable(path, table, node.if_not_exists)


def _primary_key(node: syntax.CreateTable, columns: list[syntax.Column]) -> tuple[str, ...]:
    keys = [entry for entry in node.entries if isinstance(entry, syntax.PrimaryKey)]
    if len(keys) > 1:
        raise refusal(Issue("PRIMARY KEY statement must be specified only once", position=keys[1].position))
    if not keys:
        raise refusal(Issue("Primary key is required for ydb tables.", position=node.position))
    names = {column.name for column in columns}
    for name in keys[0].columns:
        if name not in names:
            raise refusal(Issue(f"Undefined column: {name}", position=keys[0].position))
    if len(set(keys[0].columns)) != len(keys[0].columns):
        raise refusal(Issue("Duplicated column in PRIMARY KEY", position=keys[0].position))
    return keys[0].columns


def _columns(written: Sequence[syntax.Column], context: Context) -> tuple[Column, ...]:
    columns: dict[str, Column] = {}
    for node in written:
        if node.name in columns:
            raise type_annotation(CREATE, node.position, Issue(f"Duplicate column: {node.name}.", position=node.position))
        columns[node.name] = check_column(node, context, CREATE)
    return tuple(columns.values())


def check_column(node: syntax.Column, context: Context, function: str) -> Column:
    """A column of CREATE TABLE or ADD COLUMN. `function` is what YDB calls the statement in its refusal."""
    if node.type is None:
        raise refusal(Issue("Column requires a type", position=node.position))
    _only_once(node)
    if serial := SERIAL_TYPES.get(node.type.name.lower()):
        return _serial_column(node, serial, function)
    type = resolve_type(node.type)
    is_nullable_type = isinstance(type, Optional)
    stored = strip(type)
    if not isinstance(stored, Data):
        message = f"Invalid type for column: {node.name}. Only YQL data types and PG types are currently supported"
        position = node.type.position
        raise type_annotation(function, node.position, Issue(message, BAD_COLUMN_TYPE, position))
    column = Column(node.name, stored)
    for option in node.options:
        match option:
            case syntax.NotNull(nullable):
                if not nullable and is_nullable_type:
                    raise unsupported("NOT NULL on an Optional type", option.position)
                column = replace(column, not_null=not nullable)
            case syntax.Default(value):
                column = replace(column, default=check_default(node.name, column, value, context, function))
            case _:
                raise unsupported("column families and compression", option.position)
    if column.not_null and column.default == (None,):
        raise _nullable_default(column.name, node.position, function)
    return column


def _only_once(node: syntax.Column) -> None:
    """Source: yql/essentials/sql/v1/sql_translation.cpp (the words are YDB's)."""
    for kind, name in ((syntax.NotNull, "NOT NULL"), (syntax.Default, "DEFAULT")):
        found = [option for option in node.options if isinstance(option, kind)]
        if len(found) > 1:
            raise refusal(Issue(f"'{name}' option can be specified only once", position=found[1].position))


def _serial_column(node: syntax.Column, type: Data, function: str) -> Column:
    for option in node.options:
        if isinstance(option, syntax.Default):
            message = f"Default setting for {node.name} column is already set: DEFAULT_KIND_SEQUENCE"
            raise type_annotation(function, node.position, Issue(message, position=option.position))
        if not isinstance(option, syntax.NotNull) or option.nullable:
            raise unsupported("this option of a Serial column", option.position)
    if function == ALTER:
        message = "Column addition with serial data type is unsupported"
        raise type_annotation(ALTER, node.position, Issue(message, position=node.position))
    return Column(node.name, type, not_null=True, sequence=f"_serial_column_{node.name}")


def check_default(name: str, column: Column, value: syntax.Expression, context: Context, function: str) -> tuple:
    """The value of a DEFAULT, as a one-tuple. Source: ParseConstraintNode; ut/scheme/kqp_default_expr_ut.cpp."""
    if isinstance(value, syntax.IsNull):
        message = "'DEFAULT' option can not use expr which contains literall 'NOT NULL'"
        raise refusal(Issue(message, position=value.position))
    if not _is_foldable(value):
        check(value, Scope(context))
        raise refusal(Issue("DEFAULT expressions are disabled", position=value.position))
    expression = check(value, Scope(context))
    if expression.type == NULL:
        if column.not_null:
            raise _nullable_default(name, value.position, function)
        return (None,)
    converted = convert(Expr(strip(expression.type), expression.evaluate, expression.is_literal), column.type)
    if converted is None:
        message = f"Default expr {name} type mismatch, expected: {column.type}, actual: {strip(expression.type)}"
        raise type_annotation(function, value.position, Issue(message, position=value.position))
    return (converted.evaluate(()),)


def _nullable_default(name: str, position: Position, function: str) -> Exception:
    message = f"Default expr {name} is nullable or optional, but column has not null constraint. "
    return type_annotation(function, position, Issue(message, position=position))


_FOLDABLE_CALLS = frozenset(("interval", "date", "datetime", "timestamp", "uuid", "json", "jsondocument", "yson",
                             "decimal", "date32", "datetime64", "timestamp64", "interval64", "utf8", "string",
                             "dynumber", "bool"))  # fmt: skip


def _is_foldable(node: syntax.Expression) -> bool:
    """Literals, CAST of literals and literals of a type: what a DEFAULT may be without a feature flag."""
    match node:
        case syntax.Integer() | syntax.Real() | syntax.String() | syntax.Bool() | syntax.Null():
            return True
        case syntax.Unary("-" | "+", operand) | syntax.Cast(operand, _, False):
            return _is_foldable(operand)
        case syntax.Call(name, arguments):
            return name.lower() in _FOLDABLE_CALLS and all(map(_is_foldable, arguments))
    return False


def _new_index(node: syntax.Index, columns: tuple[Column, ...]) -> Index:
    names = {column.name for column in columns}
    for kind, listed in (("Index", node.columns), ("Data", node.cover)):
        for name in listed:
            if name not in names:
                message = f"{kind} column: {name} was not found in the index table"
                raise type_annotation(CREATE, node.position, Issue(message, position=node.position))
    return check_index(node)


def check_index(node: syntax.Index) -> Index:
    """An index of CREATE TABLE or ADD INDEX. Source: yql/essentials/sql/v1/sql_translation.cpp, index kinds."""
    if node.is_local:
        if node.using is None:
            raise refusal(Issue("local index must specify subtype with USING", position=node.position))
        raise unsupported("local indexes", node.position)
    if node.using is not None or node.settings:
        raise unsupported("indexes with USING or WITH", node.position)
    if node.unique and node.asynchronous:
        raise unsupported("asynchronous unique indexes", node.position)
    return Index(node.name, node.columns, node.cover, node.unique, node.asynchronous)


_COUNTS = {
    "AUTO_PARTITIONING_PARTITION_SIZE_MB": "Can't set preferred partition size to 0. To disable auto partitioning by "
    "size use 'SET AUTO_PARTITIONING_BY_SIZE DISABLED'",
    "AUTO_PARTITIONING_MIN_PARTITIONS_COUNT": "Can't set min partition count to 0",
    "AUTO_PARTITIONING_MAX_PARTITIONS_COUNT": "Can't set max partition count to 0",
}
_SWITCHES = ("AUTO_PARTITIONING_BY_SIZE", "AUTO_PARTITIONING_BY_LOAD", "KEY_BLOOM_FILTER")


def check_settings(settings: Sequence[syntax.Setting]) -> Map[str, str]:
    """Table settings of WITH and SET, by upper-case name."""
    checked: dict[str, str] = {}
    for setting in settings:
        name = setting.name.upper()
        match setting.value:
            case syntax.Integer(value) if name in _COUNTS:
                if value == 0:
                    raise type_annotation(CREATE, setting.position, Issue(_COUNTS[name], position=setting.position))
                checked[name] = str(value)
            case syntax.Name(word) if name in _SWITCHES and word.upper() in ("ENABLED", "DISABLED"):
                checked[name] = word.upper()
            case syntax.Name(word) if name == "STORE" and word.upper() == "ROW":
                pass
            case _:
                raise unsupported(f"the table setting {setting.name}", setting.position)
    return Map(checked)


# --- ALTER TABLE -----------------------------------------------------------------------------------------------


def _alter_table(node: syntax.AlterTable, context: Context) -> Operation:
    _check_company(node)
    path, table = context.table(node.table, ALTER)
    full_name = f"db.[{context.absolute(path)}]"

    def refuse(message: str, position: Position, code: int = 0) -> Exception:
        issue = Issue(f"AlterTable : {full_name} {message}", code, position)
        return type_annotation(ALTER, node.table.position, issue)

    def require_column(name: str, position: Position) -> Column:
        column = table.column(name)
        if column is None:
            raise refuse(f'Column: "{name}" does not exist', position)
        return column

    first = node.actions[0]
    match first:
        case syntax.AddColumn() | syntax.DropColumn() | syntax.DropNotNull():
            return _alter_columns(node, path, table, context, refuse, require_column)
        case syntax.SetNotNull(column):
            require_column(column, first.position)
            raise refusal(Issue("SET NOT NULL is currently not supported.", position=first.position))
        case syntax.SetDefault(name, value):
            column = require_column(name, first.position)
            return SetDefault(path, name, check_default(name, column, value, context, ALTER))
        case syntax.DropDefault(name):
            require_column(name, first.position)
            return SetDefault(path, name, None)
        case syntax.AddIndex(index):
            for name in (*index.columns, *index.cover):
                require_column(name, index.position)
            return AddIndex(path, check_index(index))
        case syntax.DropIndex(name):
            if table.index(name) is None:
                raise refuse(f'Index: "{name}" does not exist', first.position)
            return DropIndex(path, name)
        case syntax.RenameIndex(name, new_name):
            return RenameIndex(path, name, new_name)
        case syntax.RenameTable(new_table):
            return RenameTable(path, context.path(new_table))
        case syntax.SetSettings(settings):
            return SetSettings(path, check_settings(settings))
    raise unsupported(f"ALTER TABLE … {type(first).__name__}", first.position)


def _alter_columns(node, path, table, context, refuse, require_column) -> AlterColumns:
    add, drop, drop_not_null = [], [], []
    for action in node.actions:
        match action:
            case syntax.AddColumn(column):
                if table.column(column.name):
                    raise refuse(f'Column: "{column.name}" already exists', column.position)
                add.append(_added_column(column, context))
            case syntax.DropColumn(name):
                if table.column(name) is None:
                    raise refuse(f'Column "{name}" does not exist', action.position)
                if name in table.key:
                    raise refuse(f'Column: "{name}" is a key column. Key column drop is not supported', action.position)
                drop.append(name)
            case syntax.DropNotNull(name):
                if require_column(name, action.position).sequence:
                    raise refusal(Issue(f"Can't drop NOT NULL of serial column: {name}", BAD_REQUEST, action.position))
                drop_not_null.append(name)
    return AlterColumns(path, tuple(add), tuple(drop), tuple(drop_not_null))


def _added_column(node: syntax.Column, context: Context) -> Column:
    column = check_column(node, context, ALTER)
    if column.not_null and column.default is None:
        raise refusal(Issue("Cannot add not null column without default value", BAD_REQUEST))
    return column


_COLUMN_ACTIONS = (syntax.AddColumn, syntax.DropColumn)
_ONE_ONLY = {
    syntax.AddIndex: "Only one index can be added by one operation",
    syntax.DropIndex: "Only one index can be removed by one operation",
    syntax.AddChangefeed: "Only one changefeed can be added by one operation",
    syntax.DropChangefeed: "Only one changefeed can be removed by one operation",
}


def _check_company(node: syntax.AlterTable) -> None:
    """Which actions may stand in one ALTER TABLE. Source: ydb_convert/table_description.cpp; ydb-behaviour §3."""
    actions = node.actions
    if len(actions) == 1:
        return
    for kind, words in ((syntax.RenameTable, "RENAME TO"), (syntax.RenameIndex, "RENAME INDEX TO")):
        if any(isinstance(action, kind) for action in actions):
            message = f"{words} can not be used together with another table action"
            raise refusal(Issue(message, position=node.position))
    if all(isinstance(action, _COLUMN_ACTIONS) for action in actions):
        return
    for kind, message in _ONE_ONLY.items():
        if all(isinstance(action, kind) for action in actions):
            raise refusal(Issue(message, UNSUPPORTED))
    if any(isinstance(action, tuple(_ONE_ONLY)) for action in actions):
        raise refusal(Issue("Mixed alter is unsupported", UNSUPPORTED))
    raise unsupported("these actions in one ALTER TABLE", node.position)


# --- views -----------------------------------------------------------------------------------------------------


def _create_view(node: syntax.CreateView, context: Context) -> CreateView:
    for setting in node.settings:
        match setting:
            case syntax.Setting("security_invoker", syntax.Bool(True)):
                break
            case syntax.Setting("security_invoker"):
                pass
            case _:
                raise unsupported(f"the view option {setting.name}", setting.position)
    else:
        message = "security_invoker option must be explicitly enabled"
        raise refusal(Issue(message, position=node.position))
    check_query(node.query, context)
    return CreateView(context.path(node.view), View(node.text, node.query), node.if_not_exists)
