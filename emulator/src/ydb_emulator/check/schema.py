"""CREATE, ALTER and DROP checked as the query processor does it; the scheme shard's own checks are in `run.schema`.

Order and texts of the refusals: yql/essentials/sql/v1/sql_translation.cpp and query.cpp (before any table is known),
ydb/core/kqp/provider/yql_kikimr_type_ann.cpp (HandleCreateTable, HandleAlterTable), yql_kikimr_exec.cpp; which actions
may stand together: ydb/core/ydb_convert/table_description.cpp. Their tests: ydb/core/kqp/ut/scheme/kqp_scheme_ut.cpp,
kqp_constraints_ut.cpp, kqp_default_expr_ut.cpp.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from pyrsistent import pmap

from .. import text
from ..errors import (
    BAD_COLUMN_TYPE,
    BAD_REQUEST,
    PRECONDITION_FAILED,
    SCHEME_ERROR,
    UNSUPPORTED,
    Issue,
    Position,
    Status,
    YdbError,
    refusal,
    scheme_failure,
    type_annotation,
    unsupported,
)
from ..plan import (
    AddChangefeed,
    AddIndex,
    AlterSequence,
    AlterTable,
    AlterTopic,
    CreateTable,
    CreateView,
    DropChangefeed,
    DropIndex,
    DropTable,
    DropView,
    Expr,
    Operation,
    Relation,
    RenameIndex,
    RenameTable,
    SetIndexSettings,
    TruncateTable,
)  # fmt: skip
from ..store.catalog import Changefeed, Column, Family, Index, Table, View, parent
from ..types import (
    DYNUMBER,
    INT16,
    JSON,
    JSON_DOCUMENT,
    NULL,
    RANGES,
    SERIAL_TYPES,
    TEXTS,
    UINT16,
    YSON,
    Data,
    Optional,
    Type,
    strip,
)
from ..yql import syntax
from .context import Context, missing_table
from .conversion import convert
from .expressions import Scope, check
from .functions import AGGREGATES, require_known
from .queries import check_query
from .settings import (
    Settings,
    check_changefeed_settings,
    check_family_settings,
    check_partitioning,
    check_settings,
    read_family_settings,
    read_reset,
    read_settings,
)
from .typenames import resolve_type

CREATE, ALTER = "KiCreateTable!", "KiAlterTable!"


Statement = (
    syntax.CreateTable | syntax.DropTable | syntax.AlterTable | syntax.TruncateTable | syntax.AlterSequence
    | syntax.CreateView | syntax.DropView | syntax.Topic
)  # fmt: skip


def check_schema(node: Statement, context: Context) -> Operation | None:
    """The scheme operation that a statement asks for, None for nothing. Raises YdbError where YDB refuses it."""
    match node:
        case syntax.CreateTable():
            return _create_table(node, context)
        case syntax.DropTable(written, "TABLE", if_exists):
            path, entry = context.entry(written)
            _check_not_in_table(path, written.position, context)
            if entry is None and not if_exists:
                raise missing_table(context.absolute(path), "KiDropTable!", written.position)
            return DropTable(path, if_exists)
        case syntax.AlterTable(kind="TABLE"):
            return _alter_table(node, context)
        case syntax.TruncateTable(written):
            return _truncate_table(written, context)
        case syntax.AlterSequence():
            return _alter_sequence(node, context)
        case syntax.Topic():
            return _alter_topic(node, context)
        case syntax.CreateView():
            return _create_view(node, context)
        case syntax.DropView(view, if_exists):
            return DropView(context.path(view), if_exists)
    raise unsupported(f"{type(node).__name__} statements of this kind", node.position)


def _refuse(message: str, position: Position, code: int = 0) -> YdbError:
    return refusal(Issue(message, code, position))


def _check_not_in_table(path: str, position: Position, context: Context) -> None:
    """YDB has the tables of an index and the topic of a changefeed as paths below their table."""
    while path := parent(path):
        if isinstance(context.catalog.get(path), Table):
            raise unsupported("what a table holds as a path of its own", position)


# --- CREATE TABLE ----------------------------------------------------------------------------------------------


def _create_table(node: syntax.CreateTable, context: Context) -> CreateTable:
    if node.kind != "TABLE" or node.temporary:
        raise unsupported("this kind of CREATE TABLE", node.position)
    written = [entry for entry in node.entries if isinstance(entry, syntax.Column)]
    _read_columns(written, node)
    line = context.database.line
    families = [
        (entry, read_family_settings(entry.settings, line))
        for entry in node.entries
        if isinstance(entry, syntax.Family)
    ]
    read = read_settings(node.settings, is_alter=False)
    key = _primary_key(node)
    _check_names(node, key, [column.name for column in written] if written or node.query is None else None)
    path = _new_path(node.table, context)
    if node.query is not None:
        return _create_table_as(path, node, written, key, read, context)
    columns = _columns(written, context)
    indexes = tuple(check_index(entry, context) for entry in node.entries if isinstance(entry, syntax.Index))
    for entry in node.entries:
        if isinstance(entry, syntax.Changefeed):
            issue = Issue("Cannot create table with changefeed", position=entry.position)
            raise type_annotation(CREATE, node.position, issue)
    by_name = {column.name: column for column in columns}
    settings = check_settings(read, CREATE, context, [by_name[name] for name in key])
    if settings.is_column:
        _check_column_table(node, columns, settings)
    else:
        check_partitioning(settings.plain, node.position)
        if node.partition_by:
            _check_partition_by(node, key)
    table = Table(
        0, columns, key, indexes, is_column=settings.is_column, settings=settings.plain,
        families=tuple(Family(f.name, check_family_settings(f.name, read, CREATE, line)) for f, read in families),
        ttl=settings.ttl, partition_by=node.partition_by or () if settings.is_column else (),
        partition_at=settings.partition_at,
    )  # fmt: skip
    return CreateTable(path, table, node.if_not_exists)


def _new_path(written: syntax.Path, context: Context) -> str:
    """The path of a table to be made, which has to be in the database.

    Source: TrySplitPathByDb in ydb/core/base/path.cpp. A TablePathPrefix is read as an absolute path, and one without
    a slash before it names no database: measured by stokaro/ptah (internal/ydbobject).
    """
    name, database = written.name, context.database.path
    if context.prefix and not name.startswith("/"):
        name = f"{context.prefix}/{name}"
    is_absolute = bool(context.prefix) or name.startswith("/")
    if is_absolute and written.cluster is None and not name.startswith(f"{database}/"):
        raise _refuse(f"Table path not in database, path: {name}, database: {database}", written.position)
    return context.path(written)


def _check_names(node: syntax.CreateTable, key: tuple[str, ...], columns: Sequence[str] | None) -> None:
    """Names that stand for others or must differ, as the translator checks them; `columns` are those that may be named,
    None where they aren't known yet. Source: TCreateTableNode in yql/essentials/sql/v1/query.cpp."""

    def check_defined(names: Iterable[str], position: Position) -> None:
        for name in names:
            if columns is not None and name not in columns:
                raise _refuse(f"Undefined column: {name}", position)

    def check_once(entries: Sequence[Any], said: str) -> None:
        seen = set()
        for entry in entries:
            if entry.name in seen:
                raise _refuse(said.format(entry.name), entry.position)
            seen.add(entry.name)

    def entries(kind: type) -> list[Any]:
        return [entry for entry in node.entries if isinstance(entry, kind)]

    for number, name in enumerate(key):
        check_defined((name,), node.position)
        if name in key[:number]:
            raise _refuse(f"Duplicated column in PK: {name}", node.position)
    check_defined(node.partition_by or (), node.position)
    check_once(entries(syntax.Index), "Index {} must be defined once")
    for index in entries(syntax.Index):
        check_defined((*index.columns, *index.cover), index.position)
    check_once(entries(syntax.Changefeed), "Changefeed {} must be defined once")
    check_once(entries(syntax.Family), "Family {} specified more than once")
    families = {family.name for family in entries(syntax.Family)}
    for column in entries(syntax.Column):
        for option in column.options:
            if isinstance(option, syntax.InFamily) and option.name not in families:
                raise _refuse(f"Unknown family {option.name}", option.position)


