"""Columns of CREATE TABLE and ADD COLUMN: types, options, the values of DEFAULT."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ... import text
from ...errors import (
    BAD_COLUMN_TYPE,
    BAD_REQUEST,
    SCHEME_ERROR,
    Issue,
    Position,
    Status,
    YdbError,
    refusal_at,
    scheme_failure,
    type_annotation,
    unsupported,
)
from ...plan import Expr
from ...releases import Line
from ...store.catalog import Column
from ...types import (
    DYNUMBER,
    INT16,
    JSON,
    JSON_DOCUMENT,
    NULL,
    SERIAL_TYPES,
    TEXTS,
    UINT16,
    YSON,
    Data,
    Optional,
    Type,
    strip,
)
from ...yql import syntax
from ..context import Context
from ..conversion import convert
from ..dispatch import check
from ..functions import require_known
from ..functions.names import AGGREGATES
from ..parts import nodes
from ..scope import Scope
from ..typenames import resolve_type
from .settings import ALTER, CREATE


def check_columns(written: Sequence[syntax.Column], context: Context) -> tuple[Column, ...]:
    """The columns of CREATE TABLE, each of another name."""
    columns = tuple(check_column(node, context, CREATE) for node in written)
    for number, node in enumerate(written, start=1):
        check_distinct([column.name for column in columns[:number]], node.position)
    return columns


def check_distinct(names: Sequence[str], position: Position) -> None:
    """Raises GENERIC_ERROR for a name that comes again."""
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


_FIXED_ORDER = (syntax.InFamily, syntax.NotNull, syntax.Default)


def read_options(node: syntax.Column, line: Line) -> None:
    """Each option once (the words are YDB's). Source: ColumnOptions in yql/essentials/sql/v1/sql_translation.cpp.

    The grammar of older lines knows one order and no parentheses: column_schema in ydb/library/yql/sql/v1/SQLv1.g.in,
    028e2299. The free order came to the branch of 25.3 in December 2025 (pull request 30148); which release of 25.3
    or 25.4 has it is not known, nor are the words of those without.
    """
    order = [_FIXED_ORDER.index(type(each)) for each in node.options if type(each) in _FIXED_ORDER]
    if (node.in_parentheses or order != sorted(order)) and not line.has("options of a column in any order"):
        raise unsupported("options of a column in this order on this line", node.position)
    seen = set()
    for option in node.options:
        if type(option) in seen:
            raise refusal_at(f"'{_OPTION_NAMES[type(option)]}' option can be specified only once", option.position)
        seen.add(type(option))


def check_column(node: syntax.Column, context: Context, function: str) -> Column:
    """A column of CREATE TABLE or ADD COLUMN. `function` is what YDB calls the statement in its refusal."""
    read_options(node, context.database.line)
    assert node.type is not None  # the grammar asks for one, or CREATE TABLE has asked
    if serial := SERIAL_TYPES.get(node.type.name.lower()):
        return _serial_column(node, serial, function)
    if node.type.name.lower() in _PG_TYPES and not node.type.arguments:
        said = f"Type '{node.type.name.lower()}' specified for column '{node.name}'"
        flag = "support for pg types is disabled (EnableTablePgTypes feature flag is off)"
        raise scheme_failure(f"{said}, but {flag}", BAD_REQUEST if function == ALTER else SCHEME_ERROR)
    type = resolve_type(node.type)
    is_nullable_type = isinstance(type, Optional)
    stored = strip(type)
    if not isinstance(stored, Data):
        raise not_a_data_type(node.name, node, function)
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


_PG_TYPES = frozenset((
    "pgbool", "pgbytea", "pgchar", "pgdate", "pgfloat4", "pgfloat8", "pgint2", "pgint4", "pgint8", "pginterval",
    "pgjson", "pgjsonb", "pgnumeric", "pgtext", "pgtime", "pgtimestamp", "pgtimestamptz", "pguuid", "pgvarchar",
))  # fmt: skip
"""Types that a table may have behind a flag. Source of the refusal: CreateAlterData in schemeshard_info_types.cpp."""


def not_a_data_type(name: str, node: syntax.Node, function: str) -> Exception:
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
    if expression.type == NULL:
        if column.not_null:
            raise _nullable_default(name, value.position, function)
        if context.database.line.has("refusal of DEFAULT NULL"):
            raise unsupported("DEFAULT NULL", value.position)
        raise mismatch(NULL)
    if evaluated is None:
        raise unsupported("a DEFAULT whose value is NULL", value.position)
    _check_default_by_line(column.type, value.position, context)
    if given in TEXTS and column.type in (JSON, YSON) and expression.is_literal:
        written = evaluated.decode(errors="replace") if isinstance(evaluated, bytes) else evaluated
        try:
            return (text.parse(column.type, written),)
        except ValueError:
            raise mismatch(given) from None
    if isinstance(value, syntax.Binary) and given != column.type:
        raise unsupported("a calculated DEFAULT of another type than its column's", value.position)
    converted = convert(Expr(given, lambda _: evaluated, expression.is_literal), column.type)
    if converted is None:
        raise mismatch(given)
    return (converted.evaluate(()),)


def _not_null_in_default(
    value: syntax.IsNull, mismatch: Callable[[Type], Exception], column: Column, context: Context
) -> Exception:
    """`DEFAULT x NOT NULL` is `x NOT NULL` to the grammar of every line; only newer ones say so."""
    if context.database.line.has("check of DEFAULT before NOT NULL"):
        message = (
            "'DEFAULT' option can not use expr which contains literall 'NOT NULL'. If you wanted to use two different "
            "options 'DEFAULT' and 'NOT NULL', it is recommended to use the syntax '(DEFAULT value, NOT NULL, ...)'"
        )
        return refusal_at(message, value.position)
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


def _check_constant(node: syntax.Expression | syntax.TypeName, context: Context) -> None:
    """A DEFAULT may be a literal, a CAST of one, a literal of a type or a sum of integers; anything else is refused, as
    far as is known in YDB's words.

    Source of sums: YdbMigrationsTest.cs of ydb-dotnet-sdk (Add_column_with_defaultValueSql), on lines that add columns
    with a DEFAULT.
    """
    match node:
        case _ if isinstance(node, _LITERALS):
            return
        case syntax.Unary("-" | "+", operand) | syntax.Cast(operand, _, False):
            return _check_constant(operand, context)
        case syntax.Binary("+" | "-" | "*", syntax.Integer(), syntax.Integer()):
            if context.database.line.has("EnableAddColumsWithDefaults"):
                return
        case syntax.Call(name, arguments) if name.lower() in _TYPED_LITERALS:
            for argument in arguments:
                _check_constant(argument, context)
            return
    for part in nodes(node):
        if isinstance(part, syntax.Call):
            require_known(part)
        match part:
            case syntax.Subquery() | syntax.Exists():
                raise refusal_at("DEFAULT expression can not contain a subquery", part.position)
            case syntax.Bind(name) if name in context.binds:
                raise unsupported("a DEFAULT with names from before its statement", part.position)
            case syntax.Bind(name):
                raise refusal_at(f"Unknown name: ${name}", part.position)
            case syntax.Name(name):
                raise refusal_at(f'Column reference "{name}" is not allowed in current scope', part.position)
            case syntax.Call(name) if name.lower() in AGGREGATES or part.over is not None:
                raise refusal_at("Window and aggregation functions are not allowed in this context", part.position)
    if any(isinstance(p, syntax.Call) and p.name.lower().startswith(("current", "random")) for p in nodes(node)):
        if not context.database.line.has("EnableDefaultFromExpression"):
            raise refusal_at("DEFAULT expressions are disabled", node.position)
    raise unsupported("this DEFAULT", node.position)
