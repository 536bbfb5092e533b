"""The syntax tree of the YQL that the emulator reads: what was written, nothing resolved.

`parser.parse` makes it from text, `check` reads it. Every node has the position of its first token.
Names are kept as written; whether they exist is not known here.
"""

from __future__ import annotations

from dataclasses import field

from ..errors import NOWHERE, Position
from ..fixed import Fixed


class Node(Fixed):
    position: Position = field(default=NOWHERE, kw_only=True)

    def compared(self) -> tuple[object, ...]:
        """All but where it stands."""
        return tuple(value for name, value in vars(self).items() if name != "position")


# --- types as written ------------------------------------------------------------------------------------------


class TypeName(Node):
    """`Int64`, `Decimal(22, 9)`, `Optional<Utf8>`, `Utf8?`, `Struct<a:Int32>`, `Tuple<…>`, `Dict<…>`, `Callable<…>`.

    `name` is the word as written (`"Optional"` for the `?` form too). `arguments` are the two integers of a
    Decimal, else the types between the angle brackets. `fields` are the names of a Struct's members.
    """

    name: str
    arguments: tuple[TypeName | int, ...] = ()
    fields: tuple[str, ...] = ()


# --- expressions -----------------------------------------------------------------------------------------------


class Integer(Node):
    """An integer literal: its value and its suffix in lower case (`""`, `u`, `l`, `ul`, `t`, `ut`, `s`, `us`)."""

    value: int
    suffix: str = ""


class Real(Node):
    """A literal with a point or exponent: the text of the number, and its suffix in lower case (`""` or `f`)."""

    text: str
    suffix: str = ""


class String(Node):
    """A string literal with its escapes resolved, and its suffix in lower case (`""`, `s`, `u`, `y`, `j`, `p…`)."""

    value: bytes
    suffix: str = ""


class Bool(Node):
    value: bool


class Null(Node):
    pass


class Bind(Node):
    """`$name`: a parameter or a named expression; `name` has no dollar sign."""

    name: str


class Name(Node):
    """A bare name in an expression: a column, or the alias of a source before a dot."""

    name: str


class Member(Node):
    """`of.name`, or `of.0` for a tuple."""

    of: Expression
    name: str


class Subscript(Node):
    """`of[index]`."""

    of: Expression
    index: Expression


class Call(Node):
    """`name(arguments)`. `name` is as written, with its module (`Math::Floor`). `star` is the `*` of `COUNT(*)`."""

    name: str
    arguments: tuple[Expression | TypeName, ...] = ()
    named_arguments: tuple[tuple[str, Expression], ...] = ()
    distinct: bool = False
    star: bool = False
    over: Window | str | None = None
    ignore_nulls: bool = False


class Invoke(Node):
    """A call of a value: `$f(1)`, `$t.0(x)`."""

    function: Expression
    arguments: tuple[Expression, ...]


class FrameBound(Node):
    """`side` is PRECEDING, CURRENT ROW or FOLLOWING; `offset` is None for UNBOUNDED and CURRENT ROW."""

    side: str
    offset: Expression | None = None


class Frame(Node):
    """`unit` is ROWS, RANGE or GROUPS."""

    unit: str
    begin: FrameBound
    end: FrameBound


class JsonApi(Node):
    """`JSON_VALUE(json, 'path' PASSING value AS name …)`, and the other functions on JSON.

    What is to be done where nothing is found, and on an error, is a word, for DEFAULT with its value; None where it
    isn't said.
    """

    json: Expression
    path: str
    variables: tuple[tuple[str, Expression], ...]
    on_error: tuple[str, Expression | None] | None


class JsonValue(JsonApi):
    on_empty: tuple[str, Expression | None] | None
    returning: TypeName | None


class JsonExists(JsonApi):
    """Its ON ERROR is TRUE, FALSE, UNKNOWN or ERROR."""


class JsonQuery(JsonApi):
    """Its ON EMPTY and ON ERROR are ERROR, NULL, EMPTY ARRAY or EMPTY OBJECT, its wrapper WITHOUT, WITH or
    CONDITIONAL."""

    on_empty: tuple[str, Expression | None] | None
    wrapper: str


class Window(Node):
    """`PARTITION BY … ORDER BY … frame`; each expression of PARTITION BY with its name, if it has one."""

    partition_by: tuple[tuple[Expression, str | None], ...] = ()
    order_by: tuple[OrderItem, ...] = ()
    frame: Frame | None = None