def _check_partition_by(node: syntax.CreateTable, key: tuple[str, ...]) -> None:
    """PARTITION BY of a row table: the whole key, which changes nothing.

    Source: ConvertCreateTableSettingsToProto in ydb/core/kqp/host/kqp_gateway_proxy.cpp.
    """
    if len(node.partition_by) > len(key):
        raise _refuse('"Partition by" contains more columns than primary key does', node.position, BAD_REQUEST)
    if len(node.partition_by) < len(key):
        raise _refuse('"Partition by" is not supported yet', node.position, UNSUPPORTED)
    if node.partition_by != key:
        raise _refuse('"Partition by" doesn\'t match primary key', node.position, BAD_REQUEST)


_COLUMN_TABLE_SETTINGS = {"AUTO_PARTITIONING_MIN_PARTITIONS_COUNT"}


def _check_column_table(node: syntax.CreateTable, columns: Sequence[Column], settings: Settings) -> None:
    """What only row tables have. Source: FillColumnTableSchema in ydb/core/kqp/host/kqp_gateway_proxy.cpp."""
    families = [entry for entry in node.entries if isinstance(entry, syntax.Family)]
    for family in families:
        if any(setting.name.upper() == "DATA" for setting in family.settings):
            message = f"Field `DATA` is not supported for OLAP tables in column family '{family.name}'"
            raise _refuse(message, family.position, BAD_REQUEST)
    for column in columns:
        kind = "sequences" if column.sequence else "values" if column.default is not None else None
        if kind:
            raise _refuse(f"Default {kind} are not supported in column tables", node.position, BAD_REQUEST)
    if families:
        raise unsupported("column families of a column table", node.position)
    # YDB takes these and has no use for them.
    if settings.partition_at or set(settings.plain) - _COLUMN_TABLE_SETTINGS:
        raise unsupported("this setting of a column table", node.position)


