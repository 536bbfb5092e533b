"""From the parser's steps to the syntax tree: one method for each rule of the grammar, named after it.

There is no recursion, so a deep tree can't break it. Refusals raised here are those of YDB's translator that need
no catalog; source: yql/essentials/sql/v1 (sql_expression.cpp, sql_select.cpp, node.cpp).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, NamedTuple

from ..errors import Issue, Position, refusal, unsupported
from ..fixed import Fixed
from . import lexer
from . import syntax as s
from .lexer import Lexeme
from .tables import Rule

MAX_CHAIN = 200
"""How many operators of one level may follow each other, since they make a tree that is as deep."""


Step = tuple[Rule | None, int, int]
"""A rule that ended, or with None a token that was read: where its tokens start, and where the next ones do."""


class _Node(NamedTuple):
    """The tokens of a rule that ended: those in `lexemes` from `start` to before `end`."""

    lexemes: list[Lexeme]
    start: int
    end: int


class _Marked(Fixed):
    """A value that only some rules take as it is."""


class _Bracketed(_Marked):
    """An expression in parentheses of its own, which only IN and lambdas tell from the bare one."""

    inner: s.Expression


class _Qualified(_Marked):
    """`Module::Function`, which the emulator only knows as something to call."""

    name: str
    position: Position


class _TypeValue(_Marked):
    """A type written in an expression, which only an argument of a call may be."""

    type: s.TypeName


class _Items(Fixed):
    """What stands between parentheses: expressions with their names, and whether a comma ends them."""

    items: tuple[tuple[Any, str | None], ...]
    long: bool = False


class _Operand(Fixed):
    """An operand of a set operation in parentheses: its ORDER BY and LIMIT are its own."""

    query: s.Query


class _Any(Fixed):
    """A source after ANY, which only a join takes."""

    source: s.SingleSource
    position: Position


class _Named(_Marked):
    """Expressions with names in parentheses, which only ORDER BY and GROUP BY tell from others."""

    items: tuple[tuple[Any, str | None], ...]
    position: Position


class _Question(_Marked):
    """`operand?`, which only a parameter of a lambda may be; `signs` counts the question marks."""

    operand: s.Expression
    signs: int
    position: Position


class _Parameters(_Marked):
    """What stands in parentheses with such a parameter in it."""

    items: tuple[Any, ...]
    position: Position


class _Arguments(Fixed):
    positional: tuple[Any, ...] = ()
    named: tuple[tuple[str, s.Expression], ...] = ()
    distinct: bool = False
    star: bool = False


_KEEPS_BRACKETS = {"in_", "not_in", "function", "group_item"}
_KEEPS_NAMES = {"group_item", "order_item", "order_descending"}
_KEEPS_QUESTIONS = {"named_expression", "tuple", "long_tuple", "function"}
_KEEPS_TYPES = {"named_expression", "arguments"}


# Comments, with what is in those that hold hints; and the hints there, closed or with the comment's end.
_COMMENT = re.compile(r"/\*\+(.*?)\*/|--\+([^\r\n]*)|/\*.*?\*/|--[^\r\n]*", re.DOTALL)
_HINT = re.compile(
    r"(?:^|\s)[^A-Za-z\s]*([A-Za-z][A-Za-z0-9]*)\((?>\s|'(?:[^']|'')*+(?:'|\Z)|[^\s')][^\s)]*+)*+(\)|\Z)",
    re.ASCII,
)
_STRATEGIES = ("merge", "streamlookup", "map", "grace")
_MAX_CUBE = 5
_SIDES = ("PRECEDING", "CURRENT ROW", "FOLLOWING")


def build(steps: list[Step], lexemes: list[Lexeme], text: str) -> s.Script:
    """The syntax tree of a parsed text. Raises YdbError for what YDB's translator or the emulator refuses."""
    builder = _Builder(text)
    values: list[Any] = []
    for rule, start, end in steps:
        if rule is None:
            values.append(lexemes[start])
            continue
        first = len(values) - rule.size
        children = _children(rule, values[first:])
        del values[first:]
        if rule.is_list:
            values.append(children)
        elif rule.transparent and len(children) == 1:
            values.append(children[0])
        else:
            name = rule.name
            children = [_plain(name, child) if isinstance(child, _Marked) else child for child in children]
            values.append(getattr(builder, name)(_Node(lexemes, start, end), *children))
    return values.pop()


def _children(rule: Rule, symbols: list[Any]) -> list[Any]:
    children: list[Any] = []
    for place, is_list in rule.kept:
        if not is_list:
            children.append(symbols[place])
        elif children:
            children += symbols[place]
        else:
            children = symbols[place]  # not copied, since a long list grows by one at a time
    return children


def _plain(rule: str, value: Any) -> Any:
    if isinstance(value, _Bracketed) and rule not in _KEEPS_BRACKETS:
        value = value.inner
    if isinstance(value, _TypeValue) and rule not in _KEEPS_TYPES:
        raise unsupported("a type in an expression", value.type.position)
    if isinstance(value, _Named) and rule not in _KEEPS_NAMES:
        raise unsupported("names in parentheses", value.position)
    if isinstance(value, _Question | _Parameters) and rule not in _KEEPS_QUESTIONS:
        raise refusal(Issue("Unexpected token '?' at the end of expression", position=value.position))
    if isinstance(value, _Qualified) and rule != "call":
        raise unsupported("functions as values", value.position)
    return value


def _at(node: _Node) -> Position:
    return node.lexemes[node.start].position


def _name(token: Lexeme) -> str:
    if token.kind == "STRING":
        raise lexer.refuse("String literal can not be used here", token.position)
    return lexer.name(token.text, token.position)


def _names(tokens: tuple[Lexeme, ...]) -> tuple[str, ...]:
    return tuple(map(_name, tokens))


def _words(tokens: tuple[Lexeme, ...]) -> str:
    return " ".join(token.text.upper() for token in tokens)


def _check_chain(length: int, position: Position) -> None:
    if length > MAX_CHAIN:
        raise unsupported(f"more than {MAX_CHAIN} operators in a row", position)


def _check_spine(node: Any, attribute: str) -> None:
    """Refuse a node that is too deep to the left."""
    length, inner = 0, node
    while inner is not None and length <= MAX_CHAIN:
        length, inner = length + 1, getattr(inner, attribute, None)
    _check_chain(length, node.position)


def _balanced(operator: str, operands: tuple[s.Expression, ...]) -> s.Expression:
    """Operands of an associative operator as a tree of little depth, as YDB makes it."""
    if len(operands) == 1:
        return operands[0]
    middle = len(operands) // 2 if len(operands) > 3 else len(operands) - 1
    return s.Binary(
        operator,
        _balanced(operator, operands[:middle]),
        _balanced(operator, operands[middle:]),
        position=operands[0].position,
    )