class Cast(Node):
    """`CAST(operand AS type)`; `bitcast` for BITCAST."""

    operand: Expression
    type: TypeName
    bitcast: bool = False


class Unary(Node):
    """`operator` is `-`, `+`, `~` or `NOT`."""

    operator: str
    operand: Expression


class Binary(Node):
    """`operator` in upper case: `+ - * / % || | & ^ << >> |<< >>| = == != <> < <= > >= AND OR XOR ??`."""

    operator: str
    left: Expression
    right: Expression


class IsNull(Node):
    operand: Expression
    negated: bool = False


class IsDistinctFrom(Node):
    left: Expression
    right: Expression
    negated: bool = False


class In(Node):
    """`operand [NOT] IN [COMPACT] collection`; a parenthesised list is a `Tuple`, a query a `Subquery`."""

    operand: Expression
    collection: Expression
    negated: bool = False


class Between(Node):
    operand: Expression
    low: Expression
    high: Expression
    negated: bool = False
    symmetric: bool = False


class Like(Node):
    """`operator` is LIKE, ILIKE, GLOB, REGEXP, RLIKE or MATCH."""

    operator: str
    operand: Expression
    pattern: Expression
    escape: Expression | None = None
    negated: bool = False


class Case(Node):
    operand: Expression | None
    branches: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression | None


class Tuple(Node):
    items: tuple[Expression, ...]


class ListLiteral(Node):
    items: tuple[Expression, ...]


class DictLiteral(Node):
    """`{k: v}`, or the set `{k}` when `values` is None."""

    keys: tuple[Expression, ...]
    values: tuple[Expression, ...] | None


class StructLiteral(Node):
    """`<|a: 1, b: 2|>`."""

    fields: tuple[tuple[str, Expression], ...]


class Lambda(Node):
    """`($x, $y) -> expression`, or `($x) -> { $y = …; RETURN … }` with its named expressions. The last `optional` of
    the parameters have a question mark."""

    parameters: tuple[str, ...]
    body: Expression
    definitions: tuple[NamedExpression, ...] = ()
    optional: int = 0


class Subquery(Node):
    query: Query


class Exists(Node):
    query: Query


Expression = (
    Integer | Real | String | Bool | Null | Bind | Name | Member | Subscript | Call | Invoke | Cast | Unary | Binary
    | IsNull | IsDistinctFrom | In | Between | Like | Case | Tuple | ListLiteral | DictLiteral | StructLiteral
    | Lambda | Subquery | Exists | JsonValue | JsonExists | JsonQuery
)  # fmt: skip


# --- queries ---------------------------------------------------------------------------------------------------


class Projection(Node):
    """`expression [AS alias]`."""

    expression: Expression
    alias: str | None = None


class Star(Node):
    """`*`, or `source.*`."""

    source: str | None = None


class OrderItem(Node):
    expression: Expression
    descending: bool = False


class GroupItem(Node):
    expression: Expression
    alias: str | None = None


class GroupSets(Node):
    """ROLLUP, CUBE or GROUPING SETS as the sets of keys that it stands for."""

    sets: tuple[tuple[GroupItem, ...], ...]


class Path(Node):
    """A table as written. `cluster` is the word before the dot of `cluster.table`, or None."""

    name: str
    cluster: str | None = None


class TableSource(Node):
    """`table [VIEW index] [AS alias]`."""

    table: Path
    index: str | None = None
    alias: str | None = None


class BindSource(Node):
    """`$name [AS alias]`, a named subquery; `as_table` for `AS_TABLE($name)` and any expression in it."""

    expression: Expression
    as_table: bool = False
    alias: str | None = None


class SubquerySource(Node):
    query: Query
    alias: str | None = None


class ValuesSource(Node):
    values: Values
    alias: str | None = None
    columns: tuple[str, ...] = ()


class FunctionSource(Node):
    """`name(arguments)` in the place of a table, other than AS_TABLE; `count` is how many arguments it has."""

    name: str
    count: int
    alias: str | None = None


class FlattenSource(Node):
    """`source FLATTEN [mode] BY …`, or FLATTEN COLUMNS. `mode` is "", LIST, DICT, OPTIONAL or COLUMNS; each expression
    with its name, if it has one."""

    source: SingleSource
    mode: str
    items: tuple[tuple[Expression, str | None], ...] = ()

    @property
    def alias(self) -> str | None:
        return label(self.source)


