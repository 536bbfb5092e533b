"""Lists, tuples, structs and dicts, and the functions on lists.

Source: ydb/docs/en/core/yql/reference/builtins/list.md, basic.md (containers).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable

from ...errors import Issue, refusal, unsupported
from ...plan import Expr, Record, constant
from ...store.order import null_first
from ...types import (
    BOOL,
    CALLABLE,
    DOUBLE,
    EMPTY_DICT,
    EMPTY_LIST,
    INT64,
    INTEGERS,
    NULL,
    REALS,
    SIGNED,
    STRING,
    UINT64,
    UUID,
    Dict,
    List,
    Optional,
    Tuple,
    Type,
    Value,
    is_optional,
    optional,
    strip,
    struct,
)  # fmt: skip
from ..context import Lambda
from ..conversion import NUMERIC_RANK, common_type, convert, unify
from ..lift import hashable, lift, require_bool
from .arguments import MANY, Call, Function

MAX_ITEMS = 1_000_000
"""More items than this a list of the emulator doesn't take, lest a short query fill the memory."""


def as_list(items: list[Expr], call: Call) -> Expr:
    """`AsList(…)`, `[…]`."""
    if not items:
        return constant(EMPTY_LIST, ())
    type = common_type(*(item.type for item in items))
    if type is None:
        raise call.refuse(f"Cannot infer common type for {items[0].type} and {items[-1].type}")
    values = [unify(item, type).evaluate for item in items]
    return Expr(List(type), lambda row: tuple(value(row) for value in values))


def as_tuple(items: list[Expr]) -> Expr:
    values = [item.evaluate for item in items]
    return Expr(Tuple(tuple(item.type for item in items)), lambda row: tuple(value(row) for value in values))


def as_struct(fields: Iterable[tuple[str, Expr]], call: Call) -> Expr:
    """`AsStruct(1 AS a)`, `<|a: 1|>`."""
    by_name: dict[str, Expr] = {}
    for name, value in fields:
        if name in by_name:
            raise call.refuse(f"Duplicated member: {name}")
        by_name[name] = value
    values = [by_name[name].evaluate for name in sorted(by_name)]
    type = struct({name: value.type for name, value in by_name.items()})
    return Expr(type, lambda row: tuple(value(row) for value in values))


def as_dict(keys: list[Expr], payloads: list[Expr] | None, call: Call) -> Expr:
    """`{k: v}`; without payloads the set `{k}`, whose payload is Void."""
    if not keys:
        return constant(EMPTY_DICT, {})
    if payloads is None:
        raise unsupported("sets", call.position)
    key, payload = as_list(keys, call), as_list(payloads, call)
    if not _is_plain(_item(key)):
        raise unsupported(f"a Dict by {_item(key)}", call.position)

    def evaluate(row: Record) -> Value:
        pairs = zip(map(hashable, key.evaluate(row)), payload.evaluate(row), strict=True)
        return dict(reversed(list(pairs)))  # the first of equal keys stays

    return Expr(Dict(_item(key), _item(payload)), evaluate)


def _is_plain(type: Type) -> bool:
    """Keys that are hashed as they are: `hashable` would turn a Utf8 into bytes."""
    return type in INTEGERS or type in (STRING, BOOL, UUID)


def _as_dict(call: Call) -> Expr:
    """`AsDict(AsTuple(k, v), …)`."""
    if any(not isinstance(a.type, Tuple) or len(a.type.items) != 2 for a in call.arguments):
        raise call.refuse("Expected tuple of two items")  # a guess
    return as_dict([_half(a, 0) for a in call.arguments], [_half(a, 1) for a in call.arguments], call)


def _half(pair: Expr, place: int) -> Expr:
    assert isinstance(pair.type, Tuple)
    return Expr(pair.type.items[place], lambda row: pair.evaluate(row)[place])


# --- functions that take a lambda ------------------------------------------------------------------------------


def _list(call: Call, place: int = 0) -> Expr:
    argument = call.arguments[place]
    if argument.type in (EMPTY_LIST, NULL) or isinstance(strip(argument.type), List):
        return argument
    raise call.refuse(f"Expected list type, but got: {argument.type}")


def _item(argument: Expr) -> Type:
    inner = strip(argument.type)
    return inner.item if isinstance(inner, List) else NULL


def applied(function: Expr, types: list[Type], call: Call) -> tuple[Expr, Callable[..., Value]]:
    """A lambda's result for arguments of these types, and what computes it from a row and their values."""
    if not isinstance(function, Lambda):
        raise call.refuse(f"Expected lambda, but got: {function.type}")
    if len(function.parameters) != len(types):
        message = f"Expected lambda with {len(types)} arguments, but got: {len(function.parameters)}"  # a guess
        raise call.refuse(message)
    cells: list[Value] = [None] * len(types)

    def cell(place: int) -> Callable[[Record], Value]:
        return lambda _: cells[place]

    result = function.apply([Expr(type, cell(place)) for place, type in enumerate(types)])
    if result.type == CALLABLE:
        raise unsupported("a lambda that gives a lambda", call.position)

    def compute(row: Record, *values: Value) -> Value:
        cells[:] = values
        return result.evaluate(row)

    return result, compute


