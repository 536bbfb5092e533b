"""Built-in functions on single values: branches, NULL, types, the time, random numbers, texts.

Source: ydb/docs/en/core/yql/reference/builtins/basic.md; types and texts:
yql/essentials/core/type_ann/type_ann_core.cpp.
"""

from __future__ import annotations

import datetime
import random
import uuid
from collections.abc import Callable

from ...errors import unsupported
from ...plan import Expr, Record, constant
from ...types import (
    BOOL,
    CALLABLE,
    DATE,
    DATETIME,
    DOUBLE,
    EMPTY_DICT,
    EMPTY_LIST,
    INT32,
    INTEGERS,
    INTERVALS,
    NULL,
    REALS,
    STRING,
    TEXTS,
    TIMESTAMP,
    UINT8,
    UINT32,
    UINT64,
    UUID,
    VOID,
    Data,
    Decimal,
    Just,
    Optional,
    Special,
    Value,
    is_nested,
    is_optional,
    optional,
    strip,
)  # fmt: skip
from ...yql import syntax
from ..arithmetic import wrapped
from ..comparison import comparable
from ..conversion import common_type, convert, no_common_type, refuse, unified, unify
from ..lift import as_bytes, hashable, lift, require_condition, require_data, require_logical, require_text
from ..named_tables import no_evaluation
from .arguments import MANY, Call, Function, apply
from .udf.signature import terminated


def coalesce(call: Call) -> Expr:
    """The first value that is not NULL. Its type is that of the first argument, if the others convert to it.

    Source: CoalesceWrapper (yql/essentials/core/type_ann/type_ann_core.cpp).
    """
    call.expect(1, MANY)
    if any(is_nested(argument.type) for argument in call.arguments):
        raise unsupported("COALESCE of an Optional in an Optional", call.position)
    first, *others = [argument for argument in call.arguments if argument.type != NULL] or [call.arguments[0]]
    used, type = [first], strip(first.type)
    for argument in others:
        given = strip(argument.type)
        converts = convert(Expr(given, argument.evaluate, argument.is_literal), type) is not None
        merged = type if converts else common_type(type, given)
        if merged is None:
            shown = optional(type) if is_optional(used[-1].type) else type
            message = f"uncompatible coalesce types, first type: {shown}, second type: {argument.type}"
            raise refuse("Coalesce", message, call.position)
        if not is_optional(used[-1].type):
            continue  # never asked for
        if converts and argument.is_literal and type in INTEGERS and given not in (type, INT32):
            raise unsupported("an integer of another type in COALESCE", call.position)
        used.append(argument)
        type = merged
    is_sure = not is_optional(used[-1].type)
    parts = [unify(each, optional(type) if is_optional(each.type) else type).evaluate for each in used]

    def evaluate(row: Record) -> Value:
        return next((value for part in parts if (value := part(row)) is not None), None)

    return Expr(type if is_sure else optional(type), evaluate)


def _if(call: Call) -> Expr:
    call.expect(2, 3)
    condition, then, *rest = call.arguments
    require_condition(condition, call.position)
    (otherwise,) = rest or [constant(NULL, None)]
    branches = unified([then, otherwise])
    if branches is None:
        raise call.refuse(no_common_type([then.type, otherwise.type]))
    yes, no = branches
    return Expr(yes.type, lambda row: (yes if condition.evaluate(row) else no).evaluate(row))


def _length(call: Call) -> Expr:
    call.expect(1)
    (argument,) = call.arguments
    if argument.type == NULL:
        return constant(Optional(UINT32), None)
    require_data(argument, "Size", call.position)
    if strip(argument.type) not in TEXTS:
        raise unsupported(f"the length of {argument.type}", call.position)
    return lift(argument, UINT32, lambda value: len(as_bytes(value)))


def _unwrap(call: Call) -> Expr:
    call.expect(1, 2)
    argument = call.arguments[0]
    if argument.type == NULL:
        raise unsupported("Unwrap of NULL", call.position)
    if not isinstance(argument.type, Optional):
        return argument
    for text in call.arguments[1:]:
        require_text(text, "Unwrap", call.position)
    message = call.arguments[1] if len(call.arguments) > 1 else None

    def evaluate(row: Record) -> Value:
        value = argument.evaluate(row)
        if value is None:
            said = as_bytes(message.evaluate(row)).decode(errors="replace") if message else ""
            raise terminated(said or "Failed to unwrap empty optional", call.position)
        return value.value if isinstance(value, Just) else value

    return Expr(argument.type.item, evaluate)


def _ensure(call: Call) -> Expr:
    call.expect(2, 3)
    value, condition, *message = call.arguments
    require_data(condition, "Ensure", call.position)
    require_logical(condition, "Ensure", call.position)
    for text in message:
        require_text(text, "Ensure", call.position)

    def evaluate(row: Record) -> Value:
        if not condition.evaluate(row):
            said = as_bytes(message[0].evaluate(row)).decode(errors="replace") if message else ""
            if not said:
                raise unsupported("Ensure that fails without a message", call.position)
            raise terminated(said, call.position)
        return value.evaluate(row)

    return Expr(value.type, evaluate)


