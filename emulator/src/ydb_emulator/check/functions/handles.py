"""Functions on types: what makes one of others, takes it apart, tells its name, and holds a value to it.

Source: yql/essentials/docs/en/builtins/types.md, basic.md (Ensure…).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ...errors import YdbError, unsupported
from ...plan import Expr, constant
from ...types import (
    CALLABLE,
    COLUMN_TYPES,
    EMPTY_DICT,
    EMPTY_LIST,
    NULL,
    OPTIONS,
    STRING,
    TZ_DATE,
    TZ_DATETIME,
    TZ_TIMESTAMP,
    VOID,
    Data,
    Decimal,
    Dict,
    List,
    Optional,
    Struct,
    Tuple,
    Type,
    TypeHandle,
    by_name,
    decimal,
    parts,
)  # fmt: skip
from ...yql import syntax
from ...yql.parser import parse
from ..conversion import convert
from ..lift import require_key
from ..typenames import MAX_PRECISION, resolve_type, struct_type
from .arguments import MANY, Call, Function


def _handle(type: Type) -> Expr:
    return constant(TypeHandle(type), type)


def _made(least: int, most: int, make: Callable[[list[Type]], Type]) -> Function:
    """A type of other types."""

    def check(call: Call) -> Expr:
        call.expect(least, most)
        return _handle(make([call.type(place) for place in range(len(call.arguments))]))

    return check


def _data_type(call: Call) -> Expr:
    call.expect(1, 3)
    name, *numbers = [call.literal(place) for place in range(len(call.arguments))]
    if name == "Decimal" and len(numbers) == 2 and all(re.fullmatch("0|[1-9][0-9]?", n) for n in numbers):
        precision, scale = map(int, numbers)
        if 0 < precision <= MAX_PRECISION and scale <= precision:
            return _handle(decimal(precision, scale))
    type = by_name(name)
    if type is None or type.name != name or numbers:
        raise unsupported(f"DataType of {name}", call.position)
    return _handle(type)


def _parse_type(call: Call) -> Expr:
    call.expect(1)
    written = call.literal(0)
    try:
        script = parse(f"DECLARE $type AS {written}")
        match script.statements:
            case (syntax.Declare(_, type, None),) if _is_of_parser(written):
                return _handle(resolve_type(type))
    except YdbError:  # YDB's parser of types has words of its own
        pass
    raise unsupported(f"the type '{written}'", call.position)


def _is_of_parser(written: str) -> bool:
    """Whether what is a type in a statement is one for YDB's parser of types, too: it knows names in one spelling, and
    no comments, aliases and commas at the end. Source: yql/essentials/ast/yql_type_string.cpp (TTypeParser)."""
    tokens = re.findall(r"'[^'\\]*'|\w+|\S", written, re.ASCII)
    for token, following in zip(tokens, [*tokens[1:], ""], strict=True):
        if token[0] == "'" or token in "<>:?()" or token == "," and following not in (">", ")"):
            continue
        if following == ":" and token.isidentifier() and token not in _TYPE_WORDS:
            continue
        if following == ":" or token not in _PARSED_WORDS and not re.fullmatch("0|[1-9][0-9]?", token):
            return False
    return True


def _struct_type(call: Call) -> Expr:
    if call.arguments:
        raise unsupported("StructType with arguments without names", call.position)
    items: list[Type] = []
    for _, handle in call.named:
        if not isinstance(handle.type, TypeHandle):
            raise call.refuse(f"Expected type, but got: {handle.type}")
        items.append(handle.type.of)
    return _handle(struct_type([name for name, _ in call.named], items, call.position))


def _dict_type(call: Call) -> Expr:
    call.expect(2)
    require_key(call.type(0), call.position)
    return _handle(Dict(call.type(0), call.type(1)))


def _part(kind: type, part: Callable[[Any], Type], name: str) -> Function:
    """A type that is in another one."""

    def check(call: Call) -> Expr:
        call.expect(1)
        whole = call.type(0)
        if not isinstance(whole, kind):
            raise call.refuse(f"Expected {name} type, but got: {whole}")
        return _handle(part(whole))

    return check


def _tuple_element(call: Call) -> Expr:
    call.expect(2)
    whole, place = call.type(0), call.literal(1)
    if not isinstance(whole, Tuple):
        raise call.refuse(f"Expected tuple type, but got: {whole}")
    if not place.isdigit() or int(place) >= len(whole.items):
        raise unsupported(f"TupleElementType at {place}", call.position)
    return _handle(whole.items[int(place)])


def _struct_member(call: Call) -> Expr:
    call.expect(2)
    whole, name = call.type(0), call.literal(1)
    if not isinstance(whole, Struct):
        raise call.refuse(f"Expected struct type, but got: {whole}")
    fields = dict(whole.fields)
    if name not in fields:
        raise unsupported(f"{call.name} of such arguments", call.position)
    return _handle(fields[name])


def _type_of(call: Call) -> Expr:
    call.expect(1)
    type = call.arguments[0].type
    if any(part in (CALLABLE, OPTIONS) for part in parts(type)):  # whose text is not known here
        raise unsupported("TypeOf of a function or its options", call.position)
    return _handle(type)


def _format_type(call: Call) -> Expr:
    call.expect(1)
    return constant(STRING, str(call.type(0)).encode())


def _instance_of(call: Call) -> Expr:
    """Whose type alone is of use."""
    call.expect(1)

    def never(_: object) -> object:
        raise unsupported("a value of InstanceOf", call.position)

    return Expr(call.type(0), never)


def _ensure_type(call: Call) -> Expr:
    """The value, if it is of the type."""
    call.expect(2, 3)
    value, wanted = call.arguments[0], call.type(1)
    if value.type != wanted:
        said = f", {call.literal(2)}" if len(call.arguments) == 3 else ""
        message = f"Mismatch type argument #1, type diff: {wanted}!={value.type}{said}"
        raise unsupported(f"EnsureType that fails: {message}", call.position)
    return value


def _ensure_convertible(call: Call) -> Expr:
    """The value as it is, if it converts to the type."""
    call.expect(2, 3)
    value, wanted = call.arguments[0], call.type(1)
    if convert(value, wanted) is None:
        raise unsupported("EnsureConvertibleTo that fails", call.position)
    return value


def _type_kind(call: Call) -> Expr:
    call.expect(1)
    found = call.type(0)
    if not isinstance(found, Data | Optional | List | Tuple | Struct | Dict):
        raise unsupported(f"TypeKind of {found}", call.position)
    name = "Data" if isinstance(found, Data) else type(found).__name__
    return constant(STRING, name.encode())


def _data_components(call: Call) -> Expr:
    call.expect(1)
    found = call.type(0)
    if not isinstance(found, Data):
        raise unsupported(f"DataTypeComponents of {found}", call.position)
    parts = [found.name, *([str(found.precision), str(found.scale)] if isinstance(found, Decimal) else [])]
    return constant(List(STRING), tuple(part.encode() for part in parts))


_PARSED_WORDS = frozenset(
    [type.name for type in (*COLUMN_TYPES, TZ_DATE, TZ_DATETIME, TZ_TIMESTAMP)]
    + ["Decimal", "List", "Optional", "Dict", "Set", "Tuple", "Struct", "Void", "EmptyList", "EmptyDict"]
)
_TYPE_WORDS = _PARSED_WORDS | set(
    "Resource Callable Tagged Variant Unit Stream Generic Null Flow Enum Block Scalar TzDate32 TzDatetime64 "
    "TzTimestamp64".split()
)
FUNCTIONS: dict[str, Function] = {
    "datatype": _data_type,
    "parsetype": _parse_type,
    "optionaltype": _made(1, 1, lambda types: Optional(types[0])),
    "listtype": _made(1, 1, lambda types: List(types[0])),
    "dicttype": _dict_type,
    "tupletype": _made(0, MANY, lambda types: Tuple(tuple(types))),
    "structtype": _struct_type,
    "voidtype": _made(0, 0, lambda types: VOID),
    "optionalitemtype": _part(Optional, lambda whole: whole.item, "optional"),
    "listitemtype": _part(List, lambda whole: whole.item, "list"),
    "dictkeytype": _part(Dict, lambda whole: whole.key, "dict"),
    "dictpayloadtype": _part(Dict, lambda whole: whole.value, "dict"),
    "tupleelementtype": _tuple_element,
    "structmembertype": _struct_member,
    "optionaltypehandle": _made(1, 1, lambda types: Optional(types[0])),
    "listtypehandle": _made(1, 1, lambda types: List(types[0])),
    "dicttypehandle": _dict_type,
    "voidtypehandle": _made(0, 0, lambda types: VOID),
    "nulltypehandle": _made(0, 0, lambda types: NULL),
    "emptylisttypehandle": _made(0, 0, lambda types: EMPTY_LIST),
    "emptydicttypehandle": _made(0, 0, lambda types: EMPTY_DICT),
    "typeof": _type_of,
    "formattype": _format_type,
    "instanceof": _instance_of,
    "typehandle": lambda call: _handle(call.type(0)),
    "evaluatetype": lambda call: _handle(call.type(0)),
    "parsetypehandle": _parse_type,
    "typekind": _type_kind,
    "datatypecomponents": _data_components,
    "ensuretype": _ensure_type,
    "ensureconvertibleto": _ensure_convertible,
}
"""By normalized name."""

NAMED = frozenset({"structtype"})
"""Those that take arguments with names."""

TAKES_TYPES = frozenset(FUNCTIONS) - {"typeof"} | {"listcreate", "dictcreate", "setcreate", "frombytes", "nothing"}
"""Those among whose arguments a bare name is a type's."""
