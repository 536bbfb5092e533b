"""Joins: their names, their predicates, their rows."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import replace

from ..errors import Issue, Position, refusal, unsupported
from ..plan import Expr, Record
from ..types import Data, optional, strip
from ..yql import syntax
from .comparison import comparable, differs_in_unit
from .context import Context
from .conversion import refuse
from .dispatch import check
from .index_tables import check_lookup
from .lift import hashable
from .parts import common_label
from .scope import Column, Scope
from .sources import Source


def join(node: syntax.Join, context: Context, read: Callable[[syntax.Source, Context], Source]) -> Source:
    """The rows of a join. `read` gives those of the sources in it.

    Source of the rules and texts: yql/essentials/sql/v1/join.cpp.
    """
    nodes, joins = _flattened(node)
    labels = _join_labels(nodes, joins)
    source = read(nodes[0], context)
    for number, (each, right) in enumerate(zip(joins, nodes[1:], strict=True)):
        if each.kind == ",":
            if "ansiimplicitcrossjoin" not in context.pragmas:
                message = "Cartesian product of tables is disabled. Please use explicit CROSS JOIN or enable it via "
                raise refusal(Issue(f"{message}PRAGMA AnsiImplicitCrossJoin", position=each.position))
            each = replace(each, kind="CROSS")
        _check_any(each)
        predicates = _predicates(each, labels, number + 1)
        if each.kind in ("INNER", "LEFT"):
            check_lookup(right, [key.name for _, key in predicates if isinstance(key, syntax.Member)], context)
        source = _joined(each, source, read(right, context), predicates, context)
    return replace(source, labels=tuple(labels))


def _flattened(node: syntax.Join) -> tuple[list[syntax.SingleSource], list[syntax.Join]]:
    """The sources of a chain of joins from left to right, and the joins between them."""
    nodes: list[syntax.SingleSource] = []
    joins: list[syntax.Join] = []
    left: syntax.Source = node
    while isinstance(left, syntax.Join):
        if isinstance(left.right, syntax.Join):
            raise unsupported("a join in parentheses", left.right.position)
        nodes.append(left.right)
        joins.append(left)
        left = left.left
    return [left, *reversed(nodes)], joins[::-1]


def _join_labels(nodes: list[syntax.SingleSource], joins: list[syntax.Join]) -> list[str]:
    """The correlation name of every source, which a join can't do without."""
    labels = [syntax.label(node) for node in nodes]
    for join, left, right in zip(joins, labels, labels[1:], strict=False):
        if join.using is None:
            continue
        for label in (left, right):
            if "." in label:
                invalid = (
                    f"Invalid label: {label}, unable to use name with dot symbol, you should use AS <simple alias name>"
                )
                raise refusal(Issue(invalid, position=join.position))
        message = ""
        if not left and not right:
            message = "At least one correlation name is required in join"
        elif left == right:
            message = "Self joins are not supporting ON syntax"
        elif len(nodes) > 2:
            message = "Multi-way JOINs should be connected with ON clause instead of USING clause"
        if message:
            raise refusal(Issue(message, position=join.position))
    for node, label in zip(nodes, labels, strict=True):
        if not label:
            raise refusal(Issue("JOIN: missing correlation name for source", position=node.position))
    if len(set(labels)) != len(labels):
        message = "JOIN: different correlation names are required for joined tables"
        *_, last = nodes
        raise refusal(Issue(message, position=last.position))
    return labels


Predicate = tuple[syntax.Expression, syntax.Expression]


def _predicates(join: syntax.Join, labels: list[str], right: int) -> list[Predicate]:
    """The pairs that must be equal, the right source's second. ON may only be a conjunction of equalities."""
    if join.using is not None:
        first, second, *_ = labels

        def member(label: str, name: str) -> syntax.Member:
            return syntax.Member(syntax.Name(label), name, position=join.position)

        return [(member(first, name), member(second, name)) for name in join.using]
    return [_predicate(part, labels, right) for part in _conjunction(join.condition)] if join.condition else []


def _predicate(node: syntax.Expression, labels: list[str], right: int) -> Predicate:
    def refused(message: str) -> Exception:
        return refusal(Issue(message, position=node.position))

    match node:
        case syntax.Binary("=" | "==", a, b):
            pair = a, b
        case _:
            raise refused("JOIN ON expression must be a conjunction of equality predicates")
    found = []
    for side in pair:
        label = common_label(side)
        if label is None:
            raise refused("JOIN: each equality predicate argument must depend on exactly one JOIN input")
        if label == "":
            raise refused("JOIN: column requires correlation name")
        if label not in labels:
            raise refused(f"JOIN: unknown corellation name: {label}")
        if labels.index(label) > right:
            message = f"JOIN: can not use source: {label} in equality predicate, it is out of current join scope"
            raise refused(message)
        found.append(label)
    if found[0] == found[1]:
        raise refused("JOIN: different correlation names are required for joined tables")
    if labels[right] not in found:
        raise refused("JOIN ON equality predicate must have one of its arguments from the rightmost source")
    return pair if found[1] == labels[right] else (pair[1], pair[0])