class SampledSource(Node):
    """`source SAMPLE rate` or `TABLESAMPLE mode(rate) [REPEATABLE(seed)]`: `most` is the rate that takes every row."""

    source: SingleSource
    rate: Expression
    most: int = 1
    seed: Expression | None = None

    @property
    def alias(self) -> str | None:
        return label(self.source)


class Join(Node):
    """`left kind right ON condition` or `USING (columns)`.

    `kind` in upper case without JOIN: INNER, LEFT, RIGHT, FULL, CROSS, LEFT SEMI, RIGHT SEMI, LEFT ONLY,
    RIGHT ONLY, EXCLUSION; a comma in FROM is ",". `using` is None unless USING was written. `any_left` and `any_right`
    are the places of ANY before a source.
    """

    kind: str
    left: Source
    right: Source
    condition: Expression | None = None
    using: tuple[str, ...] | None = None
    any_left: Position | None = None
    any_right: Position | None = None


SingleSource = TableSource | BindSource | SubquerySource | ValuesSource | FunctionSource | FlattenSource | SampledSource
Source = SingleSource | Join


def label(source: SingleSource) -> str:
    """The name by which columns of a source may be called, empty for none."""
    return source.alias or (source.table.name if isinstance(source, TableSource) else "")


class Select(Node):
    """One SELECT without its set operations. `label` is the name after INTO RESULT."""

    projections: tuple[Projection | Star, ...]
    source: Source | None = None
    where: Expression | None = None
    group_by: tuple[GroupItem | GroupSets, ...] = ()
    having: Expression | None = None
    order_by: tuple[OrderItem, ...] = ()
    limit: Expression | None = None
    offset: Expression | None = None
    distinct: bool = False
    without: tuple[str, ...] = ()
    discard: bool = False
    windows: tuple[tuple[str, Window], ...] = ()
    label: Name | None = None


class Values(Node):
    """`VALUES (…), (…)`."""

    rows: tuple[tuple[Expression, ...], ...]


class SetOperation(Node):
    """`left UNION [ALL] right`; `operator` is UNION, INTERSECT or EXCEPT; `order_by`… belong to the whole.

    `says_distinct` tells that the word DISTINCT is there.
    """

    operator: str
    all: bool
    left: Query
    right: Query
    order_by: tuple[OrderItem, ...] = ()
    limit: Expression | None = None
    offset: Expression | None = None
    says_distinct: bool = False


Query = Select | SetOperation | Values


# --- statements: data ------------------------------------------------------------------------------------------


class Pragma(Node):
    """`PRAGMA name = value`, `PRAGMA name(values)` or `PRAGMA name`; `name` with its prefix (`yt.X`) as written."""

    name: str
    values: tuple[Expression, ...] = ()


class Use(Node):
    """`USE cluster`."""

    cluster: str


class Declare(Node):
    name: str
    type: TypeName
    default: Expression | None = None


class NamedExpression(Node):
    """`$a = expression`, or `$a, $b = tuple`; a query on the right is a `Subquery`."""

    names: tuple[str, ...]
    value: Expression


class SelectStatement(Node):
    query: Query


class Returning(Node):
    """`RETURNING *` has no columns."""

    columns: tuple[str, ...] = ()


class Insert(Node):
    """`kind` is INSERT, INSERT OR ABORT, INSERT OR REVERT, INSERT OR IGNORE, UPSERT or REPLACE.

    `truncate` is WITH TRUNCATE. A `Bind` as the table is one that a named expression names.
    """

    kind: str
    table: Path | Bind
    columns: tuple[str, ...] | None
    source: Query | None
    returning: Returning | None = None
    truncate: bool = False


class Update(Node):
    """`[BATCH] UPDATE t SET a = …, b = … [WHERE …]`."""

    table: Path
    assignments: tuple[tuple[str, Expression], ...]
    where: Expression | None = None
    returning: Returning | None = None
    batch: bool = False


class Delete(Node):
    table: Path
    where: Expression | None = None
    returning: Returning | None = None
    batch: bool = False


class UpdateOn(Node):
    """`UPDATE t ON [(columns)] VALUES/SELECT`."""

    table: Path
    columns: tuple[str, ...] | None
    source: Query
    returning: Returning | None = None


