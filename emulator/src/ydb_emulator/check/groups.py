"""GROUP BY: keys, aggregates, and expressions over groups."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import Issue, Position, YdbError, refusal, unsupported
from ..plan import Expr, Record
from ..types import UINT64, Type, Value, optional
from ..yql import syntax
from .aggregates import Aggregate, aggregate
from .dispatch import Computed, check
from .functions import is_aggregate, require_window
from .functions.names import normalized
from .lift import hashable
from .ordering import require_groupable, require_key_expression
from .scope import Column, Scope


@dataclass
class Groups:
    """GROUP BY: a group's record holds the values of the keys, then those of the aggregates as they are met.

    Source of names and texts: yql/essentials/sql/v1/sql_group_by.cpp, select.cpp, source.cpp.
    """

    node: syntax.Select
    scope: Scope
    aggregates: list[Aggregate] = field(default_factory=list)

    def __post_init__(self) -> None:
        unnamed = itertools.count()
        self.keys: list[Expr] = []
        self.names: list[str] = []
        self.sets, items = _sets(self.node)
        aliases = {item.alias for item in items if item.alias is not None}
        self.renamed: set[str] = set()
        added: list[Column] = []
        for item in items:
            if self.sets and isinstance(item.expression, syntax.Name) and item.expression.name in aliases:
                continue  # the name of a key in another set
            if self.sets and item.alias is None and self._column(item.expression) in self.names:
                continue
            require_key_expression(item.expression, "GROUP BY")
            key = check(item.expression, self.scope)
            column = self._column(item.expression)
            if item.alias is None and column is not None:
                name = column
                if self.scope.is_join and "." not in name:
                    # Source: sql_ut_common.h (ErrJoinWithGroupByWithoutCorrelationName and its twin of sets).
                    where = "grouping sets" if self.sets else "GROUP BY"
                    message = f"Columns in {where} should have correlation name, error in key: {name}"
                    raise refusal(Issue(message, position=item.position))
            else:
                name = item.alias or f"group{next(unnamed)}"
                added.append(Column(None, name, key.type))
                if column is not None and column != name:
                    self.renamed.add(column)
                if column != name and any(name == other.name for other in self.scope.columns):
                    raise unsupported("a grouping expression with the name of a column", item.position)
            if name in self.names:
                raise refusal(Issue(f"Duplicate grouping column: {name}", position=self.node.position))
            require_groupable(key.type, name, self.node.position)
            self.keys.append(key)
            self.names.append(name)
        self.inside = replace(self.scope, columns=[*self.scope.columns, *added]) if added else self.scope
        self.added = [self.keys[self.names.index(column.name)] for column in added]
        self.present = [{self._name_of(item) for item in found} for found in self.sets]
        self.is_whole = not self.keys or any(not found for found in self.sets)

    def _name_of(self, item: syntax.GroupItem) -> str:
        return item.alias or self._column(item.expression) or ""

    def _column(self, node: syntax.Node) -> str | None:
        """The name of a column as a key; over a join it begins with that of its source."""
        match node:
            case syntax.Name(name):
                return name
            case syntax.Member(syntax.Name(source), name) if self.scope.is_source(source):
                return f"{source}.{name}" if self.scope.is_join else name
        return None

    def check(self, node: syntax.Expression) -> Expr:
        """An expression over groups: keys and aggregates are the only columns."""
        replaced: syntax.Expression = self._replaced(node)
        keys = [Column("", f"key{number}", self._type(number)) for number in range(len(self.keys))]
        if self.sets:
            keys.append(Column("", "set", UINT64))
        aggregates = [Column("", str(number), found.type) for number, found in enumerate(self.aggregates)]
        return check(replaced, Scope(self.scope.context, [*keys, *aggregates], True))

    def _type(self, number: int) -> Type:
        """A key that a set lacks is NULL there."""
        is_always = all(self.names[number] in present for present in self.present)
        return self.keys[number].type if is_always else optional(self.keys[number].type)

    def starred(self) -> list[tuple[str, Expr]]:
        """The columns of `*`: the keys. Source: ydb/docs/en/core/yql/reference/syntax/select/group-by.md."""
        if self.scope.is_join or self.sets:
            raise unsupported("* over groups of a join, or of several sets of keys", self.node.position)
        places = sorted(range(len(self.names)), key=lambda place: self.names[place])
        return [(self.names[at], Expr(self.keys[at].type, operator.itemgetter(at))) for at in places]

    def _grouping(self, node: syntax.Call) -> Computed:
        """GROUPING: a bit for each key, set where the row's set of keys lacks it; the first key has the highest.

        Source: group-by.md; sql_ut_common.h (NoGroupingColumn1).
        """
        if not self.sets:
            raise unsupported("GROUPING without several sets of keys", node.position)
        names = [self._column(argument) or "" for argument in node.arguments]
        for name in names:
            if name not in self.names:
                raise refusal(Issue(f"Column '{name}' is not a grouping column", position=node.position))
        masks = [int("".join("01"[name not in present] for name in names), 2) for present in self.present]
        place = len(self.keys)
        return Computed(Expr(UINT64, lambda row: masks[row[place]]), position=node.position)

    def _replaced(self, node: Any) -> Any:
        """The tree with each aggregate and each key replaced by a reference into the group's record."""
        if is_aggregate(node):
            require_window(node)
            self._check_distinct(node)
            self.aggregates.append(aggregate(node, self.inside, is_whole=self.is_whole))
            return self._reference(str(len(self.aggregates) - 1), node)
        match node:
            case syntax.Subquery() | syntax.Exists() | Computed():
                return node
            case tuple():
                return tuple(self._replaced(part) for part in node)
            case syntax.Call() if normalized(node.name) == "grouping" and node.over is None:
                return self._grouping(node)
            case syntax.Member(syntax.Member() as of, _) if (inner := self._column(of)) and inner not in self.names:
                # Source: sql_ut_common.h (SelectWithBadAggregatedTermsWithSources).
                message = "Column must either be a key column in GROUP BY or it should be used in aggregation function"
                raise refusal(Issue(message, position=node.position))
        column = self._column(node) if isinstance(node, syntax.Node) else None
        if column is not None:
            return self._key(column, node)
        if not isinstance(node, syntax.Node):
            return node
        return type(node)(**{name: self._replaced(value) for name, value in vars(node).items()})

    def _reference(self, name: str, node: syntax.Node) -> syntax.Member:
        return syntax.Member(syntax.Name("", position=node.position), name, position=node.position)

    def _key(self, column: str, node: syntax.Name | syntax.Member) -> syntax.Member:
        if column in self.names:
            return self._reference(f"key{self.names.index(column)}", node)
        if column in self.renamed:
            raise unsupported("a grouped column by another name than its alias", node.position)
        match node:
            case syntax.Member(syntax.Name(source), name):
                written = f"{source}.{name}"
            case _:
                written = column
        raise no_key(written, node.position)

    def _check_distinct(self, node: syntax.Call) -> None:
        """Source of the text: yql/essentials/sql/v1/aggregation.cpp, ErrorDistinctByGroupKey."""
        for argument in node.arguments if node.distinct else ():
            column = self._column(argument)
            if column in self.names:
                message = f"Unable to use DISTINCT by grouping column: {column}. You should leave one of them."
                raise refusal(Issue(message, position=argument.position))

    def rows(self, source: Callable[[], Iterable[Record]]) -> Callable[[], Iterable[Record]]:
        if self.sets:
            return lambda: self._rows_of_sets(list(source()))

        def grouped() -> Iterable[Record]:
            groups: dict[Value, tuple[Record, list[Record]]] = {} if self.keys else {(): ((), [])}
            for row in source():
                key = tuple([key.evaluate(row) for key in self.keys])
                inside = row + tuple([added.evaluate(row) for added in self.added])
                groups.setdefault(hashable(key), (key, []))[1].append(inside)
            for key, members in groups.values():
                yield key + tuple(a.compute(members) for a in self.aggregates)

        return grouped

    def _rows_of_sets(self, rows: list[Record]) -> Iterable[Record]:
        """The groups of one set of keys after those of another."""
        if not rows:
            raise unsupported("several sets of keys over no rows", self.node.position)  # the totals are not known
        inside = [row + tuple([added.evaluate(row) for added in self.added]) for row in rows]
        for number, present in enumerate(self.present):
            kept = [key if name in present else None for name, key in zip(self.names, self.keys, strict=True)]
            groups: dict[Value, tuple[Record, list[Record]]] = {}
            for row, whole in zip(rows, inside, strict=True):
                key = tuple([one.evaluate(row) if one is not None else None for one in kept])
                groups.setdefault(hashable(key), (key, []))[1].append(whole)
            for key, members in groups.values():
                yield (*key, number, *(found.compute(members) for found in self.aggregates))