def _joined(join: syntax.Join, left: Source, right: Source, predicates: list[Predicate], context: Context) -> Source:
    kept = _KEPT.get(join.kind, "both")
    columns = (
        *(_made_optional(left.columns, join.kind in ("RIGHT", "FULL", "EXCLUSION")) if kept != "right" else ()),
        *(_made_optional(right.columns, join.kind in ("LEFT", "FULL", "EXCLUSION")) if kept != "left" else ()),
    )
    closed = left.closed | right.closed
    if join.kind == "CROSS":
        return Source(columns, lambda: _product(left, right), closed, same_keys=left.same_keys)
    scopes = (
        Scope(context, left.columns, True, left.closed, is_join=True),
        Scope(context, right.columns, True, right.closed, is_join=True),
    )
    pairs = [(check(a, scopes[0]), check(b, scopes[1])) for a, b in predicates]
    for predicate, pair in zip(predicates, pairs, strict=True):
        _require_joinable(predicate, *pair, join.position)
    if kept != "both":
        same_keys = left.same_keys if kept == "left" else ()
        return Source(columns, lambda: _half_join(join.kind, left, right, pairs), closed, same_keys=same_keys)
    same_keys = (*left.same_keys, *(found for pair in predicates if (found := _same_key(*pair))))
    anys = join.any_left is not None, join.any_right is not None
    return Source(columns, lambda: _hash_join(join.kind, left, right, pairs, anys), closed, same_keys=same_keys)


def _product(left: Source, right: Source) -> Iterable[Record]:
    return (a + b for a, b in itertools.product(left.rows(), list(right.rows())))


def _made_optional(columns: tuple[Column, ...], nullable: bool) -> tuple[Column, ...]:
    return tuple(replace(c, type=optional(c.type)) if nullable else c for c in columns)


def _conjunction(node: syntax.Expression) -> list[syntax.Expression]:
    match node:
        case syntax.Binary("AND", left, right):
            return _conjunction(left) + _conjunction(right)
    return [node]


def _same_key(a: syntax.Expression, b: syntax.Expression) -> tuple[str, str, str] | None:
    """Name and both sources of columns of one name that are joined: `SELECT *` gives them as one column."""
    match a, b:
        case syntax.Member(syntax.Name(left), name), syntax.Member(syntax.Name(right), other) if name == other:
            return name, left, right
    return None


def _require_joinable(predicate: Predicate, left: Expr, right: Expr, position: Position) -> None:
    """Source of the text: yql/essentials/core/yql_join.cpp. It names columns, where expressions have made-up names."""
    if not comparable(left.type, right.type):
        match predicate:
            case syntax.Member(syntax.Name(a), x), syntax.Member(syntax.Name(b), y):
                message = f"Cannot compare key columns ({a}.{x} has type: {left.type}, {b}.{y} has type: {right.type})"
                raise refuse("EquiJoin", message, position)
        raise unsupported(f"a join of {left.type} with {right.type}", position)
    if differs_in_unit(left.type, right.type) or not isinstance(strip(left.type), Data):
        raise unsupported(f"a join of {left.type} with {right.type}", position)


_KEPT = {"LEFT SEMI": "left", "LEFT ONLY": "left", "RIGHT SEMI": "right", "RIGHT ONLY": "right"}
"""Joins that give the columns of one side alone. Source: join.cpp (FinishColumns)."""


def _check_any(join: syntax.Join) -> None:
    """ANY takes one row of each key. Which rows of a side stay that have no match with it is not known."""
    left = join.any_left is not None and join.kind not in ("INNER", "RIGHT", "RIGHT SEMI", "RIGHT ONLY")
    right = join.any_right is not None and join.kind not in ("INNER", "LEFT", "LEFT SEMI", "LEFT ONLY")
    if left or right:
        raise unsupported(f"ANY before the {'left' if left else 'right'} source of {join.kind} JOIN", join.position)


def _half_join(kind: str, left: Source, right: Source, pairs: list[tuple[Expr, Expr]]) -> Iterable[Record]:
    """SEMI and ONLY: rows of one side that have, or have not, a match on the other."""
    side = 0 if kind.startswith("LEFT") else 1
    kept, other = (left, right) if side == 0 else (right, left)
    keys = {tuple(hashable(pair[1 - side].evaluate(row)) for pair in pairs) for row in other.rows()}
    for row in kept.rows():
        key = tuple(hashable(pair[side].evaluate(row)) for pair in pairs)
        if (None not in key and key in keys) is kind.endswith("SEMI"):
            yield row


def _any_of_each(rows: Iterable[Record], pairs: list[tuple[Expr, Expr]], side: int) -> Iterable[Record]:
    """One row of each key: the first."""
    seen: set[tuple] = set()
    for row in rows:
        key = tuple(hashable(pair[side].evaluate(row)) for pair in pairs)
        if key not in seen:
            seen.add(key)
            yield row


def _hash_join(
    kind: str, left: Source, right: Source, pairs: list[tuple[Expr, Expr]], anys: tuple[bool, bool]
) -> Iterable[Record]:
    by_key: dict[tuple, list[tuple[int, Record]]] = {}
    rights = list(_any_of_each(right.rows(), pairs, 1) if anys[1] else right.rows())
    for number, row in enumerate(rights):
        key = tuple(hashable(pair[1].evaluate(row)) for pair in pairs)
        if None not in key:
            by_key.setdefault(key, []).append((number, row))
    matched = set()
    for row in _any_of_each(left.rows(), pairs, 0) if anys[0] else left.rows():
        key = tuple(hashable(pair[0].evaluate(row)) for pair in pairs)
        found = by_key.get(key, []) if None not in key else []
        for number, other in found:
            matched.add(number)
            if kind != "EXCLUSION":
                yield row + other
        if not found and kind in ("LEFT", "FULL", "EXCLUSION"):
            yield row + (None,) * len(right.columns)
    if kind in ("RIGHT", "FULL", "EXCLUSION"):
        for number, row in enumerate(rights):
            if number not in matched:
                yield (None,) * len(left.columns) + row
