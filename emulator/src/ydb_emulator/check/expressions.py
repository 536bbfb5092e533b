"""Expressions checked: names resolved, types inferred, and a function of the row made that gives the value.

Source: ydb/docs/en/core/yql/reference/syntax/expressions.md; refusals' texts as marked.
"""

from __future__ import annotations

import copy
import functools
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..errors import Issue, Position, refusal, unsupported
from ..plan import Expr, Record, Relation, constant
from ..text import is_json, is_yson, to_float32
from ..types import (
    BOOL,
    CALLABLE,
    DOUBLE,
    FLOAT,
    INT8,
    INT16,
    INT32,
    INT64,
    INTEGERS,
    JSON,
    JSON_NODE,
    NULL,
    RANGES,
    STRING,
    TEXTS,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    UTF8,
    YSON,
    Dict,
    List,
    Optional,
    Struct,
    Tuple,
    Type,
    Value,
    is_optional,
    optional,
    strip,
)  # fmt: skip
from ..yql import syntax
from . import functions
from .casts import cast
from .context import Context, Lambda
from .conversion import convert, refuse, unified
from .functions import lists, yson
from .functions.arguments import Call
from .functions.basic import coalesce
from .operators import (
    among,
    as_bytes,
    binary,
    compare,
    distinct,
    hashable,
    inside,
    lift,
    lift2,
    logic,
    require_bool,
    unary,
)
from .typenames import resolve_type


@dataclass(frozen=True)
class Column:
    """A column that expressions may name: its source's alias (or None), its own name, its type."""

    source: str | None
    name: str
    type: Type


@dataclass(frozen=True)
class Scope:
    """Where an expression stands: the request, and the columns of the row, in the row's order.

    `closed` are the sources whose columns the text tells: a name that isn't among them is refused in other words.
    """

    context: Context
    columns: Sequence[Column] = ()
    has_source: bool = False
    closed: frozenset[str | None] = frozenset()
    is_join: bool = False

    def column(self, source: str | None, name: str, position: Position) -> Expr:
        found = [
            (index, column)
            for index, column in enumerate(self.columns)
            if column.name == name and source in (None, column.source)
        ]
        if not found and not self.has_source:
            message = "Column references are not allowed without FROM"
            raise refusal(Issue(message, position=position), Issue(f"Column reference '{name}'", position=position))
        if not found:
            raise self._not_found(source, name, position)
        if len(found) > 1:
            sources = " and ".join(str(column.source) for _, column in found)
            raise refusal(Issue(f"Column reference is ambiguous: {name}: {sources}", position=position))
        index, column = found[0]
        return Expr(column.type, operator.itemgetter(index))

    def _not_found(self, source: str | None, name: str, position: Position) -> Exception:
        """Rows of a join have members such as `t.id`. Source of the first text: yql/essentials/sql/v1/select.cpp."""
        names = [column.name for column in self.columns if source in (None, column.source)]
        if not self.is_join and self.closed or source in self.closed and source is not None:
            return not_in_column_set(name, names, position)
        if self.is_join:
            names = [f"{column.source}.{column.name}" for column in self.columns]
        return member_not_found(f"{source}.{name}" if self.is_join and source else name, names, position)

    def is_source(self, name: str) -> bool:
        return any(column.source == name for column in self.columns)


def member_not_found(name: str, names: Sequence[str], position: Position) -> Exception:
    """A column, or a struct's member, that isn't among `names`. One that is written nearly so is offered instead.

    Source: yql/essentials/core/type_ann/type_ann_core.cpp (FindOrReportMissingMember).
    """
    near = next((other for other in sorted(names) if _distance(name, other) < _MISTYPE), None)
    if near is None and name.partition(".")[2] in names:
        near = name.partition(".")[2]
    hint = f". Did you mean {near}?" if near else ""
    return refuse("Member", f"Member not found: {name}{hint}", position)


def not_in_column_set(name: str, names: Sequence[str], position: Position) -> Exception:
    """A column that the text of a query shows to be missing. Source: yql/essentials/sql/v1/select.cpp (IRealSource)."""
    near = next((other for other in sorted(names) if _distance(name, other) < _MISTYPE), None)
    hint = f". Did you mean {near}?" if near else ""
    return refusal(Issue(f"Column {name} is not in source column set{hint}", position=position))


