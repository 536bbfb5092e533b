"""Whether two values are equal, and which comes first, by their types: true, false, or None where it is not known.

Containers compare item by item: equality is the AND of the items' equality, an order is decided by the first items that
differ. So `(1, NULL) = (2, 3)` is false, `(1, NULL) = (1, 3)` NULL.
Source: yql/essentials/docs/en/types/optional.md; yql/essentials/tests/sql/suites/in/in_ansi.sql; of numbers and
Decimals: yql/essentials/minikql/invoke_builtins/mkql_builtins_equals.cpp.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable

from ..errors import unsupported
from ..types import (
    NULL,
    REALS,
    STRING,
    UTF8,
    UUID,
    Data,
    Decimal,
    Dict,
    List,
    Optional,
    Struct,
    Tuple,
    Type,
    Value,
)  # fmt: skip
from .conversion import MICROS, number
from .lift import as_bytes, hashable

Compare = Callable[[Value, Value], bool | None]
Form = Callable[[Value, Value], tuple[Value, Value]]


def equality(a: Type, b: Type) -> Compare:
    """Whether values of two comparable types are equal."""
    if isinstance(a, Optional) or isinstance(b, Optional) or NULL in (a, b):
        return _nullable(a, b, equality)
    match a, b:
        case Tuple(x), Tuple(y):
            return _all([equality(p, q) for p, q in zip(x, y, strict=True)])
        case Struct(x), Struct(y):
            return _all([equality(p, q) for (_, p), (_, q) in zip(x, y, strict=True)])
        case List(p), List(q):
            _require_known(a, b)
            same = equality(p, q)
            return lambda x, y: len(x) == len(y) and all(map(same, x, y))
    if not isinstance(a, Data):
        _require_known(a, b)
        return lambda x, y: bool(hashable(x) == hashable(y))
    return operation(operator.eq, a, b)


def sameness(a: Type, b: Type) -> Callable[[Value, Value], bool]:
    """Whether two values are NOT DISTINCT: NULL is the same as NULL, in containers as well (syntax/expressions.md)."""
    if isinstance(a, Optional) or isinstance(b, Optional) or NULL in (a, b):
        p, q = (type.item if isinstance(type, Optional) else type for type in (a, b))
        inner = None if NULL in (p, q) else sameness(p, q)
        return lambda x, y: x is y if x is None or y is None or inner is None else inner(x, y)
    match a, b:
        case Tuple(x), Tuple(y):
            parts = [sameness(p, q) for p, q in zip(x, y, strict=True)]
        case Struct(x), Struct(y):
            parts = [sameness(p, q) for (_, p), (_, q) in zip(x, y, strict=True)]
        case _:
            same = equality(a, b)
            return lambda x, y: _not_nan(x) and _not_nan(y) and bool(same(x, y))
    return lambda x, y: all(part(p, q) for part, p, q in zip(parts, x, y, strict=True))


def _not_nan(value: Value) -> bool:
    """True. Raises UNSUPPORTED for NaN: nothing tells whether it is distinct from itself."""
    if value != value:
        raise unsupported("NaN as a key, or among values to tell apart")
    return True


def order(op: Callable[[Value, Value], bool], a: Type, b: Type) -> Compare:
    """`<`, `<=`, `>` or `>=`, as the operator module has them."""
    if isinstance(a, Optional) or isinstance(b, Optional) or NULL in (a, b):
        return _nullable(a, b, lambda x, y: order(op, x, y))
    if isinstance(a, Tuple) and isinstance(b, Tuple):
        return _ordered_tuples(op, list(zip(a.items, b.items, strict=True)))
    if not isinstance(a, Data):
        raise unsupported(f"comparing {a} with {b} here")
    return operation(op, a, b)


def _ordered_tuples(op: Callable[[Value, Value], bool], types: list[tuple[Type, Type]]) -> Compare:
    parts = [(equality(a, b), order(op, a, b)) for a, b in types]

    def compute(x: tuple, y: tuple) -> bool | None:
        for (same, before), p, q in zip(parts, x, y, strict=True):
            is_same = same(p, q)
            if not is_same:
                return None if is_same is None else before(p, q)
        return op(0, 0)

    return compute


def _nullable(a: Type, b: Type, inner: Callable[[Type, Type], Compare]) -> Compare:
    if NULL in (a, b):
        return lambda x, y: None
    a, b = (type.item if isinstance(type, Optional) else type for type in (a, b))
    compute = inner(a, b)
    return lambda x, y: None if x is None or y is None else compute(x, y)


def _all(parts: list[Compare]) -> Compare:
    def compute(x: tuple, y: tuple) -> bool | None:
        return conjunction(part(p, q) for part, p, q in zip(parts, x, y, strict=True))

    return compute


def conjunction(values: Iterable[bool | None]) -> bool | None:
    """AND: false where one is false, else NULL where one is NULL."""
    found: bool | None = True
    for value in values:
        if value is False:
            return False
        if value is None:
            found = None
    return found


def _require_known(a: Type, b: Type) -> None:
    """Lists and dicts with NULL among their items compare in ways that nobody has told."""
    if has_optional(a) or has_optional(b):
        raise unsupported(f"comparing {a} with {b} here")


def has_optional(type: Type) -> bool:
    """Whether NULL may be somewhere in a value of the type."""
    match type:
        case Optional():
            return True
        case List(item):
            return has_optional(item)
        case Tuple(items):
            return any(map(has_optional, items))
        case Struct(fields):
            return any(has_optional(field) for _, field in fields)
        case Dict(key, payload):
            return has_optional(key) or has_optional(payload)
    return type == NULL


def operation(op: Callable[[Value, Value], bool], a: Type, b: Type) -> Callable[[Value, Value], bool]:
    """`op` on values of two comparable data types, which it brings into one form."""
    if isinstance(a, Decimal) or isinstance(b, Decimal):
        return op if op in (operator.eq, operator.ne) else lambda x, y: x == x and y == y and op(x, y)
    change = form(a, b)
    return op if change is None else lambda x, y: op(*change(x, y))


def form(a: Type, b: Type) -> Form | None:
    """What brings values of two comparable data types into one form, None where they have it."""
    if {a, b} == {STRING, UTF8}:
        return lambda x, y: (as_bytes(x), as_bytes(y))
    if a in MICROS and b in MICROS and a != b:
        return lambda x, y: (x * MICROS[a], y * MICROS[b])
    if (a in REALS) != (b in REALS):
        cast = number(a if a in REALS else b)
        return lambda x, y: (cast(x), cast(y))
    if a == UUID:
        return lambda x, y: (x.bytes_le, y.bytes_le)
    return None  # a Utf8 too, as code points beyond the surrogates sort in Python and in UTF-8 alike
