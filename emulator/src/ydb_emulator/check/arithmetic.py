"""Arithmetic and bits: `+ - * / %`, `& | ^ << >> |<< >>|`, `- + ~` before an operand, and the types that they give.

Source of types and texts: yql/essentials/core/type_ann/type_ann_core.cpp (AddWrapper … ModWrapper, BitOps).
"""

from __future__ import annotations

import decimal
import math
import operator
from collections.abc import Callable

from .. import text
from ..errors import Position, unsupported
from ..plan import Expr, constant
from ..types import (
    DATE32,
    DATETIME64,
    FLOAT,
    INSTANTS,
    INTEGERS,
    INTERVAL,
    INTERVAL64,
    INTERVALS,
    NULL,
    RANGES,
    REALS,
    SIGNED,
    TIMESTAMP,
    TIMESTAMP64,
    UINT8,
    UNSIGNED,
    ZONED,
    Decimal,
    Optional,
    Type,
    Value,
    strip,
)  # fmt: skip
from .conversion import MICROS, NUMERIC_RANK, convert, number, refuse, wider
from .lift import lift, lift2, require_data

_EXACT = decimal.Context(prec=80, traps=[])
"""What has no value, such as inf - inf, is NaN (yql/essentials/public/decimal/yql_decimal.cpp)."""


def sign(op: str, operand: Expr, position: Position) -> Expr:
    """`-`, `+`, `~` before an operand."""
    inner = strip(operand.type)
    if inner == NULL:
        return operand
    require_data(operand, {"-": "Minus", "+": "Plus", "~": "BitNot"}[op], position)
    if op == "~":
        _require_unsigned(operand, "BitNot", position)
        return lift(operand, inner, lambda value: value ^ RANGES[inner][1])
    if inner not in NUMERIC_RANK and not isinstance(inner, Decimal) and inner not in INTERVALS:
        message = f"Expected numeric, decimal or interval data type, but got: {operand.type}"
        raise refuse("Minus" if op == "-" else "Plus", message, position)
    if op == "+":
        return operand
    if operand.is_literal and inner in INTEGERS:
        return _negative_literal(operand, inner)
    return lift(operand, inner, wrapped(inner, operator.neg))


def _negative_literal(operand: Expr, type: Type) -> Expr:
    value = wrapped(type, operator.neg)(operand.evaluate(()))
    return constant(type, value, is_literal=type in SIGNED)


# --- arithmetic ------------------------------------------------------------------------------------------------

_ARITHMETIC = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_VERBS = {"+": "add", "-": "substract", "*": "multiply", "/": "divide", "%": "mod"}


def wrapped(type: Type, compute: Callable[..., Value]) -> Callable[..., Value]:
    """`compute` in a type: integer arithmetic wraps around as the machine's does, a Float keeps 32 bits, a Decimal all
    of its digits."""
    if type == FLOAT:
        return lambda *values: text.to_float32(compute(*values))
    if isinstance(type, Decimal):
        return lambda *values: _exactly(compute, values)
    if type not in INTEGERS:
        return compute
    low, high = RANGES[type]
    span = high - low + 1
    return lambda *values: (compute(*values) - low) % span + low


def _exactly(compute: Callable[..., Value], values: tuple[Value, ...]) -> Value:
    """Of Decimals, whose 35 digits are more than the 28 that Python keeps by itself."""
    with decimal.localcontext(_EXACT):
        return compute(*values)


def arithmetic(op: str, left: Expr, right: Expr, position: Position) -> Expr:
    if NULL in (left.type, right.type):
        return constant(NULL, None)
    for side in (left, right):
        require_data(side, op, position)
    a, b = strip(left.type), strip(right.type)
    if a in NUMERIC_RANK and b in NUMERIC_RANK:
        return _numbers(op, left, right, wider(a, b))
    if isinstance(a, Decimal) or isinstance(b, Decimal):
        return _decimals(op, left, right, position)
    result = _with_interval(op, left, right) or _moments(op, left, right)
    if result is None and (a in ZONED or b in ZONED) and _is_of_dates(op, a, b):
        raise unsupported(f"'{op}' with a {a if a in ZONED else b}", position)
    if result is None:
        raise refuse(op, f"Cannot {_VERBS[op]} type {left.type} and {right.type}", position)
    return result


