"""Values as bytes and bits: ToBytes, FromBytes, TestBit and its kin, BITCAST.

Source: yql/essentials/docs/en/builtins/basic.md, syntax/expressions.md (BITCAST).
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from ...errors import Position, unsupported
from ...plan import Expr
from ...types import (
    BITS,
    BOOL,
    DOUBLE,
    FLOAT,
    INTEGERS,
    RANGES,
    STRING,
    TEXTS,
    UINT8,
    UNSIGNED,
    UTF8,
    Optional,
    Type,
    Value,
    is_optional,
    optional,
    strip,
)  # fmt: skip
from ..arithmetic import wrapped
from ..conversion import convert
from ..lift import as_bytes, lift, lift2
from .arguments import Call, Function

_CODES = {1: "b", 2: "h", 4: "i", 8: "q"}
_OTHER_CODES: dict[Type, str] = {FLOAT: "<f", DOUBLE: "<d", BOOL: "<?"}


def bitcast(operand: Expr, type: Type, position: Position) -> Expr:
    """An integer's lowest bits as another integer."""
    source = strip(operand.type)
    if source not in INTEGERS or type not in INTEGERS:
        raise unsupported(f"BITCAST of {operand.type} AS {type}", position)
    return lift(operand, type, wrapped(type, lambda value: value))


def _code(type: Type) -> str | None:
    """How the struct module calls a number of the type."""
    if type in BITS:
        code = _CODES[BITS[type] // 8]
        return "<" + (code.upper() if type in UNSIGNED else code)
    return _OTHER_CODES.get(type)


def _to_bytes(call: Call) -> Expr:
    call.expect(1)
    argument = call.arguments[0]
    type = strip(argument.type)
    if type in TEXTS:
        return lift(argument, STRING, as_bytes)
    code = _code(type)
    if code is None:
        raise unsupported(f"ToBytes of {argument.type}", call.position)
    return lift(argument, STRING, lambda value: struct.pack(code, value))


def _from_bytes(call: Call) -> Expr:
    """NULL where the bytes are too many or too few."""
    call.expect(2)
    source, type = call.arguments[0], call.type(1)
    if strip(source.type) != STRING:
        raise unsupported(f"{call.name} of such arguments", call.position)
    if type == STRING:
        return Expr(optional(STRING), source.evaluate)
    if type == UTF8:
        raise unsupported("FromBytes as Utf8", call.position)
    code = _code(type)
    if code is None:
        raise unsupported(f"FromBytes as {type}", call.position)
    size = struct.calcsize(code)

    def read(value: bytes) -> Value:
        return struct.unpack(code, value)[0] if len(value) == size else None

    return Expr(Optional(type), lift(source, type, read).evaluate)


def _bit(compute: Callable[[int, int], Value], gives_bool: bool = False) -> Function:
    def check(call: Call) -> Expr:
        call.expect(2)
        value, number = call.arguments
        type = strip(value.type)
        if type not in UNSIGNED:
            if type in TEXTS and gives_bool:
                raise unsupported(f"{call.name} of {value.type}", call.position)
            raise unsupported(f"{call.name} of such arguments", call.position)
        place = convert(number, optional(UINT8) if is_optional(number.type) else UINT8)
        if place is None:
            raise unsupported(f"{call.name} of such arguments", call.position)
        bits = RANGES[type][1].bit_length()

        def computed(given: int, at: int) -> Value:
            if at >= bits:
                raise unsupported(f"{call.name} beyond the {bits} bits of {type}", call.position)
            return compute(given, 1 << at)

        return lift2(value, place, BOOL if gives_bool else type, computed)

    return check


FUNCTIONS: dict[str, Function] = {
    "tobytes": _to_bytes,
    "frombytes": _from_bytes,
    "testbit": _bit(lambda value, bit: bool(value & bit), gives_bool=True),
    "setbit": _bit(lambda value, bit: value | bit),
    "clearbit": _bit(lambda value, bit: value & ~bit),
    "flipbit": _bit(lambda value, bit: value ^ bit),
}
"""By normalized name."""
