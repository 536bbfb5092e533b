"""What a syntax tree is made of: aggregates, columns, named expressions, its nodes."""

from __future__ import annotations

from collections.abc import Iterator

from ..yql import syntax
from .functions import is_aggregate


def has_aggregate(node: object) -> bool:
    """Whether a syntax tree holds an aggregate, other than in a subquery."""
    if is_aggregate(node):
        return True
    if isinstance(node, syntax.Subquery | syntax.Exists | syntax.Select):
        return False
    if isinstance(node, tuple):
        return any(map(has_aggregate, node))
    return isinstance(node, syntax.Node) and any(has_aggregate(value) for value in vars(node).values())


def has_bind(node: object) -> bool:
    """Whether a syntax tree holds a named expression or a parameter."""
    if isinstance(node, tuple):
        return any(map(has_bind, node))
    return isinstance(node, syntax.Bind) or isinstance(node, syntax.Node) and any(map(has_bind, vars(node).values()))


def common_label(node: object) -> str | None:
    """The source that an expression's columns are of: "" for columns without one, None for none or several.

    Source: yql/essentials/sql/v1/node.cpp, DeriveCommonSourceName.
    """
    found = set(labels(node))
    return found.pop() if len(found) == 1 else None


def labels(node: object) -> Iterator[str]:
    """The source of each column in a syntax tree, as it is written: "" where there is none."""
    match node:
        case syntax.Name():
            yield ""
        case syntax.Member(syntax.Name(label), _):
            yield label
        case syntax.Subquery() | syntax.Exists() | syntax.TypeName():
            return
        case tuple():
            for part in node:
                yield from labels(part)
        case syntax.Node():
            for value in vars(node).values():
                yield from labels(value)


def nodes(node: object, closed: tuple[type, ...] = (syntax.Subquery, syntax.Exists)) -> Iterator[syntax.Node]:
    """A tree's nodes without those inside of `closed` ones, its subqueries."""
    todo = [node]
    while todo:
        part = todo.pop()
        if isinstance(part, tuple):
            todo.extend(part)
        elif isinstance(part, syntax.Node):
            yield part
            if not isinstance(part, closed):
                todo.extend(vars(part).values())
