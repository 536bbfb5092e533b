"""DEFINE ACTION, DO, EVALUATE IF and EVALUATE FOR: which statements they stand for, and what names these see.

Source: yql/essentials/docs/en/syntax/action.md; that YDB's newest lines evaluate: ydb/core/kqp/ut/yql/kqp_yql_ut.cpp
(EvaluateIf, EvaluateFor).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

from ..errors import Issue, refusal, unsupported
from ..plan import Expr, constant
from ..types import BOOL, EMPTY_LIST, NULL, List, Type
from ..yql import syntax
from .context import ANONYMOUS, Context, unknown_name
from .dispatch import check
from .scope import Scope

Block = syntax.Do | syntax.DefineAction | syntax.EvaluateIf | syntax.EvaluateFor
Step = tuple[syntax.Statement, Context]
"""A statement, and the context that it is checked in."""


def expanded(statement: Block, context: Context) -> Iterator[Step]:
    """The statements that a block stands for, other blocks among them. Raises YdbError."""
    match statement:
        case syntax.DefineAction(name):
            if name == ANONYMOUS:
                message = "Can not use anonymous name '$_' as ACTION name"  # sql_ut_common.h (AnonymousNames)
                raise refusal(Issue(message, position=statement.position))
            context.actions[name] = statement, dict(context.binds)
        case syntax.Do(None):
            yield from _done(statement, context)
        case syntax.Do(inside):
            inner = _inner(context)
            yield from ((one, inner) for one in inside or ())
        case syntax.EvaluateIf(condition, then, otherwise):
            chosen = then if _truth(condition, context) else otherwise
            if chosen is not None:
                yield chosen, context
        case syntax.EvaluateFor():
            yield from _each(statement, context)


def _inner(context: Context) -> Context:
    inner = copy.copy(context)
    inner.binds, inner.actions = dict(context.binds), dict(context.actions)
    return inner


def _done(node: syntax.Do, context: Context) -> Iterator[Step]:
    context.use()
    found = context.actions.get(node.action)
    if found is None:
        if node.action in context.binds:
            raise unsupported(f"DO of ${node.action}, which is no action", node.position)
        raise unknown_name(node.action, node.position)
    action, binds = found
    given = [check(argument, Scope(context)) for argument in node.arguments]
    missing = len(action.parameters) - len(given)
    if not 0 <= missing <= action.optional:
        raise unsupported(f"{len(given)} arguments of an action with {len(action.parameters)}", node.position)
    inner = _inner(context)
    values = [*given, *[constant(NULL, None, is_literal=True)] * missing]
    named = {name: value for name, value in zip(action.parameters, values, strict=True) if name != ANONYMOUS}
    inner.binds = {**binds, **named}
    yield from ((one, inner) for one in action.statements)


def _each(node: syntax.EvaluateFor, context: Context) -> Iterator[Step]:
    items = _evaluated(node.items, context)
    values: tuple = ()
    item: Type = NULL
    if isinstance(items.type, List):
        values, item = items.evaluate(()), items.type.item
    elif items.type != EMPTY_LIST:
        raise unsupported(f"EVALUATE FOR over {items.type}", node.position)
    for value in values:
        context.use()
        inner = _inner(context)
        if node.name != ANONYMOUS:
            inner.binds[node.name] = constant(item, value)
        yield node.each, inner
    if not values and node.otherwise is not None:
        yield node.otherwise, context


def _truth(condition: syntax.Expression, context: Context) -> bool:
    found = _evaluated(condition, context)
    if found.type != BOOL:
        raise unsupported(f"EVALUATE IF with {found.type}", condition.position)
    return bool(found.evaluate(()))


def _evaluated(node: syntax.Expression, context: Context) -> Expr:
    if not context.database.line.has("EVALUATE"):
        raise unsupported("EVALUATE on this line", node.position)
    return check(node, Scope(context))
