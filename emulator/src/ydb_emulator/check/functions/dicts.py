"""Dicts and sets, and the functions on them. A set is a Dict whose payload is Void.

A value of a Dict has its keys in the form of `hashable`, so that a text is found by its bytes.
Source: yql/essentials/docs/en/builtins/dict.md, list.md; yql/essentials/core/type_ann/type_ann_dict.cpp.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ...errors import unsupported
from ...plan import Expr, Record, constant
from ...types import (
    BOOL,
    EMPTY_DICT,
    EMPTY_LIST,
    NULL,
    UTF8,
    VOID,
    Dict,
    Just,
    List,
    Optional,
    Tuple,
    Type,
    Value,
    is_optional,
    optional,
    strip,
)  # fmt: skip
from ..conversion import convert
from ..lift import hashable, lift, require_key
from .arguments import Call, Function
from .lists import applied, as_list, has_items, item_type, length, list_argument

Pairs = Iterable[tuple[Value, Value]]


def as_dict(keys: list[Expr], payloads: list[Expr] | None, call: Call) -> Expr:
    """`{k: v}`; without payloads the set `{k}`."""
    if not keys:
        return constant(EMPTY_DICT, {})
    key = as_list(keys, call)
    require_key(item_type(key), call.position)
    if payloads is None:
        return Expr(Dict(item_type(key), VOID), lambda row: dict.fromkeys(map(hashable, key.evaluate(row))))
    payload = as_list(payloads, call)
    type = Dict(item_type(key), item_type(payload))
    return Expr(type, lambda row: _first(zip(key.evaluate(row), payload.evaluate(row), strict=True)))


def _first(pairs: Pairs) -> dict:
    """The first of equal keys stays."""
    made: dict[Value, Value] = {}
    for key, payload in pairs:
        made.setdefault(hashable(key), payload)
    return made


def restored(type: Type) -> Callable[[Value], Value]:
    """What makes a key of the form of `hashable` one of its type again."""
    match type:
        case Optional(item):
            inner = restored(item)
            return lambda key: None if key is None else inner(key)
        case Tuple(items):
            parts = [restored(item) for item in items]
            return lambda key: tuple(part(value) for part, value in zip(parts, key, strict=True))
    if type == UTF8:
        return lambda key: key.decode() if isinstance(key, bytes) else key
    return lambda key: key


def looked_up(of: Expr, key: Expr, type: Dict) -> Expr:
    """`dict[key]`: NULL without such a key, and an Optional more than the payload is (types/optional.md)."""
    wraps = is_optional(type.value)

    def evaluate(row: Record) -> Value:
        items, at = of.evaluate(row), key.evaluate(row)
        if items is None:
            return None
        found = hashable(at) if at not in items else at  # a parameter's keys are as they came
        if found not in items:
            return None
        return Just(items[found]) if wraps else items[found]

    return Expr(Optional(type.value), evaluate)


def _dict(call: Call, place: int = 0) -> tuple[Expr, Dict]:
    argument = call.arguments[place]
    inner = strip(argument.type)
    if argument.type in (EMPTY_DICT, NULL):
        raise unsupported(f"{call.name} of {argument.type}", call.position)
    if not isinstance(inner, Dict):
        raise call.refuse(f"Expected dict type, but got: {argument.type}")
    return argument, inner


def _as_dict(call: Call) -> Expr:
    """`AsDict(AsTuple(k, v), …)`."""
    if any(not isinstance(a.type, Tuple) or len(a.type.items) != 2 for a in call.arguments):
        raise unsupported(f"{call.name} of such arguments", call.position)
    return as_dict([_half(a, 0) for a in call.arguments], [_half(a, 1) for a in call.arguments], call)


def _half(pair: Expr, place: int) -> Expr:
    assert isinstance(pair.type, Tuple)
    return Expr(pair.type.items[place], lambda row: pair.evaluate(row)[place])


def _to_dict(is_multi: bool) -> Function:
    def check(call: Call) -> Expr:
        call.expect(1)
        source = list_argument(call)
        inner = item_type(source)
        if source.type in (EMPTY_LIST, NULL):
            raise unsupported(f"{call.name} of {source.type}", call.position)
        if not isinstance(inner, Tuple) or len(inner.items) != 2:
            raise unsupported(f"{call.name} of such arguments", call.position)
        require_key(inner.items[0], call.position)

        def make(items: tuple) -> Value:
            if not is_multi:
                return _first(items)
            made: dict[Value, tuple] = {}
            for key, payload in items:
                made[hashable(key)] = (*made.get(hashable(key), ()), payload)
            return made

        return lift(source, Dict(inner.items[0], List(inner.items[1]) if is_multi else inner.items[1]), make)

    return check


def _to_set(call: Call) -> Expr:
    call.expect(1)
    source = list_argument(call)
    if source.type in (EMPTY_LIST, NULL):
        raise unsupported(f"ToSet of {source.type}", call.position)
    require_key(item_type(source), call.position)
    return lift(source, Dict(item_type(source), VOID), lambda items: dict.fromkeys(map(hashable, items)))


def _of(type: Callable[[Dict], Type], make: Callable[[Dict, dict], Value]) -> Function:
    """A function of one dict."""

    def check(call: Call) -> Expr:
        call.expect(1)
        source, kind = _dict(call)
        return lift(source, type(kind), lambda items: make(kind, items))

    return check


def _keys(kind: Dict, items: dict) -> tuple:
    return tuple(map(restored(kind.key), items))


def _items(kind: Dict, items: dict) -> tuple:
    return tuple(zip(_keys(kind, items), items.values(), strict=True))


def _key(call: Call, kind: Dict) -> Expr:
    key = convert(call.arguments[1], optional(kind.key))
    if key is None:
        raise unsupported(f"{call.name} of such arguments", call.position)
    return key


def _lookup(call: Call) -> Expr:
    call.expect(2)
    source, kind = _dict(call)
    return looked_up(source, _key(call, kind), kind)


def _contains(call: Call) -> Expr:
    call.expect(2)
    source, kind = _dict(call)
    key = _key(call, kind)

    def evaluate(row: Record) -> Value:
        items, wanted = source.evaluate(row), key.evaluate(row)
        return None if items is None else wanted in items or hashable(wanted) in items

    return Expr(optional(BOOL) if is_optional(source.type) else BOOL, evaluate)


def _create(call: Call) -> Expr:
    call.expect(2)
    require_key(call.type(0), call.position)
    return constant(Dict(call.type(0), call.type(1)), {})


def _create_set(call: Call) -> Expr:
    call.expect(1)
    require_key(call.type(0), call.position)
    return constant(Dict(call.type(0), VOID), {})


def _two(call: Call) -> tuple[Expr, Expr, Dict]:
    """A dict, and the keys of another one or of a list of the same type."""
    source, kind = _dict(call)
    other = call.arguments[1]
    inner = strip(other.type)
    key = inner.key if isinstance(inner, Dict) else inner.item if isinstance(inner, List) else None
    if key is None:
        raise unsupported(f"{call.name} of such arguments", call.position)
    if key != kind.key or is_optional(source.type) or is_optional(other.type):
        raise unsupported(f"{call.name} of {source.type} and {other.type}", call.position)
    return source, other, kind


def _compared(holds: Callable[[dict, frozenset], bool]) -> Function:
    def check(call: Call) -> Expr:
        call.expect(2)
        source, other, _ = _two(call)
        return Expr(BOOL, lambda row: holds(source.evaluate(row), frozenset(map(hashable, other.evaluate(row)))))

    return check


def _combined(pick: Callable[[dict, dict], Iterable[Value]], is_left: bool, is_right: bool) -> Function:
    """A set of the keys that `pick` finds, or a dict with what a lambda makes of a key and both payloads, which may be
    NULL where `is_left` or `is_right`."""

    def check(call: Call) -> Expr:
        call.expect(2, 3)
        left, right, kind = _two(call)
        other = strip(right.type)
        if not isinstance(other, Dict):
            raise call.refuse(f"Expected dict type, but got: {right.type}")
        if len(call.arguments) == 2:
            return Expr(Dict(kind.key, VOID), lambda row: dict.fromkeys(pick(left.evaluate(row), right.evaluate(row))))
        payloads = [optional(kind.value) if is_left else kind.value, optional(other.value) if is_right else other.value]
        if is_left and is_optional(kind.value) or is_right and is_optional(other.value):
            raise unsupported(f"{call.name} of payloads that may be NULL", call.position)
        result, compute = applied(call.arguments[2], [kind.key, *payloads], call)
        restore = restored(kind.key)

        def evaluate(row: Record) -> Value:
            a, b = left.evaluate(row), right.evaluate(row)
            return {key: compute(row, restore(key), a.get(key), b.get(key)) for key in pick(a, b)}

        return Expr(Dict(kind.key, result.type), evaluate)

    return check


def _difference(call: Call) -> Expr:
    call.expect(2)
    left, right, kind = _two(call)

    def evaluate(row: Record) -> Value:
        without = frozenset(map(hashable, right.evaluate(row)))
        return {key: payload for key, payload in left.evaluate(row).items() if key not in without}

    return Expr(kind, evaluate)


FUNCTIONS: dict[str, Function] = {
    "asdict": _as_dict,
    "asset": lambda call: as_dict(call.arguments, None, call),
    "todict": _to_dict(False),
    "tomultidict": _to_dict(True),
    "toset": _to_set,
    "dictcreate": _create,
    "setcreate": _create_set,
    "dictlength": length,
    "dicthasitems": has_items,
    "dictkeys": _of(lambda kind: List(kind.key), _keys),
    "dictpayloads": _of(lambda kind: List(kind.value), lambda _, items: tuple(items.values())),
    "dictitems": _of(lambda kind: List(Tuple((kind.key, kind.value))), _items),
    "dictlookup": _lookup,
    "dictcontains": _contains,
    "setisdisjoint": _compared(lambda items, keys: keys.isdisjoint(items)),
    "setincludes": _compared(lambda items, keys: keys <= items.keys()),
    "setintersection": _combined(lambda a, b: [key for key in a if key in b], False, False),
    "setunion": _combined(lambda a, b: {**a, **b}, True, True),
    "setsymmetricdifference": _combined(
        lambda a, b: [key for key in {**a, **b} if (key in a) != (key in b)], True, True
    ),
    "setdifference": _difference,
}
"""By normalized name."""