def _is_of_dates(op: str, a: Type, b: Type) -> bool:
    """Whether YDB adds or subtracts them: a date and an interval, two dates (AddWrapper, SubWrapper)."""
    dates = INSTANTS | ZONED.keys()
    if op == "+" and a in INTERVALS:
        return b in dates
    return op in ("+", "-") and a in dates and (b in INTERVALS or op == "-" and b in dates)


def _numbers(op: str, left: Expr, right: Expr, type: Type) -> Expr:
    """In the wider of both types: -1 beside a Uint64 is the largest Uint64. The least integer, divided by -1, is NULL.

    Source: yql/essentials/minikql/invoke_builtins/mkql_builtins_div.cpp (TIntegralDiv), mkql_builtins_mod.cpp.
    """
    cast = number(type)
    if op in _ARITHMETIC:
        apply = wrapped(type, _ARITHMETIC[op])
        return lift2(left, right, type, lambda a, b: apply(cast(a), cast(b)))
    if type in REALS:
        divide = wrapped(type, divide_reals if op == "/" else _modulo_reals)
        return lift2(left, right, type, lambda a, b: divide(cast(a), cast(b)))
    divide = _divide_integers if op == "/" else _modulo_integers
    least = RANGES[type][0]

    def divided(a: int, b: int) -> int | None:
        x, y = cast(a), cast(b)
        return None if least and (x, y) == (least, -1) else divide(x, y)

    return lift2(left, right, Optional(type), divided)


def _divide_integers(a: int, b: int) -> int | None:
    """Division cuts towards zero; by zero it gives NULL."""
    if b == 0:
        return None
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def _modulo_integers(a: int, b: int) -> int | None:
    quotient = _divide_integers(a, b)
    return None if quotient is None else a - b * quotient


def divide_reals(a: float, b: float) -> float:
    """Division of IEEE numbers: by zero it gives an infinity or NaN."""
    if b != 0:
        return a / b
    return math.nan if a == 0 or a != a else math.copysign(math.inf, a) * math.copysign(1, b)


def _modulo_reals(a: float, b: float) -> float:
    return math.nan if b == 0 or math.isinf(a) else math.fmod(a, b)


def _with_interval(op: str, left: Expr, right: Expr) -> Expr | None:
    """Interval and a number, or a moment and an Interval."""
    a, b = strip(left.type), strip(right.type)
    if op == "*" and a in INTEGERS and b in INTERVALS:
        return _checked(left, right, b, operator.mul)
    if op in ("*", "/") and a in INTERVALS and b in INTEGERS:
        return _checked(left, right, a, operator.mul if op == "*" else _divide_integers)
    if op in ("+", "-") and a in INTERVALS and b in INTERVALS:
        return _checked(left, right, INTERVAL64 if INTERVAL64 in (a, b) else INTERVAL, _ARITHMETIC[op])
    if op in ("+", "-") and a in MICROS and b in INTERVALS:
        return _moved(op, left, right)
    if op == "+" and a in INTERVALS and b in MICROS:
        return _moved(op, right, left)
    return None


def _moved(op: str, moment: Expr, interval: Expr) -> Expr:
    """A moment and an Interval. A part of a day or second is cut towards 1970, NULL is what is out of range before.

    Source: yql/essentials/minikql/invoke_builtins/mkql_builtins_datetime.h (FromScaledDate, IsBadDateTime).
    """
    type = strip(moment.type)
    low, high = RANGES[TIMESTAMP64 if type in (DATE32, DATETIME64, TIMESTAMP64) else TIMESTAMP]

    def moved(at: int, by: int) -> int | None:
        micros = _ARITHMETIC[op](at * MICROS[type], by)
        return _divide_integers(micros, MICROS[type]) if low <= micros <= high else None

    return lift2(moment, interval, Optional(type), moved)


def _checked(left: Expr, right: Expr, type: Type, compute: Callable[[int, int], int | None]) -> Expr:
    """NULL where the result is out of the type's range."""
    low, high = RANGES[type]

    def computed(a: int, b: int) -> int | None:
        result = compute(a, b)
        return result if result is not None and low <= result <= high else None

    return lift2(left, right, Optional(type), computed)


def _moments(op: str, left: Expr, right: Expr) -> Expr | None:
    a, b = strip(left.type), strip(right.type)
    if op != "-" or a not in MICROS or b not in MICROS:
        return None
    type = INTERVAL64 if {a, b} & {DATE32, DATETIME64, TIMESTAMP64} else INTERVAL
    return lift2(left, right, type, lambda x, y: x * MICROS[a] - y * MICROS[b])