def _query(query: s.Query | _Operand) -> s.Query:
    """A whole query: ORDER BY and LIMIT after the last operand of set operations move up to them all."""
    if isinstance(query, _Operand):
        return query.query
    if not isinstance(query, s.SetOperation):
        return query
    _check_operands(query)
    whole, order_by, limit, offset = _take_order(query)
    return replace(whole, order_by=order_by, limit=limit, offset=offset)


def _check_operands(query: s.SetOperation) -> None:
    """Refuse ORDER BY and LIMIT of any operand but the last, unless it is in parentheses."""
    todo: list[Any] = [query.left]
    last = query.right
    while isinstance(last, s.SetOperation):
        todo.append(last.left)
        last = last.right
    while todo:
        operand = todo.pop()
        if isinstance(operand, s.SetOperation):
            todo += [operand.left, operand.right]
        elif isinstance(operand, s.Select):
            for what, first in (
                ("ORDER BY", next(iter(operand.order_by), None)),
                ("INTO RESULT", operand.label),
                ("LIMIT", operand.limit),
            ):
                if first is not None:
                    raise lexer.refuse(f"{what} within UNION ALL is only allowed after last subquery", first.position)


def _take_order(query: Any) -> tuple[Any, tuple[s.OrderItem, ...], s.Expression | None, s.Expression | None]:
    """The query without the ORDER BY, LIMIT and OFFSET of its last operand, and these."""
    if isinstance(query, _Operand):
        return query.query, (), None, None
    if isinstance(query, s.Select):
        return replace(query, order_by=(), limit=None, offset=None), query.order_by, query.limit, query.offset
    right, *order = _take_order(query.right)
    return replace(query, left=_bare(query.left), right=right), *order


def _bare(query: Any) -> s.Query:
    """A left operand without the marks of its parentheses."""
    chain = []
    while isinstance(query, s.SetOperation):
        chain.append(query)
        query = query.left
    bare = query.query if isinstance(query, _Operand) else query
    for operation in reversed(chain):
        bare = replace(operation, left=bare, right=_bare(operation.right))
    return bare


