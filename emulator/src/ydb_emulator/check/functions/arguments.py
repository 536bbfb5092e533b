"""What the tables of functions share: how many arguments a function takes, of which types, and what NULL does to it.

Source of the texts: yql/essentials/sql/v1/node.cpp (TCallNode::ValidateArguments),
yql/essentials/core/yql_expr_type_annotation.cpp (EnsureDataOrOptionalOfData and its kin).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...errors import Issue, Position, refusal, unsupported
from ...plan import Expr, Record
from ...types import TEXTS, Type, TypeHandle, Value, is_optional, optional
from ...yql import lexer, syntax
from ..context import Context
from ..conversion import refuse


@dataclass(frozen=True)
class Call:
    """A call whose arguments are checked, those with a name apart. `written` are the others as the text has them."""

    name: str
    arguments: list[Expr]
    position: Position
    context: Context
    named: tuple[tuple[str, Expr], ...] = ()
    written: tuple[syntax.Node, ...] = ()

    def expect(self, least: int, most: int | None = None) -> None:
        """Raises GENERIC_ERROR unless the call has from `least` to `most` arguments (`least` alone: exactly)."""
        given = len(self.arguments)
        if least <= given <= (least if most is None else most):
            return
        if most is None or most == least:
            wanted = f"exactly {least}"
        else:
            wanted = f"at least {least}" if given < least else f"at most {most}"
        message = f"{self.name}() requires {wanted} arguments, given: {given}"
        raise refusal(Issue(message, position=self.position))

    def literal(self, place: int) -> str:
        """The text of an argument that must be one, such as a member's name. Raises UNSUPPORTED for an expression."""
        argument = self.arguments[place]
        if not argument.is_literal or argument.type not in TEXTS:
            raise unsupported(f"{self.name} of an expression where a name stands", self.position)
        value = argument.evaluate(())
        return lexer.name_of(value, self.position) if isinstance(value, bytes) else value

    def is_constant(self, place: int) -> bool:
        """Whether an argument is made of literals alone."""
        return _is_constant(self.written[place])

    def type(self, place: int) -> Type:
        """The type that an argument is. Raises GENERIC_ERROR for a value."""
        handle = self.arguments[place].type
        if not isinstance(handle, TypeHandle):
            raise self.refuse(f"Expected type, but got: {handle}")
        return handle.of

    def refuse(self, message: str) -> Exception:
        return refuse(self.name, message, self.position)


Function = Callable[[Call], Expr]
Unchecked = Callable[[syntax.Call, object, Callable], Expr]
MANY = 1 << 30


def apply(function: Callable[..., Value], type: Type, arguments: list[Expr]) -> Expr:
    """`function` of the arguments' values, NULL where one is NULL."""
    parts = [argument.evaluate for argument in arguments]

    def evaluate(row: Record) -> Value:
        values = [part(row) for part in parts]
        return None if None in values else function(*values)

    nullable = any(is_optional(argument.type) for argument in arguments)
    return Expr(optional(type) if nullable else type, evaluate)


def _is_constant(node: object) -> bool:
    if isinstance(node, tuple):
        return all(map(_is_constant, node))
    if isinstance(node, syntax.ListLiteral | syntax.Tuple):
        return _is_constant(node.items)
    return isinstance(node, syntax.String | syntax.Integer | syntax.Bool)
