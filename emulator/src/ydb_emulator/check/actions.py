"""DEFINE ACTION and DO: which statements they stand for, and what names these see.

Source: yql/essentials/docs/en/syntax/action.md. EVALUATE IF and FOR are not supported: tests on YDB's main branch have
them (ydb/core/kqp/ut/yql/kqp_yql_ut.cpp), and nothing tells which released line took them first.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

from ..errors import Issue, refusal, unsupported
from ..plan import constant
from ..types import NULL
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
        case syntax.EvaluateIf() | syntax.EvaluateFor():
            raise unsupported("EVALUATE", statement.position)


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