def _over(call: Call, source: Expr, type: Type, make: Callable[[Record, tuple], Value]) -> Expr:
    """`make` of the row and the list's items, NULL for NULL."""
    evaluate = source.evaluate

    def evaluated(row: Record) -> Value:
        values = evaluate(row)
        return None if values is None else make(row, values)

    return Expr(optional(type) if is_optional(source.type) else type, evaluated)


def _map(call: Call) -> Expr:
    call.expect(2)
    source = _list(call)
    if source.type in (EMPTY_LIST, NULL):
        return source
    result, compute = applied(call.arguments[1], [_item(source)], call)
    return _over(call, source, List(result.type), lambda row, items: tuple(compute(row, item) for item in items))


def _flat_map(call: Call) -> Expr:
    call.expect(2)
    source = _list(call)
    if source.type in (EMPTY_LIST, NULL):
        return source
    result, compute = applied(call.arguments[1], [_item(source)], call)
    if not isinstance(result.type, List | Optional):
        raise call.refuse(f"Expected list or optional, but got: {result.type}")  # a guess
    is_optional_item = isinstance(result.type, Optional)

    def spread(value: Value) -> tuple:
        return value if not is_optional_item else () if value is None else (value,)

    return _over(
        call, source, List(result.type.item),
        lambda row, items: tuple(part for item in items for part in spread(compute(row, item))),
    )  # fmt: skip


def _filter(call: Call) -> Expr:
    call.expect(2)
    source = _list(call)
    if source.type in (EMPTY_LIST, NULL):
        return source
    result, compute = applied(call.arguments[1], [_item(source)], call)
    require_bool(result, call.position, "ListFilter")
    return _over(
        call, source, List(_item(source)), lambda row, items: tuple(item for item in items if compute(row, item))
    )


def _fold(call: Call) -> Expr:
    call.expect(3)
    source, state = _list(call), call.arguments[1]
    if source.type in (EMPTY_LIST, NULL):
        return state
    result, compute = applied(call.arguments[2], [_item(source), state.type], call)
    if result.type != state.type:
        raise call.refuse(f"Mismatch of state and update types: {state.type} != {result.type}")  # a guess
    return _over(
        call, source, state.type,
        lambda row, items: functools.reduce(lambda s, item: compute(row, item, s), items, state.evaluate(row)),
    )  # fmt: skip


def _sorted(descending: bool) -> Function:
    def check(call: Call) -> Expr:
        call.expect(1, 2)
        source = _list(call)
        if source.type in (EMPTY_LIST, NULL):
            return source
        key = applied(call.arguments[1], [_item(source)], call)[1] if len(call.arguments) == 2 else None

        def make(row: Record, items: tuple) -> tuple:
            return tuple(sorted(items, key=lambda i: null_first(key(row, i) if key else i), reverse=descending))

        return _over(call, source, List(_item(source)), make)

    return check


# --- functions of the items alone ------------------------------------------------------------------------------


def _whole(type: Callable[[Type], Type], make: Callable[[tuple], Value]) -> Function:
    """A function of one list: its type from that of the items, its value from the items."""

    def check(call: Call) -> Expr:
        call.expect(1)
        source = _list(call)
        if source.type == NULL:
            return source
        return lift(source, type(_item(source)), make)

    return check


def _part(make: Callable[[tuple, int], tuple]) -> Function:
    def check(call: Call) -> Expr:
        call.expect(2)
        source = _list(call)
        count = convert(call.arguments[1], UINT64)
        if count is None:
            raise call.refuse(f"Mismatch argument type: {call.arguments[1].type}")  # a guess
        return _over(call, source, strip(source.type), lambda row, items: make(items, count.evaluate(row)))

    return check


def _has(call: Call) -> Expr:
    call.expect(2)
    source, wanted = _list(call), call.arguments[1]
    if common_type(_item(source), wanted.type) is None:
        raise call.refuse(f"Can't compare {_item(source)} with {wanted.type}")  # a guess
    return _over(call, source, BOOL, lambda row, items: hashable(wanted.evaluate(row)) in set(map(hashable, items)))


