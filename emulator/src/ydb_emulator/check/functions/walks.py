"""Functions that walk along a list: folds, prefixes, places, pairs, and the texts and members of its items.

Source: yql/essentials/docs/en/builtins/list.md.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

from ...errors import unsupported
from ...plan import Expr, Record, constant
from ...store.order import null_first
from ...types import (
    BOOL,
    EMPTY_LIST,
    NULL,
    STRING,
    TEXTS,
    UINT64,
    UTF8,
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
from ..comparison import comparable
from ..conversion import common_type, convert, unify
from ..equality import equality
from ..lift import as_bytes, require_bool
from .arguments import MANY, Call, Function
from .lists import applied, item_type, list_argument, over, require_ordered


def _is_empty(source: Expr) -> bool:
    return source.type in (EMPTY_LIST, NULL)


def _fold1(call: Call) -> Expr:
    """`ListFold1(list, first, next)`: NULL for an empty list."""
    call.expect(3)
    source = list_argument(call)
    if _is_empty(source):
        return constant(NULL, None)
    first, start = applied(call.arguments[1], [item_type(source)], call)
    result, compute = applied(call.arguments[2], [item_type(source), first.type], call)
    if result.type != first.type:
        raise unsupported(f"{call.name} of such arguments", call.position)

    def fold(row: Record, items: tuple) -> Value:
        if not items:
            return None
        state = start(row, items[0])
        for item in items[1:]:
            state = compute(row, item, state)
        return state

    return over(call, source, optional(first.type), fold)


def _fold_map(has_state: bool) -> Function:
    """`ListFoldMap(list, state, next)` and `ListFold1Map(list, first, next)`: each step gives an item and a state."""

    def check(call: Call) -> Expr:
        call.expect(3)
        source = list_argument(call)
        if _is_empty(source):
            return source
        state, item = call.arguments[1], item_type(source)
        first, start = (None, None) if has_state else applied(state, [item], call)
        state_type = state.type if first is None else _pair(first.type, call).items[1]
        result, compute = applied(call.arguments[2], [item, state_type], call)
        pair = _pair(result.type, call)
        if pair.items[1] != state_type or first is not None and first.type != pair:
            raise unsupported(f"{call.name} of such arguments", call.position)

        def fold(row: Record, items: tuple) -> Value:
            made = []
            current = state.evaluate(row) if start is None else None
            for place, each in enumerate(items):
                value, current = start(row, each) if start and not place else compute(row, each, current)
                made.append(value)
            return tuple(made)

        return over(call, source, List(pair.items[0]), fold)

    return check


def _pair(type: Type, call: Call) -> Tuple:
    if not isinstance(type, Tuple) or len(type.items) != 2:
        raise unsupported(f"{call.name} of such arguments", call.position)
    return type


def _while(takes: bool, inclusive: bool) -> Function:
    def check(call: Call) -> Expr:
        call.expect(2)
        source = list_argument(call)
        if _is_empty(source):
            return source
        result, compute = applied(call.arguments[1], [item_type(source)], call)
        require_bool(result, call.position, call.name)

        def cut(row: Record, items: tuple) -> Value:
            end = next((place for place, item in enumerate(items) if not compute(row, item)), len(items))
            end = min(end + inclusive, len(items))
            return items[:end] if takes else items[end:]

        return over(call, source, List(item_type(source)), cut)

    return check


def _quantified(quantify: Callable[..., bool]) -> Function:
    def check(call: Call) -> Expr:
        call.expect(1)
        source = list_argument(call)
        if source.type == EMPTY_LIST:
            return constant(BOOL, quantify(()))
        if is_optional(item_type(source)) or source.type == NULL:
            raise unsupported(f"{call.name} of NULL", call.position)
        if item_type(source) != BOOL:
            raise unsupported(f"{call.name} of such arguments", call.position)
        return over(call, source, BOOL, lambda row, items: quantify(items))

    return check


def _concat(call: Call) -> Expr:
    call.expect(1, 2)
    source, separators = list_argument(call), call.arguments[1:]
    item = item_type(source)
    if item not in TEXTS or any(separator.type not in TEXTS for separator in separators):
        raise unsupported(f"ListConcat of {source.type}", call.position)
    type = UTF8 if {item, *(separator.type for separator in separators)} == {UTF8} else STRING

    def concatenated(row: Record, items: tuple) -> Value:
        separator = as_bytes(separators[0].evaluate(row)) if separators else b""
        joined = separator.join(map(as_bytes, items))
        return joined.decode() if type == UTF8 else joined

    made = over(call, source, type, lambda row, items: concatenated(row, items) if items else None)
    return Expr(optional(type), made.evaluate)


def _extract(call: Call) -> Expr:
    call.expect(2)
    source, name = list_argument(call), call.literal(1)
    inner = item_type(source)
    if not isinstance(inner, Struct):
        raise unsupported(f"{call.name} of such arguments", call.position)
    names = [field for field, _ in inner.fields]
    if name not in names:
        raise call.refuse(f"Member not found: {name}")
    place = names.index(name)
    type = List(inner.fields[place][1])
    return over(call, source, type, lambda row, items: tuple(item[place] for item in items))


def _index_of(call: Call) -> Expr:
    """The place of the first item that equals, as `=` does: NULL is never found (IndexOf in core.yqls)."""
    call.expect(2)
    source, wanted = list_argument(call), call.arguments[1]
    if _is_empty(source):
        return constant(Optional(UINT64), None)
    if not comparable(item_type(source), wanted.type):
        raise unsupported(f"{call.name} of such arguments", call.position)
    equals = equality(item_type(source), wanted.type)

    def find(row: Record, items: tuple) -> Value:
        value = wanted.evaluate(row)
        return next((place for place, item in enumerate(items) if equals(item, value)), None)

    return Expr(Optional(UINT64), over(call, source, UINT64, find).evaluate)


def _zip_all(call: Call) -> Expr:
    call.expect(0, MANY)
    sources = [list_argument(call, place) for place in range(len(call.arguments))]
    if any(is_optional(source.type) for source in sources):
        raise unsupported("ListZipAll of an optional list", call.position)
    if any(is_optional(item_type(source)) for source in sources):
        raise unsupported("ListZipAll of items that may be NULL", call.position)
    type = List(Tuple(tuple(Optional(item_type(source)) for source in sources)))
    return Expr(type, lambda row: tuple(itertools.zip_longest(*(source.evaluate(row) for source in sources))))


def _create(call: Call) -> Expr:
    call.expect(1)
    return constant(List(call.type(0)), ())


def _top(descending: bool) -> Function:
    """The least or largest items, in their order, which ListTop leaves open."""

    def check(call: Call) -> Expr:
        call.expect(2, 3)
        source, count = list_argument(call), convert(call.arguments[1], UINT64)
        if count is None:
            raise unsupported(f"{call.name} of such arguments", call.position)
        if _is_empty(source):
            return source
        found = applied(call.arguments[2], [item_type(source)], call) if len(call.arguments) == 3 else None
        require_ordered(found[0].type if found else item_type(source), call.name)

        def cut(row: Record, items: tuple) -> Value:
            key = (lambda item: null_first(found[1](row, item))) if found else null_first
            return tuple(sorted(items, key=key, reverse=descending)[: count.evaluate(row)])

        return over(call, source, strip(source.type), cut)

    return check


def _union_all(call: Call) -> Expr:
    """Lists of structs one after another, with the members of all of them."""
    call.expect(1, MANY)
    sources = [list_argument(call, place) for place in range(len(call.arguments))]
    items = [item_type(source) for source in sources]
    type = common_type(*items)
    if not isinstance(type, Struct) or not all(isinstance(item, Struct) for item in items):
        raise unsupported(f"ListUnionAll of {', '.join(map(str, items))}", call.position)
    if any(is_optional(source.type) for source in sources):
        raise unsupported("ListUnionAll of an optional list", call.position)
    values = [unify(source, List(type)).evaluate for source in sources]
    return Expr(List(type), lambda row: tuple(item for value in values for item in value(row)))


def _shuffle(call: Call) -> Expr:
    """The items in an order of their own for each query."""
    call.expect(1, 2)
    source = list_argument(call)
    if _is_empty(source):
        return source
    return over(call, source, strip(source.type), lambda row, items: tuple(random.sample(items, len(items))))


FUNCTIONS: dict[str, Function] = {
    "listfold1": _fold1,
    "listfoldmap": _fold_map(True),
    "listfold1map": _fold_map(False),
    "listtakewhile": _while(True, False),
    "listtakewhileinclusive": _while(True, True),
    "listskipwhile": _while(False, False),
    "listskipwhileinclusive": _while(False, True),
    "listany": _quantified(any),
    "listall": _quantified(all),
    "listconcat": _concat,
    "listextract": _extract,
    "listindexof": _index_of,
    "listzipall": _zip_all,
    "listcreate": _create,
    "listunionall": _union_all,
    "listshuffle": _shuffle,
    "listtop": _top(False),
    "listtopasc": _top(False),
    "listtopsort": _top(False),
    "listtopsortasc": _top(False),
    "listtopdesc": _top(True),
    "listtopsortdesc": _top(True),
}
"""By normalized name."""
