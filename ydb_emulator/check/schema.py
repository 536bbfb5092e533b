"""CREATE, ALTER and DROP checked as the query processor does it; the scheme shard's own checks are in `run.schema`.

Order and texts of the refusals: ydb/core/kqp/provider/yql_kikimr_type_ann.cpp (HandleCreateTable, HandleAlterTable),
yql/essentials/sql/v1/sql_translation.cpp, yql/essentials/sql/v1/query.cpp; which actions may stand together:
ydb/core/ydb_convert/table_description.cpp.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..catalog import Changefeed, Column, Family, Index, Table, View
from ..errors import (
    BAD_COLUMN_TYPE,
    BAD_REQUEST,
    UNSUPPORTED,
    Issue,
    Position,
    refusal,
    scheme_failure,
    type_annotation,
    unsupported,
)
from ..operations import (
    AddChangefeed,
    AddFamily,
    AddIndex,
    AlterColumns,
    AlterFamily,
    AlterSequence,
    CreateTable,
    CreateView,
    DropChangefeed,
    DropIndex,
    DropTable,
    DropView,
    Operation,
    RenameIndex,
    RenameTable,
    ResetTtl,
    SetDefault,
    SetFamily,
    SetIndexSettings,
    SetSettings,
    TruncateTable,
)  # fmt: skip
from ..types import NULL, SERIAL_TYPES, Data, Optional, Type, strip
from ..yql import syntax
from .context import Context, Expr, Relation
from .conversion import convert
from .expressions import Scope, check
from .queries import check_query
from .settings import check_changefeed_settings, check_family_settings, check_settings
from .typenames import resolve_type

CREATE, ALTER = "KiCreateTable!", "KiAlterTable!"


Statement = (
    syntax.CreateTable | syntax.DropTable | syntax.AlterTable | syntax.TruncateTable | syntax.AlterSequence
    | syntax.CreateView | syntax.DropView
)  # fmt: skip


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
        case syntax.TruncateTable(table):
            return _truncate_table(table, context)
        case syntax.AlterSequence():
            return _alter_sequence(node, context)
        case syntax.CreateView():
            return _create_view(node, context)
        case syntax.DropView(view, if_exists):
            return DropView(context.path(view), if_exists)
    raise unsupported(f"{type(node).__name__} statements of this kind", node.position)


# --- CREATE TABLE ----------------------------------------------------------------------------------------------


def _create_table(node: syntax.CreateTable, context: Context) -> CreateTable:
    if node.kind != "TABLE" or node.temporary:
        raise unsupported("this kind of CREATE TABLE", node.position)
    for entry in node.entries:
        if isinstance(entry, syntax.Changefeed):
            issue = Issue("Cannot create table with changefeed", position=entry.position)
            raise type_annotation(CREATE, node.position, issue)
    path = context.path(node.table)
    written = [entry for entry in node.entries if isinstance(entry, syntax.Column)]
    if node.query is not None:
        return _create_table_as(path, node, written, context)
    key = _primary_key(node, [column.name for column in written])
    columns = _columns(written, context)
    indexes = tuple(_new_index(entry, columns) for entry in node.entries if isinstance(entry, syntax.Index))
    families = tuple(
        Family(entry.name, check_family_settings(entry.settings))
        for entry in node.entries
        if isinstance(entry, syntax.Family)
    )
    settings = check_settings(node.settings, CREATE, context)
    table = Table(
        0, columns, key, indexes, is_column=settings.is_column, settings=settings.plain, families=families,
        ttl=settings.ttl, partition_by=node.partition_by or (),
    )  # fmt: skip
    return CreateTable(path, table, node.if_not_exists)


def _create_table_as(
    path: str, node: syntax.CreateTable, written: list[syntax.Column], context: Context
) -> CreateTable:
    """CREATE TABLE … AS: columns by the query's; a column is NOT NULL where the query's type has no NULL."""
    if any(column.type is not None for column in written):
        raise refusal(Issue("Column types are not supported for CREATE TABLE AS", position=written[0].position))
    if any(isinstance(entry, syntax.Index | syntax.Family) for entry in node.entries) or node.if_not_exists:
        raise unsupported("this kind of CREATE TABLE AS", node.position)
    relation = check_query(node.query, context)
    names = [column.name for column in written] or [name for name, _ in relation.columns]
    if len(names) != len(relation.columns):
        raise refusal(Issue("The number of columns does not match that of the query", position=node.position))
    key = _primary_key(node, names)
    columns = []
    for name, (_, type) in zip(names, relation.columns, strict=True):
        if not isinstance(strip(type), Data):
            raise _not_a_data_type(name, node, CREATE)
        columns.append(Column(name, strip(type), not_null=not isinstance(type, Optional)))
    settings = check_settings(node.settings, CREATE, context)
    table = Table(
        0, tuple(columns), key, is_column=settings.is_column, settings=settings.plain, ttl=settings.ttl,
        partition_by=node.partition_by or (),
    )  # fmt: skip
    return CreateTable(path, table, False, Relation(tuple(zip(names, types_of(relation), strict=True)), relation.rows))


def types_of(relation: Relation) -> list[Type]:
    return [type for _, type in relation.columns]


def _primary_key(node: syntax.CreateTable, columns: Sequence[str]) -> tuple[str, ...]:
    keys = [entry for entry in node.entries if isinstance(entry, syntax.PrimaryKey)]
    if len(keys) > 1:
        raise refusal(Issue("PRIMARY KEY statement must be specified only once", position=keys[1].position))
    if not keys:
        raise refusal(Issue("Primary key is required for ydb tables.", position=node.position))
    for name in keys[0].columns:
        if name not in columns:
            raise refusal(Issue(f"Undefined column: {name}", position=keys[0].position))
    if len(set(keys[0].columns)) != len(keys[0].columns):
        raise refusal(Issue("Duplicated column in PRIMARY KEY", position=keys[0].position))
    return keys[0].columns


def _columns(written: Sequence[syntax.Column], context: Context) -> tuple[Column, ...]:
    columns: dict[str, Column] = {}
    for node in written:
        if node.name in columns:
            issue = Issue(f"Duplicate column: {node.name}.", position=node.position)
            raise type_annotation(CREATE, node.position, issue)
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
        raise _not_a_data_type(node.name, node, function)
    column = Column(node.name, stored)
    for option in node.options:
        match option:
            case syntax.NotNull(nullable):
                if not nullable and is_nullable_type:
                    raise unsupported("NOT NULL on an Optional type", option.position)
                column = replace(column, not_null=not nullable)
            case syntax.Default(value):
                column = replace(column, default=check_default(node.name, column, value, context, function))
            case syntax.InFamily(family):
                if column.family != "default":
                    message = "Several column families for a single column are not yet supported"
                    raise refusal(Issue(message, position=option.position))
                column = replace(column, family=family)
            case _:
                raise unsupported("compression of a column", option.position)
    if column.not_null and column.default == (None,):
        raise _nullable_default(column.name, node.position, function)
    return column


def _not_a_data_type(name: str, node: syntax.Node, function: str) -> Exception:
    message = f"Invalid type for column: {name}. Only YQL data types and PG types are currently supported"
    return type_annotation(function, node.position, Issue(message, BAD_COLUMN_TYPE, node.position))


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
            checked = check_settings(settings, ALTER, context)
            return SetSettings(path, checked.plain, checked.ttl)
        case syntax.ResetSettings((name,)) if name.upper() == "TTL":
            return ResetTtl(path)
        case syntax.AlterIndex(name, settings, ()):
            check_settings(settings, ALTER, context)
            return SetIndexSettings(path, name)
        case syntax.AddFamily(family):
            return AddFamily(path, Family(family.name, check_family_settings(family.settings)))
        case syntax.AlterFamily(name, settings):
            return AlterFamily(path, name, check_family_settings(settings))
        case syntax.SetFamily(column, family):
            require_column(column, first.position)
            return SetFamily(path, column, family)
        case syntax.AddChangefeed(changefeed):
            return AddChangefeed(path, Changefeed(changefeed.name, check_changefeed_settings(changefeed)))
        case syntax.DropChangefeed(name):
            return DropChangefeed(path, name)
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


# --- TRUNCATE and sequences ------------------------------------------------------------------------------------


def _truncate_table(written: syntax.Path, context: Context) -> TruncateTable:
    return TruncateTable(context.table(written, ALTER)[0])


def _alter_sequence(node: syntax.AlterSequence, context: Context) -> AlterSequence:
    """A Serial column's sequence, by `table/_serial_column_name`."""
    path = context.path(node.sequence)
    owner, _, name = path.rpartition("/")
    table = context.catalog.get(owner)
    columns = [c.name for c in table.columns if c.sequence == name] if isinstance(table, Table) else []
    if not columns:
        raise scheme_failure("Path does not exist")
    restart = increment = None
    for option, value in node.options:
        if option in ("RESTART", "RESTART WITH", "START", "START WITH"):
            restart = value if value is not None else 1
        elif option in ("INCREMENT", "INCREMENT BY"):
            increment = value
        else:
            raise unsupported(f"the sequence option {option}", node.position)
    return AlterSequence(owner, columns[0], restart, increment)


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
