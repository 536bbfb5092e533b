"""Type names of a query resolved to types.

Source of names and texts: yql/essentials/core/sql_types/simple_types.cpp, yql/essentials/sql/v1/node.cpp.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import Issue, Position, refusal, unsupported
from ..types import (
    EMPTY_DICT,
    EMPTY_LIST,
    VOID,
    Decimal,
    Dict,
    List,
    Optional,
    Tuple,
    Type,
    by_name,
    decimal,
    struct,
)  # fmt: skip
from ..yql import syntax
from .conversion import refuse
from .lift import require_key

MAX_PRECISION = 35
_SPECIAL = {"emptylist": EMPTY_LIST, "emptydict": EMPTY_DICT, "void": VOID}
"""Source: yql/essentials/tests/sql/suites/in/in_ansi_empty.sql (EmptyList, EmptyDict)."""


def resolve_type(written: syntax.TypeName) -> Type:
    """The type that a name means, outside of column definitions. Raises GENERIC_ERROR for an unknown name."""
    name = written.name.lower()
    if name == "decimal":
        return _decimal(written)
    arguments = tuple(resolve_type(argument) for argument in written.arguments if not isinstance(argument, int))
    match name, arguments:
        case "optional", (item,):
            return Optional(item)
        case "list", (item,):
            return List(item)
        case "tuple", items:
            return Tuple(items)
        case "dict", (key, value):
            require_key(key, written.position)
            return Dict(key, value)
        case "set", (key,):
            require_key(key, written.position)
            return Dict(key, VOID)
        case "struct", items:
            return struct_type(written.fields, items, written.position)
    if not written.arguments and name in _SPECIAL:
        return _SPECIAL[name]
    if written.arguments:
        raise unsupported(f"the type {written.name}<…>", written.position)
    if type := by_name(name):
        return type
    if name.startswith("pg"):
        raise unsupported(f"the type {written.name}", written.position)
    raise refusal(Issue(f"Unknown simple type '{written.name}'", position=written.position))


def struct_type(names: Sequence[str], items: Sequence[Type], position: Position) -> Type:
    """Source: yql/essentials/ast/yql_expr.cpp (ValidateName, TStructExprType::Validate)."""
    if "" in names:
        raise refuse("StructType", "Empty member name is not allowed", position)
    twice = next((name for name in sorted(names) if names.count(name) > 1), None)
    if twice is not None:
        raise refuse("StructType", f"Duplicated member: {twice}", position)
    return struct(dict(zip(names, items, strict=True)))


def _decimal(written: syntax.TypeName) -> Decimal:
    match written.arguments:
        case int(precision), int(scale):
            pass
        case _:
            raise unsupported("a Decimal without precision and scale", written.position)
    if not 0 < precision <= MAX_PRECISION:
        raise refusal(Issue(f"Invalid decimal precision: {precision}", position=written.position))
    if scale > precision:
        raise refusal(Issue(f"Invalid decimal parameters: ({precision},{scale}).", position=written.position))
    return decimal(precision, scale)
