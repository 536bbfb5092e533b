"""Lists, tuples, structs and dicts, and the functions on lists.

Source: ydb/docs/en/core/yql/reference/builtins/list.md, basic.md (containers).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable

from ...errors import unsupported
from ...plan import Expr, Record, constant
from ...store.order import null_first
from ...types import (
    BOOL,
    CALLABLE,
    DOUBLE,
    EMPTY_DICT,
    EMPTY_LIST,
    INT64,
    INTERVALS,
    NULL,
    REALS,
    SIGNED,
    UINT64,
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
from ..arithmetic import wrapped
from ..comparison import comparable
from ..context import Lambda
from ..conversion import MICROS, NUMERIC_RANK, common_type, convert, no_common_type, refuse, unify
from ..equality import sameness
from ..lift import hashable, lift, require_bool
from .arguments import MANY, Call, Function, apply

MAX_ITEMS = 1_000_000
"""More items than this a list of the emulator doesn't take, lest a short query fill the memory."""


def as_list(items: list[Expr], call: Call) -> Expr:
    """`AsList(…)`, `[…]`."""
    if not items:
        return constant(EMPTY_LIST, ())
    type = common_type(*(item.type for item in items))
    if type is None:
        raise call.refuse(no_common_type([item.type for item in items]))
    values = [unify(item, type).evaluate for item in items]
    return Expr(List(type), lambda row: tuple(value(row) for value in values))


def as_tuple(items: list[Expr]) -> Expr:
    values = [item.evaluate for item in items]
    return Expr(Tuple(tuple(item.type for item in items)), lambda row: tuple(value(row) for value in values))


def as_struct(fields: Iterable[tuple[str, Expr]], call: Call) -> Expr:
    """`AsStruct(1 AS a)`, `<|a: 1|>`."""
    by_name: dict[str, Expr] = {}
    for name, value in fields:
        if not name:
            raise call.refuse("Empty member name is not allowed")
        if name in by_name:
            raise call.refuse(f"Duplicated member: {name}")
        by_name[name] = value
    values = [by_name[name].evaluate for name in sorted(by_name)]
    type = struct({name: value.type for name, value in by_name.items()})
    return Expr(type, lambda row: tuple(value(row) for value in values))


# --- functions that take a lambda ------------------------------------------------------------------------------


def list_argument(call: Call, place: int = 0) -> Expr:
    argument = call.arguments[place]
    if argument.type in (EMPTY_LIST, NULL) or isinstance(strip(argument.type), List):
        return argument
    raise call.refuse(f"Expected list type, but got: {argument.type}")


def item_type(argument: Expr) -> Type:
    inner = strip(argument.type)
    return inner.item if isinstance(inner, List) else NULL


def applied(function: Expr, types: list[Type], call: Call) -> tuple[Expr, Callable[..., Value]]:
    """A lambda's result for arguments of these types, and what computes it from a row and their values."""
    if not isinstance(function, Lambda):
        raise unsupported(f"{call.name} of what is no lambda", call.position)
    if not len(function.parameters) - function.optional <= len(types) <= len(function.parameters):
        raise _wrong_lambda(function, len(types), call)
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


def _wrong_lambda(function: Lambda, wanted: int, call: Call) -> Exception:
    """Source: yql/essentials/core/yql_expr_type_annotation.cpp (ConvertToLambda), which sees the lambda itself only
    where YQL doesn't put one of its own around it."""
    if call.name != "ListFold":
        return unsupported(f"{call.name} of a lambda with {len(function.parameters)} arguments", call.position)
    most, least = len(function.parameters), len(function.parameters) - function.optional
    if wanted < least:
        message = f"Expected at most {wanted} arguments, but lambda provided at least {least} arguments"
    else:
        message = f"Expected at least {wanted} arguments, but lambda provided at most {most} arguments"
    return call.refuse(message)


def over(call: Call, source: Expr, type: Type, make: Callable[[Record, tuple], Value]) -> Expr:
    """`make` of the row and the list's items, NULL for NULL."""
    evaluate = source.evaluate

    def evaluated(row: Record) -> Value:
        values = evaluate(row)
        return None if values is None else make(row, values)

    return Expr(optional(type) if is_optional(source.type) else type, evaluated)


