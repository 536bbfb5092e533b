"""ALTER TABLE: each action against its table, and which of them may stand together."""

from __future__ import annotations

from dataclasses import replace

from pyrsistent import pmap

from ...errors import (
    BAD_REQUEST,
    PRECONDITION_FAILED,
    SCHEME_ERROR,
    UNSUPPORTED,
    Issue,
    Position,
    Status,
    YdbError,
    refusal,
    refusal_at,
    scheme_failure,
    type_annotation,
    unsupported,
)
from ...plan import (
    AddChangefeed,
    AddIndex,
    AlterTable,
    DropChangefeed,
    DropIndex,
    Operation,
    RenameIndex,
    RenameTable,
    SetIndexSettings,
)
from ...store.catalog import IMPL_TABLE, Changefeed, Column, Table
from ...yql import syntax
from ..context import Context, missing_table
from ..index_tables import IndexTable, index_table
from . import column_tables
from .changefeeds import check_changefeed_settings, read_changefeed_settings
from .columns import check_column, check_default, read_options
from .indexes import check_index, read_index
from .paths import check_not_in_table
from .settings import (
    ALTER,
    check_family_settings,
    check_partitioning,
    check_settings,
    read_family_settings,
    read_reset,
    read_settings,
)


def alter_table(node: syntax.AlterTable, context: Context) -> Operation:
    """The one operation that the actions of an ALTER TABLE make."""
    _read_actions(node, context)
    path, entry = context.entry(node.table)
    if entry is None and (found := index_table(path, context)) is not None:
        return _alter_index_table(node, found, context)
    check_not_in_table(path, node.table.position, context)
    if entry is None:
        raise missing_table(context.absolute(path), ALTER, node.table.position)
    if not isinstance(entry, Table):
        raise scheme_failure(f"Check failed: path: '{context.absolute(path)}', error: path is not a table")
    alter = _Alter(node, path, entry, context)
    for action in node.actions:
        alter.add(action)
    kinds = {_KINDS_OF_ACTION.get(type(action), "common") for action in node.actions}
    _check_company(node, kinds)
    return alter.common() if kinds == {"common"} else alter.alone(node.actions[0])


def _alter_index_table(node: syntax.AlterTable, found: IndexTable, context: Context) -> SetIndexSettings:
    """ALTER TABLE of an index's own table: its partitioning alone.

    Source: ParseParams in ydb/core/tx/schemeshard/schemeshard__operation_alter_table.cpp; kqp_scheme_ut.cpp
    (AlterIndexImplTable).
    """
    if all(isinstance(action, syntax.AddColumn | syntax.DropColumn) for action in node.actions):
        alter = _Alter(node, f"{found.path}/{found.index.name}/{IMPL_TABLE}", found.table, context)
        for action in node.actions:
            alter.add(action)
        raise scheme_failure("Adding or dropping columns in index table is not supported", BAD_REQUEST)
    match node.actions:
        case (syntax.SetSettings(settings),) if all(s.name.upper() in _OF_INDEX_TABLE for s in settings):
            checked = check_settings(read_settings(settings, is_alter=True), ALTER, context)
            check_partitioning(checked.plain, ALTER, node.position)
            return SetIndexSettings(found.path, found.index.name, checked.plain)
    raise unsupported("this change of an index's own table", node.position)


_OF_INDEX_TABLE = {
    "AUTO_PARTITIONING_BY_SIZE", "AUTO_PARTITIONING_PARTITION_SIZE_MB", "AUTO_PARTITIONING_BY_LOAD",
    "AUTO_PARTITIONING_MIN_PARTITIONS_COUNT", "AUTO_PARTITIONING_MAX_PARTITIONS_COUNT", "READ_REPLICAS_SETTINGS",
}  # fmt: skip


