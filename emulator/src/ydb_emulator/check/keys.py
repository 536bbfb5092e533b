"""Rows found by their key: where a condition names values for every key column, no table is scanned and only those
keys are locked, as YDB reads points. A value may be any expression that does not depend on the row.

Sources: ydb/docs/en/core/dev/query-execution-optimization.md; IsValidForRange in
yql/essentials/core/extract_predicate/extract_predicate_impl.cpp.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator

from ..errors import Position, YdbError, unsupported
from ..plan import Expr, Relation
from ..store.catalog import Table
from ..store.rows import Key, Row
from ..types import INTEGERS, STRING, TEXTS, UTF8, List, Type, Value, by_name, strip
from ..yql import syntax
from .context import Context
from .dispatch import check
from .scope import Scope

MAX_POINTS = 1000
"""Conditions that name more keys than this are read by a scan."""

Values = Callable[[], Iterable[Value]]


def lookup(
    where: syntax.Expression | None, table: Table, source: str, context: Context
) -> Callable[[], Iterator[tuple[Key, Row]]] | None:
    """What finds the rows that a condition can be true for, by their keys; None where it doesn't name them all.

    The condition is still to be checked on each row.
    """
    by_column: dict[str, Values] = {}
    for column, candidates in _equalities(where, table, source, context):
        by_column.setdefault(column, candidates)
    if any(name not in by_column for name in table.key):
        return None
    columns = [by_column[name] for name in table.key]

    def rows() -> Iterator[tuple[Key, Row]]:
        values = [[v for v in dict.fromkeys(column()) if v is not None] for column in columns]
        for key in itertools.product(*values):
            row = context.transaction.get(table.id, key)
            if row is not None:
                yield key, row

    return rows


def _equalities(
    node: syntax.Expression | None, table: Table, source: str, context: Context
) -> Iterator[tuple[str, Values]]:
    """Key columns with the values that the condition leaves them."""
    match node:
        case syntax.Binary("AND", left, right):
            yield from _equalities(left, table, source, context)
            yield from _equalities(right, table, source, context)
        case syntax.Binary("=" | "==", left, right):
            for column, value in ((left, right), (right, left)):
                name = _key_column(column, table, source)
                if name is not None and _is_independent(value, context):
                    one = _converted(check(value, Scope(context)), table[name].type)
                    if one is not None:
                        yield name, _one(one, value.position)
        case syntax.In(operand, collection, False):
            name = _key_column(operand, table, source)
            if name is not None:
                found = _collection(collection, table[name].type, context)
                if found is not None:
                    yield name, found


def _one(value: Callable[[], Value], position: Position) -> Values:
    """YDB computes a key before it reads, also where there is nothing to read. How it refuses one that fails there is
    not known."""

    def values() -> Iterable[Value]:
        try:
            return (value(),)
        except YdbError as error:
            raise unsupported("a key whose computation fails", position) from error

    return values


def _key_column(node: syntax.Expression, table: Table, source: str) -> str | None:
    match node:
        case syntax.Name(name) if name in table.key:
            return name
        case syntax.Member(syntax.Name(of), name) if of == source and name in table.key:
            return name
    return None


def _is_independent(node: syntax.Expression | syntax.TypeName, context: Context) -> bool:
    """Whether a value is the same for every row. Some of which that is so are not recognized, and scan."""
    match node:
        case syntax.Integer() | syntax.String() | syntax.Bool():
            return True
        case syntax.Bind(name):
            return isinstance(bound := context.binds.get(name), Expr) and not isinstance(bound, Relation)
        case syntax.Unary("-", operand) | syntax.Cast(operand, _, False):
            return _is_independent(operand, context)
        case syntax.Binary("+" | "-" | "*" | "||" | "??", left, right):
            return _is_independent(left, context) and _is_independent(right, context)
        case syntax.Call(name, arguments) if by_name(name) or name.lower() in _OF_ARGUMENTS:
            return all(_is_independent(argument, context) for argument in arguments)
    return False


_OF_ARGUMENTS = frozenset(("decimal", "unwrap", "just", "coalesce", "nvl"))


def _collection(node: syntax.Expression, type: Type, context: Context) -> Values | None:
    if isinstance(node, syntax.Tuple) and len(node.items) <= MAX_POINTS:
        if not all(_is_independent(item, context) for item in node.items):
            return None
        converted = [_converted(check(item, Scope(context)), type) for item in node.items]
        found = [value for value in converted if value is not None]
        return (lambda: (value() for value in found)) if len(found) == len(converted) else None
    if isinstance(node, syntax.Bind) and _is_independent(node, context):
        whole = check(node, Scope(context))
        if isinstance(whole.type, List) and (change := _change(whole.type.item, type)) is not None:
            values = whole.evaluate(())
            return (lambda: map(change, values)) if len(values) <= MAX_POINTS else None
    return None


def _converted(expression: Expr, type: Type) -> Callable[[], Value] | None:
    change = _change(expression.type, type)
    return change and (lambda: change(expression.evaluate(())))


def _change(source: Type, target: Type) -> Callable[[Value], Value] | None:
    """How a value is written as a key that equals it; None for types where that isn't simple."""
    source = strip(source)
    if source == target or source in INTEGERS and target in INTEGERS:
        return lambda value: value
    if source in TEXTS and target == UTF8:
        return lambda value: value.decode(errors="replace") if isinstance(value, bytes) else value
    if source in TEXTS and target == STRING:
        return lambda value: value.encode() if isinstance(value, str) else value
    return None
