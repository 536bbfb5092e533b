"""YQL's functions: a call is looked up by its name in the tables of this package and checked there.

Source: ydb/docs/en/core/yql/reference/builtins/*.md; yql/essentials/sql/v1/builtin.cpp (BuildBuiltinFunc).
"""

from __future__ import annotations

from typing import TypeGuard

from ...errors import Issue, refusal, unsupported
from ...plan import Expr, constant
from ...types import BOOL, TypeHandle, by_name
from ...yql import syntax
from ..dispatch import check, checks
from ..scope import Scope
from ..typenames import resolve_type
from . import basic, binary, dicts, handles, lists, literals, modules, statics, structs, walks, yson, zones
from .arguments import Call, Function
from .names import AGGREGATES, WINDOW, WINDOW_ONLY, is_known, normalized, window_name

_FUNCTIONS: dict[str, Function] = {
    **basic.FUNCTIONS, **binary.FUNCTIONS, **lists.FUNCTIONS, **walks.FUNCTIONS, **dicts.FUNCTIONS,
    **structs.FUNCTIONS, **handles.FUNCTIONS, **statics.FUNCTIONS,
    **zones.FUNCTIONS, "decimal": literals.decimal_literal,
}  # fmt: skip


def is_aggregate(node: object) -> TypeGuard[syntax.Call]:
    """Whether a node of the syntax tree calls an aggregate function, one that the emulator has or not."""
    return isinstance(node, syntax.Call) and node.over is None and normalized(node.name) in AGGREGATES


@checks(syntax.Call)
def _call(node: syntax.Call, scope: Scope) -> Expr:
    """A function call. Raises GENERIC_ERROR for what YQL refuses, UNSUPPORTED for a function that isn't here."""
    name = normalized(node.name)
    if node.over is not None:
        raise _misplaced_window(node, scope)
    require_over(node)
    if name in AGGREGATES:
        return _misplaced_aggregate(node, scope)
    if node.distinct:
        raise refusal(Issue("DISTINCT can only be used in aggregation functions", position=node.position))
    if node.star:
        raise unsupported(f"{node.name}(*)", node.position)
    if "::" in node.name:
        return _module_call(node, scope)
    arguments = _arguments(node, scope)
    named = _named(node, scope) if name in structs.NAMED | handles.NAMED else ()
    found = Call(_spelled(node.name), arguments, node.position, scope.context, named, node.arguments)
    if name == "asstruct":
        return _as_struct(node, found, scope)
    require_known(node)
    if node.named_arguments and not named:
        raise unsupported(f"named arguments of {node.name}", node.position)
    if name in _FUNCTIONS:
        return _FUNCTIONS[name](found)
    if type := by_name(node.name):
        return literals.data(found, type)
    raise unsupported(f"the function {node.name}", node.position)


def _misplaced_window(node: syntax.Call, scope: Scope) -> Exception:
    """Source of the texts: sql_ut_common.h (ErrWithMissingFromForWindow, ErrWithMissingFromForInplaceWindow)."""
    if scope.has_source or scope.is_select:
        return unsupported("window functions here", node.position)
    name = normalized(node.name)
    is_function = name in WINDOW and isinstance(node.over, str)
    what = "Window functions" if is_function else "Window and aggregation functions"
    issues = [Issue(f"{what} are not allowed in this context", position=node.position)]
    if isinstance(node.over, str):
        kind, shown = "window" if is_function else "aggregation", window_name(node)
        message = f"Failed to use {kind} function {shown} without window specification or in wrong place"
        issues.append(Issue(message, position=node.position))
    return refusal(*issues)


def require_over(node: syntax.Call) -> None:
    """Raises GENERIC_ERROR for a function of windows alone, without OVER."""
    if normalized(node.name) in WINDOW:
        message = f"Failed to use window function {window_name(node)} without window specification or in wrong place"
        raise refusal(Issue(message, position=node.position))
    require_window(node)


def require_window(node: syntax.Call) -> None:
    """Raises GENERIC_ERROR for an aggregate function that is one of windows alone, without OVER.

    Source: yql/essentials/sql/v1/builtin.cpp (BuildAggrFuncFactoryCallback).
    """
    shown = WINDOW_ONLY.get(normalized(node.name))
    if shown is not None and node.over is None:
        message = f"Can't use window function {shown} without window specification (OVER keyword is missing)"
        raise refusal(Issue(message, position=node.position))


def require_known(node: syntax.Call) -> None:
    """Raises GENERIC_ERROR for a function that YQL doesn't have."""
    if not is_known(node.name):
        raise refusal(Issue(f"Unknown builtin: {node.name}", position=node.position))


