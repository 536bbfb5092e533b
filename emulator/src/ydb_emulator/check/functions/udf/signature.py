"""Functions of modules: their signatures, and what a call of one is checked for.

An argument that is marked for auto map takes NULL where its type has none: the result is NULL then. Every other one
takes NULL only where its type is optional; an argument that may be left out is one of these.

Source of the rules and texts: yql/essentials/core/type_ann/type_ann_core.cpp (ApplyWrapper),
yql/essentials/core/yql_expr_type_annotation.cpp (EnsureCallableMinArgsCount, EnsureCallableMaxArgsCount);
yql/essentials/tests/sql/suites/udf/{automap_null,wrong_args_fail}.sql; the type that is expected stands first in the
difference (ydb/docs/en/core/postgresql, `String!=pgtext`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ....errors import TERMINATED, Issue, Position, Status, YdbError, unsupported
from ....plan import Expr, Record, constant
from ....types import CALLABLE, NULL, Type, Value, is_optional, optional
from ...context import Lambda
from ...conversion import convert, refuse
from ..arguments import Call, Function


@dataclass(frozen=True)
class Argument:
    type: Type
    auto_map: bool = False
    name: str = ""


def auto(type: Type) -> Argument:
    """An argument for whose NULL the function gives NULL."""
    return Argument(type, auto_map=True)


def named(name: str, type: Type) -> Argument:
    """An argument that may be left out, or given by its name."""
    return Argument(optional(type), name=name)


def function(result: Type, *arguments: Argument | Type, least: int | None = None) -> Callable[[Compute], Function]:
    """Declare a function: its result, its arguments, and how many of these there must be at least (all, if not said).

    What it computes gets a value for each argument, None where one is left out.
    """
    expected = [argument if isinstance(argument, Argument) else Argument(argument) for argument in arguments]

    def declare(compute: Compute) -> Function:
        def check(call: Call) -> Expr:
            return apply(call, result, expected, compute, least)

        return check

    return declare


Compute = Callable[..., Value]


def apply(call: Call, result: Type, expected: Sequence[Argument], compute: Compute, least: int | None = None) -> Expr:
    """The checked call. Raises GENERIC_ERROR for a wrong number of arguments and for types that don't convert."""
    given = _placed(call, expected)
    require_count(call, len(expected) if least is None else least, len(expected), len(given))
    parts: list[tuple[Callable[[Record], Value], bool]] = []
    nullable = False
    for number, (argument, wanted) in enumerate(zip(given, expected, strict=False), start=1):
        if argument is None:
            parts.append((_nothing, False))
            continue
        if wanted.auto_map and argument.type == NULL:
            return constant(NULL, None)
        maps = wanted.auto_map and is_optional(argument.type) and not is_optional(wanted.type)
        nullable = nullable or maps
        converted = convert(argument, optional(wanted.type) if maps else wanted.type)
        if converted is None:
            raise mismatch(call, number, wanted.type, argument.type)
        parts.append((converted.evaluate, maps))
    parts += [(_nothing, False)] * (len(expected) - len(parts))

    def evaluate(row: Record) -> Value:
        values = []
        for part, maps in parts:
            value = part(row)
            if value is None and maps:
                return None
            values.append(value)
        return compute(*values)

    return Expr(optional(result) if nullable else result, evaluate)


def _nothing(_: Record) -> Value:
    return None


def _placed(call: Call, expected: Sequence[Argument]) -> list[Expr | None]:
    """The arguments in the order of the signature, None where one is left out before a named one."""
    given: list[Expr | None] = [*call.arguments]
    names = [argument.name for argument in expected]
    for name, value in call.named:
        place = names.index(name) if name in names else -1
        if place < len(call.arguments) or (place < len(given) and given[place] is not None):
            raise unsupported(f"the named argument {name} of {call.name}", call.position)
        given += [None] * (place + 1 - len(given))
        given[place] = value
    return given


def require_count(call: Call, least: int, most: int, given: int) -> None:
    """Raises GENERIC_ERROR unless a call has from `least` to `most` arguments."""
    for is_wrong, word, wanted in ((given < least, "least", least), (given > most, "most", most)):
        if is_wrong:
            message = f"Callable expected at {word} {wanted} argument(s), but got {given}"
            raise refuse("Apply", message, call.position)


def mismatch(call: Call, number: int, wanted: Type, given: Type) -> YdbError:
    produced = f"Apply, Callable is produced by Udf: {call.name.replace('::', '.')}"
    return refuse(produced, f"Mismatch type argument #{number}, type diff: {wanted}!={given}", call.position)


def not_found(call: Call, reason: str) -> YdbError:
    """A refusal by the module itself, which makes its function for the types that it is asked for.

    Shape: yql/essentials/udfs/common/datetime2/test/canondata/test.test_Error_/extracted.
    """
    module, _, name = call.name.partition("::")
    module = {"DateTime": "DateTime2"}.get(module, module)
    message = (
        f"Failed to find UDF function: {module}.{name}, reason: Error: Module: {module}, function: {name}, "
        f"error: {reason}"
    )
    return refuse(f"Apply, At function: Udf, At {module}.{name}", message, call.position)


def terminated(reason: str, position: Position) -> YdbError:
    """A function that stops the query while it runs (UdfTerminate; the text around the reason is a guess)."""
    said = f"<main>:{position.row}:{position.column}: {reason}"
    return YdbError(Status.PRECONDITION_FAILED, Issue(f"{TERMINATED}{len(said)}): {said}"))


def callable_of(
    made: Call,
    prefix: Sequence[Expr],
    result: Type,
    arguments: Sequence[Argument],
    compute: Compute,
    prepare: Callable[[Expr], Expr] = lambda value: value,
) -> Expr:
    """A function that a function gives, such as `Re2::Match('a')`: called in turn, it computes with the values of
    `prefix` before its own. `prepare` changes its first argument."""

    def apply_to(values: Sequence[Expr]) -> Expr:
        given = [prepare(values[0]), *values[1:]]
        expected = [*(Argument(expression.type) for expression in prefix), *arguments]
        return apply(Call(made.name, [*prefix, *given], made.position, made.context), result, expected, compute)

    return Lambda(CALLABLE, _nothing, parameters=("",) * len(arguments), apply=apply_to)
