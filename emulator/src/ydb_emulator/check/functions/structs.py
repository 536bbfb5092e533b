"""Functions on structs, which make other structs of them.

Source: yql/essentials/docs/en/builtins/struct.md; yql/essentials/core/type_ann/type_ann_core.cpp (AddMemberWrapper,
RemoveMemberWrapper); yql/essentials/mount/lib/yql/core.yqls, a library in YQL's own language, for those of many
members.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...errors import unsupported
from ...plan import Expr, Record, constant
from ...types import EMPTY_LIST, NULL, STRING, List, Struct, Tuple, Value, is_optional, optional, strip, struct
from ...yql import lexer, syntax
from ..context import Lambda
from ..conversion import common_type, unify
from .arguments import MANY, Call, Function
from .lists import as_struct

_NULL = constant(NULL, None)


def _struct(call: Call, place: int = 0) -> tuple[Expr, Struct]:
    argument = call.arguments[place]
    inner = strip(argument.type)
    if not isinstance(inner, Struct):
        raise call.refuse(f"Expected struct type, but got: {argument.type}")
    if is_optional(argument.type):
        raise unsupported(f"{call.name} of {argument.type}", call.position)
    return argument, inner


def _of_library(check: Function, nothing: Expr = _NULL) -> Function:
    """A function of core.yqls: of NULL there is `nothing`. What it says of other types is said by what it calls."""

    def checked(call: Call) -> Expr:
        if call.arguments and call.arguments[0].type == NULL:
            return nothing
        if call.arguments and not isinstance(strip(call.arguments[0].type), Struct):
            raise unsupported(f"{call.name} of {call.arguments[0].type}", call.position)
        return check(call)

    return checked


def _members(source: Expr, type: Struct) -> list[tuple[str, Expr]]:
    """A struct taken apart."""

    def member(place: int) -> Callable[[Record], Value]:
        return lambda row: source.evaluate(row)[place]

    return [(name, Expr(item, member(place))) for place, (name, item) in enumerate(type.fields)]


def _made(members: list[tuple[str, Expr]], call: Call) -> Expr:
    names = [name for name, _ in members]
    if "" in names:
        raise unsupported(f"{call.name} that makes a member without a name", call.position)
    if len(set(names)) < len(names):
        raise unsupported(f"{call.name} that makes two members of one name", call.position)
    return as_struct(members, call)


def _try_member(call: Call) -> Expr:
    """The member, or a value of the same type where there is none."""
    call.expect(3)
    source, type = _struct(call)
    name, other = call.literal(1), call.arguments[2]
    found = dict(_members(source, type)).get(name)
    if found is None:
        return other
    if found.type != other.type:
        raise unsupported(f"TryMember of {found.type} with {other.type} instead", call.position)
    return found


def _add_member(call: Call) -> Expr:
    call.expect(3)
    source, type = _struct(call)
    return _made([*_members(source, type), (call.literal(1), call.arguments[2])], call)


def _expand(call: Call) -> Expr:
    call.expect(1)
    source, type = _struct(call)
    return _made([*_members(source, type), *call.named], call)


def _combine(call: Call) -> Expr:
    call.expect(1, MANY)
    parts = [_struct(call, place) for place in range(len(call.arguments))]
    return _made([member for source, type in parts for member in _members(source, type)], call)


def _names(call: Call, place: int) -> list[str]:
    """A list of names, which must be literals."""
    names = call.arguments[place]
    if names.type != List(STRING) or not call.is_constant(place):
        raise unsupported(f"{call.name} with such names", call.position)
    return [lexer.name_of(name, call.position) for name in names.evaluate(())]


def _picked(keep: Callable[[str, Sequence[str]], bool], is_forced: bool, is_list: bool) -> Function:
    def check(call: Call) -> Expr:
        call.expect(2)
        source, type = _struct(call)
        wanted = _names(call, 1) if is_list else [call.literal(1)]
        members = _members(source, type)
        missing = next((name for name in wanted if name not in dict(members)), None)
        if "" in wanted or missing is not None and not is_forced:
            raise unsupported(f"{call.name} of such arguments", call.position)
        return _made([(name, value) for name, value in members if keep(name, wanted)], call)

    return check


def _rename(is_forced: bool) -> Function:
    def check(call: Call) -> Expr:
        call.expect(2)
        source, type = _struct(call)
        renames = call.arguments[1]
        if not str(renames.type) == "List<Tuple<String,String>>" or not call.is_constant(1):
            raise unsupported(f"{call.name} with such names", call.position)
        pairs = [
            (lexer.name_of(old, call.position), lexer.name_of(new, call.position)) for old, new in renames.evaluate(())
        ]
        members = dict(_members(source, type))
        missing = next((old for old, _ in pairs if old not in members), None)
        if missing is not None and not is_forced:
            raise unsupported(f"{call.name} of such arguments", call.position)
        renamed = {old for old, _ in pairs}
        kept = [(name, value) for name, value in members.items() if name not in renamed]
        return _made([*kept, *((new, members[old]) for old, new in pairs if old in members)], call)

    return check


def _structure_members(call: Call) -> Expr:
    """The names of the members of the type: also of a struct that is NULL."""
    call.expect(1)
    type = strip(call.arguments[0].type)
    assert isinstance(type, Struct)
    return constant(List(STRING), tuple(name.encode() for name, _ in type.fields))


def _united(keep: Callable[[bool, bool], bool], may_merge: bool) -> Function:
    """Members of two structs: where both have one that of the first, or what a lambda makes of the name and both."""

    def check(call: Call) -> Expr:
        call.expect(2, 3 if may_merge else 2)
        left, right = (dict(_members(*_struct(call, place))) for place in (0, 1))
        names = [name for name in {**left, **right} if keep(name in left, name in right)]
        if len(call.arguments) == 2:
            return _made([(name, left[name] if name in left else right[name]) for name in names], call)
        return _made([(name, _merged(call, name, left.get(name), right.get(name))) for name in names], call)

    return check


def _merged(call: Call, name: str, left: Expr | None, right: Expr | None) -> Expr:
    """Each of both as an Optional, of the other's type where it is not there."""
    function = call.arguments[2]
    if not isinstance(function, Lambda) or len(function.parameters) != 3:
        raise unsupported(f"{call.name} with such a lambda", call.position)
    given = [value if value is not None else other for value, other in ((left, right), (right, left))]
    if any(value is None or is_optional(value.type) for value in given):
        raise unsupported(f"{call.name} of members that may be NULL", call.position)
    parts = [
        Expr(optional(like.type), like.evaluate if value is not None else lambda _: None)
        for value, like in zip((left, right), given, strict=True)
        if like is not None
    ]
    call.context.use()
    return function.apply([constant(STRING, name.encode(), is_literal=True), *parts])


