"""Functions that take a tuple or a struct apart while the query is checked: StaticMap, StaticZip, StaticFold.

Source: yql/essentials/docs/en/builtins/basic.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...errors import unsupported
from ...plan import Expr, Record, constant
from ...types import NULL, Struct, Tuple, Value
from ..context import Lambda
from .arguments import MANY, Call, Function
from .lists import as_struct, as_tuple

Parts = list[tuple[str, Expr]]


def _parts(call: Call, place: int = 0) -> Parts:
    """The items of a tuple, or the members of a struct with their names."""
    whole = call.arguments[place]

    def part(number: int) -> Callable[[Record], Value]:
        return lambda row: whole.evaluate(row)[number]

    match whole.type:
        case Tuple(items):
            return [("", Expr(type, part(number))) for number, type in enumerate(items)]
        case Struct(fields):
            return [(name, Expr(type, part(number))) for number, (name, type) in enumerate(fields)]
    raise unsupported(f"{call.name} of {whole.type}", call.position)


def _made(call: Call, like: Parts, values: Sequence[Expr]) -> Expr:
    if isinstance(call.arguments[0].type, Tuple):
        return as_tuple(list(values))
    return as_struct([(name, value) for (name, _), value in zip(like, values, strict=True)], call)


def _apply(call: Call, place: int, *arguments: Expr) -> Expr:
    function = call.arguments[place]
    if not isinstance(function, Lambda) or len(function.parameters) != len(arguments):
        raise unsupported(f"{call.name} with such a lambda", call.position)
    call.context.use()
    return function.apply(arguments)


def _map(call: Call) -> Expr:
    call.expect(2)
    parts = _parts(call)
    return _made(call, parts, [_apply(call, 1, value) for _, value in parts])


def _zip(call: Call) -> Expr:
    call.expect(1, MANY)
    wholes = [_parts(call, place) for place in range(len(call.arguments))]
    if any([name for name, _ in whole] != [name for name, _ in wholes[0]] for whole in wholes):
        raise unsupported("StaticZip of such arguments", call.position)
    pairs = zip(*([value for _, value in whole] for whole in wholes), strict=True)
    return _made(call, wholes[0], [as_tuple(list(values)) for values in pairs])


def _fold(call: Call) -> Expr:
    call.expect(3)
    state = call.arguments[1]
    for _, value in _parts(call):
        state = _apply(call, 2, value, state)
    return state


def _fold1(call: Call) -> Expr:
    call.expect(3)
    parts = _parts(call)
    if not parts:
        return constant(NULL, None)
    state = _apply(call, 1, parts[0][1])
    for _, value in parts[1:]:
        state = _apply(call, 2, value, state)
    return state


FUNCTIONS: dict[str, Function] = {
    "staticmap": _map,
    "staticzip": _zip,
    "staticfold": _fold,
    "staticfold1": _fold1,
}
"""By normalized name."""