def _read_actions(node: syntax.AlterTable, context: Context) -> None:
    """What the translator says of the actions, before it knows the table."""
    line = context.database.line
    for action in node.actions:
        match action:
            case syntax.AddColumn(column):
                read_options(column, line)
            case syntax.SetSettings(settings) | syntax.AlterIndex(_, settings, ()):
                read_settings(settings, is_alter=True)
            case syntax.ResetSettings(names) | syntax.AlterIndex(_, (), names):
                read_reset(names, action.position)
            case syntax.AddFamily(syntax.Family(_, settings)) | syntax.AlterFamily(_, settings):
                read_family_settings(settings, line)
            case syntax.AddIndex(index):
                read_index(index, line)
            case syntax.AddChangefeed(changefeed):
                read_changefeed_settings(changefeed, line)
            case syntax.AlterChangefeed(_, None):
                raise refusal_at("Name not found: quote", action.position)
            case syntax.AlterChangefeed(_, (setting, *_)):
                raise refusal_at(f"{setting.name.upper()} alter is not supported", setting.position)
            case syntax.SetDefault() | syntax.DropDefault() if not line.has("SET and DROP DEFAULT"):
                raise _not_in_grammar(action)
    for kind, words in ((syntax.RenameTable, "RENAME TO"), (syntax.RenameIndex, "RENAME INDEX TO")):
        if len(node.actions) > 1 and any(isinstance(action, kind) for action in node.actions):
            raise refusal_at(f"{words} can not be used together with another table action", node.position)