def _extend(call: Call) -> Expr:
    call.expect(0, MANY)
    sources = [_list(call, place) for place in range(len(call.arguments))]
    type = common_type(*(source.type for source in sources)) if sources else EMPTY_LIST
    if type is None or is_optional(type):
        raise call.refuse("Expected lists of one type")  # a guess
    values = [unify(source, type).evaluate for source in sources]
    return Expr(type, lambda row: tuple(item for value in values for item in value(row)))


def _zip(call: Call) -> Expr:
    call.expect(0, MANY)
    sources = [_list(call, place) for place in range(len(call.arguments))]
    if any(is_optional(source.type) for source in sources):
        raise unsupported("ListZip of an optional list", call.position)
    type = List(Tuple(tuple(map(_item, sources))))
    return Expr(type, lambda row: tuple(zip(*(source.evaluate(row) for source in sources), strict=False)))


def _enumerate(call: Call) -> Expr:
    call.expect(1)
    source = _list(call)
    return lift(source, List(Tuple((UINT64, _item(source)))), lambda items: tuple(enumerate(items)))


def _from_range(call: Call) -> Expr:
    call.expect(2, 3)
    type = common_type(*(argument.type for argument in call.arguments))
    if type not in INTEGERS:
        raise unsupported(f"ListFromRange of {type}", call.position)
    parts = [unify(argument, type) for argument in call.arguments]

    def evaluate(row: Record) -> Value:
        numbers = range(*(part.evaluate(row) for part in parts))
        if len(numbers) > MAX_ITEMS:
            raise unsupported(f"lists of more than {MAX_ITEMS} items", call.position)
        return tuple(numbers)

    return Expr(List(type), evaluate)


def _replicate(call: Call) -> Expr:
    call.expect(2)
    value, count = call.arguments[0], convert(call.arguments[1], UINT64)
    if count is None:
        raise call.refuse(f"Mismatch argument type: {call.arguments[1].type}")  # a guess

    def evaluate(row: Record) -> Value:
        times = count.evaluate(row)
        if times > MAX_ITEMS:
            raise unsupported(f"lists of more than {MAX_ITEMS} items", call.position)
        return (value.evaluate(row),) * times

    return Expr(List(value.type), evaluate)


def _sum(items: tuple) -> Value:
    present = [item for item in items if item is not None]
    return None if not present else math.fsum(present) if isinstance(present[0], float) else sum(present)


def _sum_type(item: Type) -> Type:
    inner = strip(item)
    if inner not in NUMERIC_RANK:
        raise refusal(Issue(f"Expected numeric list, but got: {item}"))  # a guess
    return Optional(inner if inner in REALS else INT64 if inner in SIGNED else UINT64)


def _extreme(pick: Callable) -> Callable[[tuple], Value]:
    return lambda items: pick((item for item in items if item is not None), key=null_first, default=None)


def _average(items: tuple) -> Value:
    present = [float(item) for item in items if item is not None]
    return math.fsum(present) / len(present) if present else None


def _distinct(items: tuple) -> tuple:
    first: dict[Value, Value] = {}
    for item in items:
        first.setdefault(hashable(item), item)
    return tuple(first.values())


def _flat(item: Type) -> Type:
    return item if isinstance(item, List) else List(item)


FUNCTIONS: dict[str, Function] = {
    "aslist": lambda call: as_list(call.arguments, call),
    "astuple": lambda call: as_tuple(call.arguments),
    "asdict": _as_dict,
    "listmap": _map,
    "listflatmap": _flat_map,
    "listfilter": _filter,
    "listfold": _fold,
    "listsort": _sorted(False),
    "listsortasc": _sorted(False),
    "listsortdesc": _sorted(True),
    "listlength": _whole(lambda _: UINT64, len),
    "listhasitems": _whole(lambda _: BOOL, bool),
    "listreverse": _whole(List, lambda items: items[::-1]),
    "listcollect": _whole(List, lambda items: items),
    "listnotnull": _whole(lambda item: List(strip(item)), lambda items: tuple(i for i in items if i is not None)),
    "listflatten": _whole(_flat, lambda items: tuple(value for item in items for value in item)),
    "listuniq": _whole(List, _distinct),
    "listuniqstable": _whole(List, _distinct),
    "listhead": _whole(optional, lambda items: items[0] if items else None),
    "listlast": _whole(optional, lambda items: items[-1] if items else None),
    "listmin": _whole(optional, _extreme(min)),
    "listmax": _whole(optional, _extreme(max)),
    "listsum": _whole(_sum_type, _sum),
    "listavg": _whole(lambda _: Optional(DOUBLE), _average),
    "listtake": _part(lambda items, count: items[:count]),
    "listskip": _part(lambda items, count: items[count:]),
    "listhas": _has,
    "listextend": _extend,
    "listzip": _zip,
    "listenumerate": _enumerate,
    "listfromrange": _from_range,
    "listreplicate": _replicate,
}
"""By normalized name."""