def _read_columns(written: Sequence[syntax.Column], node: syntax.CreateTable) -> None:
    """What the translator says of columns, CREATE TABLE … AS or not."""
    for column in written:
        if node.query is not None and column.type is not None:
            raise _refuse("Column types are not supported for CREATE TABLE AS", column.position)
        if node.query is None and column.type is None:
            raise _refuse("Column requires a type", column.position)
        _read_options(column)
    if node.query is not None and any(isinstance(entry, syntax.Family) for entry in node.entries):
        raise _refuse("Column families are not supported for CREATE TABLE AS", node.position)


def _create_table_as(
    path: str,
    node: syntax.CreateTable,
    written: list[syntax.Column],
    key: tuple[str, ...],
    read: dict[str, syntax.Setting],
    context: Context,
) -> CreateTable:
    """CREATE TABLE … AS: columns by the query's; a column is NOT NULL where the query's type has no NULL."""
    if any(isinstance(entry, syntax.Index | syntax.Changefeed) for entry in node.entries) or node.if_not_exists:
        raise unsupported("this kind of CREATE TABLE AS", node.position)
    if read:
        raise unsupported("WITH in CREATE TABLE AS", node.position)
    relation = check_query(node.query, context)
    names = [column.name for column in written] or [name for name, _ in relation.columns]
    if len(names) != len(relation.columns):
        raise _refuse("The number of columns does not match that of the query", node.position)
    for name in key:
        if name not in names:
            raise _refuse(f"Undefined column: {name}", node.position)
    _check_distinct(names, node.position)
    columns = []
    for name, (_, type) in zip(names, relation.columns, strict=True):
        if not isinstance(strip(type), Data):
            raise _not_a_data_type(name, node, CREATE)
        columns.append(Column(name, strip(type), not_null=not isinstance(type, Optional)))
    if node.partition_by:
        _check_partition_by(node, key)
    table = Table(0, tuple(columns), key)
    return CreateTable(path, table, False, Relation(tuple(zip(names, types_of(relation), strict=True)), relation.rows))


def types_of(relation: Relation) -> list[Type]:
    return [type for _, type in relation.columns]


def _primary_key(node: syntax.CreateTable) -> tuple[str, ...]:
    keys = [entry for entry in node.entries if isinstance(entry, syntax.PrimaryKey)]
    if len(keys) > 1:
        raise _refuse("PRIMARY KEY statement must be specified only once", keys[1].position)
    if not keys:
        raise _refuse("Primary key is required for ydb tables.", node.position)
    return keys[0].columns


# --- columns ---------------------------------------------------------------------------------------------------


def _columns(written: Sequence[syntax.Column], context: Context) -> tuple[Column, ...]:
    columns = tuple(check_column(node, context, CREATE) for node in written)
    for number, node in enumerate(written, start=1):
        _check_distinct([column.name for column in columns[:number]], node.position)
    return columns


def _check_distinct(names: Sequence[str], position: Position) -> None:
    for number, name in enumerate(names):
        if name in names[:number]:
            issue = Issue(f"Duplicate column: {name}.", position=position)
            raise type_annotation(CREATE, position, issue)


_OPTION_NAMES = {
    syntax.InFamily: "FAMILY",
    syntax.NotNull: "NOT NULL",
    syntax.Default: "DEFAULT",
    syntax.Compression: "COMPRESSION",
}


def _read_options(node: syntax.Column) -> None:
    """Each option once (the words are YDB's). Source: ColumnOptions in yql/essentials/sql/v1/sql_translation.cpp."""
    seen = set()
    for option in node.options:
        if type(option) in seen:
            raise _refuse(f"'{_OPTION_NAMES[type(option)]}' option can be specified only once", option.position)
        seen.add(type(option))


def check_column(node: syntax.Column, context: Context, function: str) -> Column:
    """A column of CREATE TABLE or ADD COLUMN. `function` is what YDB calls the statement in its refusal."""
    _read_options(node)
    if node.type is None:
        raise _refuse("Column requires a type", node.position)
    if serial := SERIAL_TYPES.get(node.type.name.lower()):
        return _serial_column(node, serial, function)
    type = resolve_type(node.type)
    is_nullable_type = isinstance(type, Optional)
    stored = strip(type)
    if not isinstance(stored, Data):
        raise _not_a_data_type(node.name, node, function)
    column = Column(node.name, stored)
    for option in sorted(node.options, key=lambda option: isinstance(option, syntax.Default)):
        match option:
            case syntax.NotNull(nullable):
                if not nullable and is_nullable_type:
                    raise unsupported("NOT NULL on an Optional type", option.position)
                column = replace(column, not_null=not nullable)
            case syntax.Default(value):
                column = replace(column, default=check_default(node.name, column, value, context, function))
            case syntax.InFamily(family):
                column = replace(column, family=family)
            case _:
                raise unsupported("compression of a column", option.position)
    return column


def _not_a_data_type(name: str, node: syntax.Node, function: str) -> Exception:
    message = f"Invalid type for column: {name}. Only YQL data types and PG types are currently supported"
    return type_annotation(function, node.position, Issue(message, BAD_COLUMN_TYPE, node.position))


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


# --- DEFAULT ---------------------------------------------------------------------------------------------------