def _map(call: Call) -> Expr:
    call.expect(2)
    source = list_argument(call)
    if source.type in (EMPTY_LIST, NULL):
        return source
    result, compute = applied(call.arguments[1], [item_type(source)], call)
    return over(call, source, List(result.type), lambda row, items: tuple(compute(row, item) for item in items))


def _flat_map(call: Call) -> Expr:
    call.expect(2)
    source = list_argument(call)
    if source.type in (EMPTY_LIST, NULL):
        return source
    result, compute = applied(call.arguments[1], [item_type(source)], call)
    if not isinstance(result.type, List | Optional):
        raise unsupported(f"ListFlatMap with a lambda that gives {result.type}", call.position)
    is_optional_item = isinstance(result.type, Optional)

    def spread(value: Value) -> tuple:
        return value if not is_optional_item else () if value is None else (value,)

    return over(
        call, source, List(result.type.item),
        lambda row, items: tuple(part for item in items for part in spread(compute(row, item))),
    )  # fmt: skip


def _filter(call: Call) -> Expr:
    call.expect(2)
    source = list_argument(call)
    if source.type in (EMPTY_LIST, NULL):
        return source
    result, compute = applied(call.arguments[1], [item_type(source)], call)
    require_bool(result, call.position, "ListFilter")
    return over(
        call, source, List(item_type(source)), lambda row, items: tuple(item for item in items if compute(row, item))
    )


def _fold(call: Call) -> Expr:
    call.expect(3)
    source, state = list_argument(call), call.arguments[1]
    if source.type in (EMPTY_LIST, NULL):
        return state
    result, compute = applied(call.arguments[2], [item_type(source), state.type], call)
    if result.type != state.type:
        message = f"Mismatch of lambda return type and state type, {result.type} != {state.type}"
        raise refuse("Fold", message, call.position)
    return over(
        call, source, state.type,
        lambda row, items: functools.reduce(lambda s, item: compute(row, item, s), items, state.evaluate(row)),
    )  # fmt: skip


def _sorted(descending: bool) -> Function:
    def check(call: Call) -> Expr:
        call.expect(1, 2)
        source = list_argument(call)
        if source.type in (EMPTY_LIST, NULL):
            return source
        found = applied(call.arguments[1], [item_type(source)], call) if len(call.arguments) == 2 else None
        require_ordered(found[0].type if found else item_type(source), "Sort")
        key = found[1] if found else None

        def make(row: Record, items: tuple) -> tuple:
            return tuple(sorted(items, key=lambda i: null_first(key(row, i) if key else i), reverse=descending))

        return over(call, source, List(item_type(source)), make)

    return check


# --- functions of the items alone ------------------------------------------------------------------------------


def _whole(type: Callable[[Type], Type], make: Callable[[tuple], Value]) -> Function:
    """A function of one list: its type from that of the items, its value from the items."""

    def check(call: Call) -> Expr:
        call.expect(1)
        source = list_argument(call)
        if source.type == NULL:
            return source
        return lift(source, type(item_type(source)), make)

    return check


def _counted(function: str, words: str, type: Type, make: Callable[[tuple | dict], Value]) -> Function:
    """A function of a list or a dict alike. Source: type_ann_list.cpp (LengthWrapper, HasItemsWrapper)."""

    def check(call: Call) -> Expr:
        call.expect(1)
        (source,) = call.arguments
        if source.type == NULL and function == "Length":
            return constant(Optional(UINT64), None)
        if strip(source.type) not in (EMPTY_LIST, EMPTY_DICT) and not isinstance(strip(source.type), List | Dict):
            raise refuse(function, f"Expected {words}, but got: {source.type}", call.position)
        return lift(source, type, make)

    return check


length = _counted("Length", "(optional) list or dict type", UINT64, len)
has_items = _counted("HasItems", "(optional) (empty) list or dict type", BOOL, bool)


def _part(make: Callable[[tuple, int], tuple]) -> Function:
    def check(call: Call) -> Expr:
        call.expect(2)
        source = list_argument(call)
        count = _count(call, "Take")
        return over(call, source, strip(source.type), lambda row, items: make(items, count.evaluate(row)))

    return check


