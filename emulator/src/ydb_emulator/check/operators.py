"""Operators checked: arithmetic, bits, comparison, logic, concatenation, and the types that they give.

NULL goes through them as YQL has it: an operator on an optional operand gives an optional.
Source of types and texts: yql/essentials/core/type_ann/type_ann_core.cpp (AddWrapper … ConcatWrapper, CompareWrapper),
yql/essentials/core/yql_expr_type_annotation.cpp (CanCompare).
"""

from __future__ import annotations

import decimal
import math
import operator
from collections.abc import Callable, Sequence

from .. import text
from ..errors import Position, unsupported
from ..plan import Expr, Record, constant
from ..types import (
    BOOL,
    DATE32,
    DATETIME64,
    FLOAT,
    INTEGERS,
    INTERVAL,
    INTERVAL64,
    INTERVALS,
    JSON,
    JSON_DOCUMENT,
    NULL,
    RANGES,
    REALS,
    SIGNED,
    STRING,
    TEXTS,
    TIMESTAMP64,
    UINT8,
    UNSIGNED,
    UTF8,
    YSON,
    Data,
    Decimal,
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
from .conversion import MICROS, NUMERIC_RANK, common_type, convert, number, refuse

_EXACT = decimal.Context(prec=80)


def lift(operand: Expr, type: Type, compute: Callable[[Value], Value]) -> Expr:
    """`compute` on the operand's value, NULL for NULL; optional where the operand is."""
    evaluate = operand.evaluate
    if not is_optional(operand.type):
        return Expr(type, lambda row: compute(evaluate(row)))

    def evaluated(row: Record) -> Value:
        value = evaluate(row)
        return None if value is None else compute(value)

    return Expr(optional(type), evaluated)


def lift2(left: Expr, right: Expr, type: Type, compute: Callable[[Value, Value], Value]) -> Expr:
    """`compute` on both values, NULL where one is NULL."""

    def evaluate(row: Record) -> Value:
        a, b = left.evaluate(row), right.evaluate(row)
        return None if a is None or b is None else compute(a, b)

    nullable = is_optional(left.type) or is_optional(right.type)
    return Expr(optional(type) if nullable else type, evaluate)


def unary(op: str, operand: Expr, position: Position) -> Expr:
    """`NOT`, `-`, `+`, `~`."""
    inner = strip(operand.type)
    if op == "NOT":
        require_bool(operand, position, "Not")
        return lift(operand, BOOL, operator.not_)
    if inner == NULL:
        return operand
    _require_data(operand, {"-": "Minus", "+": "Plus", "~": "BitNot"}[op], position)
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
    return lift(operand, inner, _wrapped(inner, operator.neg))


def _negative_literal(operand: Expr, type: Type) -> Expr:
    value = _wrapped(type, operator.neg)(operand.evaluate(()))
    return constant(type, value, is_literal=type in SIGNED)


def binary(op: str, left: Expr, right: Expr, position: Position) -> Expr:
    """Every operator with two operands but `??`."""
    if op in ("AND", "OR", "XOR"):
        return logic(op, left, right, position)
    if op in _COMPARISONS:
        return compare(op, left, right, position)
    if op == "||":
        return _concatenate(left, right, position)
    if op in _BITS:
        return _bits(op, left, right, position)
    if op in _SHIFTS:
        return _shift(op, left, right, position)
    return _arithmetic(op, left, right, position)


def _require_data(operand: Expr, function: str, position: Position) -> None:
    if not isinstance(strip(operand.type), Data):
        raise refuse(function, f"Expected data or optional of data, but got: {operand.type}", position)


def require_bool(expression: Expr, position: Position, function: str = "Filter") -> None:
    """Raises GENERIC_ERROR unless the expression is a Bool, NULL included."""
    if strip(expression.type) not in (BOOL, NULL):
        message = f"Expected bool or optional of bool, but got: {expression.type}"
        raise refuse(function, message, position)


# --- arithmetic ------------------------------------------------------------------------------------------------

_ARITHMETIC = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_VERBS = {"+": "add", "-": "substract", "*": "multiply", "/": "divide", "%": "mod"}


def _wrapped(type: Type, compute: Callable) -> Callable:
    """Integer arithmetic wraps around as the machine's does; a Float keeps 32 bits."""
    if type == FLOAT:
        return lambda *values: text.to_float32(compute(*values))
    if type not in INTEGERS:
        return compute
    low, high = RANGES[type]
    span = high - low + 1
    return lambda *values: (compute(*values) - low) % span + low


def _arithmetic(op: str, left: Expr, right: Expr, position: Position) -> Expr:
    if NULL in (left.type, right.type):
        return constant(NULL, None)
    for side in (left, right):
        _require_data(side, op, position)
    a, b = strip(left.type), strip(right.type)
    if a in NUMERIC_RANK and b in NUMERIC_RANK:
        return _numbers(op, left, right, common_type(a, b))
    if isinstance(a, Decimal) or isinstance(b, Decimal):
        return _decimals(op, left, right, position)
    result = _with_interval(op, left, right) or _moments(op, left, right)
    if result is None:
        raise refuse(op, f"Cannot {_VERBS[op]} type {left.type} and {right.type}", position)
    return result


def _numbers(op: str, left: Expr, right: Expr, type: Type) -> Expr:
    """In the wider of both types: -1 beside a Uint64 is the largest Uint64."""
    cast = number(type)
    if op in _ARITHMETIC:
        apply = _wrapped(type, _ARITHMETIC[op])
        return lift2(left, right, type, lambda a, b: apply(cast(a), cast(b)))
    if type in REALS:
        divide = _wrapped(type, divide_reals if op == "/" else _modulo_reals)
        return lift2(left, right, type, lambda a, b: divide(cast(a), cast(b)))
    divide = _divide_integers if op == "/" else _modulo_integers
    in_range = _wrapped(type, lambda value: value)

    def divided(a: int, b: int) -> int | None:
        result = divide(cast(a), cast(b))
        return None if result is None else in_range(result)

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
        return _checked(left, right, a, lambda x, y: _ARITHMETIC[op](x * MICROS[a], y) // MICROS[a])
    if op == "+" and a in INTERVALS and b in MICROS:
        return _checked(left, right, b, lambda x, y: (x + y * MICROS[b]) // MICROS[b])
    return None


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

_BITS = {"&": operator.and_, "|": operator.or_, "^": operator.xor}
_BIT_NAMES = {"&": "BitAnd", "|": "BitOr", "^": "BitXor"}
_SHIFTS = {"<<": "ShiftLeft", ">>": "ShiftRight", "|<<": "RotLeft", ">>|": "RotRight"}


def _require_unsigned(operand: Expr, function: str, position: Position) -> None:
    if strip(operand.type) not in UNSIGNED:
        raise refuse(function, f"Expected unsigned data type, but got: {operand.type}", position)


def _bits(op: str, left: Expr, right: Expr, position: Position) -> Expr:
    if NULL in (left.type, right.type):
        return constant(NULL, None)
    for side in (left, right):
        _require_data(side, _BIT_NAMES[op], position)
        _require_unsigned(side, _BIT_NAMES[op], position)
    return lift2(left, right, common_type(strip(left.type), strip(right.type)), _BITS[op])


def _shift(op: str, left: Expr, right: Expr, position: Position) -> Expr:
    """A signed operand is taken as the unsigned one of the same bits."""
    if left.type == NULL:
        return left
    _require_data(left, _SHIFTS[op], position)
    type = strip(left.type)
    if type not in INTEGERS:
        raise refuse(_SHIFTS[op], f"Unsupported type: {left.type}", position)
    count = convert(right, UINT8)
    if count is None:
        raise refuse(_SHIFTS[op], "Shift count must be Uint8", position)
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


# --- texts -----------------------------------------------------------------------------------------------------


def _concatenate(left: Expr, right: Expr, position: Position) -> Expr:
    if NULL in (left.type, right.type):
        return constant(NULL, None)
    for side in (left, right):
        _require_data(side, "Concat", position)
        if strip(side.type) not in TEXTS:
            raise refuse("Concat", f"Expected (optional) String or Utf8, but got: {side.type}", position)
    if strip(left.type) == strip(right.type) == UTF8:
        return lift2(left, right, UTF8, operator.add)
    return lift2(left, right, STRING, lambda a, b: as_bytes(a) + as_bytes(b))


def as_bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


# --- comparison ------------------------------------------------------------------------------------------------

_COMPARISONS = {
    "=": operator.eq, "==": operator.eq, "!=": operator.ne, "<>": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_CALLABLE = {"=": "==", "<>": "!="}


def compare(op: str, left: Expr, right: Expr, position: Position) -> Expr:
    """`=`, `<` and their kin. Raises GENERIC_ERROR for types that don't compare."""
    if NULL in (left.type, right.type):
        return constant(Optional(BOOL), None)
    a, b = strip(left.type), strip(right.type)
    is_equality = op in ("=", "==", "!=", "<>")
    function = _CALLABLE.get(op, op)
    if not comparable(a, b, is_equality):
        raise refuse(function, f"Uncompatible types in compare: {left.type} '{function}' {right.type}", position)
    if not isinstance(a, Data):
        if not is_equality or _has_optional(a) or _has_optional(b):
            raise unsupported(f"comparing {left.type} with {right.type} here", position)
    compute, change = _COMPARISONS[op], _comparison_form(a, b)
    if change is None:
        return lift2(left, right, BOOL, compute)
    return lift2(left, right, BOOL, lambda x, y: compute(*change(x, y)))


def _comparison_form(a: Type, b: Type) -> Callable[[Value, Value], tuple] | None:
    """What brings two values of comparable types into one form, None where they have it."""
    if {a, b} == {STRING, UTF8}:
        return lambda x, y: (as_bytes(x), as_bytes(y))
    if a in MICROS and b in MICROS and a != b:
        return lambda x, y: (x * MICROS[a], y * MICROS[b])
    if a == UTF8:  # by bytes, as code points beyond the surrogates sort in Python and in UTF-8 alike
        return None
    if not isinstance(a, Data):
        return lambda x, y: (hashable(x), hashable(y))
    return lambda x, y: (x.bytes, y.bytes) if hasattr(x, "bytes") else (x, y)


def comparable(a: Type, b: Type, is_equality: bool = True) -> bool:
    """Whether values of both types compare. `a` and `b` may be optional."""
    a, b = strip(a), strip(b)
    if NULL in (a, b):
        return True
    match a, b:
        case List(x), List(y):
            return comparable(x, y, is_equality)
        case Tuple(x), Tuple(y):
            return len(x) == len(y) and all(comparable(p, q, is_equality) for p, q in zip(x, y, strict=True))
        case Struct(x), Struct(y):
            names = [name for name, _ in x] == [name for name, _ in y]
            return is_equality and names and all(comparable(p, q) for (_, p), (_, q) in zip(x, y, strict=True))
        case Dict(k, x), Dict(m, y):
            return is_equality and comparable(k, m) and comparable(x, y)
    if a in NUMERIC_RANK and b in NUMERIC_RANK or a in TEXTS and b in TEXTS or a in MICROS and b in MICROS:
        return True
    if a in INTERVALS and b in INTERVALS:
        return True
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return common_type(a, b) is not None
    if isinstance(a, Decimal) and b in INTEGERS or a in INTEGERS and isinstance(b, Decimal):
        return True
    return a == b and isinstance(a, Data) and a not in (JSON, JSON_DOCUMENT, YSON)


def _has_optional(type: Type) -> bool:
    match type:
        case Optional():
            return True
        case List(item):
            return _has_optional(item)
        case Tuple(items):
            return any(map(_has_optional, items))
        case Struct(fields):
            return any(_has_optional(field) for _, field in fields)
        case Dict(key, payload):
            return _has_optional(key) or _has_optional(payload)
    return False


def hashable(value: Value) -> Value:
    """A value that equals another one exactly where YQL's values are equal: a text is its bytes."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, tuple):
        return tuple(map(hashable, value))
    if isinstance(value, dict):
        return frozenset((hashable(key), hashable(payload)) for key, payload in value.items())
    return value


def distinct(left: Expr, right: Expr, negated: bool, position: Position) -> Expr:
    """`IS [NOT] DISTINCT FROM`."""
    if not comparable(left.type, right.type):
        message = f"Uncompatible types in compare: {left.type} '!=' {right.type}"
        raise refuse("IsDistinctFrom", message, position)
    change = _comparison_form(strip(left.type), strip(right.type)) or (lambda x, y: (x, y))

    def evaluate(row: Record) -> Value:
        a, b = left.evaluate(row), right.evaluate(row)
        differs = (a is None) != (b is None) if a is None or b is None else operator.ne(*change(a, b))
        return differs != negated

    return Expr(BOOL, evaluate)


def logic(op: str, left: Expr, right: Expr, position: Position) -> Expr:
    """`AND`, `OR`, `XOR` of three-valued logic."""
    for side in (left, right):
        require_bool(side, position, op.capitalize())
    if op == "XOR":
        return lift2(left, right, BOOL, operator.ne)
    decides = op == "OR"

    def evaluate(row: Record) -> Value:
        a = left.evaluate(row)
        if a is decides:
            return decides
        b = right.evaluate(row)
        if b is decides:
            return decides
        return None if a is None or b is None else not decides

    nullable = is_optional(left.type) or is_optional(right.type)
    return Expr(optional(BOOL) if nullable else BOOL, evaluate)


def among(operand: Expr, items: Sequence[Expr], position: Position) -> Expr:
    """`operand IN (items)`: NULL where nothing is equal and something is NULL."""
    for item in items:
        _require_lookup(operand, item.type, position)
    change = [_comparison_form(strip(operand.type), strip(item.type)) or (lambda x, y: (x, y)) for item in items]
    if all(item.is_literal and not differs_in_unit(operand.type, item.type) for item in items):
        return _among_literals(operand, items)

    def evaluate(row: Record) -> Value:
        value = operand.evaluate(row)
        found: bool | None = False
        for item, form in zip(items, change, strict=True):
            other = item.evaluate(row)
            if value is None or other is None:
                found = None
            elif operator.eq(*form(value, other)):
                return True
        return found

    nullable = is_optional(operand.type) or any(is_optional(item.type) for item in items)
    return Expr(optional(BOOL) if nullable else BOOL, evaluate)


def _among_literals(operand: Expr, items: Sequence[Expr]) -> Expr:
    values = [item.evaluate(()) for item in items]
    known, with_null = {hashable(value) for value in values if value is not None}, None in values

    def evaluate(row: Record) -> Value:
        value = operand.evaluate(row)
        if value is None:
            return None
        return True if hashable(value) in known else None if with_null else False

    return Expr(optional(BOOL) if is_optional(operand.type) or with_null else BOOL, evaluate)


def inside(operand: Expr, item: Type, collection: Callable[[Record], frozenset | None], position: Position) -> Expr:
    """`operand IN collection`, whose values come in the form of `hashable`."""
    _require_lookup(operand, item, position)
    if differs_in_unit(operand.type, item):
        raise unsupported(f"looking {operand.type} up among {item}", position)

    def evaluate(row: Record) -> Value:
        value, values = operand.evaluate(row), collection(row)
        if value is None or values is None:
            return None
        return True if hashable(value) in values else None if None in values else False

    nullable = is_optional(operand.type) or is_optional(item)
    return Expr(optional(BOOL) if nullable else BOOL, evaluate)


def differs_in_unit(a: Type, b: Type) -> bool:
    return strip(a) != strip(b) and strip(a) in MICROS


def _require_lookup(operand: Expr, item: Type, position: Position) -> None:
    """The words after the first four are a guess."""
    if not comparable(operand.type, item):
        raise refuse("SqlIn", f"Can't lookup {operand.type} in collection of {item}: types {strip(operand.type)} and "
                     f"{strip(item)} are not comparable", position)  # fmt: skip