def check_default(name: str, column: Column, value: syntax.Expression, context: Context, function: str) -> tuple:
    """The value of a DEFAULT, as a one-tuple. Source: ParseConstraintNode; ut/scheme/kqp_default_expr_ut.cpp."""

    def mismatch(actual: Type) -> Exception:
        message = f"Default expr {name} type mismatch, expected: {column.type}, actual: {actual}"
        return type_annotation(function, value.position, Issue(message, position=value.position))

    if isinstance(value, syntax.IsNull) and value.negated:
        raise _not_null_in_default(value, mismatch, column, context)
    _check_constant(value, context)
    expression = check(value, Scope(context))
    given = strip(expression.type)
    evaluated = expression.evaluate(())
    if expression.type == NULL or evaluated is None:
        if column.not_null:
            raise _nullable_default(name, value.position, function)
        return (None,)
    _check_default_by_line(column.type, value.position, context)
    if given in TEXTS and column.type in (JSON, YSON) and expression.is_literal:
        written = evaluated.decode(errors="replace") if isinstance(evaluated, bytes) else evaluated
        try:
            return (text.parse(column.type, written),)
        except ValueError:
            raise mismatch(given) from None
    converted = convert(Expr(given, lambda _: evaluated, expression.is_literal), column.type)
    if converted is None:
        raise mismatch(given)
    return (converted.evaluate(()),)


def _not_null_in_default(value: syntax.IsNull, mismatch, column: Column, context: Context) -> Exception:
    """`DEFAULT x NOT NULL` is `x NOT NULL` to the grammar of every line; only newer ones say so."""
    if context.database.line.has("check of DEFAULT before NOT NULL"):
        message = (
            "'DEFAULT' option can not use expr which contains literall 'NOT NULL'. If you wanted to use two different "
            "options 'DEFAULT' and 'NOT NULL', it is recommended to use the syntax '(DEFAULT value, NOT NULL, ...)'"
        )
        return _refuse(message, value.position)
    if column.type.name == "Bool":
        return unsupported("DEFAULT … NOT NULL of a Bool as this line reads it", value.position)
    return mismatch(Data("Bool"))


def _nullable_default(name: str, position: Position, function: str) -> Exception:
    message = f"Default expr {name} is nullable or optional, but column has not null constraint. "
    return type_annotation(function, position, Issue(message, position=position))


def _check_default_by_line(type: Data, position: Position, context: Context) -> None:
    """Measured on local-ydb by stokaro/ptah (docs, ydb.md: what each release line does)."""
    line = context.database.line
    if type in (INT16, UINT16) and not line.has("DEFAULT of Int16 and Uint16"):
        raise YdbError(Status.INTERNAL_ERROR, Issue(f"Unexpected type slot {type}", position=position))
    if type in (JSON_DOCUMENT, DYNUMBER) and not line.has("DEFAULT of JsonDocument and DyNumber"):
        raise unsupported(f"DEFAULT of {type} on this line", position)


_LITERALS = syntax.Integer | syntax.Real | syntax.String | syntax.Bool | syntax.Null
_TYPED_LITERALS = frozenset(("interval", "date", "datetime", "timestamp", "uuid", "json", "jsondocument", "yson",
                             "decimal", "date32", "datetime64", "timestamp64", "interval64", "utf8", "string",
                             "dynumber", "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32",
                             "uint64", "float", "double"))  # fmt: skip


def _check_constant(node: syntax.Expression, context: Context) -> None:
    """A DEFAULT may be a literal, a CAST of one or a literal of a type; anything else is refused, as far as is known
    in YDB's words."""
    match node:
        case _ if isinstance(node, _LITERALS):
            return
        case syntax.Unary("-" | "+", operand) | syntax.Cast(operand, _, False):
            return _check_constant(operand, context)
        case syntax.Call(name, arguments) if name.lower() in _TYPED_LITERALS:
            for argument in arguments:
                _check_constant(argument, context)
            return
    for part in _parts(node):
        if isinstance(part, syntax.Call):
            require_known(part)
        match part:
            case syntax.Subquery() | syntax.Exists():
                raise _refuse("DEFAULT expression can not contain a subquery", part.position)
            case syntax.Bind(name):
                raise _refuse(f"Unknown name: ${name}", part.position)
            case syntax.Name(name):
                raise _refuse(f'Column reference "{name}" is not allowed in current scope', part.position)
            case syntax.Call(name) if name.lower() in AGGREGATES:
                raise _refuse("Window and aggregation functions are not allowed in this context", part.position)
    if any(isinstance(p, syntax.Call) and p.name.lower().startswith(("current", "random")) for p in _parts(node)):
        if not context.database.line.has("EnableDefaultFromExpression"):
            raise _refuse("DEFAULT expressions are disabled", node.position)
    raise unsupported("this DEFAULT", node.position)


def _parts(node: object, closed: tuple[type, ...] = (syntax.Subquery, syntax.Exists)) -> Iterator[syntax.Node]:
    """A tree's nodes without those inside of `closed` ones, its subqueries."""
    todo = [node]
    while todo:
        part = todo.pop()
        if isinstance(part, tuple):
            todo.extend(part)
        elif isinstance(part, syntax.Node):
            yield part
            if not isinstance(part, closed):
                todo.extend(vars(part).values())


# --- indexes ---------------------------------------------------------------------------------------------------


