"""Lambdas, and calls of a value: `($x) -> $x + 1`, `$f(1)`."""

from __future__ import annotations

import copy
import functools
from collections.abc import Sequence

from ..errors import unsupported
from ..plan import Expr, Record, constant
from ..types import CALLABLE, NULL, Value
from ..yql import syntax
from . import functions
from .context import ANONYMOUS, Lambda, unknown_name
from .conversion import refuse
from .dispatch import check, checks
from .names import define_here
from .scope import Scope


@checks(syntax.Lambda)
def _lambda(node: syntax.Lambda, scope: Scope) -> Expr:
    _check_names(node, {*scope.context.binds})
    return Lambda(
        CALLABLE,
        _never,
        parameters=node.parameters,
        optional=node.optional,
        apply=functools.partial(_apply, node, scope),
    )


def _never(_: Record) -> Value:
    raise AssertionError("a lambda has no value")


def _check_names(node: object, known: set[str]) -> None:
    """A lambda's types are inferred where it is called, its names where it is written, as YQL translates it."""
    match node:
        case tuple():
            for part in node:
                _check_names(part, known)
        case syntax.Bind(name) if name not in known:
            raise unknown_name(name, node.position)
        case syntax.Call():
            functions.require_known(node)
        case syntax.Lambda(parameters, body, definitions):
            inner = {*known, *parameters} - {ANONYMOUS}
            for definition in definitions:
                _check_names(definition.value, inner)
                inner.update(name for name in definition.names if name != ANONYMOUS)
            _check_names(body, inner)
            return
    if isinstance(node, syntax.Node):
        for value in vars(node).values():
            _check_names(value, known)


def _apply(node: syntax.Lambda, scope: Scope, arguments: Sequence[Expr]) -> Expr:
    """A lambda's body, checked for these arguments: it sees them, its own names and those around it."""
    context = copy.copy(scope.context)
    missing = [constant(NULL, None, is_literal=True)] * (len(node.parameters) - len(arguments))
    given = dict(zip(node.parameters, [*arguments, *missing], strict=True))
    context.binds = {**scope.context.binds, **given}
    inner = Scope(context)
    for definition in node.definitions:
        if isinstance(definition.value, syntax.Subquery):
            raise unsupported("a query in a lambda", definition.position)
        define_here(definition, inner)
    return check(node.body, inner)


@checks(syntax.Invoke)
def _invoke(node: syntax.Invoke, scope: Scope) -> Expr:
    scope.context.use()
    arguments = [_counted(check(argument, scope), scope) for argument in node.arguments]
    function = check(node.function, scope)
    if not isinstance(function, Lambda):
        raise refuse("Apply", f"Expected callable type, but got: {function.type}", node.position)
    if not len(function.parameters) - function.optional <= len(arguments) <= len(function.parameters):
        given, wanted = len(arguments), len(function.parameters)
        if all(function.parameters):
            raise unsupported(f"a lambda of {wanted} arguments called with {given}", node.position)
        # A function of a module's function: EnsureCallableMinArgsCount and its kin.
        message = f"Callable expected at {'least' if given < wanted else 'most'} {wanted} argument(s), but got {given}"
        raise refuse("Apply", message, node.position)
    return function.apply(arguments)


def _counted(argument: Expr, scope: Scope) -> Expr:
    """An argument of a lambda, which is computed at every use."""
    if isinstance(argument, Lambda):
        return argument

    def evaluate(row: tuple) -> Value:
        scope.context.step()
        return argument.evaluate(row)

    return Expr(argument.type, evaluate, argument.is_literal)
