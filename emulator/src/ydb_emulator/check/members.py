"""Names: of columns, named expressions, members and items."""

from __future__ import annotations

import operator

from ..errors import unsupported
from ..plan import Expr, Relation, constant
from ..types import INTEGERS, JSON, JSON_NODE, STRING, UINT64, YSON, Dict, List, Struct, Tuple, optional, strip
from ..yql import syntax
from .context import unknown_name
from .conversion import convert
from .dispatch import check, checks
from .functions import yson
from .functions.dicts import looked_up
from .lift import lift, lift2
from .named_tables import not_one_column
from .once import scalar
from .scope import Scope, member_not_found


@checks(syntax.Name)
def _name(node: syntax.Name, scope: Scope) -> Expr:
    return scope.column(None, node.name, node.position)


@checks(syntax.Bind)
def _bind(node: syntax.Bind, scope: Scope) -> Expr:
    bound = scope.context.binds.get(node.name)
    if bound is None:
        raise unknown_name(node.name, node.position)
    if not isinstance(bound, Relation):
        return bound
    if len(bound.columns) != 1:
        raise not_one_column(node.position)
    return scalar(bound, scope.context, node.position)


@checks(syntax.Member)
def _member(node: syntax.Member, scope: Scope) -> Expr:
    of, name, position = node.of, node.name, node.position
    if isinstance(of, syntax.Name) and scope.is_source(of.name):
        return scope.column(of.name, name, position)
    whole = check(of, scope)
    structure = strip(whole.type)
    if isinstance(structure, Struct):
        names = [field for field, _ in structure.fields]
        if name not in names:
            raise member_not_found(name, names, position)
        index = names.index(name)
        return lift(whole, structure.fields[index][1], operator.itemgetter(index))
    if isinstance(structure, Tuple) and name.isdigit() and int(name) < len(structure.items):
        return lift(whole, structure.items[int(name)], operator.itemgetter(int(name)))
    if structure in (JSON, JSON_NODE, YSON):
        return yson.lookup(whole, constant(STRING, name.encode()), position)  # udf/list/yson.md: as with brackets
    raise unsupported(f"the member {name} of {whole.type}", position)


@checks(syntax.Subscript)
def _subscript(node: syntax.Subscript, scope: Scope) -> Expr:
    """`list[i]`, `dict[key]`, `json[key]`: NULL where there is no such item."""
    of, index, position = check(node.of, scope), check(node.index, scope), node.position
    whole = strip(of.type)
    if whole in (JSON, JSON_NODE, YSON):
        return yson.lookup(of, index, position)
    if isinstance(whole, List):
        place = convert(index, optional(UINT64)) if strip(index.type) in INTEGERS else None
        if place is None:
            raise unsupported(f"an item of a list at {index.type}", position)
        found = lift2(of, place, whole.item, lambda items, at: items[at] if at < len(items) else None)
        return Expr(optional(whole.item), found.evaluate)
    if isinstance(whole, Dict):
        key = convert(index, optional(whole.key))
        if key is None:
            raise unsupported(f"an item of {whole} at {index.type}", position)
        return looked_up(of, key, whole)
    raise unsupported(f"an item of {of.type}", position)