def _flatten(call: Call) -> Expr:
    """The members of several structs, each with a prefix before its name."""
    call.expect(1, MANY)
    members: list[tuple[str, Expr]] = []
    for pair, written in zip(call.arguments, call.written, strict=True):
        prefix = _prefix(written)
        inner = pair.type.items[1] if isinstance(pair.type, Tuple) and len(pair.type.items) == 2 else None
        if prefix is None or not isinstance(inner, Struct):
            raise unsupported("FlattenMembers of such arguments", call.position)
        members += [(prefix + name, value) for name, value in _members(_second(pair), inner)]
    return _made(members, call)


def _second(pair: Expr) -> Expr:
    assert isinstance(pair.type, Tuple)
    return Expr(pair.type.items[1], lambda row: pair.evaluate(row)[1])


def _prefix(node: syntax.Node) -> str | None:
    match node:
        case syntax.Tuple((syntax.String(prefix, ""), _)):
            return lexer.name_of(prefix, node.position)
        case syntax.Call(name, (syntax.String(prefix, ""), _)) if name.lower() == "astuple":
            return lexer.name_of(prefix, node.position)
    return None


def _gather(call: Call) -> Expr:
    """The names and values of the members."""
    call.expect(1)
    source, type = _struct(call)
    item = common_type(*(field for _, field in type.fields)) if type.fields else None
    if item is None:
        raise unsupported(f"GatherMembers of {source.type}", call.position)
    members = [(name.encode(), unify(value, item).evaluate) for name, value in _members(source, type)]
    return Expr(List(Tuple((STRING, item))), lambda row: tuple((name, value(row)) for name, value in members))


def _spread(is_forced: bool) -> Function:
    """A struct of these names, each NULL or what the list says of it last."""

    def check(call: Call) -> Expr:
        call.expect(2)
        source, names = call.arguments[0], sorted(_names(call, 1))
        inner = source.type.item if isinstance(source.type, List) else None
        if not isinstance(inner, Tuple) or len(inner.items) != 2 or inner.items[0] != STRING:
            raise unsupported(f"{call.name} of {source.type}", call.position)
        if "" in names or len(set(names)) < len(names):
            raise unsupported(f"{call.name} with such names", call.position)

        def evaluate(row: Record) -> Value:
            given = {name.decode(errors="replace"): value for name, value in source.evaluate(row)}
            if not is_forced and given.keys() - set(names):
                raise unsupported(f"{call.name} with other names", call.position)
            return tuple(given.get(name) for name in names)

        return Expr(struct({name: optional(inner.items[1]) for name in names}), evaluate)

    return check


FUNCTIONS: dict[str, Function] = {
    "trymember": _try_member,
    "addmember": _add_member,
    "expandstruct": _expand,
    "combinemembers": _combine,
    "flattenmembers": _flatten,
    "removemember": _picked(lambda name, names: name not in names, False, False),
    "forceremovemember": _picked(lambda name, names: name not in names, True, False),
    "removemembers": _of_library(_picked(lambda name, names: name not in names, False, True)),
    "forceremovemembers": _of_library(_picked(lambda name, names: name not in names, True, True)),
    "choosemembers": _of_library(_picked(lambda name, names: name in names, False, True)),
    "renamemembers": _of_library(_rename(False)),
    "forcerenamemembers": _of_library(_rename(True)),
    "structmembers": _of_library(_structure_members, constant(List(STRING), ())),
    "gathermembers": _of_library(_gather, constant(EMPTY_LIST, ())),
    "spreadmembers": _spread(False),
    "forcespreadmembers": _spread(True),
    "structunion": _united(lambda a, b: True, True),
    "structintersection": _united(lambda a, b: a and b, True),
    "structdifference": _united(lambda a, b: a and not b, False),
    "structsymmetricdifference": _united(lambda a, b: a != b, False),
}
"""By normalized name."""

NAMED = frozenset({"expandstruct"})
"""Those that take arguments with names."""