_MISTYPE = 3
"""Names that differ in fewer letters are near (yql/essentials/ast/yql_expr_types.h, DefaultMistypeDistance)."""


def _distance(a: str, b: str) -> int:
    """How many letters must be added, dropped or changed (Levenshtein)."""
    if abs(len(a) - len(b)) >= _MISTYPE:
        return _MISTYPE
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (x != y))
    return row[-1]


def check(node: syntax.Expression, scope: Scope) -> Expr:
    """The checked form of an expression in a scope. Raises YdbError where YQL refuses it."""
    match node:
        case syntax.Integer() | syntax.Real() | syntax.String() | syntax.Bool() | syntax.Null():
            return literal(node)
        case syntax.Bind(name):
            return _bind(name, scope, node.position)
        case syntax.Name(name):
            return scope.column(None, name, node.position)
        case syntax.Member(of, name):
            return _member(of, name, scope, node.position)
        case syntax.Subscript(of, index):
            return _subscript(check(of, scope), check(index, scope), node.position)
        case syntax.Unary("-", syntax.Integer(value, "")):
            return _negative(value, node.position)
        case syntax.Unary(op, operand):
            return unary(op, check(operand, scope), node.position)
        case syntax.Binary("??", left, right):
            return coalesce(_call("Coalesce", [check(left, scope), check(right, scope)], scope, node.position))
        case syntax.Binary(op, left, right):
            return binary(op, check(left, scope), check(right, scope), node.position)
        case syntax.IsNull(operand, negated):
            inner = check(operand, scope)
            return Expr(BOOL, lambda row: (inner.evaluate(row) is None) != negated)
        case syntax.IsDistinctFrom(left, right, negated):
            return distinct(check(left, scope), check(right, scope), negated, node.position)
        case syntax.Between():
            return _negated(_between(node, scope), node)
        case syntax.In(operand, collection):
            return _negated(_in(check(operand, scope), collection, scope, node.position), node)
        case syntax.Like():
            return _negated(_match(node, scope), node)
        case syntax.Case():
            return _case(node, scope)
        case syntax.Cast(operand, type, False):
            return cast(check(operand, scope), resolve_type(type), node.position)
        case syntax.Call():
            return functions.call(node, scope, check)
        case syntax.Invoke(function, arguments):
            scope.context.use()
            given = [_counted(check(a, scope), scope) for a in arguments]
            return _invoke(check(function, scope), given, node.position)
        case syntax.Lambda(parameters):
            _check_names(node, {*scope.context.binds})
            return Lambda(CALLABLE, _never, False, parameters, functools.partial(_apply, node, scope))
        case syntax.Subquery(query):
            return _scalar_subquery(query, scope, node.position)
        case syntax.Exists(query):
            return _exists(_subquery(query, scope), scope)
    return _container(node, scope)


def _container(node: syntax.Expression, scope: Scope) -> Expr:
    match node:
        case syntax.Tuple(items):
            return lists.as_tuple([check(item, scope) for item in items])
        case syntax.ListLiteral(items):
            return lists.as_list([check(item, scope) for item in items], _call("AsList", [], scope, node.position))
        case syntax.StructLiteral(fields):
            checked = [(name, check(value, scope)) for name, value in fields]
            return lists.as_struct(checked, _call("AsStruct", [], scope, node.position))
        case syntax.DictLiteral(keys, values):
            payloads = None if values is None else [check(value, scope) for value in values]
            call = _call("AsDict", [], scope, node.position)
            return lists.as_dict([check(key, scope) for key in keys], payloads, call)
    raise unsupported(f"{type(node).__name__.lower()} expressions", node.position)


def _call(name: str, arguments: list[Expr], scope: Scope, position: Position) -> Call:
    return Call(name, arguments, position, scope.context)


def check_condition(node: syntax.Expression, scope: Scope) -> Expr:
    """A checked expression that must be a Bool, NULL included."""
    condition = check(node, scope)
    require_bool(condition, node.position)
    return condition


def _negated(condition: Expr, node: syntax.Between | syntax.In | syntax.Like) -> Expr:
    return unary("NOT", condition, node.position) if node.negated else condition


# --- lambdas ---------------------------------------------------------------------------------------------------


def _never(_: Record) -> Value:
    raise AssertionError("a lambda has no value")


