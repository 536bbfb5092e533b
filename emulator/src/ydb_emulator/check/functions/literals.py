"""Literals of a type: `Date("2026-01-02")`, `Decimal("1.5", 10, 2)`.

Source: yql/essentials/sql/v1/builtin.cpp (TYqlData).
"""

from __future__ import annotations

from ... import text
from ...errors import Issue, Position, refusal, unsupported
from ...plan import Expr, constant
from ...types import INT32, INTERVALS, STRING, TEXTS, Data, Type, decimal
from ..conversion import refuse
from ..typenames import MAX_PRECISION
from .arguments import Call


def data(call: Call, type: Data) -> Expr:
    """Raises GENERIC_ERROR for an argument that isn't a literal, or that means nothing in the type."""
    call.expect(1)
    return _parsed(_literal_text(call, type.name), type, type.name, call.position)


def decimal_literal(call: Call) -> Expr:
    call.expect(3)
    written = _literal_text(call, "Decimal")
    numbers = []
    for argument, name in zip(call.arguments[1:], ("precision", "scale"), strict=True):
        known = argument.is_literal and argument.type == INT32
        value = argument.evaluate(()) if known else -1
        if not 0 <= value < 256:
            shown = f'"{value}"' if known else ""
            message = f"Invalid {name} {shown} for type Decimal"
            raise refusal(Issue(message, position=call.position))
        numbers.append(value)
    precision, scale = numbers
    if not 0 < precision <= MAX_PRECISION:
        raise refuse("Decimal", f"Invalid decimal precision: {precision}", call.position)
    if scale > precision:
        raise refuse("Decimal", f"Invalid decimal parameters: ({precision},{scale}).", call.position)
    return _parsed(written, decimal(precision, scale), "Decimal", call.position)


def _literal_text(call: Call, type: str) -> str:
    argument = call.arguments[0]
    if not argument.is_literal or argument.type not in TEXTS:
        message = f"Expected literal string as argument in {type} function"
        raise refusal(Issue(message, position=call.position))
    value = argument.evaluate(())
    return value.decode(errors="surrogateescape") if argument.type == STRING else value


def _parsed(written: str, type: Type, name: str, position: Position) -> Expr:
    ends_with_t = type in INTERVALS and written.endswith("T")
    try:
        value = text.parse(type, written[:-1] if ends_with_t else written)
    except ValueError:
        raise refusal(Issue(f'Invalid value "{written}" for type {name}', position=position)) from None
    if ends_with_t:
        message = (
            "Time prefix 'T' at end of interval constant. The designator 'T' shall be absent if all of the time "
            "components are absent."
        )
        raise refusal(Issue(message, position=position))
    if isinstance(value, str) and not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise unsupported("a literal that is not UTF-8", position)
    return constant(type, value, is_literal=True)