def no_key(written: str, position: Position) -> YdbError:
    """A column over groups that is none of their keys. Source: sql_ut_common.h (SelectWithBadAggregatedTerms…)."""
    message = f"Column `{written}` must either be a key column in GROUP BY or it should be used in aggregation function"
    return refusal(Issue(message, position=position))


def _sets(node: syntax.Select) -> tuple[list[tuple[syntax.GroupItem, ...]], list[syntax.GroupItem]]:
    """The sets of keys that ROLLUP and its kin ask for, none where they aren't there, and all keys in their order.

    Source: yql/essentials/sql/v1/sql_group_by.cpp (ResolveGroupByAndGrouping); sql_ut_common.h (GroupByFewBigCubes).
    """
    if not any(isinstance(item, syntax.GroupSets) for item in node.group_by):
        return [], [item for item in node.group_by if isinstance(item, syntax.GroupItem)]
    parts = [item.sets if isinstance(item, syntax.GroupSets) else ((item,),) for item in node.group_by]
    sets = [tuple(itertools.chain(*chosen)) for chosen in itertools.product(*parts)]
    count = sum(map(len, sets))
    if count > _MAX_KEYS:
        message = f"Unable to GROUP BY more than {_MAX_KEYS} groups, you try use {count} groups"
        raise refusal(Issue(message, position=node.position))
    return sets, list(dict.fromkeys(item for part in parts for found in part for item in found))


_MAX_KEYS = 64
"""In all sets together."""
