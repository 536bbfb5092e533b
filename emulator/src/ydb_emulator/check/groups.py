"""GROUP BY: keys, aggregates, and expressions over groups."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import Issue, refusal, unsupported
from ..plan import Expr, Record
from ..types import Value
from ..yql import syntax
from .aggregates import Aggregate, aggregate
from .dispatch import Computed, check
from .functions import is_aggregate, require_window
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
        self.renamed: set[str] = set()
        added: list[Column] = []
        for item in self.node.group_by:
            require_key_expression(item.expression, "GROUP BY")
            key = check(item.expression, self.scope)
            column = self._column(item.expression)
            if item.alias is None and column is not None:
                name = column
                if self.scope.is_join and "." not in name:
                    message = f"Columns in GROUP BY should have correlation name, error in key: {name}"
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
        keys = [Column("", f"key{number}", key.type) for number, key in enumerate(self.keys)]
        aggregates = [Column("", str(number), found.type) for number, found in enumerate(self.aggregates)]
        return check(replaced, Scope(self.scope.context, [*keys, *aggregates], True))

    def _replaced(self, node: Any) -> Any:
        """The tree with each aggregate and each key replaced by a reference into the group's record."""
        if is_aggregate(node):
            require_window(node)
            self._check_distinct(node)
            self.aggregates.append(aggregate(node, self.inside, is_whole=not self.keys))
            return self._reference(str(len(self.aggregates) - 1), node)
        match node:
            case syntax.Subquery() | syntax.Exists() | Computed():
                return node
            case tuple():
                return tuple(self._replaced(part) for part in node)
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
        message = (
            f"Column `{written}` must either be a key column in GROUP BY or it should be used in aggregation function"
        )
        raise refusal(Issue(message, position=node.position))

    def _check_distinct(self, node: syntax.Call) -> None:
        """Source of the text: yql/essentials/sql/v1/aggregation.cpp, ErrorDistinctByGroupKey."""
        for argument in node.arguments if node.distinct else ():
            column = self._column(argument)
            if column in self.names:
                message = f"Unable to use DISTINCT by grouping column: {column}. You should leave one of them."
                raise refusal(Issue(message, position=argument.position))

    def rows(self, source: Callable[[], Iterable[Record]]) -> Callable[[], Iterable[Record]]:
        def grouped() -> Iterable[Record]:
            groups: dict[Value, tuple[Record, list[Record]]] = {} if self.keys else {(): ((), [])}
            for row in source():
                key = tuple([key.evaluate(row) for key in self.keys])
                inside = row + tuple([added.evaluate(row) for added in self.added])
                groups.setdefault(hashable(key), (key, []))[1].append(inside)
            for key, members in groups.values():
                yield key + tuple(a.compute(members) for a in self.aggregates)

        return grouped