class DeleteOn(Node):
    table: Path
    columns: tuple[str, ...] | None
    source: Query
    returning: Returning | None = None


class Commit(Node):
    pass


class Rollback(Node):
    pass


# --- statements: schema ----------------------------------------------------------------------------------------


class NotNull(Node):
    """`NOT NULL`; `nullable` for a written NULL."""

    nullable: bool = False


class Default(Node):
    value: Expression


class InFamily(Node):
    name: str


class Compression(Node):
    settings: tuple[Setting, ...]


ColumnOption = NotNull | Default | InFamily | Compression


class Column(Node):
    """A column as written; `type` is None in CREATE TABLE AS and where it was forgotten."""

    name: str
    type: TypeName | None
    options: tuple[ColumnOption, ...] = ()
    in_parentheses: bool = False


class Setting(Node):
    """`NAME = value` of WITH, SET, FAMILY, changefeed and index settings.

    `name` is as written. A bare word (`ENABLED`, `COLUMN`) is a `Name`, a TTL a `Ttl`, else an expression.
    """

    name: str
    value: Expression | Ttl


class TtlTier(Node):
    """One `interval [TO EXTERNAL DATA SOURCE path | DELETE]`."""

    interval: Expression
    external: str | None = None


class Ttl(Node):
    """`tiers ON column [AS unit]`; `unit` in upper case or None."""

    tiers: tuple[TtlTier, ...]
    column: str
    unit: str | None = None


class PrimaryKey(Node):
    columns: tuple[str, ...]


class Index(Node):
    """`INDEX name GLOBAL|LOCAL [UNIQUE] [SYNC|ASYNC] [USING kind] ON (…) [COVER (…)] [WITH (…)]`."""

    name: str
    columns: tuple[str, ...]
    cover: tuple[str, ...] = ()
    is_local: bool = False
    unique: bool = False
    asynchronous: bool = False
    using: str | None = None
    settings: tuple[Setting, ...] = ()


class Family(Node):
    name: str
    settings: tuple[Setting, ...] = ()


class Changefeed(Node):
    name: str
    settings: tuple[Setting, ...] = ()


TableEntry = Column | PrimaryKey | Index | Family | Changefeed


class CreateTable(Node):
    """`kind` is TABLE, TABLESTORE, EXTERNAL TABLE, or OR REPLACE for any but the last; `partition_by` the columns of
    PARTITION BY HASH."""

    table: Path
    entries: tuple[TableEntry, ...]
    kind: str = "TABLE"
    if_not_exists: bool = False
    temporary: bool = False
    partition_by: tuple[str, ...] | None = None
    settings: tuple[Setting, ...] = ()
    query: Query | None = None


class DropTable(Node):
    table: Path
    kind: str = "TABLE"
    if_exists: bool = False


class AddColumn(Node):
    column: Column


class DropColumn(Node):
    name: str


class SetNotNull(Node):
    column: str


class DropNotNull(Node):
    column: str


class SetDefault(Node):
    column: str
    value: Expression


class DropDefault(Node):
    column: str


class SetFamily(Node):
    column: str
    family: str


class SetCompression(Node):
    column: str
    settings: tuple[Setting, ...]


class AddFamily(Node):
    family: Family


class AlterFamily(Node):
    name: str
    settings: tuple[Setting, ...]


class SetSettings(Node):
    settings: tuple[Setting, ...]


class ResetSettings(Node):
    names: tuple[str, ...]


class AddIndex(Node):
    index: Index


class DropIndex(Node):
    name: str


class RenameIndex(Node):
    name: str
    new_name: str


class AlterIndex(Node):
    """`ALTER INDEX name SET (…)` or `RESET (…)`."""

    name: str
    settings: tuple[Setting, ...] = ()
    reset: tuple[str, ...] = ()


class AddChangefeed(Node):
    changefeed: Changefeed


class AlterChangefeed(Node):
    """`ALTER CHANGEFEED name SET (…)`, or DISABLE when `settings` is None."""

    name: str
    settings: tuple[Setting, ...] | None


class DropChangefeed(Node):
    name: str


class RenameTable(Node):
    new_table: Path