def _not_in_grammar(action: syntax.SetDefault | syntax.DropDefault) -> Exception:
    """As the grammar answers that knows SET and DROP of NOT NULL alone (ydb-platform/yql-parsers of January 2026)."""
    if isinstance(action, syntax.DropDefault):
        return refusal_at("mismatched input 'DEFAULT' expecting NOT", action.position)
    return refusal_at(f"no viable alternative at input 'ALTER COLUMN {action.column} SET DEFAULT'", action.position)


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
        raise refusal_at("ALTER INDEX action cannot be combined with any other ALTER TABLE action", node.position)
    if len(kinds) > 1:
        raise refusal_at("Unqualified alter table request.", node.position, BAD_REQUEST)
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

    def _refusal(self, message: str, position: Position, code: int = 0) -> Exception:
        full_name = f"db.[{self._context.absolute(self._path)}]"
        issue = Issue(f"AlterTable : {full_name} {message}", code, position)
        return type_annotation(ALTER, self._node.table.position, issue)

    def _column(self, name: str, position: Position) -> Column:
        column = self._table.column(name)
        if column is None:
            raise self._refusal(f'Column: "{name}" does not exist', position)
        return column

    def common(self) -> AlterTable:
        """The operation of actions that may stand together."""
        built = [column for column in self._made.add if column.default is not None]
        if built and self._made != AlterTable(self._path, add=tuple(built)):
            raise unsupported("ADD COLUMN with DEFAULT together with another action", self._node.position)
        check_partitioning(self._made.settings, ALTER, self._node.position)
        return self._made

    def add(self, action: syntax.AlterAction) -> None:
        """Check an action; what may stand with others goes into the common operation."""
        made, position = self._made, action.position
        if self._table.is_column:
            column_tables.check_action(action, self._line)
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
                    raise refusal_at("SET NOT NULL is currently not supported.", position)
                self._change(name, position, "not_null", True)
            case syntax.SetDefault(name, value):
                self._change(name, position, "default", self._new_default(name, value, position))
            case syntax.DropDefault(name):
                self._check_drop_default(name, position)
                self._change(name, position, "default", None)
            case syntax.SetFamily(name, family):
                self._change(name, position, "family", family)
            case syntax.AddFamily(syntax.Family(name, settings)) | syntax.AlterFamily(name, settings):
                self._add_family(name, settings, isinstance(action, syntax.AddFamily))
            case syntax.SetSettings(settings):
                checked = check_settings(read_settings(settings, is_alter=True), ALTER, self._context)
                if any(setting.name.upper() == "STORE" for setting in settings):
                    raise refusal_at("Unknown table profile setting: storeType", position)
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
                check_index(index, self._context, is_alter=True)
            case syntax.DropIndex(name):
                if self._table.index(name) is None:
                    raise self._refusal(f'Index: "{name}" does not exist', position)
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
                return AddIndex(path, check_index(index, self._context, is_alter=True))
            case syntax.DropIndex(name):
                return DropIndex(path, name)
            case syntax.RenameIndex(name, new_name):
                if not self._line.has("EnableMoveIndex"):
                    raise scheme_failure("Move index is not supported yet", PRECONDITION_FAILED)
                return RenameIndex(path, name, new_name)
            case syntax.RenameTable(new_table):
                return RenameTable(path, self._context.path(new_table))
            case syntax.AlterIndex(name, settings, ()):
                found = self._table.index(name)
                if found is None:
                    raise refusal_at(f"Unknown index name: {name}", action.position, SCHEME_ERROR)
                if len(found.tables()) != 1:
                    # Source: yql_kikimr_exec.cpp; measured by stokaro/ptah.
                    raise refusal_at("Only index with one impl table is supported", action.position)
                if any(setting.name.upper() in ("TTL", "STORE", "KEY_BLOOM_FILTER") for setting in settings):
                    raise refusal_at("Unknown index table setting: alterIndex", action.position)
                checked = check_settings(read_settings(settings, is_alter=True), ALTER, self._context)
                check_partitioning(checked.plain, ALTER, action.position)
                return SetIndexSettings(path, name, checked.plain)
            case syntax.AddChangefeed(changefeed):
                return AddChangefeed(
                    path, Changefeed(changefeed.name, check_changefeed_settings(changefeed, self._context))
                )
            case syntax.DropChangefeed(name):
                return DropChangefeed(path, name)
        raise unsupported(f"ALTER TABLE … {type(action).__name__}", action.position)

    def _add_family(self, name: str, settings: tuple[syntax.Setting, ...], is_new: bool) -> None:
        made, read = self._made, read_family_settings(settings, self._line)
        if self._table.is_column:
            options = column_tables.check_altered_family(name, read, self._line)
        else:
            options = check_family_settings(name, read, ALTER, self._line)
        new = (*made.new_families, name) if is_new else made.new_families
        self._made = replace(made, families=(*made.families, (name, options)), new_families=new)

    def _added(self, node: syntax.Column) -> Column:
        if self._table.column(node.name):
            raise self._refusal(f'Column: "{node.name}" already exists', node.position)
        column = check_column(node, self._context, ALTER)
        if column.not_null and column.default is None:
            raise refusal_at("Cannot add not null column without default value", node.position, BAD_REQUEST)
        if column.default is not None and not self._line.has("EnableAddColumsWithDefaults"):
            raise self._no_default(node.position)
        return column

    def _no_default(self, position: Position) -> Exception:
        """Texts and statuses: measured by stokaro/ptah (internal/ydbflags) on 25.1 and 25.3; of 25.2 not known."""
        if self._line.has("early check of columns with defaults"):
            return refusal_at("Adding columns with defaults is disabled", position, PRECONDITION_FAILED)
        message = (
            "At AlterMainTable state got unsuccess propose result, status: StatusInvalidParameter, "
            "reason: Column addition with default value is not supported now."
        )
        return refusal_at(message, position, BAD_REQUEST)

    def _no_unique_index(self, position: Position) -> Exception:
        """Texts and statuses: measured by stokaro/ptah (migration/lint/ydb.go) on 25.1 and 26.2; of 25.2 not known."""
        if self._line.has("early check of unique indexes"):
            message = "Failed item check: Adding a unique index to an existing table is disabled"
            return YdbError(Status.BAD_REQUEST, Issue(message))
        return refusal_at("Unknown index type: syncGlobalUnique", position)

    def _dropped(self, name: str, position: Position) -> str:
        if self._table.column(name) is None:
            raise self._refusal(f'Column "{name}" does not exist', position)
        if name in self._table.key:
            raise self._refusal(f'Column: "{name}" is a key column. Key column drop is not supported', position)
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
                raise refusal_at("DEFAULT expression can only be defined in CREATE TABLE", position) from None
            raise
        return default

    def _check_drop_default(self, name: str, position: Position) -> None:
        """Source: ut/scheme/kqp_constraints_ut.cpp (AlterTableDropDefault…), ydb pull request 34915 (NOT NULL)."""
        column = self._column(name, position)
        self._check_default_flag(position)
        if column.sequence is not None:
            raise self._refusal(f'Column: "{name}". Cannot drop default for a serial/sequence column', position)
        if column.default is None:
            raise self._refusal(f'Column: "{name}" has no default to drop', position)

    def _check_default_flag(self, position: Position) -> None:
        if not self._line.has("EnableSetDropDefaultValue"):
            absolute = self._context.absolute(self._path)
            message = f'AlterTable : db.[{absolute}]". Set/drop default value is not enabled.'
            raise type_annotation(ALTER, self._node.table.position, Issue(message, position=position))