def _decimals(op: str, left: Expr, right: Expr, position: Position) -> Expr:
    """A Decimal with one of the same type, or, but for + and -, with an integer."""
    a, b = strip(left.type), strip(right.type)
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        if a != b:
            verb = {"+": "add", "-": "substract"}.get(op, "calculate with")
            raise refuse(op, f"Cannot {verb} different decimals.", position)
    elif op in ("+", "-") or op in ("/", "%") and not isinstance(a, Decimal):
        raise refuse(op, f"Cannot {_VERBS[op]} type {left.type} and {right.type}", position)
    elif not {a, b} & INTEGERS and op == "*":
        other = right if isinstance(a, Decimal) else left
        raise refuse("DecimalMul", f"Cannot operate with decimal and {other.type}", position)
    elif b not in INTEGERS and op in ("/", "%"):
        raise refuse(op, f"Cannot {_VERBS[op]} type {left.type} and {right.type}", position)
    type = a if isinstance(a, Decimal) else b
    assert isinstance(type, Decimal)
    compute = _DECIMAL[op]

    def computed(x: Value, y: Value) -> Value:
        x, y = decimal.Decimal(x), decimal.Decimal(y)
        result = text.round_decimal(type, compute(x, y))
        return _overflow(x, y, op) if result is None else result

    return lift2(left, right, type, computed)


def _overflow(x: decimal.Decimal, y: decimal.Decimal, op: str) -> decimal.Decimal:
    """A result that is too large is an infinity (yql/essentials/public/decimal/yql_decimal.cpp)."""
    return decimal.Decimal("Infinity").copy_sign(_DECIMAL[op](x, y))


def _divide_decimals(a: decimal.Decimal, b: decimal.Decimal) -> decimal.Decimal:
    if b == 0:
        return decimal.Decimal("NaN") if a == 0 or a.is_nan() else decimal.Decimal("Infinity").copy_sign(a)
    return _EXACT.divide(a, b)


def _modulo_decimals(a: decimal.Decimal, b: decimal.Decimal) -> decimal.Decimal:
    return decimal.Decimal("NaN") if b == 0 else _EXACT.remainder(a, b)


_DECIMAL: dict[str, Callable[[decimal.Decimal, decimal.Decimal], decimal.Decimal]] = {
    "+": _EXACT.add, "-": _EXACT.subtract, "*": _EXACT.multiply, "/": _divide_decimals, "%": _modulo_decimals,
}  # fmt: skip


# --- bits ------------------------------------------------------------------------------------------------------

BITS = {"&": operator.and_, "|": operator.or_, "^": operator.xor}
_BIT_NAMES = {"&": "BitAnd", "|": "BitOr", "^": "BitXor"}
SHIFTS = {"<<": "ShiftLeft", ">>": "ShiftRight", "|<<": "RotLeft", ">>|": "RotRight"}


def _require_unsigned(operand: Expr, function: str, position: Position) -> None:
    if strip(operand.type) not in UNSIGNED:
        raise refuse(function, f"Expected unsigned data type, but got: {operand.type}", position)


def bits(op: str, left: Expr, right: Expr, position: Position) -> Expr:
    if NULL in (left.type, right.type):
        return constant(NULL, None)
    for side in (left, right):
        require_data(side, _BIT_NAMES[op], position)
        _require_unsigned(side, _BIT_NAMES[op], position)
    return lift2(left, right, wider(strip(left.type), strip(right.type)), BITS[op])


def shift(op: str, left: Expr, right: Expr, position: Position) -> Expr:
    """A signed operand is taken as the unsigned one of the same bits."""
    if left.type == NULL:
        return left
    require_data(left, SHIFTS[op], position)
    type = strip(left.type)
    if type not in INTEGERS:
        raise refuse(SHIFTS[op], f"Unsupported type: {left.type}", position)
    count = convert(right, UINT8)
    if count is None:
        raise refuse(SHIFTS[op], "Shift count must be Uint8", position)
    unsigned = UNSIGNED[SIGNED.index(type)] if type in SIGNED else type
    bits = RANGES[unsigned][1].bit_length()
    return lift2(left, count, unsigned, lambda value, by: _shifted(op, value & ((1 << bits) - 1), by, bits))


def _shifted(op: str, value: int, by: int, bits: int) -> int:
    everything = (1 << bits) - 1
    if op == "<<":
        return value << by & everything if by < bits else 0
    if op == ">>":
        return value >> by
    by %= bits
    return (value << by | value >> bits - by if op == "|<<" else value >> by | value << bits - by) & everything
