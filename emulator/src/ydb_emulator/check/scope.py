"""Where an expression stands, and what its names mean there."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import Issue, Position, YdbError, refusal, unsupported
from ..plan import Expr
from ..types import Type
from .context import Context
from .conversion import refuse


@dataclass(frozen=True)
class Column:
    """A column that expressions may name: its source's alias (or None), its own name, its type.

    `is_known` is whether the emulator has its values; a read of others is UNSUPPORTED.
    """

    source: str | None
    name: str
    type: Type
    is_known: bool = True

    def read(self, index: int, position: Position) -> Expr:
        """Its value, at this place of the row."""
        if not self.is_known:
            raise unsupported(f"the column {self.name}", position)
        return Expr(self.type, operator.itemgetter(index))


@dataclass(frozen=True)
class Scope:
    """Where an expression stands: the request, and the columns of the row, in the row's order.

    `closed` are the sources whose columns the text tells: a name that isn't among them is refused in other words.
    `labels` are those of a join's sources, columns or not. `is_select` tells a SELECT without FROM from where columns
    can't be at all.
    """

    context: Context
    columns: Sequence[Column] = ()
    has_source: bool = False
    closed: frozenset[str | None] = frozenset()
    is_join: bool = False
    labels: tuple[str, ...] = ()
    is_select: bool = False

    def column(self, source: str | None, name: str, position: Position) -> Expr:
        found = [
            (index, column)
            for index, column in enumerate(self.columns)
            if column.name == name and source in (None, column.source)
        ]
        if not found and not self.has_source and not self.is_select:
            # Source: sql_ut_common.h (UseUnknownColumnInInsert, NoColumnsInFrameBounds).
            raise refusal(Issue(f'Column reference "{name}" is not allowed in current scope', position=position))
        if not name and source is None:
            # Source: sql_ut_common.h (GroupByEmptyColumn).
            raise refusal(Issue("Column name can not be empty", position=position))
        if not found and not self.has_source:
            message = "Column references are not allowed without FROM"
            raise refusal(Issue(message, position=position), Issue(f"Column reference '{name}'", position=position))
        if not found:
            raise self._not_found(source, name, position)
        if len(found) > 1:
            sources = " and ".join(str(column.source) for _, column in found)
            raise unsupported(f"the column {name}, which {sources} have, without a correlation name", position)
        index, column = found[0]
        return column.read(index, position)

    def _not_found(self, source: str | None, name: str, position: Position) -> Exception:
        """Rows of a join have members such as `t.id`. Source of the first text: yql/essentials/sql/v1/select.cpp."""
        names = [column.name for column in self.columns if source in (None, column.source)]
        if not self.is_join and self.closed or source in self.closed and source is not None:
            return not_in_column_set(name, names, position)
        if self.is_join:
            names = [f"{column.source}.{column.name}" for column in self.columns]
        return member_not_found(f"{source}.{name}" if self.is_join and source else name, names, position)

    def is_source(self, name: str) -> bool:
        return name in self.labels or any(column.source == name for column in self.columns)


def member_not_found(name: str, names: Sequence[str], position: Position) -> Exception:
    """A column, or a struct's member, that isn't among `names`. One that is written nearly so is offered instead.

    Source: yql/essentials/core/type_ann/type_ann_core.cpp (FindOrReportMissingMember).
    """
    near = next((other for other in sorted(names) if _distance(name, other) < _MISTYPE), None)
    if near is None and name.partition(".")[2] in names:
        near = name.partition(".")[2]
    hint = f". Did you mean {near}?" if near else ""
    return refuse("Member", f"Member not found: {name}{hint}", position)


def not_in_column_set(name: str, names: Sequence[str], position: Position) -> Exception:
    """A column that the text of a query shows to be missing. Source: yql/essentials/sql/v1/select.cpp (IRealSource)."""
    near = next((other for other in sorted(names) if _distance(name, other) < _MISTYPE), None)
    hint = f". Did you mean {near}?" if near else ""
    return refusal(Issue(f"Column {name} is not in source column set{hint}", position=position))


def is_translated(error: YdbError) -> bool:
    """Whether YDB refuses a column before it looks at types, so that it goes on to the next one."""
    return all("is not in source column set" in issue.message for issue in error.issues)


_MISTYPE = 3
"""Names that differ in fewer letters are near (yql/essentials/ast/yql_expr_types.h, DefaultMistypeDistance)."""


def _distance(a: str, b: str) -> int:
    """How many letters must be added, dropped or changed (Levenshtein)."""
    if abs(len(a) - len(b)) >= _MISTYPE:
        return _MISTYPE
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (x != y))
    return row[-1]