def check_index(node: syntax.Index, context: Context) -> Index:
    """An index of CREATE TABLE or ADD INDEX. Source: yql/essentials/sql/v1/sql_translation.cpp, index kinds."""
    if node.is_local:
        if node.using is None:
            raise _refuse("local index must specify subtype with USING", node.position)
        raise unsupported("local indexes", node.position)
    if node.using is not None and node.using.lower() == "vector_kmeans_tree":
        if not context.database.line.has("EnableVectorIndex"):
            raise _refuse("Vector index support is disabled", node.position, PRECONDITION_FAILED)
    if node.using is not None or node.settings:
        raise unsupported("indexes with USING or WITH", node.position)
    if node.unique and node.asynchronous:
        raise unsupported("asynchronous unique indexes", node.position)
    return Index(node.name, node.columns, node.cover, node.unique, node.asynchronous)


# --- ALTER TABLE -----------------------------------------------------------------------------------------------


def _alter_table(node: syntax.AlterTable, context: Context) -> Operation:
    _read_actions(node, context)
    path, entry = context.entry(node.table)
    _check_not_in_table(path, node.table.position, context)
    if entry is None:
        raise missing_table(context.absolute(path), ALTER, node.table.position)
    if not isinstance(entry, Table):
        raise scheme_failure(f"Check failed: path: '{context.absolute(path)}', error: path is not a table")
    alter = _Alter(node, path, entry, context)
    for action in node.actions:
        alter.check(action)
    kinds = {_KINDS_OF_ACTION.get(type(action), "common") for action in node.actions}
    _check_company(node, kinds)
    return alter.common() if kinds == {"common"} else alter.alone(node.actions[0])


def _read_actions(node: syntax.AlterTable, context: Context) -> None:
    """What the translator says of the actions, before it knows the table."""
    line = context.database.line
    for action in node.actions:
        match action:
            case syntax.AddColumn(column):
                _read_options(column)
            case syntax.SetSettings(settings) | syntax.AlterIndex(_, settings, ()):
                read_settings(settings, is_alter=True)
            case syntax.ResetSettings(names) | syntax.AlterIndex(_, (), names):
                read_reset(names, action.position)
            case syntax.AddFamily(syntax.Family(_, settings)) | syntax.AlterFamily(_, settings):
                read_family_settings(settings, line)
            case syntax.AddIndex(index):
                check_index(index, context)
            case syntax.AlterChangefeed(_, None):
                raise _refuse("Name not found: quote", action.position)
            case syntax.AlterChangefeed(_, settings):
                raise _refuse(f"{settings[0].name.upper()} alter is not supported", settings[0].position)
            case syntax.SetDefault() | syntax.DropDefault() if not line.has("SET and DROP DEFAULT"):
                raise _not_in_grammar(action)
    for kind, words in ((syntax.RenameTable, "RENAME TO"), (syntax.RenameIndex, "RENAME INDEX TO")):
        if len(node.actions) > 1 and any(isinstance(action, kind) for action in node.actions):
            raise _refuse(f"{words} can not be used together with another table action", node.position)


def _not_in_grammar(action: syntax.SetDefault | syntax.DropDefault) -> Exception:
    """As a parser answers that knows SET and DROP of NOT NULL alone (the texts follow from that grammar: a guess)."""
    if isinstance(action, syntax.DropDefault):
        return _refuse("mismatched input 'DEFAULT' expecting NOT", action.position)
    return _refuse(f"no viable alternative at input 'ALTER COLUMN {action.column} SET DEFAULT'", action.position)


_KINDS_OF_ACTION = {
    syntax.RenameTable: "rename",
    syntax.RenameIndex: "rename index",
    syntax.AlterIndex: "alter index",
    syntax.AddIndex: "add index",
    syntax.DropIndex: "drop index",
    syntax.AddChangefeed: "add changefeed",
    syntax.DropChangefeed: "drop changefeed",
}
_ONE_ONLY = {
    "add index": "Only one index can be added by one operation",
    "drop index": "Only one index can be removed by one operation",
    "add changefeed": "Only one changefeed can be added by one operation",
    "drop changefeed": "Only one changefeed can be removed by one operation",
}


def _check_company(node: syntax.AlterTable, kinds: set[str]) -> None:
    """Which actions may stand in one ALTER TABLE.

    Source: PrepareAlterTable in ydb/core/kqp/host/kqp_gateway_proxy.cpp; GetAlterOperationKinds and
    BuildAlterTableModifyScheme, whose "Mixed alter is unsupported" is the answer of the table service alone.
    """
    if len(node.actions) == 1 or kinds == {"common"}:
        return
    if "alter index" in kinds:
        raise _refuse("ALTER INDEX action cannot be combined with any other ALTER TABLE action", node.position)
    if len(kinds) > 1:
        raise _refuse("Unqualified alter table request.", node.position, BAD_REQUEST)
    raise refusal(Issue(_ONE_ONLY[kinds.pop()], UNSUPPORTED))