def _count(call: Call, function: str) -> Expr:
    """Source: yql/essentials/core/type_ann/type_ann_list.cpp (TakeWrapper, ReplicateWrapper)."""
    count = convert(call.arguments[1], UINT64)
    if count is None:
        raise refuse(function, "Mismatch argument types", call.position)
    return count


def _has(call: Call) -> Expr:
    """NULL is the same as NULL here, and a list that is NULL has nothing."""
    call.expect(2)
    source, wanted = list_argument(call), call.arguments[1]
    if source.type in (EMPTY_LIST, NULL):
        return constant(BOOL, False)
    if not comparable(item_type(source), wanted.type):
        raise unsupported(f"ListHas of {item_type(source)} and {wanted.type}", call.position)
    same = sameness(item_type(source), wanted.type)

    def evaluate(row: Record) -> Value:
        value = wanted.evaluate(row)
        return any(same(item, value) for item in source.evaluate(row) or ())

    return Expr(BOOL, evaluate)


def _extend(call: Call) -> Expr:
    """NULL where one of the lists is. Source: type_ann_list.cpp (ListExtendWrapper, ListAutomapArgs)."""
    call.expect(0, MANY)
    if any(source.type == NULL for source in call.arguments):
        return constant(NULL, None)
    sources = [source for source in call.arguments if source.type != EMPTY_LIST]
    type = common_type(*(source.type for source in sources)) if sources else EMPTY_LIST
    if type is None:
        raise call.refuse(no_common_type([source.type for source in sources]))
    if type != EMPTY_LIST and not isinstance(strip(type), List):
        raise call.refuse(f"Expected (optional) (empty) list type, but got: {type}")
    values = [unify(source, type).evaluate for source in sources]

    def evaluate(row: Record) -> Value:
        lists = [value(row) for value in values]
        return None if None in lists else tuple(item for items in lists for item in items)

    return Expr(type, evaluate)


def _zip(call: Call) -> Expr:
    call.expect(0, MANY)
    sources = [list_argument(call, place) for place in range(len(call.arguments))]
    if any(is_optional(source.type) for source in sources):
        raise unsupported("ListZip of an optional list", call.position)
    type = List(Tuple(tuple(map(item_type, sources))))
    return Expr(type, lambda row: tuple(zip(*(source.evaluate(row) for source in sources), strict=False)))


def _enumerate(call: Call) -> Expr:
    call.expect(1)
    source = list_argument(call)
    return lift(source, List(Tuple((UINT64, item_type(source)))), lambda items: tuple(enumerate(items)))


def _from_range(call: Call) -> Expr:
    """Numbers from a start to before an end; empty where the step leads away, or is none."""
    call.expect(2, 3)
    if any(argument.type == NULL for argument in call.arguments[:2]):
        return constant(NULL, None)
    types = [strip(argument.type) for argument in call.arguments]
    if types[0] == types[1] and types[0] in MICROS and types[-1] in INTERVALS:
        return _range_of_moments(call, types[0])
    type = common_type(*types)
    if type not in NUMERIC_RANK:
        raise unsupported(f"ListFromRange of {type}", call.position)
    nullable = any(is_optional(argument.type) for argument in call.arguments)
    parts = [unify(argument, optional(type) if nullable else type).evaluate for argument in call.arguments]

    def evaluate(row: Record) -> Value:
        numbers = [part(row) for part in parts]
        if None in numbers:
            return None
        start, end, step = numbers if len(numbers) == 3 else (*numbers, 1)
        if not all(map(math.isfinite, numbers)) or not step:
            return ()
        count = max(0, math.ceil((end - start) / step) if type in REALS else len(range(start, end, step)))
        if count > MAX_ITEMS:
            raise unsupported(f"lists of more than {MAX_ITEMS} items", call.position)
        return tuple(start + place * step for place in range(count))

    return Expr(optional(List(type)) if nullable else List(type), evaluate)