def _check_names(node: object, known: set[str]) -> None:
    """A lambda's types are inferred where it is called, its names where it is written, as YQL translates it."""
    match node:
        case tuple():
            for part in node:
                _check_names(part, known)
        case syntax.Bind(name) if name not in known:
            raise refusal(Issue(f"Unknown name: ${name}", position=node.position))
        case syntax.Call():
            functions.require_known(node)
        case syntax.Lambda(parameters, body, definitions):
            inner = {*known, *parameters}
            for definition in definitions:
                _check_names(definition.value, inner)
                inner.update(definition.names)
            _check_names(body, inner)
            return
    if isinstance(node, syntax.Node):
        for value in vars(node).values():
            _check_names(value, known)


def _apply(node: syntax.Lambda, scope: Scope, arguments: Sequence[Expr]) -> Expr:
    """A lambda's body, checked for these arguments: it sees them, its own names and those around it."""
    context = copy.copy(scope.context)
    context.binds = {**scope.context.binds, **dict(zip(node.parameters, arguments, strict=True))}
    inner = Scope(context)
    for definition in node.definitions:
        if len(definition.names) != 1 or isinstance(definition.value, syntax.Subquery):
            raise unsupported("such a named expression in a lambda", definition.position)
        context.binds = {**context.binds, definition.names[0]: check(definition.value, inner)}
    return check(node.body, inner)


def _counted(argument: Expr, scope: Scope) -> Expr:
    """An argument of a lambda, which is computed at every use."""
    if isinstance(argument, Lambda):
        return argument

    def evaluate(row: tuple) -> Value:
        scope.context.step()
        return argument.evaluate(row)

    return Expr(argument.type, evaluate, argument.is_literal)


def _invoke(function: Expr, arguments: list[Expr], position: Position) -> Expr:
    if not isinstance(function, Lambda):
        raise refuse("Apply", f"Expected callable type, but got: {function.type}", position)  # a guess
    if len(arguments) != len(function.parameters):
        message = f"Too {'few' if len(arguments) < len(function.parameters) else 'many'} arguments"  # a guess
        raise refuse("Apply", message, position)
    return function.apply(arguments)


# --- literals and names ----------------------------------------------------------------------------------------

_INTEGER_SUFFIXES = {
    "u": UINT32, "l": INT64, "ul": UINT64, "t": INT8, "ut": UINT8, "s": INT16, "us": UINT16,
}  # fmt: skip


def literal(node: syntax.Integer | syntax.Real | syntax.String | syntax.Bool | syntax.Null) -> Expr:
    """Source of the types: ydb/docs/en/core/yql/reference/syntax/lexer.md."""
    match node:
        case syntax.Integer(value, suffix):
            return _integer(value, suffix, node.position)
        case syntax.Real(text, suffix):
            if suffix == "f":
                return constant(FLOAT, to_float32(float(text)), is_literal=True)
            return constant(DOUBLE, float(text), is_literal=True)
        case syntax.String(value, suffix):
            return _string(value, suffix, node.position)
        case syntax.Bool(value):
            return constant(BOOL, value, is_literal=True)
        case syntax.Null():
            return constant(NULL, None, is_literal=True)


def _integer(value: int, suffix: str, position: Position) -> Expr:
    """Source of the texts: sql_ut_common.h (ConvertNumberOutOfRangeUint64 and its kin)."""
    if value > RANGES[UINT64][1]:
        message = f"Failed to parse number from string: {value}{suffix}, number limit overflow"
        raise refusal(Issue(message, position=position))
    types = [_INTEGER_SUFFIXES[suffix]] if suffix else [INT32, INT64, UINT64]
    type = next((t for t in types if value <= RANGES[t][1]), None)
    if type is None:
        wanted = types[0]
        message = f"Failed to parse {value} as integer literal of {wanted} type: value out of range for {wanted}"
        raise refusal(Issue(message, position=position))
    return constant(type, value, is_literal=True)


def _negative(value: int, position: Position) -> Expr:
    """An integer literal without a suffix, after a minus. Source: yql/essentials/sql/v1/node.cpp (ApplyUnaryOp)."""
    type = next((t for t in (INT32, INT64) if -value >= RANGES[t][0]), None)
    if type is None:
        message = f"Failed to parse negative integer: -{value}, number limit overflow"
        raise refusal(Issue(message, position=position))
    return constant(type, -value, is_literal=True)