class _Alter:
    """The actions of one ALTER TABLE against its table, and the operation that they make."""

    def __init__(self, node: syntax.AlterTable, path: str, table: Table, context: Context):
        self._node = node
        self._path = path
        self._table = table
        self._context = context
        self._made = AlterTable(path)
        self._line = context.database.line

    def _refuse(self, message: str, position: Position, code: int = 0) -> Exception:
        full_name = f"db.[{self._context.absolute(self._path)}]"
        issue = Issue(f"AlterTable : {full_name} {message}", code, position)
        return type_annotation(ALTER, self._node.table.position, issue)

    def _column(self, name: str, position: Position) -> Column:
        column = self._table.column(name)
        if column is None:
            raise self._refuse(f'Column: "{name}" does not exist', position)
        return column

    def common(self) -> AlterTable:
        """The operation of actions that may stand together."""
        built = [column for column in self._made.add if column.default is not None]
        if built and self._made != AlterTable(self._path, add=tuple(built)):
            raise unsupported("ADD COLUMN with DEFAULT together with another action", self._node.position)
        check_partitioning(self._made.settings, self._node.position)
        return self._made

    def check(self, action: syntax.AlterAction) -> None:
        """Check an action; what may stand with others goes into the common operation."""
        made, position = self._made, action.position
        if self._table.is_column:
            self._check_column_table(action)
        match action:
            case syntax.AddColumn(column):
                self._made = replace(made, add=(*made.add, self._added(column)))
            case syntax.DropColumn(name):
                self._made = replace(made, drop=(*made.drop, self._dropped(name, position)))
            case syntax.DropNotNull(name):
                self._change(name, position, "not_null", False)
            case syntax.SetNotNull(name):
                self._column(name, position)
                if not self._line.has("EnableSetColumnConstraint"):
                    raise _refuse("SET NOT NULL is currently not supported.", position)
                self._change(name, position, "not_null", True)
            case syntax.SetDefault(name, value):
                self._change(name, position, "default", self._new_default(name, value, position))
            case syntax.DropDefault(name):
                self._check_drop_default(name, position)
                self._change(name, position, "default", None)
            case syntax.SetFamily(name, family):
                self._change(name, position, "family", family)
            case syntax.AddFamily(syntax.Family(name, settings)) | syntax.AlterFamily(name, settings):
                read = read_family_settings(settings, self._line)
                options = check_family_settings(name, read, ALTER, self._line)
                self._made = replace(made, families=(*made.families, (name, options)))
            case syntax.SetSettings(settings):
                checked = check_settings(read_settings(settings, is_alter=True), ALTER, self._context)
                if any(setting.name.upper() == "STORE" for setting in settings):
                    raise _refuse("Unknown table profile setting: storeType", position)
                self._made = replace(
                    made, settings=made.settings.update(checked.plain), ttl=checked.ttl or made.ttl
                )  # fmt: skip
            case syntax.ResetSettings():
                self._made = replace(made, ttl=False)
            case syntax.AddIndex(index):
                for name in (*index.columns, *index.cover):
                    self._column(name, index.position)
                if index.unique and not self._line.has("EnableAddUniqueIndex"):
                    raise self._no_unique_index(position)
            case syntax.DropIndex(name):
                if self._table.index(name) is None:
                    raise self._refuse(f'Index: "{name}" does not exist', position)
            case syntax.AddChangefeed(changefeed):
                check_changefeed_settings(changefeed, self._context)
            case syntax.RenameTable() | syntax.RenameIndex() | syntax.AlterIndex() | syntax.DropChangefeed():
                pass
            case _:
                raise unsupported(f"ALTER TABLE … {type(action).__name__}", position)

    def alone(self, action: syntax.AlterAction) -> Operation:
        """The operation of an action that stands alone."""
        path = self._path
        match action:
            case syntax.AddIndex(index):
                return AddIndex(path, check_index(index, self._context))
            case syntax.DropIndex(name):
                return DropIndex(path, name)
            case syntax.RenameIndex(name, new_name):
                if not self._line.has("EnableMoveIndex"):
                    raise scheme_failure("Move index is not supported yet", PRECONDITION_FAILED)
                return RenameIndex(path, name, new_name)
            case syntax.RenameTable(new_table):
                return RenameTable(path, self._context.path(new_table))
            case syntax.AlterIndex(name, settings, ()):
                if self._table.index(name) is None:
                    raise _refuse(f"Unknown index name: {name}", action.position, SCHEME_ERROR)
                if any(setting.name.upper() in ("TTL", "STORE", "KEY_BLOOM_FILTER") for setting in settings):
                    raise _refuse("Unknown index table setting: alterIndex", action.position)
                checked = check_settings(read_settings(settings, is_alter=True), ALTER, self._context)
                check_partitioning(checked.plain, action.position)
                return SetIndexSettings(path, name, checked.plain)
            case syntax.AddChangefeed(changefeed):
                return AddChangefeed(
                    path, Changefeed(changefeed.name, check_changefeed_settings(changefeed, self._context))
                )
            case syntax.DropChangefeed(name):
                return DropChangefeed(path, name)
        raise unsupported(f"ALTER TABLE … {type(action).__name__}", action.position)

    def _check_column_table(self, action: syntax.AlterAction) -> None:
        match action:
            case syntax.SetDefault() | syntax.DropDefault():
                raise _refuse("Default values are not supported in column tables", action.position)
            case syntax.AddColumn(column) if any(isinstance(option, syntax.Default) for option in column.options):
                raise _refuse("Default values are not supported in column tables", action.position)
            case syntax.AddColumn() | syntax.DropColumn():
                return
            case syntax.RenameTable():  # PRECONDITION_FAILED unless EnableMoveColumnTable, whose default is not known
                raise unsupported("RENAME of a column table", action.position)
        raise unsupported("this change of a column table", action.position)

    def _added(self, node: syntax.Column) -> Column:
        if self._table.column(node.name):
            raise self._refuse(f'Column: "{node.name}" already exists', node.position)
        column = check_column(node, self._context, ALTER)
        if column.not_null and column.default is None:
            raise _refuse("Cannot add not null column without default value", node.position, BAD_REQUEST)
        if column.default is not None and not self._line.has("EnableAddColumsWithDefaults"):
            raise self._no_default(node.position)
        return column

    def _no_default(self, position: Position) -> Exception:
        """Texts and statuses: measured by stokaro/ptah (internal/ydbflags); of 25.2 the text is a guess."""
        if self._line.has("early check of columns with defaults"):
            return _refuse("Adding columns with defaults is disabled", position, PRECONDITION_FAILED)
        message = (
            "At AlterMainTable state got unsuccess propose result, status: StatusInvalidParameter, "
            "reason: Column addition with default value is not supported now."
        )
        return _refuse(message, position, BAD_REQUEST)

    def _no_unique_index(self, position: Position) -> Exception:
        """Texts and statuses: measured by stokaro/ptah (lint tests on 25.1 and 26.2); of 25.2 the text is a guess."""
        if self._line.has("early check of unique indexes"):
            message = "Failed item check: Adding a unique index to an existing table is disabled"
            return _refuse(message, position, BAD_REQUEST)
        return _refuse("Unknown index type: syncGlobalUnique", position)

    def _dropped(self, name: str, position: Position) -> str:
        if self._table.column(name) is None:
            raise self._refuse(f'Column "{name}" does not exist', position)
        if name in self._table.key:
            raise self._refuse(f'Column: "{name}" is a key column. Key column drop is not supported', position)
        return name

    def _change(self, name: str, position: Position, field: str, value: object) -> None:
        self._column(name, position)
        self._made = replace(self._made, alter=(*self._made.alter, (name, pmap({field: value}))))

    def _new_default(self, name: str, value: syntax.Expression, position: Position) -> tuple | None:
        column = self._column(name, position)
        self._check_default_flag(position)
        if column.sequence is not None:
            raise unsupported("SET DEFAULT of a Serial column", position)
        try:
            default = check_default(name, column, value, self._context, ALTER)
        except YdbError as error:
            if any(text == "DEFAULT expressions are disabled" for issue in error.issues for text in issue.texts()):
                raise _refuse("DEFAULT expression can only be defined in CREATE TABLE", position) from None
            raise
        return default

    def _check_drop_default(self, name: str, position: Position) -> None:
        """Source: ut/scheme/kqp_constraints_ut.cpp (AlterTableDropDefault…)."""
        column = self._column(name, position)
        self._check_default_flag(position)
        if column.sequence is not None:
            raise self._refuse(f'Column: "{name}". Cannot drop default for a serial/sequence column', position)
        if column.default is None:
            raise self._refuse(f'Column: "{name}" has no default to drop', position)
        if column.not_null:
            raise self._refuse(f'Column: "{name}". Cannot drop default for a NOT NULL column', position)

    def _check_default_flag(self, position: Position) -> None:
        if not self._line.has("EnableSetDropDefaultValue"):
            absolute = self._context.absolute(self._path)
            message = f'AlterTable : db.[{absolute}]". Set/drop default value is not enabled.'
            raise type_annotation(ALTER, self._node.table.position, Issue(message, position=position))