AlterAction = (
    AddColumn | DropColumn | SetNotNull | DropNotNull | SetDefault | DropDefault | SetFamily | SetCompression
    | AddFamily | AlterFamily | SetSettings | ResetSettings | AddIndex | DropIndex | RenameIndex | AlterIndex
    | AddChangefeed | AlterChangefeed | DropChangefeed | RenameTable
)  # fmt: skip


class AlterTable(Node):
    table: Path
    actions: tuple[AlterAction, ...]
    kind: str = "TABLE"


class TruncateTable(Node):
    table: Path


class CreateView(Node):
    """`query` is the tree of the view's SELECT and `text` its text as written."""

    view: Path
    settings: tuple[Setting, ...]
    query: Query
    text: str
    if_not_exists: bool = False


class DropView(Node):
    view: Path
    if_exists: bool = False


class AlterSequence(Node):
    """Options in order, upper-case names (START WITH, RESTART, INCREMENT BY …) with their number or None."""

    sequence: Path
    options: tuple[tuple[str, int | None], ...]
    if_exists: bool = False


class ShowCreate(Node):
    """`kind` is TABLE or VIEW."""

    kind: str
    table: Path


class TopicConsumer(Node):
    """`action` is ADD, DROP or ALTER (CREATE TOPIC only has ADD). `reset` are the names of RESET."""

    name: str
    action: str = "ADD"
    settings: tuple[Setting, ...] = ()
    reset: tuple[str, ...] = ()


class Topic(Node):
    """CREATE, ALTER or DROP TOPIC; `action` is the first word."""

    action: str
    topic: Path
    consumers: tuple[TopicConsumer, ...] = ()
    settings: tuple[Setting, ...] = ()
    reset: tuple[str, ...] = ()
    if_exists: bool = False
    if_not_exists: bool = False


class Role(Node):
    """The name of a user or a group."""

    name: str


class UserOption(Node):
    """`kind` is PASSWORD, HASH, LOGIN or NOLOGIN; `value` the text of the first two, None for PASSWORD NULL."""

    kind: str
    value: String | None = None


class User(Node):
    """CREATE or ALTER USER; `action` is the first word."""

    action: str
    role: Role
    options: tuple[UserOption, ...] = ()


class Group(Node):
    """`action` is CREATE, ADD or DROP (of members), or RENAME, which has the new name alone in `roles`."""

    action: str
    role: Role
    roles: tuple[Role, ...] = ()


class DropRoles(Node):
    """`kind` is USER or GROUP."""

    kind: str
    roles: tuple[Role, ...]
    if_exists: bool = False


class Permission(Node):
    """What GRANT names: words with `_` between, or a text, which has `is_text`."""

    name: str
    is_text: bool = False


class Grant(Node):
    """GRANT or REVOKE (`is_revoked`). `permissions` are None for ALL; `with_option` is about the right to grant."""

    permissions: tuple[Permission, ...] | None
    paths: tuple[Path, ...]
    roles: tuple[Role, ...]
    with_option: bool = False
    is_revoked: bool = False


class Do(Node):
    """`DO BEGIN … END DO`, or `DO $action(…)` when `statements` is None; `DO EMPTY_ACTION()` has none."""

    statements: tuple[Statement, ...] | None
    action: str = ""
    arguments: tuple[Expression, ...] = ()


class DefineAction(Node):
    """`DEFINE ACTION $name($a, $b?) AS … END DEFINE`. The last `optional` of the parameters have a question mark."""

    name: str
    parameters: tuple[str, ...]
    optional: int
    statements: tuple[Statement, ...]


class EvaluateIf(Node):
    condition: Expression
    then: Do
    otherwise: Do | None


class EvaluateFor(Node):
    name: str
    items: Expression
    each: Do
    otherwise: Do | None


class Unsupported(Node):
    """A statement that is YQL and that the emulator knows only by its first words, such as `GRANT`."""

    what: str


Statement = (
    Pragma | Use | Declare | NamedExpression | SelectStatement | Insert | Update | Delete | UpdateOn | DeleteOn | Commit
    | Rollback | CreateTable | DropTable | AlterTable | TruncateTable | CreateView | DropView | AlterSequence
    | ShowCreate | Topic | User | Group | DropRoles | Grant | Do | DefineAction | EvaluateIf | EvaluateFor | Unsupported
)  # fmt: skip


class Script(Fixed):
    """All statements of one query text, in order."""

    statements: tuple[Statement, ...]