def _string(value: bytes, suffix: str, position: Position) -> Expr:
    if suffix in ("", "s"):
        return constant(STRING, value, is_literal=True)
    if suffix == "y":
        if not is_yson(value.decode(errors="surrogateescape")):
            raise unsupported("this Yson literal", position)
        return constant(YSON, value, is_literal=True)
    if suffix in ("u", "j"):
        try:
            written = value.decode()
        except UnicodeDecodeError:
            raise refusal(Issue("Invalid UTF8 sequence", position=position)) from None
        if suffix == "j" and not is_json(written):
            raise refusal(Issue(f'Bad atom format for type: Json, value: "{written}"', position=position))
        return constant(UTF8 if suffix == "u" else JSON, written, is_literal=True)
    raise unsupported(f"string literals with the suffix {suffix}", position)


def _bind(name: str, scope: Scope, position: Position) -> Expr:
    bound = scope.context.binds.get(name)
    if bound is None:
        raise refusal(Issue(f"Unknown name: ${name}", position=position))
    return _scalar(bound, scope, position) if isinstance(bound, Relation) else bound


def _member(of: syntax.Expression, name: str, scope: Scope, position: Position) -> Expr:
    if isinstance(of, syntax.Name) and scope.is_source(of.name):
        return scope.column(of.name, name, position)
    whole = check(of, scope)
    structure = strip(whole.type)
    if isinstance(structure, Struct):
        names = [field for field, _ in structure.fields]
        if name not in names:
            raise member_not_found(name, names, position)
        index = names.index(name)
        return lift(whole, structure.fields[index][1], operator.itemgetter(index))
    if isinstance(structure, Tuple) and name.isdigit() and int(name) < len(structure.items):
        return lift(whole, structure.items[int(name)], operator.itemgetter(int(name)))
    raise refusal(Issue(f"Expected struct or tuple type, but got: {whole.type}", position=position))


def _scalar(relation: Relation, scope: Scope, position: Position) -> Expr:
    """A query as one value: the only column of its first row, NULL without one.

    Source: yql/essentials/sql/v1/select.cpp (TSourceNode, TSubqueryRefNode).
    """
    if len(relation.columns) != 1:
        raise refusal(Issue("Source used in expression should contain one concrete column", position=position))
    value = _once(lambda: next(iter(relation.rows()), (None,))[0], scope)
    return Expr(optional(relation.columns[0][1]), lambda _: value())


def _subquery(query: syntax.Query, scope: Scope) -> Relation:
    from .queries import check_query  # queries are made of expressions, which hold queries

    return check_query(query, scope.context)


def _scalar_subquery(query: syntax.Query, scope: Scope, position: Position) -> Expr:
    return _scalar(_subquery(query, scope), scope, position)


# --- members and items ------------------------------------------------------------------------------------------


def _subscript(of: Expr, index: Expr, position: Position) -> Expr:
    """`list[i]`, `dict[key]`, `json[key]`: NULL where there is no such item."""
    whole = strip(of.type)
    if whole in (JSON, JSON_NODE, YSON):
        return yson.lookup(of, index, position)
    if isinstance(whole, List):
        place = convert(index, optional(UINT64)) if strip(index.type) in INTEGERS else None
        if place is None:
            raise refuse("Lookup", f"Cannot convert {index.type} to Uint64", position)  # a guess
        found = lift2(of, place, whole.item, lambda items, at: items[at] if at < len(items) else None)
        return Expr(optional(whole.item), found.evaluate)
    if isinstance(whole, Dict):
        key = convert(index, optional(whole.key))
        if key is None:
            raise refuse("Lookup", f"Can't lookup {index.type} in {whole}", position)  # a guess
        found = lift2(of, key, whole.value, lambda items, at: items.get(hashable(at), items.get(at)))
        return Expr(optional(whole.value), found.evaluate)
    raise refuse("SqlAccess", f"Expected (optional) list or dict type, but got: {of.type}", position)  # a guess


# --- conditions ------------------------------------------------------------------------------------------------