# --- TRUNCATE, sequences, topics -------------------------------------------------------------------------------


def _truncate_table(written: syntax.Path, context: Context) -> TruncateTable:
    if not context.database.line.has("TRUNCATE"):
        raise _refuse("mismatched input 'TRUNCATE'", written.position)  # a guess at the text
    path, table = context.table(written, "KiTruncateTable!")
    if table.is_column:
        raise unsupported("TRUNCATE of a column table", written.position)
    return TruncateTable(path)


def _path_does_not_exist() -> YdbError:
    return scheme_failure("Path does not exist")


def _alter_sequence(node: syntax.AlterSequence, context: Context) -> AlterSequence | None:
    """A Serial column's sequence, by its absolute path: `/local/t/_serial_column_id`."""
    absolute = node.sequence.name.startswith("/") or context.prefix
    owner, _, name = context.path(node.sequence).rpartition("/") if absolute else ("", "", "")
    table = context.catalog.get(owner) if owner else None
    columns = [c.name for c in table.columns if c.sequence == name] if isinstance(table, Table) else []
    if not columns:
        if node.if_exists:
            return None
        raise _path_does_not_exist()
    made = AlterSequence(owner, columns[0])
    words = [option.split()[0] for option, _ in node.options]
    largest = RANGES[table.column(columns[0]).type][1]
    if len(set(words)) != len(words) or any(value is not None and value > largest for _, value in node.options):
        raise unsupported("these options of a sequence", node.position)
    for option, value in node.options:
        if option.startswith("RESTART"):
            made = replace(made, restart=True if value is None else value)
        elif option.startswith("START"):
            made = replace(made, start=value)
        elif option.startswith("INCREMENT"):
            made = replace(made, increment=value)
        if value == 0 or not option.startswith(("RESTART", "START", "INCREMENT")):
            raise unsupported(f"this {option} of a sequence", node.position)
    return made