def _of_one_value(call: Call, type: Special, value: Value) -> Expr:
    call.expect(0)
    return constant(type, value)


def _evaluate_expr(call: Call) -> Expr:
    """YDB's tests have it on its main branch, and nothing tells which released line took it first."""
    raise unsupported("EvaluateExpr", call.position)


def _evaluate_atom(call: Call) -> Expr:
    raise no_evaluation("EvaluateAtom", call.position, call.context)


def _just(call: Call) -> Expr:
    call.expect(1)
    type, evaluate = call.arguments[0].type, call.arguments[0].evaluate
    return Expr(Optional(type), (lambda row: Just(evaluate(row))) if is_optional(type) else evaluate)


def _nothing(call: Call) -> Expr:
    call.expect(1)
    type = call.type(0)
    if type == NULL:
        return constant(NULL, None)
    if not isinstance(type, Optional):
        raise call.refuse(f"Expected optional, pg type or Null type, but got: {type}")
    return constant(type, None)


def _extreme(pick: Callable[[list[Value]], Value]) -> Function:
    """NULL if one argument is. Source: MinMaxWrapper (yql/essentials/core/type_ann/type_ann_core.cpp)."""

    def check(call: Call) -> Expr:
        call.expect(1, MANY)
        first, *_ = types = [argument.type for argument in call.arguments]
        other = next((type for type in types if not comparable(first, type, False)), None)
        if other is not None:
            raise call.refuse(f"Uncomparable types: {first} and {other}")
        parts = unified(call.arguments)
        if parts is None:
            raise call.refuse(no_common_type(types))
        type = strip(parts[0].type)
        values = [part.evaluate for part in parts]

        def evaluate(row: Record) -> Value:
            found = [part(row) for part in values]
            return None if None in found else pick(found)

        is_sure = not any(is_optional(argument.type) or argument.type == NULL for argument in call.arguments)
        return Expr(type if is_sure else optional(type), evaluate)

    return check


def _abs(call: Call) -> Expr:
    """The least integer of a type is its own. Source: yql/essentials/minikql/invoke_builtins/mkql_builtins_abs.cpp."""
    call.expect(1)
    (argument,) = call.arguments
    type = strip(argument.type)
    if type == NULL:
        return argument
    require_data(argument, "Abs", call.position)
    if type not in INTEGERS | REALS | INTERVALS and not isinstance(type, Decimal):
        raise call.refuse(f"Expected numeric, decimal or interval type, but got: {argument.type}")
    return lift(argument, type, wrapped(type, abs))


def _substring(call: Call) -> Expr:
    call.expect(2, 3)
    source = call.arguments[0]
    if source.type == NULL:
        return source
    if strip(source.type) != STRING:
        raise call.refuse(f"Expected data type: String, but got: {strip(source.type)}")
    numbers = []
    for argument in call.arguments[1:]:
        wanted = optional(UINT32) if is_optional(argument.type) else UINT32
        part = convert(argument, wanted)
        if part is None:
            raise call.refuse("Mismatch argument types")
        numbers.append(part.evaluate)

    def evaluate(row: Record) -> Value:
        value = source.evaluate(row)
        start, *length = [number(row) for number in numbers]
        start = start or 0
        end = start + length[0] if length and length[0] is not None else None
        return None if value is None else value[start:end]

    return Expr(source.type, evaluate)


def _find(name: str) -> Function:
    """The place in bytes, NULL for none. It is looked for from a start on, or with RFIND at the start or before it.

    Source: FindWrapper (type_ann_core.cpp): what is looked for may not be NULL.
    """

    def check(call: Call) -> Expr:
        call.expect(2, 3)
        where, what, *start = call.arguments
        if where.type == NULL:
            return where
        type = strip(where.type)
        if type not in TEXTS:
            raise call.refuse(f"Expected String or Utf8, but got: {type}")
        wanted = convert(what, type)
        if wanted is None:
            raise call.refuse(f"Failed to convert type: {what.type} to {type}")
        first = constant(NULL, None)
        if start:
            place = optional(UINT32) if is_optional(start[0].type) or start[0].type == NULL else UINT32
            converted = convert(start[0], place)
            if converted is None:
                raise call.refuse(f"Failed to convert type: {start[0].type} to {place}")
            first = converted
        parts = [where.evaluate, wanted.evaluate, first.evaluate]

        def evaluate(row: Record) -> Value:
            value, part, at = (each(row) for each in parts)
            if value is None:
                return None
            value, part = as_bytes(value), as_bytes(part)
            if name == "find":
                place = value.find(part, at or 0)
            else:
                place = value.rfind(part) if at is None else value.rfind(part, 0, at + len(part))
            return None if place < 0 else place

        return Expr(Optional(UINT32), evaluate)

    return check


def _has(method: str) -> Function:
    def check(call: Call) -> Expr:
        call.expect(2)
        for argument in call.arguments:
            if strip(argument.type) not in TEXTS | {NULL}:
                message = f"Expected (optional) string/utf8 or corresponding Pg type, but got: {argument.type}"
                raise call.refuse(message)
        return apply(lambda a, b: getattr(as_bytes(a), method)(as_bytes(b)), BOOL, call.arguments)

    return check