class _Builder:
    """Each method takes the node of its rule and the values of its children, and returns the rule's own value.

    `text` is what was parsed, of which a view keeps its part.
    """

    def __init__(self, text: str):
        self._text = text

    # --- statements --------------------------------------------------------------------------------------------

    def start(self, node, *statements):
        return s.Script(statements)

    def body(self, node, *statements):
        return statements

    def commit(self, node):
        return s.Commit(position=_at(node))

    def rollback(self, node):
        return s.Rollback(position=_at(node))

    def use(self, node, cluster):
        return s.Use(_name(cluster), position=cluster.position)

    def select_statement(self, node, query):
        return s.SelectStatement(_query(query), position=_at(node))

    def unread(self, node, *words):
        return s.Unsupported(_words(words[:-1]), position=_at(node))

    def pragma(self, node, name, *values):
        return s.Pragma(name, values, position=_at(node))

    def pragma_name(self, node, *parts):
        return ".".join(_names(parts))

    def negative(self, node, number):
        return s.Unary("-", number, position=_at(node))

    def positive(self, node, number):
        return s.Unary("+", number, position=_at(node))

    def declare(self, node, bind, type, default=None):
        return s.Declare(bind.name, type, default, position=_at(node))

    def named(self, node, *parts):
        *binds, value = parts
        if isinstance(value, s.Select | s.SetOperation | _Operand):
            value = s.Subquery(_query(value), position=value.position)
        return s.NamedExpression(tuple(bind.name for bind in binds), value, position=_at(node))

    def do(self, node, statements):
        return s.Do(statements, position=_at(node))

    def do_action(self, node, action, *arguments):
        return s.Do(None, action.name, tuple(_plain("", argument) for argument in arguments), position=_at(node))

    def do_nothing(self, node):
        return s.Do((), position=_at(node))

    def define_action(self, node, name, *parts):
        *parameters, body = parts
        optional = [is_optional for _, is_optional in parameters]
        if optional != sorted(optional):
            # Source: yql/essentials/sql/v1/sql_ut_common.h (IncorrectOrderOfActionOptionalArgs).
            message = "Non-optional argument can not follow optional one"
            raise refusal(Issue(message, position=_at(node)))
        names = tuple(name for name, _ in parameters)
        return s.DefineAction(name.name, names, sum(optional), body, position=_at(node))

    def action_parameter(self, node, bind, *questions):
        if len(questions) > 1:
            raise unsupported("several question marks", _at(node))
        return bind.name, bool(questions)

    def evaluate_if(self, node, condition, then, otherwise=None):
        return s.EvaluateIf(_plain("", condition), then, otherwise, position=_at(node))

    def evaluate_for(self, node, bind, items, each, otherwise=None):
        return s.EvaluateFor(bind.name, _plain("", items), each, otherwise, position=_at(node))

    def bind(self, node, name):
        if not (name := _name(name)):
            raise lexer.refuse("Empty symbol name is not allowed", _at(node))
        return s.Bind(name, position=_at(node))

    # --- data --------------------------------------------------------------------------------------------------

    def insert(self, node, kind, table, source, returning):
        table, truncate = table
        return s.Insert(kind, table, *source, returning, truncate, position=_at(node))

    def into_table(self, node, table):
        return table, False

    def truncated(self, node, table):
        return table, True

    named_table = into_table

    def insert_plain(self, node):
        return "INSERT"

    def insert_or_abort(self, node):
        return "INSERT OR ABORT"

    def insert_or_revert(self, node):
        return "INSERT OR REVERT"

    def insert_or_ignore(self, node):
        return "INSERT OR IGNORE"

    def upsert(self, node):
        return "UPSERT"

    def replace(self, node):
        return "REPLACE"

    def insert_source(self, node, query):
        return None, _query(query)

    def insert_columns(self, node, *parts):
        *columns, query = parts
        return _names(tuple(columns)), _query(query)

    def default_values(self, node):
        return None, None

    def returning(self, node, *columns):
        return s.Returning(_names(columns), position=_at(node)) if columns else None

    def returning_all(self, node):
        return s.Returning(position=_at(node))

    def update(self, node, table, *parts, batch=False):
        *assignments, where, returning = parts
        return s.Update(table, tuple(assignments), where, returning, batch, position=_at(node))

    def batch_update(self, node, *parts):
        return self.update(node, *parts, batch=True)

    def update_on(self, node, table, source, returning):
        if source[1] is None:
            raise unsupported("UPDATE ON DEFAULT VALUES", _at(node))
        return s.UpdateOn(table, *source, returning, position=_at(node))

    def assignment(self, node, column, value):
        return _name(column), value

    def delete(self, node, table, where, returning, batch=False):
        return s.Delete(table, where, returning, batch, position=_at(node))

    def batch_delete(self, node, *parts):
        return self.delete(node, *parts, batch=True)

    def delete_on(self, node, table, source, returning):
        if source[1] is None:
            raise unsupported("DELETE ON DEFAULT VALUES", _at(node))
        return s.DeleteOn(table, *source, returning, position=_at(node))

    # --- queries -----------------------------------------------------------------------------------------------

    def set_operation(self, node, left, operator, right):
        name, said = operator
        operation = s.SetOperation(
            name,
            said == "ALL",
            _as_operand(left),
            _as_operand(right),
            says_distinct=said == "DISTINCT",
            position=_at(node),
        )
        _check_spine(operation, "left")
        return operation

    def union_operator(self, node, *words):
        return words[0].text.upper(), _words(words[1:])

    intersect_operator = union_operator

    def parenthesised(self, node, select):
        return _Operand(select)

    def select(
        self, node, discard, distinct, projections, without, source, where, group_by, having, window, order_by, label,
        limit,
    ):  # fmt: skip
        if discard and label is not None:
            raise refusal(Issue("DISCARD and INTO RESULT cannot be used at the same time", position=label.position))
        return s.Select(
            projections, source, where, group_by, having, order_by, *limit, distinct == "DISTINCT", without, discard,
            window, label, position=_at(node),
        )  # fmt: skip

    def select_after_from(self, node, discard, source, distinct, projections, without, another, *clauses):
        if another is not None:
            raise refusal(Issue("Only one FROM clause is allowed", position=another.position))
        return self.select(node, discard, distinct, projections, without, self.from_(node, source), *clauses)

    def result(self, node, *names):
        return s.Name(_name(names[0]), position=_at(node)) if names else None

    def window_definition(self, node, name, window):
        return _name(name), window

    def discard(self, node, *words):
        return bool(words)

    def quantifier(self, node, *words):
        return _words(words)

    def projections(self, node, *items):
        return tuple(
            item if isinstance(item, s.Projection | s.Star) else s.Projection(item, position=item.position)
            for item in items
        )

    def projection(self, node, expression, alias):
        return s.Projection(expression, _name(alias), position=_at(node))

    def star(self, node, source=None, dot=None):
        return s.Star(_name(source) if source is not None else None, position=_at(node))

    def without(self, node, *names):
        return _names(names)

    def _only(self, node, value=None):
        return value

    where = having = inherits = tablestore = else_ = _only

    def from_(self, node, source=None):
        if isinstance(source, _Any):
            raise refusal(Issue("ANY is not allowed without JOIN", position=source.position))
        return source

    def as_select(self, node, query=None):
        return query and _query(query)

    def _all(self, node, *values):
        return values

    order_by = row = table_settings = index_settings = consumers = partition_by = window = _all

    def group_by(self, node, *items):
        return tuple(item for part in items for item in part)

    def group_distinct(self, node, *items):
        raise refusal(Issue("DISTINCT is not supported in GROUP BY clause yet!", position=_at(node)))

    def _elements(self, node, kind, arguments):
        """The keys of ROLLUP and CUBE. Source: sql_group_by.cpp; sql_ut_common.h (RollupByExprWithoutAlias)."""
        elements = [self._group_element(value, name) for value, name in arguments]
        for element in elements:
            self._require_names(kind, element)
        return elements

    def _require_names(self, kind, element):
        for item in element:
            if item.alias is None and not isinstance(item.expression, s.Name | s.Member):
                message = f"Unnamed expressions are not supported in {kind}. Please use '<expr> AS <name>'."
                raise refusal(Issue(message, position=item.position))

    def rollup(self, node, *arguments):
        elements = self._elements(node, "ROLLUP", arguments)
        sets = [sum(elements[:count], ()) for count in range(len(elements), -1, -1)]
        return (s.GroupSets(tuple(sets), position=_at(node)),)

    def cube(self, node, *arguments):
        elements = self._elements(node, "CUBE", arguments)
        if len(elements) > _MAX_CUBE:
            message = f"GROUP BY CUBE is allowed only for {_MAX_CUBE} columns, but you use {len(elements)}"
            raise refusal(Issue(message, position=_at(node)))
        sets = [
            sum((element for place, element in enumerate(reversed(elements)) if mask >> place & 1), ())
            for mask in range((1 << len(elements)) - 1, -1, -1)
        ]
        return (s.GroupSets(tuple(sets), position=_at(node)),)

    def grouping_sets(self, node, *items):
        sets = []
        for element in items:
            nested = [part for part in element if isinstance(part, s.GroupSets)]
            self._require_names("GROUPING SETS", [part for part in element if isinstance(part, s.GroupItem)])
            for found in nested[0].sets if nested else (element,):
                if found or () not in sets:
                    sets.append(found)
        return (s.GroupSets(tuple(sets), position=_at(node)),)

    def group_item(self, node, expression, alias=None):
        """Source of the text: sql_ut_common.h (ErrGroupBySmartParenAsTuple)."""
        if alias is None and isinstance(expression, s.Tuple) and expression.items:
            comma = node.lexemes[node.end - 2]
            if comma.kind == ",":
                raise refusal(Issue("Unexpected trailing comma in grouping elements list", position=comma.position))
        return self._group_element(expression, None if alias is None else _name(alias))

    def _group_element(self, expression, alias):
        """What one element stands for: in parentheses there may be several keys, or none."""
        if isinstance(expression, _Bracketed):
            expression = expression.inner
        if alias is None and isinstance(expression, _Named):
            return tuple(s.GroupItem(_plain("", part), name, position=part.position) for part, name in expression.items)
        if alias is None and isinstance(expression, s.Tuple):
            return tuple(s.GroupItem(part, position=part.position) for part in expression.items)
        return (s.GroupItem(_plain("", expression), alias, position=expression.position),)

    def order_item(self, node, expression, descending=False):
        if isinstance(expression, _Named):
            message = "You should use in ORDER BY column name, qualified field, callable function or expression"
            raise refusal(Issue(message, position=expression.position))
        return s.OrderItem(_plain("", expression), descending, position=_at(node))

    def order_descending(self, node, expression):
        return self.order_item(node, expression, descending=True)

    def limit(self, node, limit=None, offset=None):
        return limit, offset

    def limit_after(self, node, offset, limit):
        return limit, offset

    def values(self, node, *rows):
        return s.Values(rows, position=_at(node))

    def any_source(self, node, source):
        return _Any(source, _at(node))

    def comma(self, node):
        self._check_hints(node.lexemes, node.end - 1)

    def cross(self, node, left, _, right):
        return self._join(node, ",", left, right)

    def natural_join(self, node, left, kind, right):
        raise refusal(Issue("Natural join is not implemented yet", position=left.position))

    def join(self, node, left, kind, right, constraint=None):
        if (kind == "CROSS") != (constraint is None):  # yql/essentials/sql/v1/sql_select.cpp
            wrong = "Cross join should not have" if kind == "CROSS" else "Expected"
            raise refusal(Issue(f"{wrong} ON or USING expression", position=_at(node)))
        using = constraint if isinstance(constraint, tuple) else None
        return self._join(node, kind, left, right, constraint if using is None else None, using)

    def _join(self, node, kind, *parts):
        left, right, *rest = parts
        anys = [side.position if isinstance(side, _Any) else None for side in (left, right)]
        if kind in ("CROSS", ",") and any(anys):
            raise refusal(Issue("ANY should not be used with Cross JOIN", position=anys[0] or anys[1]))
        left, right = (side.source if isinstance(side, _Any) else side for side in (left, right))
        condition, using = rest or (None, None)
        join = s.Join(kind, left, right, condition, using, *anys, position=_at(node))
        _check_spine(join, "left")
        return join

    def join_kind(self, node, *words):
        kind = _words(words)
        if kind.endswith("OUTER") and kind.removesuffix(" OUTER") not in ("LEFT", "RIGHT", "FULL"):
            message = (
                f"Invalid join type: {kind} JOIN. OUTER keyword is optional and can only be used after LEFT, RIGHT "
            )
            raise refusal(Issue(f"{message}or FULL", position=words[-1].position))
        self._check_hints(node.lexemes, node.end)
        return kind.removesuffix(" OUTER") or "INNER"

    def _check_hints(self, lexemes, at):
        """Refuse strategies that repeat or contradict each other in the comments after the token that joins.

        Source: yql/essentials/sql/v1/sql_select.cpp (CollectJoinLinkSettings), and for what a hint is,
        yql/essentials/parser/lexer_common/parse_hints_impl.cpp.
        """
        chosen = ""
        for long, short in _COMMENT.findall(self._text[lexemes[at].end : lexemes[at + 1].start]):
            for hint in [name.lower() for name, end in _HINT.findall(long or short) if end]:
                if chosen and hint == "compact":  # older lines take it for a strategy that they don't know
                    raise unsupported(f"the hint compact after {chosen}", lexemes[at].position)
                if chosen:
                    message = "Duplicate join strategy hint" if hint == chosen else "Conflicting join strategy hints"
                    raise lexer.refuse(message, lexemes[at].position)
                if hint in _STRATEGIES:
                    chosen = hint

    def using(self, node, *names):
        return _names(names)

    def source(self, node, source, alias):
        name, columns = alias
        if not columns:
            return replace(source, alias=name)
        if not isinstance(source, s.ValuesSource):
            raise refusal(Issue("Derived column list is only supported for VALUES", position=_at(node)))
        return replace(source, alias=name, columns=columns)

    def changed_source(self, node, source, alias, change):
        return change(self.source(node, source, alias))

    def flatten_by(self, node, kind, *items):
        items = tuple((_plain("", value), name) for value, name in items)
        return lambda source: s.FlattenSource(source, kind, items, position=_at(node))

    def flatten_columns(self, node):
        return lambda source: s.FlattenSource(source, "COLUMNS", position=_at(node))

    def flatten_kind(self, node, *words):
        return _words(words)

    sampling = flatten_kind

    def flatten_item(self, node, column, alias=None):
        return column, None if alias is None else _name(alias)

    def flatten_column(self, node, *parts):
        *source, name = (s.Name(_name(part), position=part.position) for part in parts)
        return s.Member(source[0], name.name, position=source[0].position) if source else name

    def sample(self, node, *parts):
        if len(parts) == 1:
            return lambda source: s.SampledSource(source, parts[0], position=_at(node))
        _, rate, *seed = parts
        return lambda source: s.SampledSource(source, rate, 100, *seed, position=_at(node))

    def source_alias(self, node, *names):
        name, *columns = names or (None,)
        return name if name is None else _name(name), _names(tuple(columns))

    def table_source(self, node, table, index=None):
        return s.TableSource(table, index, position=_at(node))

    def view(self, node, name):
        return _name(name)

    def bind_source(self, node, bind):
        return s.BindSource(bind, position=_at(node))

    def function_source(self, node, name, *arguments):
        if name.text.upper() != "AS_TABLE" or len(arguments) != 1 or arguments[0][1] is not None:
            return s.FunctionSource(name.text, len(arguments), position=_at(node))
        return s.BindSource(_plain("", arguments[0][0]), as_table=True, position=_at(node))

    def subquery_source(self, node, query):
        return s.SubquerySource(_query(query), position=_at(node))

    def values_source(self, node, values):
        return s.ValuesSource(values, position=_at(node))

    def table_path(self, node, *parts):
        *cluster, name = _names(parts)
        return s.Path(name, *cluster, position=_at(node))

    object = table_path

    def table(self, node, path):
        return path

    # --- expressions -------------------------------------------------------------------------------------------

    def or_expression(self, node, *operands):
        return _balanced("OR", operands)

    def and_expression(self, node, *operands):
        return _balanced("AND", operands)

    def xor_expression(self, node, first, *rest):
        return self.binary(node, first, *(part for operand in rest for part in ("XOR", operand)))

    def binary(self, node, left, *rest):
        _check_chain(len(rest) // 2, _at(node))
        for operator, right in zip(rest[::2], rest[1::2], strict=True):
            left = s.Binary(operator, left, right, position=left.position)
        return left

    comparison = bits = sum = product = concatenation = binary

    def _operator(self, node, sign):
        return "".join(lexeme.text.upper() for lexeme in node.lexemes[node.start : node.end])  # `>>` is two tokens

    comparison_operator = bits_operator = sum_operator = product_operator = concatenation_operator = _operator
    unary_operator = match_operator = _operator

    def is_null(self, node, operand, negated=False):
        return s.IsNull(operand, negated, position=_at(node))

    def is_not_null(self, node, operand):
        return self.is_null(node, operand, negated=True)

    def in_(self, node, operand, collection, negated=False):
        operand = _plain("", operand)
        if isinstance(collection, _Bracketed):
            if isinstance(collection.inner, s.Subquery):
                raise unsupported("a query in two pairs of parentheses after IN", _at(node))
            collection = s.Tuple((collection.inner,), position=collection.inner.position)
        if isinstance(collection, s.Exists):
            # Here EXISTS can be the name of a module alone.
            bracket = Position(collection.position.row, collection.position.column - 1)
            raise lexer.refuse("mismatched input '(' expecting '::'", bracket)
        return s.In(operand, collection, negated, position=_at(node))

    def not_in(self, node, operand, collection):
        return self.in_(node, operand, collection, negated=True)

    def like(self, node, operand, operator, pattern, escape=None, negated=False):
        return s.Like(operator, operand, pattern, escape, negated, position=_at(node))

    def not_like(self, node, *parts):
        return self.like(node, *parts, negated=True)

    def between(self, node, operand, symmetric, low, high, negated=False):
        return s.Between(operand, low, high, negated, symmetric, position=_at(node))

    def not_between(self, node, *parts):
        return self.between(node, *parts, negated=True)

    def symmetry(self, node, *words):
        return _words(words) == "SYMMETRIC"

    def equality(self, node, left, operator, right, *more):
        if more:
            raise unsupported("chains of equality operators", _at(node))
        if operator.startswith("IS"):
            return s.IsDistinctFrom(left, right, "NOT" in operator, position=_at(node))
        return s.Binary(operator, left, right, position=_at(node))

    def equality_operator(self, node, *words):
        return _words(words)

    def coalesce(self, node, left, sign, right):
        return s.Binary("??", left, right, position=_at(node))

    def optional_value(self, node, operand, *questions):
        if isinstance(operand, s.Name):
            return _TypeValue(self._optional(s.TypeName(operand.name, position=operand.position), len(questions)))
        return _Question(operand, len(questions), node.lexemes[node.end - len(questions)].position)

    def type_value(self, node, type, *questions):
        return _TypeValue(self._optional(type, len(questions)))

    def unary(self, node, operator, operand):
        return s.Unary(operator, operand, position=_at(node))

    def subscript(self, node, of, index):
        subscript = s.Subscript(of, index, position=_at(node))
        _check_spine(subscript, "of")
        return subscript

    def member(self, node, of, member):
        is_index = member.kind == "INTEGER"
        index, suffix = lexer.integer(member.text, member.position) if is_index else (0, "")
        if suffix:  # DIGITS, no INTEGER_VALUE: yql/essentials/sql/v1/SQLv1Antlr4.g.in
            raise lexer.refuse(f"mismatched input '{member.text}'", member.position)
        name = str(index) if is_index else _name(member)
        member = s.Member(of, name, position=_at(node))
        _check_spine(member, "of")
        return member

    def call(self, node, function, arguments, over=None):
        if isinstance(function, s.Name | _Qualified):
            return s.Call(
                function.name, arguments.positional, arguments.named, arguments.distinct, arguments.star,
                _name(over) if isinstance(over, Lexeme) else over,
                position=_at(node),
            )  # fmt: skip
        if arguments.distinct:
            raise refusal(Issue("DISTINCT can only be used in aggregation functions", position=_at(node)))
        if over or arguments.named or arguments.star:
            raise unsupported("such arguments of a called value", _at(node))
        invoke = s.Invoke(function, tuple(_plain("", a) for a in arguments.positional), position=_at(node))
        _check_spine(invoke, "function")
        return invoke

    def call_of_nulls(self, node, function, arguments, nulls, over=None):
        call = self.call(node, function, arguments, over)
        return replace(call, ignore_nulls=nulls == "IGNORE NULLS")

    def nulls(self, node, *words):
        return _words(words)

    def arguments(self, node, quantifier="", *arguments):
        named = tuple((name, _plain("", value)) for value, name in arguments if name is not None)
        positional = tuple(value for value, name in arguments if name is None)
        if any(name is not None for _, name in arguments[: len(positional)]):
            raise unsupported("unnamed arguments after named ones", _at(node))
        positional = tuple(value.type if isinstance(value, _TypeValue) else value for value in positional)
        return _Arguments(positional, named, quantifier == "DISTINCT")

    def all_rows(self, node):
        return _Arguments(star=True)

    def named_expression(self, node, expression, name=None):
        return expression, None if name is None else _name(name)

    def window_specification(self, node, partition_by, order_by, frame):
        partition = tuple((_plain("", expression), name) for expression, name in partition_by)
        return s.Window(partition, order_by, frame, position=_at(node))

    def window_of_window(self, node, name, *clauses):
        message = "Existing window name is not supported in window specification yet!"
        raise refusal(Issue(message, position=name.position))

    def frame(self, node, unit=None, *parts):
        """A frame with its order checked. Source of the texts: sql_translation.cpp (IsValidFrameSettings)."""
        if unit is None:
            return None
        *bounds, exclusion = parts
        begin, end = (
            bounds if len(bounds) > 1 else (bounds[0], s.FrameBound("CURRENT ROW", position=bounds[0].position))
        )

        def shown(bound):
            is_unbounded = bound.offset is None and bound.side != "CURRENT ROW"
            return f"UNBOUNDED {bound.side}" if is_unbounded else bound.side

        message = ""
        if shown(begin) == "UNBOUNDED FOLLOWING":
            message, at = f"Frame cannot start from {shown(begin)}", begin.position
        elif shown(end) == "UNBOUNDED PRECEDING":
            message, at = f"Frame cannot end with {shown(end)}", end.position
        elif _SIDES.index(begin.side) > _SIDES.index(end.side):
            message, at = f"Frame cannot start from {shown(begin)} and end with {shown(end)}", begin.position
        if message:
            raise refusal(Issue(message, position=at))
        if exclusion not in ("", "EXCLUDE NO OTHERS"):
            raise refusal(Issue("Frame exclusion is not supported yet", position=_at(node)))
        return s.Frame(unit, begin, end, position=_at(node))

    def frame_unit(self, node, word):
        return word.text.upper()

    def frame_bound(self, node, offset, side):
        return s.FrameBound(side, offset, position=_at(node))

    def frame_unbounded(self, node, side):
        return s.FrameBound(side, position=_at(node))

    def frame_current(self, node):
        return s.FrameBound("CURRENT ROW", position=_at(node))

    def frame_side(self, node, word):
        return word.text.upper()

    def frame_exclusion(self, node, *words):
        return _words(words)

    def name(self, node, name):
        return s.Name(_name(name), position=_at(node))

    def qualified_name(self, node, module, function):
        return _Qualified(f"{_name(module)}::{_name(function)}", _at(node))

    def cast(self, node, operand, type):
        return s.Cast(operand, type, position=_at(node))

    def bitcast(self, node, operand, type):
        type = s.TypeName(_name(type), position=type.position)
        return s.Cast(operand, type, bitcast=True, position=_at(node))

    # --- JSON: the words are those of AddJsonValueCaseHandlers and JsonQueryExpr in sql_expression.cpp -------------

    def json_value(self, node, json, path, variables, returning, *handlers):
        at = _at(node)
        if len(handlers) > 2:
            raise lexer.refuse("Only 1 ON EMPTY and/or 1 ON ERROR clause is expected", at)
        events = [event for event, *_ in handlers]
        if len(events) > len(set(events)):
            raise lexer.refuse(f"Only 1 ON {events[0]} clause is expected", at)
        if events == ["ERROR", "EMPTY"]:
            raise lexer.refuse("ON EMPTY clause must be before ON ERROR clause", at)
        actions = {event: tuple(action) for event, *action in handlers}
        return s.JsonValue(
            json, self._json_path(path), variables, actions.get("ERROR"), actions.get("EMPTY"), returning, position=at
        )

    def json_exists(self, node, json, path, variables, mode):
        return s.JsonExists(json, self._json_path(path), variables, mode, position=_at(node))

    def json_query(self, node, json, path, variables, wrapper, *handlers):
        at = _at(node)
        events = [event for event, _ in handlers]
        if events not in ([], ["EMPTY"], ["ERROR"], ["EMPTY", "ERROR"]):
            raise unsupported("clauses of JSON_QUERY in this order", at)
        if "EMPTY" in events and wrapper != "WITHOUT":
            raise lexer.refuse("ON EMPTY is prohibited because WRAPPER clause is specified", at)
        actions = {event: (action, None) for event, action in handlers}
        return s.JsonQuery(
            json, self._json_path(path), variables, actions.get("ERROR"), actions.get("EMPTY"), wrapper, position=at
        )

    def _json_path(self, token):
        value, suffix = lexer.string(token.text, token.position)
        if suffix not in ("", "u"):
            raise unsupported("such a string as a JsonPath", token.position)
        return value.decode(errors="surrogateescape")

    def json_variables(self, node, *variables):
        return variables

    def json_variable(self, node, value, name):
        if name.kind == "STRING":
            return lexer.string(name.text, name.position)[0].decode(errors="replace"), value
        return _name(name), value

    def json_returning(self, node, type=None):
        return type

    def json_error(self, node, event):
        return event, "ERROR", None

    def json_null(self, node, event):
        return event, "DEFAULT", None

    def json_default(self, node, value, event):
        return event, "DEFAULT", value

    def json_event(self, node, word):
        return word.text.upper()

    def json_exists_mode(self, node, *words):
        return (words[0].text.upper(), None) if words else None

    def json_wrapper(self, node, *words):
        written = _words(words).split()
        return "CONDITIONAL" if "CONDITIONAL" in written else "WITH" if "WITH" in written else "WITHOUT"

    def json_query_handler(self, node, *words):
        *action, _, event = _words(words).split()
        return event, " ".join(action)

    def exists(self, node, query):
        return s.Exists(_query(query), position=_at(node))

    def simple_case(self, node, operand, *parts):
        *branches, otherwise = parts
        return s.Case(operand, tuple(branches), otherwise, position=_at(node))

    def case(self, node, *parts):
        return self.simple_case(node, None, *parts)

    def when(self, node, condition, value):
        return condition, value

    field = when

    def list(self, node, *items):
        return s.ListLiteral(items, position=_at(node))

    def dict(self, node, *entries):
        values = tuple(value for _, value in entries if value is not None)
        if values and len(values) < len(entries):
            raise unsupported("keys with and without values in one literal", _at(node))
        return s.DictLiteral(tuple(key for key, _ in entries), values or None, position=_at(node))

    def entry(self, node, key, value=None):
        return key, value

    def struct(self, node, *fields):
        return s.StructLiteral(tuple((self._field_name(key), value) for key, value in fields), position=_at(node))

    def _field_name(self, key):
        if isinstance(key, s.Name):
            return key.name
        if isinstance(key, s.String) and not key.suffix:
            return lexer.name_of(key.value, key.position)
        raise unsupported("a computed member name", key.position)

    def function(self, node, parameters, *parts):
        *definitions, body = parts
        optional = 0
        if isinstance(parameters, _Parameters):
            self._check_optional(parameters)
            optional = sum(isinstance(item, _Question) for item in parameters.items)
            parameters = [item.operand if isinstance(item, _Question) else item for item in parameters.items]
        else:
            single = isinstance(parameters, _Bracketed)
            parameters = (parameters.inner,) if single else getattr(parameters, "items", (None,))
        if not all(isinstance(parameter, s.Bind) for parameter in parameters):
            raise lexer.refuse(
                "Invalid lambda arguments syntax. Lambda arguments should start with '$' as named value.", _at(node)
            )
        names = tuple(parameter.name for parameter in parameters)
        return s.Lambda(names, _plain("", body), tuple(definitions), optional, position=_at(node))

    def _check_optional(self, parameters):
        """Source of the texts: sql_ut_common.h (IncorrectOrderOfLambdaOptionalArgs, LambdaOptArgs)."""
        for item in parameters.items:
            if isinstance(item, _Question) and item.signs > 1:
                message = "Expecting at most one '?' token here (for optional lambda parameters), but got"
                raise refusal(Issue(f"{message} {item.signs}", position=item.position))
        optional = [isinstance(item, _Question) for item in parameters.items]
        for before, after, item in zip(optional, optional[1:], parameters.items[1:], strict=False):
            if before and not after:
                message = "Non-optional argument can not follow optional one"
                raise refusal(Issue(message, position=item.position))

    def parenthesis(self, node, content):
        if not isinstance(content, _Items):
            return s.Subquery(_query(content), position=_at(node))
        if any(name is not None for _, name in content.items):
            return _Named(content.items, content.items[0][0].position)
        question = next((value for value, _ in content.items if isinstance(value, _Question)), None)
        if question is not None:
            return _Parameters(tuple(value for value, _ in content.items), question.position)
        values = tuple(_plain("", value) for value, _ in content.items)
        return s.Tuple(values, position=_at(node)) if content.long or len(values) > 1 else _Bracketed(values[0])

    def empty_tuple(self, node):
        return s.Tuple((), position=_at(node))

    def tuple(self, node, *items):
        return _Items(items)

    def long_tuple(self, node, *items):
        return _Items(items, long=True)

    def integer(self, node, token):
        at = _at(node)
        return s.Integer(*lexer.integer(token.text, at), position=at)

    def real(self, node, token):
        at = _at(node)
        return s.Real(*lexer.real(token.text, at), position=at)

    def string(self, node, token):
        at = _at(node)
        return s.String(*lexer.string(token.text, at), position=at)

    def bool(self, node, token):
        return s.Bool(token.text.upper() == "TRUE", position=_at(node))

    def null(self, node):
        return s.Null(position=_at(node))

    def dated(self, node, token):
        if token.text.upper() == "EMPTY_ACTION":
            raise unsupported("EMPTY_ACTION", _at(node))
        raise unsupported(f"the literal {token.text}", _at(node))  # which YDB refuses

    # --- types -------------------------------------------------------------------------------------------------

    def _optional(self, type, questions):
        for _ in range(questions):
            type = s.TypeName("Optional", (type,), position=type.position)
        return type

    def question(self, node, sign):
        return sign

    def type(self, node, type, *questions):
        return self._optional(type, len(questions))

    def simple_type(self, node, name):
        return s.TypeName(_name(name), position=_at(node))

    def decimal(self, node, *arguments):
        values = [lexer.integer(argument.text, argument.position) for argument in arguments]
        if any(suffix for _, suffix in values):
            raise unsupported("suffixes in Decimal", _at(node))
        return s.TypeName("Decimal", tuple(value for value, _ in values), position=_at(node))

    def optional_type(self, node, *arguments):
        return s.TypeName("Optional", arguments, position=_at(node))

    def list_type(self, node, *arguments):
        return s.TypeName("List", arguments, position=_at(node))

    def set_type(self, node, *arguments):
        return s.TypeName("Set", arguments, position=_at(node))

    def dict_type(self, node, *arguments):
        return s.TypeName("Dict", arguments, position=_at(node))

    def tuple_type(self, node, *arguments):
        return s.TypeName("Tuple", arguments, position=_at(node))

    def variant_type(self, node, *arguments):
        return s.TypeName("Variant", arguments, position=_at(node))

    def struct_member(self, node, name, type):
        if name.kind != "STRING":
            return _name(name), type
        content, suffix = lexer.string(name.text, name.position)
        if suffix:
            raise unsupported(f"the member {name.text} of a type", name.position)
        return lexer.name_of(content, name.position), type

    def struct_type(self, node, *members):
        return s.TypeName(
            "Struct", tuple(type for _, type in members), tuple(name for name, _ in members), position=_at(node)
        )

    # --- tables ------------------------------------------------------------------------------------------------

    def create_table(self, node, kind, if_not_exists, table, *parts):
        *entries, _inherits, partition_by, settings, _tablestore, query = parts
        kind, temporary = kind
        return s.CreateTable(
            table, tuple(entries), kind, if_not_exists, temporary, partition_by, settings, query, position=_at(node)
        )

    def row_table(self, node):
        return "TABLE", False

    def table_store(self, node):
        return "TABLESTORE", False

    def external_table(self, node):
        return "EXTERNAL TABLE", False

    def replaced_table(self, node):
        return "OR REPLACE", False

    def temporary_table(self, node):
        return "TABLE", True

    def if_not_exists(self, node, *words):
        return bool(words)

    if_exists = if_not_exists

    def partition_by_hash(self, node, *columns):
        return _names(columns) or None

    def column(self, node, name, type=None, options=((), False)):
        return s.Column(_name(name), type, *options, position=_at(node))

    def column_options(self, node, *options):
        return options, bool(options) and node.lexemes[node.start].kind == "("

    def in_family(self, node, name):
        return s.InFamily(_name(name), position=_at(node))

    def nullable(self, node):
        return s.NotNull(nullable=True, position=_at(node))

    def not_null(self, node):
        return s.NotNull(position=_at(node))

    def default(self, node, value):
        return s.Default(value, position=_at(node))

    def compression(self, node, *settings):
        return s.Compression(settings, position=_at(node))

    def primary_key(self, node, *columns):
        return s.PrimaryKey(_names(columns), position=_at(node))

    def index(self, node, name, kind, *parts):
        *columns, cover, settings = parts
        kind, using = kind
        return s.Index(
            _name(name), _names(tuple(columns)), cover, "LOCAL" in kind, "UNIQUE" in kind, "ASYNC" in kind, using,
            settings, position=_at(node),
        )  # fmt: skip

    def index_type(self, node, *words):
        return _words(words).split()

    def index_kind(self, node, words, name=None):
        return words, None if name is None else _name(name)

    def index_cover(self, node, *columns):
        return _names(columns)

    def family(self, node, name, *settings):
        return s.Family(_name(name), settings, position=_at(node))

    def changefeed(self, node, name, *settings):
        return s.Changefeed(_name(name), settings, position=_at(node))

    def setting(self, node, name, value=None):
        return s.Setting(_name(name), value or s.Bool(True, position=_at(node)), position=_at(node))

    def plain_value(self, node, value):
        if isinstance(value, s.Null):
            return s.Name("NULL", position=value.position)
        if not self._is_setting(node, value):  # so that only a TTL begins so
            after = node.lexemes[node.end]
            raise lexer.refuse(
                f"mismatched input '{after.text or '<EOF>'}' expecting ON", Position(after.row, after.column)
            )
        brackets = sum(lexeme.kind == "(" for lexeme in node.lexemes[node.start : node.end])
        is_single = brackets == 1 and not isinstance(value, s.Tuple) or brackets == 2
        return s.Tuple((value,), position=value.position) if is_single else value

    def _is_setting(self, node, value):
        """Whether a value that isn't a TTL is one that WITH and SET take: a word, a literal, or split boundaries."""
        if node.lexemes[node.start].kind != "(":
            return isinstance(value, s.Name | s.String | s.Integer | s.Bool)
        kinds = (lexeme.kind for lexeme in node.lexemes[node.start : node.end])
        return _BOUNDARIES.fullmatch("".join("v" if kind in _LITERALS else kind for kind in kinds)) is not None

    def ttl(self, node, tiers, column, unit=None):
        all_tiers = tiers if isinstance(tiers, tuple) else (tiers,)
        return s.Ttl(all_tiers, _name(column), unit, position=_at(node))

    ttl_tiers = _all

    def tier(self, node, interval, external=None):
        return s.TtlTier(interval, None if external is None else _name(external), position=_at(node))

    def ttl_unit(self, node, word):
        return word.text.upper()

    def alter_row_table(self, node, table, *actions, kind="TABLE"):
        return s.AlterTable(table, actions, kind, position=_at(node))

    def alter_table_store(self, node, *parts):
        return self.alter_row_table(node, *parts, kind="TABLESTORE")

    def alter_external_table(self, node, *parts):
        return self.alter_row_table(node, *parts, kind="EXTERNAL TABLE")

    def add_column(self, node, column):
        return s.AddColumn(column, position=_at(node))

    def drop_column(self, node, name):
        return s.DropColumn(_name(name), position=_at(node))

    def set_not_null(self, node, column):
        return s.SetNotNull(_name(column), position=_at(node))

    def drop_not_null(self, node, column):
        return s.DropNotNull(_name(column), position=_at(node))

    def set_default(self, node, column, value):
        return s.SetDefault(_name(column), value, position=_at(node))

    def drop_default(self, node, column):
        return s.DropDefault(_name(column), position=_at(node))

    def set_family(self, node, column, family):
        return s.SetFamily(_name(column), _name(family), position=_at(node))

    def set_compression(self, node, column, compression):
        return s.SetCompression(_name(column), compression.settings, position=_at(node))

    def add_family(self, node, family):
        return s.AddFamily(family, position=_at(node))

    def alter_family(self, node, name, setting, value):
        setting = s.Setting(_name(setting), value, position=setting.position)
        return s.AlterFamily(_name(name), (setting,), position=_at(node))

    def set_settings(self, node, *settings):
        return s.SetSettings(settings, position=_at(node))

    def set_setting(self, node, name, value):
        return s.SetSettings((s.Setting(_name(name), value, position=name.position),), position=_at(node))

    def reset_settings(self, node, *names):
        return s.ResetSettings(_names(names), position=_at(node))

    def add_index(self, node, index):
        return s.AddIndex(index, position=_at(node))

    def drop_index(self, node, name):
        return s.DropIndex(_name(name), position=_at(node))

    def rename_index(self, node, name, new_name):
        return s.RenameIndex(_name(name), _name(new_name), position=_at(node))

    def alter_index(self, node, name, action):
        if isinstance(action, s.ResetSettings):
            return s.AlterIndex(_name(name), reset=action.names, position=_at(node))
        return s.AlterIndex(_name(name), action.settings, position=_at(node))

    def add_changefeed(self, node, changefeed):
        return s.AddChangefeed(changefeed, position=_at(node))

    def alter_changefeed(self, node, name, settings):
        return s.AlterChangefeed(_name(name), settings, position=_at(node))

    changefeed_change = _all

    def disabled(self, node):
        return None

    def drop_changefeed(self, node, name):
        return s.DropChangefeed(_name(name), position=_at(node))

    def rename_table(self, node, path):
        return s.RenameTable(path, position=_at(node))

    def drop_table(self, node, kind, if_exists, table):
        return s.DropTable(table, kind[0], if_exists, position=_at(node))

    def truncate_table(self, node, table):
        return s.TruncateTable(table, position=_at(node))

    # --- views, sequences, topics ------------------------------------------------------------------------------

    def create_view(self, node, if_not_exists, view, settings, query):
        return s.CreateView(view, settings, *query, if_not_exists, position=_at(node))

    def view_query(self, node, query):
        return _query(query), self._text[node.lexemes[node.start].start : node.lexemes[node.end - 1].end]

    view_settings = _all

    def drop_view(self, node, if_exists, view):
        return s.DropView(view, if_exists, position=_at(node))

    def alter_sequence(self, node, if_exists, sequence, *options):
        return s.AlterSequence(sequence, options, if_exists, position=_at(node))

    def _sequence_option(self, name, number):
        return name, None if number is None else lexer.integer(number.text, number.position)[0]

    def start_with(self, node, number):
        return self._sequence_option("START WITH", number)

    def restart(self, node, number=None):
        return self._sequence_option("RESTART", number)

    def increment_by(self, node, number):
        return self._sequence_option("INCREMENT BY", number)

    def show_create(self, node, kind, table):
        return s.ShowCreate(kind, table, position=_at(node))

    def show_kind(self, node, *words):
        if len(words) > 1:
            raise unsupported(f"SHOW CREATE {_words(words)}", _at(node))
        return _words(words)

    def create_topic(self, node, if_not_exists, topic, consumers, settings):
        return s.Topic("CREATE", topic, consumers, settings, if_not_exists=if_not_exists, position=_at(node))

    def consumer(self, node, name, settings):
        return s.TopicConsumer(_name(name), "ADD", settings, position=_at(node))

    consumer_settings = topic_settings = set_topic = _all

    def alter_topic(self, node, if_exists, topic, *actions):
        parts = [part for action in actions for part in (action if isinstance(action, tuple) else (action,))]
        return s.Topic(
            "ALTER",
            topic,
            tuple(part for part in parts if isinstance(part, s.TopicConsumer)),
            tuple(part for part in parts if isinstance(part, s.Setting)),
            tuple(part for part in parts if isinstance(part, str)),
            if_exists=if_exists,
            position=_at(node),
        )

    def add_consumer(self, node, consumer):
        return consumer

    def drop_consumer(self, node, name):
        return s.TopicConsumer(_name(name), "DROP", position=_at(node))

    def alter_consumer(self, node, name, *changes):
        if changes and isinstance(changes[0], tuple):
            return s.TopicConsumer(_name(name), "ALTER", reset=changes[0], position=_at(node))
        return s.TopicConsumer(_name(name), "ALTER", changes, position=_at(node))

    def reset_topic(self, node, *names):
        return _names(names)

    def drop_topic(self, node, if_exists, topic):
        return s.Topic("DROP", topic, if_exists=if_exists, position=_at(node))

    # --- users, groups, access rights --------------------------------------------------------------------------

    def role(self, node, name):
        return s.Role(_name(name), position=_at(node))

    def user_option(self, node, *words):
        *first, last = words
        value = self.string(node, last) if last.kind == "STRING" else None
        kind = first[-1] if first else last
        return s.UserOption(kind.text.upper(), value, position=_at(node))

    def create_user(self, node, role, *options):
        return s.User("CREATE", role, options, position=_at(node))

    def alter_user(self, node, role, *options):
        return s.User("ALTER", role, options, position=_at(node))

    def create_group(self, node, role, *roles):
        return s.Group("CREATE", role, roles, position=_at(node))

    def add_members(self, node, role, *roles):
        return s.Group("ADD", role, roles, position=_at(node))

    def drop_members(self, node, role, *roles):
        return s.Group("DROP", role, roles, position=_at(node))

    def rename_group(self, node, role, new):
        return s.Group("RENAME", role, (new,), position=_at(node))

    def drop_users(self, node, if_exists, *roles):
        return s.DropRoles("USER", roles, if_exists, position=_at(node))

    def drop_groups(self, node, if_exists, *roles):
        return s.DropRoles("GROUP", roles, if_exists, position=_at(node))

    def permission(self, node, *words):
        if words[0].kind == "STRING":
            value = self.string(node, words[0]).value.decode(errors="replace")
            return s.Permission(value, is_text=True, position=_at(node))
        return s.Permission("_".join(word.text for word in words), position=_at(node))

    permissions = access_paths = roles = named_roles = _all

    def all_privileges(self, node):
        return None

    def grant_option(self, node, *words):
        return bool(words)

    revoked_option = grant_option

    def grant(self, node, permissions, paths, roles, with_option):
        return s.Grant(permissions, paths, roles, with_option, position=_at(node))

    def revoke(self, node, with_option, permissions, paths, roles):
        return s.Grant(permissions, paths, roles, with_option, is_revoked=True, position=_at(node))


def _as_operand(operand: Any) -> Any:
    """An operand of a set operation, which within parentheses of an expression looks like an expression."""
    if not isinstance(operand, _Items):
        return operand
    if len(operand.items) == 1 and not operand.long:
        value, name = operand.items[0]
        if isinstance(value, s.Subquery) and name is None:
            return _Operand(value.query)
    raise unsupported("set operations of expressions")


_LITERALS = ("INTEGER", "REAL", "STRING", "TRUE", "FALSE", "NULL")
_BOUNDARIES = re.compile(r"\((?:v(?:,v)*|\(v(?:,v)*\)(?:,\(v(?:,v)*\))*)\)")
"""Literals in brackets, or several such in brackets. Source: split_boundaries in YDB's grammar."""