def _between(node: syntax.Between, scope: Scope) -> Expr:
    value, low, high = (check(part, scope) for part in (node.operand, node.low, node.high))

    def between(least: Expr, most: Expr) -> Expr:
        return logic(
            "AND", compare(">=", value, least, node.position), compare("<=", value, most, node.position), node.position
        )

    if not node.symmetric:
        return between(low, high)
    return logic("OR", between(low, high), between(high, low), node.position)


def _in(operand: Expr, collection: syntax.Expression, scope: Scope, position: Position) -> Expr:
    match collection:
        case syntax.Tuple(items):
            return among(operand, [check(item, scope) for item in items], position)
        case syntax.Subquery(query):
            return _in_query(operand, _subquery(query, scope), scope, position)
        case syntax.Bind(name) if isinstance(scope.context.binds.get(name), Relation):
            return _in_query(operand, scope.context.binds[name], scope, position)
    whole = check(collection, scope)
    inner = strip(whole.type)
    if isinstance(inner, Tuple):
        return among(operand, [_item(whole, place) for place in range(len(inner.items))], position)
    if isinstance(inner, Dict):
        return inside(operand, inner.key, _set_of(whole.evaluate), position)
    if isinstance(inner, List):
        return inside(operand, inner.item, _set_of(whole.evaluate), position)
    if whole.type == NULL:
        return constant(Optional(BOOL), None)
    if isinstance(collection, syntax.String):
        message = "Unable to use IN predicate with string argument, it won't search substring - "
        raise refusal(Issue(f"{message}expecting tuple, list, dict or single column table source", position=position))
    message = (
        f"Expecting tuple, list, dict or single column table source as second argument of IN, but got: {whole.type}"
    )
    raise refuse("SqlIn", message, position)


def _item(whole: Expr, place: int) -> Expr:
    item = strip(whole.type).items[place]
    return (
        lift(whole, item, operator.itemgetter(place))
        if is_optional(whole.type)
        else Expr(item, lambda row: whole.evaluate(row)[place])
    )


def _set_of(evaluate: Callable[[Record], Value]) -> Callable[[Record], frozenset | None]:
    """The values as a set, made anew only where they are others than for the row before."""
    made: list = [None, None]

    def collect(row: Record) -> frozenset | None:
        values = evaluate(row)
        if values is not made[0]:
            made[:] = values, None if values is None else frozenset(map(hashable, values))
        return made[1]

    return collect


def _in_query(operand: Expr, relation: Relation, scope: Scope, position: Position) -> Expr:
    if len(relation.columns) != 1:
        raise unsupported("IN with a query of several columns", position)
    values = _once(lambda: frozenset(hashable(value) for (value,) in relation.rows()), scope)
    return inside(operand, relation.columns[0][1], lambda row: values(), position)


def once(expression: Expr, context: Context) -> Expr:
    """A named expression that is no part of a row, computed once for every state of the database."""
    if isinstance(expression, Lambda) or expression.is_literal or context.transaction is None:
        return expression
    value = _once(lambda: expression.evaluate(()), Scope(context))
    return Expr(expression.type, lambda _: value())


def _once(compute: Callable[[], Value], scope: Scope) -> Callable[[], Value]:
    """What a query gives doesn't depend on the row: it is computed once for every state of the database."""
    known: list = [None, None]

    def value() -> Value:
        state = scope.context.transaction.state if scope.context.transaction is not None else None
        if state is None or known[0] is not state:
            known[:] = state, compute()
        return known[1]

    return value


def _exists(relation: Relation, scope: Scope) -> Expr:
    found = _once(lambda: next(iter(relation.rows()), None) is not None, scope)
    return Expr(BOOL, lambda _: found())


def _match(node: syntax.Like, scope: Scope) -> Expr:
    """`LIKE`, `ILIKE`, and `REGEXP`, `RLIKE`, `MATCH`, which find NULL not to match (Re2::Grep, Re2::Match)."""
    operand, pattern = check(node.operand, scope), check(node.pattern, scope)
    is_like = node.operator in ("LIKE", "ILIKE")
    if node.operator == "GLOB":
        raise unsupported("GLOB", node.position)
    for side in (operand, pattern):
        if strip(side.type) not in TEXTS | {NULL}:
            function = "Like" if is_like else "Apply"
            raise refuse(function, f"Expected string or utf8, but got: {side.type}", node.position)  # a guess
    if is_like:
        escape = _escape(node.escape, scope) if node.escape is not None else None
        is_case_blind = node.operator == "ILIKE"

        def matches(value: Value, written: Value) -> bool:
            return like_pattern(_text(written), is_case_blind, escape)(_text(value))

        return lift2(operand, pattern, BOOL, matches)
    if node.escape is not None:
        raise refusal(Issue(f"{node.operator} and ESCAPE can't be used together", position=node.position))  # a guess
    whole = node.operator == "MATCH"

    def evaluate(row: Record) -> Value:
        value, written = operand.evaluate(row), pattern.evaluate(row)
        if value is None or written is None:
            return False
        expression = regular_expression(_text(written), node.position)
        return (expression.fullmatch if whole else expression.search)(_text(value)) is not None

    return Expr(BOOL, evaluate)


