"""Which function checks which kind of expression: a table by class of the syntax tree.

The modules that check expressions enter their functions here (`@checks(syntax.Case)`) and call `check` for the
expressions within, so that none of them has to know the others. Importing the package enters all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..errors import unsupported
from ..plan import Expr
from ..yql import syntax
from .lift import require_bool
from .scope import Scope

N = TypeVar("N", bound=syntax.Node)
Check = Callable[[N, Scope], Expr]

CHECKS: dict[type[syntax.Node], Check[Any]] = {}


class Computed(syntax.Node):
    """A part of a tree that is checked already, in the place of what it was."""

    expression: Expr


def checks(kind: type[N]) -> Callable[[Check[N]], Check[N]]:
    """Enter a function as the one that checks expressions of a class. No class has two."""

    def enter(function: Check[N]) -> Check[N]:
        assert kind not in CHECKS, kind
        CHECKS[kind] = function
        return function

    return enter


def check(node: syntax.Expression | syntax.TypeName | Computed, scope: Scope) -> Expr:
    """The checked form of an expression in a scope. Raises YdbError where YQL refuses it.

    The name of a type, which is an argument of some functions, is none.
    """
    if isinstance(node, Computed):
        return node.expression
    function = CHECKS.get(type(node))
    if function is None:
        raise unsupported(f"{type(node).__name__.lower()} expressions", node.position)
    return function(node, scope)


def check_condition(node: syntax.Expression, scope: Scope) -> Expr:
    """A checked expression that must be a Bool, NULL included."""
    condition = check(node, scope)
    require_bool(condition, node.position)
    return condition