def _range_of_moments(call: Call, type: Type) -> Expr:
    """Dates or times, of which the step is an Interval."""

    def moments(start: int, end: int, step: int) -> tuple:
        if step % MICROS[type]:
            raise unsupported(f"ListFromRange of {type} with a part of its unit as the step", call.position)
        found = range(start, end, step // MICROS[type]) if step else ()
        if len(found) > MAX_ITEMS:
            raise unsupported(f"lists of more than {MAX_ITEMS} items", call.position)
        return tuple(found)

    return apply(moments, List(type), call.arguments)


def _replicate(call: Call) -> Expr:
    call.expect(2)
    value, count = call.arguments[0], _count(call, "Replicate")

    def evaluate(row: Record) -> Value:
        times = count.evaluate(row)
        if times > MAX_ITEMS:
            raise unsupported(f"lists of more than {MAX_ITEMS} items", call.position)
        return (value.evaluate(row),) * times

    return Expr(List(value.type), evaluate)


def _sum(call: Call) -> Expr:
    """Integers wrap around at 64 bits, as the sum of a column does."""
    call.expect(1)
    source = list_argument(call)
    if source.type == NULL:
        return source
    type = _sum_type(item_type(source))
    add = wrapped(strip(type), sum)

    def total(items: tuple) -> Value:
        present = [item for item in items if item is not None]
        return None if not present else math.fsum(present) if isinstance(present[0], float) else add(present)

    return lift(source, type, total)


def _sum_type(item: Type) -> Type:
    inner = strip(item)
    if inner not in NUMERIC_RANK:
        raise unsupported(f"a sum or an average of {item}")
    return Optional(inner if inner in REALS else INT64 if inner in SIGNED else UINT64)


def _average_type(item: Type) -> Type:
    _sum_type(item)
    return Optional(DOUBLE)


def _least_type(item: Type) -> Type:
    require_ordered(item, "AggrMin")
    return optional(item)


def require_ordered(item: Type, function: str) -> None:
    """Raises UNSUPPORTED for values that have no order, such as those of Json, which YDB refuses."""
    if item != NULL and not comparable(item, item, is_equality=False):
        raise unsupported(f"{function} of {item}")


def _extreme(pick: Callable) -> Callable[[tuple], Value]:
    return lambda items: pick((item for item in items if item is not None), key=null_first, default=None)


def _average(items: tuple) -> Value:
    present = [float(item) for item in items if item is not None]
    return math.fsum(present) / len(present) if present else None


def _distinct_type(item: Type) -> Type:
    """Raises UNSUPPORTED for items that have no equality, such as those with a Json in them."""
    if not comparable(item, item):
        raise unsupported(f"distinct items of {item}")
    return List(item)


def _distinct(items: tuple) -> tuple:
    first: dict[Value, Value] = {}
    for item in items:
        first.setdefault(hashable(item), item)
    return tuple(first.values())


def _flatten(call: Call) -> Expr:
    """Items that are NULL are as good as empty lists."""
    call.expect(1)
    source = list_argument(call)
    if source.type in (EMPTY_LIST, NULL):
        return source
    inner = strip(item_type(source))
    if not isinstance(inner, List):
        raise call.refuse(f"Expected list type, but got: {inner}")
    return lift(source, inner, lambda items: tuple(value for item in items if item is not None for value in item))


FUNCTIONS: dict[str, Function] = {
    "aslist": lambda call: as_list(call.arguments, call),
    "astuple": lambda call: as_tuple(call.arguments),
    "listmap": _map,
    "listflatmap": _flat_map,
    "listfilter": _filter,
    "listfold": _fold,
    "listsort": _sorted(False),
    "listsortasc": _sorted(False),
    "listsortdesc": _sorted(True),
    "listlength": length,
    "listhasitems": has_items,
    "listreverse": _whole(List, lambda items: items[::-1]),
    "listcollect": _whole(List, lambda items: items),
    "listnotnull": _whole(lambda item: List(strip(item)), lambda items: tuple(i for i in items if i is not None)),
    "listflatten": _flatten,
    "listuniq": _whole(_distinct_type, _distinct),
    "listuniqstable": _whole(_distinct_type, _distinct),
    "listhead": _whole(optional, lambda items: items[0] if items else None),
    "listlast": _whole(optional, lambda items: items[-1] if items else None),
    "listmin": _whole(_least_type, _extreme(min)),
    "listmax": _whole(_least_type, _extreme(max)),
    "listsum": _sum,
    "listavg": _whole(_average_type, _average),
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