def _text(value: str | bytes) -> str:
    return as_bytes(value).decode(errors="surrogateescape")


def _escape(node: syntax.Expression, scope: Scope) -> str:
    """Source of the texts: yql/essentials/sql/v1/sql_expression.cpp."""
    escape = check(node, scope)
    if not escape.is_literal or escape.type not in TEXTS:
        raise refusal(Issue("ESCAPE clause requires string literal argument", position=node.position))
    written = _text(escape.evaluate(()))
    if len(written) != 1:
        raise refusal(Issue("ESCAPE clause requires single character argument", position=node.position))
    if written in "%_":
        raise refusal(Issue("ESCAPE clause character can not be one of '%', '_'", position=node.position))
    return written


@functools.lru_cache(maxsize=256)
def like_pattern(template: str, is_case_blind: bool, escape: str | None = None) -> Callable[[str], bool]:
    """What tells whether a text matches a pattern of LIKE, in time that grows with the text's length."""
    flags = re.DOTALL | (re.IGNORECASE if is_case_blind else 0)
    quoted = re.escape(escape) if escape else None
    parts: list[list[str]] = [[]]
    for token in re.findall(rf"{quoted}.|." if quoted else ".", template, re.DOTALL):
        if token == "%":
            parts.append([])
        else:
            parts[-1].append("." if token == "_" else re.escape(token[-1]))
    expressions = [(len(part), re.compile("".join(part), flags)) for part in parts]
    if len(expressions) == 1:
        return lambda value: expressions[0][1].fullmatch(value) is not None
    first, *middle, last = expressions

    def matches(value: str) -> bool:
        at = first[0]
        if not first[1].match(value):
            return False
        for _, expression in middle:
            found = expression.search(value, at)
            if found is None:
                return False
            at = found.end()
        return len(value) - last[0] >= at and last[1].match(value, len(value) - last[0]) is not None

    return matches


_NOT_RE2 = re.compile(r"\\[1-9]|\(\?(?:[=!(]|<[=!])|\\[AZ]|[*+?}][+]|[*+}]\)+[*+{]")


@functools.lru_cache(maxsize=256)
def regular_expression(written: str, position: Position) -> re.Pattern:
    """A regular expression of RE2. What RE2 and Python read differently isn't supported."""
    try:
        if _NOT_RE2.search(written):
            raise unsupported("this regular expression", position)
        return re.compile(written, re.ASCII)
    except (re.error, RecursionError, OverflowError):
        raise unsupported("this regular expression", position) from None


def _case(node: syntax.Case, scope: Scope) -> Expr:
    """A chain of IFs. Source: yql/essentials/sql/v1/sql_expression.cpp; sql_ut_common.h (SelectCaseWithoutEnd)."""
    if node.otherwise is None:
        raise refusal(Issue("ELSE is required", position=node.position))
    conditions, results = [], []
    for when, then in node.branches:
        if node.operand is None:
            condition = check(when, scope)
            require_bool(condition, when.position, "If")
        else:
            condition = compare("=", check(node.operand, scope), check(when, scope), when.position)
        conditions.append(condition.evaluate)
        results.append(check(then, scope))
    results.append(check(node.otherwise, scope))
    parts = unified(results)
    if parts is None:
        raise refuse("If", f"Cannot infer common type for {results[0].type} and {results[-1].type}", node.position)
    *branches, otherwise = (part.evaluate for part in parts)

    def evaluate(row: Record) -> Value:
        for condition, branch in zip(conditions, branches, strict=True):
            if condition(row):
                return branch(row)
        return otherwise(row)

    return Expr(parts[0].type, evaluate)