_TOPIC_SETTINGS = frozenset((
    "min_active_partitions", "partition_count_limit", "max_active_partitions", "retention_period",
    "retention_storage_mb", "partition_write_speed_bytes_per_second", "partition_write_burst_bytes", "metering_mode",
    "supported_codecs", "auto_partitioning_stabilization_window", "auto_partitioning_up_utilization_percent",
    "auto_partitioning_down_utilization_percent", "auto_partitioning_strategy", "metrics_level",
))  # fmt: skip


def _alter_topic(node: syntax.Topic, context: Context) -> AlterTopic:
    """ALTER TOPIC of a changefeed: its retention and consumers.

    Source of the texts: StoreTopicSettingsEntry in yql/essentials/sql/v1/sql_translation.cpp; CheckTopicSettings and
    HandleAlterTopic in ydb/core/kqp/provider/yql_kikimr_type_ann.cpp.
    """
    for name, position in [*((s.name, s.position) for s in node.settings), *((n, node.position) for n in node.reset)]:
        if name.lower() not in _TOPIC_SETTINGS:
            raise _refuse(f"unknown topic setting: {name}", position)
    for setting in node.settings:
        is_interval = isinstance(setting.value, syntax.Call) and setting.value.name.lower() == "interval"
        if setting.name.lower() == "retention_period" and not is_interval:
            raise _refuse("Literal of Interval type is expected for retention", setting.position)
    if node.reset:
        raise _refuse("RESET is currently not supported for topic options", node.position)
    named = [consumer.name for consumer in node.consumers]
    for number, consumer in enumerate(node.consumers):
        if node.action == "ALTER" and consumer.name in named[:number]:
            raise _refuse(f"consumer '{consumer.name}' referenced more than once", consumer.position)
    path = context.path(node.topic)
    owner, _, name = path.rpartition("/")
    table = context.catalog.get(owner)
    if node.action != "ALTER" or not isinstance(table, Table) or not table.changefeed(name):
        raise unsupported(f"{node.action} TOPIC of other than a changefeed's retention and consumers", node.position)
    made = AlterTopic(owner, name)
    for setting in node.settings:
        match setting:
            case syntax.Setting(what, syntax.Call(call, (_,)) as value) if call.lower() == "interval":
                if what.lower() == "retention_period":
                    made = replace(made, retention=check(value, Scope(context)).evaluate(()))
                    continue
        raise unsupported(f"the topic setting {setting.name}", setting.position)
    for consumer in node.consumers:
        match consumer:
            case syntax.TopicConsumer(added, "ADD", ()):
                made = replace(made, add_consumers=(*made.add_consumers, added))
            case syntax.TopicConsumer(dropped, "DROP", ()):
                made = replace(made, drop_consumers=(*made.drop_consumers, dropped))
            case _:
                raise unsupported("settings of a consumer", consumer.position)
    return made


# --- views -----------------------------------------------------------------------------------------------------


def _create_view(node: syntax.CreateView, context: Context) -> CreateView:
    """The last security_invoker counts. Source: ydb/core/kqp/ut/view/view_ut.cpp (ParsingSecurityInvoker)."""
    is_enabled = False
    for setting in node.settings:
        if setting.name != "security_invoker":
            if setting.name.lower() == "security_invoker":
                continue  # the name is case-sensitive: one in capitals enables nothing
            raise unsupported(f"the view option {setting.name}", setting.position)
        match setting.value:
            case syntax.Bool() if setting.value.position == setting.position:  # it has none, and enables nothing
                is_enabled = False
            case syntax.Bool(value):
                is_enabled = value
            case syntax.String(value):
                is_enabled = value.lower() == b"true"
            case syntax.Name(word):
                is_enabled = word.lower() == "true"
            case _:
                raise unsupported("this value of security_invoker", setting.position)
    if not is_enabled:
        raise _refuse("security_invoker option must be explicitly enabled", node.position)
    if any(isinstance(part, syntax.Bind) and part.name in context.binds for part in _parts(node.query, ())):
        raise unsupported("names from outside of a view's query", node.position)
    check_query(node.query, context)
    query = _with_absolute_paths(node.query, context) if context.prefix else node.query
    return CreateView(context.path(node.view), View(node.text, query, context.prefix), node.if_not_exists)


def _with_absolute_paths(node: object, context: Context) -> object:
    """A tree whose tables are named as the TablePathPrefix in force reads them: a view keeps its PRAGMA."""
    match node:
        case syntax.Path():
            return syntax.Path(context.absolute(context.path(node)), position=node.position)
        case tuple():
            return tuple(_with_absolute_paths(part, context) for part in node)
        case syntax.Node():
            changed = {name: _with_absolute_paths(value, context) for name, value in vars(node).items()}
            return type(node)(**changed)
    return node