def _current(type: Data, unit: datetime.timedelta) -> Function:
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return lambda call: constant(type, (call.context.now - epoch) // unit)


def _random(type: Data, make: Callable[[], Value]) -> Function:
    """Equal arguments give one value: in a row where they name its columns, else in the whole query.

    Source: yql/essentials/docs/en/builtins/basic.md (Random…).
    """

    def check(call: Call) -> Expr:
        call.expect(1, MANY)
        if any(argument.type == CALLABLE for argument in call.arguments):
            raise unsupported("a random value of a lambda", call.position)
        drawn, asked = call.context.drawn, (type, call.written)
        if _names_column(call.written):
            return Expr(type, lambda row: _once_a_row(drawn, asked, row, make))
        values = [argument.evaluate for argument in call.arguments]

        def evaluate(row: Record) -> Value:
            key = asked, tuple(hashable(value(row)) for value in values)
            if key not in drawn:
                drawn[key] = make()
            return drawn[key]

        return Expr(type, evaluate)

    return check


def _names_column(node: object) -> bool:
    if isinstance(node, tuple):
        return any(map(_names_column, node))
    if isinstance(node, syntax.Subquery | syntax.TypeName):
        return False
    return (
        isinstance(node, syntax.Name) or isinstance(node, syntax.Node) and any(map(_names_column, vars(node).values()))
    )


def _once_a_row(drawn: dict[object, object], asked: object, row: Record, make: Callable[[], Value]) -> Value:
    last = drawn.get(asked)
    if not isinstance(last, tuple) or last[0] is not row:
        drawn[asked] = last = row, make()
    return last[1]


def _byte_at(call: Call) -> Expr:
    call.expect(2)
    source, index = call.arguments
    type = strip(source.type)
    if type == NULL:
        return source
    if type not in TEXTS:
        wanted = "either String or Utf8" if isinstance(type, Data) else "data type"
        raise call.refuse(f"Expected {wanted}, but got: {type}")
    place = convert(index, UINT32)
    if place is None:
        raise call.refuse("Mismatch argument types")
    found = apply(lambda value, at: next(iter(as_bytes(value)[at : at + 1]), None), UINT8, [source, place])
    return Expr(Optional(UINT8), found.evaluate)


def _version(call: Call) -> Expr:
    """The form of the answer is that of `stable-25-4-1`, its type a guess."""
    call.expect(0)
    return constant(STRING, f"stable-{call.context.database.line.name.replace('.', '-')}-1".encode())


def _ensure_likely(call: Call) -> Expr:
    call.expect(1)
    require_logical(call.arguments[0], "Likely", call.position)
    return call.arguments[0]


def _nanvl(call: Call) -> Expr:
    """Source: NanvlWrapper (type_ann_core.cpp)."""
    call.expect(2)
    for argument, wanted in zip(call.arguments, ("Float, Double or Decimal", "Float or Double"), strict=True):
        type = strip(argument.type)
        if argument is call.arguments[1] and type == NULL:
            break
        require_data(argument, "Nanvl", call.position)
        if isinstance(type, Decimal):
            raise unsupported("NANVL of a Decimal", call.position)
        if type not in REALS:
            raise call.refuse(f"Expected {wanted}, but got: {argument.type}")
    parts = unified(call.arguments)
    assert parts is not None
    value, other = parts

    def evaluate(row: Record) -> Value:
        found = value.evaluate(row)
        return other.evaluate(row) if found != found else found

    return Expr(value.type, evaluate)


FUNCTIONS: dict[str, Function] = {
    "void": lambda call: _of_one_value(call, VOID, None),
    "emptylist": lambda call: _of_one_value(call, EMPTY_LIST, ()),
    "emptydict": lambda call: _of_one_value(call, EMPTY_DICT, {}),
    "evaluateexpr": _evaluate_expr,
    "evaluateatom": _evaluate_atom,
    "coalesce": coalesce,
    "nvl": coalesce,
    "nanvl": _nanvl,
    "if": _if,
    "length": _length,
    "len": _length,
    "charlength": _length,
    "characterlength": _length,
    "unwrap": _unwrap,
    "ensure": _ensure,
    "just": _just,
    "nothing": _nothing,
    "likely": _ensure_likely,
    "minof": _extreme(min),
    "least": _extreme(min),
    "maxof": _extreme(max),
    "greatest": _extreme(max),
    "abs": _abs,
    "substring": _substring,
    "find": _find("find"),
    "rfind": _find("rfind"),
    "byteat": _byte_at,
    "startswith": _has("startswith"),
    "endswith": _has("endswith"),
    "currentutcdate": _current(DATE, datetime.timedelta(days=1)),
    "currentutcdatetime": _current(DATETIME, datetime.timedelta(seconds=1)),
    "currentutctimestamp": _current(TIMESTAMP, datetime.timedelta(microseconds=1)),
    "random": _random(DOUBLE, random.random),
    "randomnumber": _random(UINT64, lambda: random.getrandbits(64)),
    "randomuuid": _random(UUID, uuid.uuid4),
    "version": _version,
}
"""By normalized name."""