def _named(node: syntax.Call, scope: Scope) -> tuple[tuple[str, Expr], ...]:
    return tuple((word, _argument(value, scope, True)) for word, value in node.named_arguments)


def _arguments(node: syntax.Call, scope: Scope) -> list[Expr]:
    takes_types = normalized(node.name) in handles.TAKES_TYPES
    return [_argument(argument, scope, takes_types) for argument in node.arguments]


def _argument(node: syntax.Expression | syntax.TypeName, scope: Scope, takes_types: bool) -> Expr:
    if isinstance(node, syntax.TypeName):
        return _type(node)
    if isinstance(node, syntax.Name) and by_name(node.name) and not scope.has_source:
        if not takes_types:
            raise unsupported("the bare name of a type as an argument", node.position)
        return _type(syntax.TypeName(node.name, position=node.position))
    return check(node, scope)


def _type(node: syntax.TypeName) -> Expr:
    type = resolve_type(node)
    return constant(TypeHandle(type), type)


def _spelled(name: str) -> str:
    """The name with which YDB speaks of a function; the case of the text where the emulator doesn't know it."""
    return _SPELLED.get(normalized(name), name)


_SPELLED = {
    "len": "Size", "length": "Size", "nvl": "Coalesce", "coalesce": "Coalesce", "if": "If", "abs": "Abs",
    "substring": "Substring", "find": "Find", "rfind": "RFind", "byteat": "ByteAt", "startswith": "StartsWith",
    "endswith": "EndsWith", "minof": "Min", "least": "Min", "maxof": "Max", "greatest": "Max", "unwrap": "Unwrap",
    "ensure": "Ensure", "just": "Just", "nothing": "Nothing", "nanvl": "Nanvl", "likely": "Likely",
    "listreplicate": "Replicate", "listlength": "Length", "dictlength": "Length", "listhasitems": "HasItems",
    "dicthasitems": "HasItems",
}  # fmt: skip
"""By normalized name. Source: yql/essentials/sql/v1/builtin.cpp (MakeBuiltinFuncs)."""


def _misplaced_aggregate(node: syntax.Call, scope: Scope) -> Expr:
    """Source of the texts: yql/essentials/sql/v1/builtin.cpp (TBasicAggrFunc), aggregation.cpp."""
    shown = node.name.capitalize()
    if not scope.has_source:
        message = f"Unable to use aggregation function '{shown}' without data source"
        raise refusal(Issue(message, position=node.position))
    raise refusal(Issue("Aggregation of aggregated values is forbidden", position=node.position))


def _as_struct(node: syntax.Call, call: Call, scope: Scope) -> Expr:
    if node.arguments:
        raise refusal(Issue("AsStruct requires all argument to be named", position=node.position))
    return lists.as_struct([(name, check(value, scope)) for name, value in node.named_arguments], call)


def _module_call(node: syntax.Call, scope: Scope) -> Expr:
    module, _, name = node.name.partition("::")
    if module.lower() == "yson":
        return _yson_call(node, name, scope)
    functions = modules.MODULES.get(module.lower(), {})
    if name not in functions:
        raise unsupported(f"the function {node.name}", node.position)
    named = tuple((word, check(value, scope)) for word, value in node.named_arguments)
    return functions[name](Call(node.name, _arguments(node, scope), node.position, scope.context, named))


def _yson_call(node: syntax.Call, name: str, scope: Scope) -> Expr:
    options = yson.Options()
    if name in yson.CONVERSIONS:
        *rest, last = node.arguments or (None,)
        if isinstance(last, syntax.Call) and normalized(last.name) == "yson::options":
            options = _yson_options(last, scope)
            node = syntax.Call(node.name, tuple(rest), position=node.position)
    if node.named_arguments or name not in yson.CONVERSIONS and name not in yson.FUNCTIONS:
        raise unsupported(f"the function {node.name}", node.position)
    call = Call(node.name, _arguments(node, scope), node.position, scope.context)
    if name not in yson.CONVERSIONS:
        return yson.FUNCTIONS[name](call)
    call.expect(2 if name == "ConvertTo" or not name.startswith("ConvertTo") else 1)
    return yson.CONVERSIONS[name](call, options)


def _yson_options(node: syntax.Call, scope: Scope) -> yson.Options:
    """Whatever isn't named is off (TOptions::Run)."""
    values = {"AutoConvert": False, "Strict": False}
    if node.arguments:
        raise unsupported("Yson::Options without names", node.position)
    for name, value in node.named_arguments:
        checked = check(value, scope)
        if name not in values or checked.type != BOOL or not checked.is_literal:
            raise unsupported("Yson::Options of this form", node.position)
        values[name] = checked.evaluate(())
    return yson.Options(values["AutoConvert"], values["Strict"])
