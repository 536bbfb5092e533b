"""Window functions: their windows, frames, types and values.

Source: ydb/docs/en/core/yql/reference/builtins/window.md; yql/essentials/sql/v1/sql_translation.cpp
(WindowSpecification), source.cpp (BuildCalcOverWindow); yql/essentials/docs/en/syntax/window.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import Issue, refusal, unsupported
from ..plan import Expr, Record
from ..store.order import null_first
from ..types import DOUBLE, INTEGERS, UINT64, Type, Value, is_optional, optional
from ..yql import syntax
from .aggregates import aggregate
from .comparison import comparable
from .context import Context
from .dispatch import Computed, check
from .functions.arguments import Call
from .functions.names import AGGREGATES, WINDOW, normalized, window_name
from .lift import hashable
from .ordering import require_ordered
from .parts import labels, nodes
from .scope import Scope

MAX_WORK = 5_000_000
"""Rows that all frames of one request's window may hold together."""

Bounds = tuple[int, int]
"""The rows of a frame within its partition, as of a slice."""


@dataclass(frozen=True)
class _Function:
    """A checked call: `values` gives one value for each row of a partition."""

    window: str | syntax.Window
    type: Type
    values: Callable[[_Partition], Sequence[Value]]


@dataclass
class _Partition:
    """The rows of a partition in their order, the keys of that order, and each row's frame."""

    rows: list[Record]
    keys: list[tuple]
    frames: list[Bounds]


@dataclass
class Windows:
    """The window functions of a SELECT: their values stand behind each row, as a record of their own.

    `check` checks an expression on a row without them.
    """

    node: syntax.Select
    context: Context
    check: Callable[[syntax.Expression], Expr]
    functions: list[_Function] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Raises GENERIC_ERROR for two windows of a name."""
        self.named: dict[str, syntax.Window] = {}
        for name, window in self.node.windows:
            if name in self.named:
                message = f"Unable to declare window with same name: {name}"
                raise refusal(Issue(message, position=window.position))
            self.named[name] = window
        parts = list(nodes((self.node.projections, self.node.order_by)))
        written = [part for part in parts if isinstance(part, syntax.Window)]
        names = {name for window in (*written, *self.named.values()) for _, name in window.partition_by if name}
        if any(isinstance(part, syntax.Name) and part.name in names for part in parts):
            raise unsupported("the name of an expression in PARTITION BY", self.node.position)

    def replaced(self, node: Any) -> Any:
        """The tree with each call of a window function replaced by what gives its value."""
        if isinstance(node, syntax.Call) and node.over is not None:
            function = self._function(node)
            self.functions.append(function)
            number = len(self.functions) - 1
            return Computed(Expr(function.type, lambda row: row[-1][number]), position=node.position)
        if isinstance(node, tuple):
            return tuple(map(self.replaced, node))
        if isinstance(node, syntax.Subquery | syntax.Exists) or not isinstance(node, syntax.Node):
            return node
        return type(node)(**{name: self.replaced(value) for name, value in vars(node).items()})

    def rows(self, source: Callable[[], Iterable[Record]]) -> Callable[[], Iterable[Record]]:
        """The rows with the values of the functions behind them, in the order of the last window."""
        if not self.functions:
            return source
        windows = {id(found): found for found in map(self._window, self.functions)}
        plans = {number: _plan(window, self) for number, window in windows.items()}

        def extended() -> Iterator[Record]:
            rows = [(row, [None] * len(self.functions)) for row in source()]
            for number, plan in plans.items():
                ordered = []
                for members in plan.partitions(rows):
                    partition = plan.partition([row for row, _ in members])
                    for place, function in enumerate(self.functions):
                        if id(self._window(function)) == number:
                            for (_, values), value in zip(members, function.values(partition), strict=True):
                                values[place] = value
                    ordered += members
                rows = ordered
            for row, values in rows:
                yield (*row, tuple(values))

        return extended

    def _window(self, function: _Function) -> syntax.Window:
        return function.window if isinstance(function.window, syntax.Window) else self.named[function.window]

    def _function(self, node: syntax.Call) -> _Function:
        name = normalized(node.name)
        assert node.over is not None
        if self.node.source is None:
            raise _without_source(node, name)
        if isinstance(node.over, str) and node.over not in self.named:
            message = f"Unable to find window specification for window '{node.over}'"
            raise refusal(Issue(message, position=self.node.position))
        if node.distinct and "distinctoverwindow" not in self.context.pragmas and name in AGGREGATES:
            if isinstance(node.over, syntax.Window):
                raise unsupported("DISTINCT over a window without a name", node.position)
            message = f"Aggregation with distinct is not allowed over window: {node.over}"
            raise refusal(Issue(message, position=node.position))
        if node.ignore_nulls and name not in _OF_FRAME:
            raise unsupported(f"IGNORE NULLS of {node.name}", node.position)
        arguments = [self.check(argument) for argument in node.arguments if not isinstance(argument, syntax.TypeName)]
        window = node.over if isinstance(node.over, syntax.Window) else self.named[node.over]
        if name in _OF_FRAME or name in _OF_PARTITION:
            least, most, make = (_OF_FRAME | _OF_PARTITION)[name]
            call = Call(window_name(node), arguments, node.position, self.context)
            call.expect(least, most)
            type, values = make(call, node, window)
            return _Function(node.over, type, values)
        if name not in AGGREGATES:
            raise unsupported(f"{node.name} over a window", node.position)
        computed: tuple[Any, ...] = tuple([Computed(argument) for argument in arguments])
        plain = replace(node, arguments=computed, over=None)
        found = aggregate(plain, Scope(self.context, has_source=True), is_whole=_may_be_empty(window))

        def over_frames(partition: _Partition) -> list[Value]:
            values: dict[Bounds, Value] = {}
            for low, high in partition.frames:
                if (low, high) not in values:
                    values[low, high] = found.compute(partition.rows[low:high])
            return [values[frame] for frame in partition.frames]

        return _Function(node.over, found.type, over_frames)


def _without_source(node: syntax.Call, name: str) -> Exception:
    """Source: sql_ut_common.h (ErrWithMissingFromForWindow)."""
    is_function = name in WINDOW
    what = "Window functions" if is_function else "Window and aggregation functions"
    kind = "window" if is_function else "aggregation"
    shown = window_name(node)
    return refusal(
        Issue(f"{what} are not allowed without FROM", position=node.position),
        Issue(f"Failed to use {kind} function {shown} without window specification or in wrong place",
              position=node.position),
    )  # fmt: skip


# --- windows and frames ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Plan:
    """A checked window: what its rows are partitioned and ordered by, and what gives the frames of a partition."""

    by: list[Expr]
    order: list[tuple[Expr, bool]]
    frames: Callable[[list[tuple]], list[Bounds]]

    def partitions(self, rows: list) -> Iterable[list]:
        """Each row is the first part of a pair."""
        found: dict[Value, list] = {}
        for pair in rows:
            found.setdefault(hashable(tuple(part.evaluate(pair[0]) for part in self.by)), []).append(pair)
        for members in found.values():
            for key, descending in reversed(self.order):
                members.sort(key=lambda pair: null_first(key.evaluate(pair[0])), reverse=descending)
        return found.values()

    def partition(self, rows: list[Record]) -> _Partition:
        keys = [tuple(null_first(key.evaluate(row)) for key, _ in self.order) for row in rows]
        frames = self.frames(keys)
        if sum(high - low for low, high in set(frames)) > MAX_WORK:
            raise unsupported("window frames over this many rows")
        return _Partition(rows, keys, frames)


def _plan(window: syntax.Window, windows: Windows) -> _Plan:
    by = []
    for expression, name in window.partition_by:
        if isinstance(expression, syntax.Tuple) and not expression.items:
            continue
        is_column = isinstance(expression, syntax.Name | syntax.Member)
        if name is None and not is_column:
            raise unsupported("PARTITION BY of an expression without a name", window.position)
        key = windows.check(expression)
        if not comparable(key.type, key.type):
            raise unsupported(f"PARTITION BY of {key.type}", window.position)
        by.append(key)
    order = []
    for item in window.order_by:
        if not any(True for _ in labels(item.expression)):
            raise unsupported("a window ordered by a constant", item.position)
        key = windows.check(item.expression)
        require_ordered(key, item.position)
        order.append((key, item.descending))
    return _Plan(by, order, _frames(window, windows.context))


def _frames(window: syntax.Window, context: Context) -> Callable[[list[tuple]], list[Bounds]]:
    frame = window.frame
    if frame is None and not window.order_by:
        return lambda keys: [(0, len(keys))] * len(keys)
    if frame is None:
        unit = "RANGE" if "ansicurrentrow" in context.pragmas else "ROWS"
        frame = syntax.Frame(unit, syntax.FrameBound("PRECEDING"), syntax.FrameBound("CURRENT ROW"))
    offsets = [_offset(bound, frame, window, context) for bound in (frame.begin, frame.end)]
    if frame.unit == "GROUPS":
        raise unsupported("frames of GROUPS", frame.position)
    begin = 0 if frame.begin.side == "CURRENT ROW" else offsets[0]
    end = 0 if frame.end.side == "CURRENT ROW" else offsets[1]
    if frame.unit == "RANGE":
        if not window.order_by and (begin is not None or end is not None):
            raise unsupported("a RANGE without ORDER BY", frame.position)
        return lambda keys: [
            (low if begin is not None else 0, high if end is not None else len(keys)) for low, high in _peers(keys)
        ]

    def of_rows(keys: list[tuple]) -> list[Bounds]:
        count, found = len(keys), []
        for at in range(count):
            low = 0 if begin is None else min(max(at + begin, 0), count)
            high = count if end is None else min(max(at + end + 1, 0), count)
            found.append((low, max(low, high)))
        return found

    return of_rows


def _offset(bound: syntax.FrameBound, frame: syntax.Frame, window: syntax.Window, context: Context) -> int | None:
    """How many rows after the current one, None for all. Source: sql_ut_common.h (NoColumnsInFrameBounds,
    BlockedRangeValueWithoutSingleOrderBy)."""
    if bound.offset is None:
        return None
    if frame.unit == "RANGE":
        if len(window.order_by) != 1:
            message = (
                "RANGE with <offset> PRECEDING/FOLLOWING requires exactly one expression in ORDER BY partition clause"
            )
            raise refusal(Issue(message, position=bound.offset.position))
        raise unsupported("a RANGE of values", bound.position)
    value = check(bound.offset, Scope(context))
    if value.type not in INTEGERS or not value.is_literal:
        raise unsupported("a frame bound that is no integer literal", bound.position)
    offset = value.evaluate(())
    if offset < 0:
        raise unsupported("a negative frame bound", bound.position)
    return -offset if bound.side == "PRECEDING" else offset


def _peers(keys: list[tuple]) -> list[Bounds]:
    """For each row the rows with the same keys, which stand together."""
    found: list[Bounds] = []
    start = 0
    for at in range(1, len(keys) + 1):
        if at == len(keys) or keys[at] != keys[start]:
            found += [(start, at)] * (at - start)
            start = at
    return found


def _may_be_empty(window: syntax.Window) -> bool:
    """Whether a frame may hold no row, so that an aggregate of it may have no value."""
    frame = window.frame
    return frame is not None and (frame.begin.side == "FOLLOWING" or frame.end.side == "PRECEDING")


# --- functions -------------------------------------------------------------------------------------------------

Made = tuple[Type, Callable[[_Partition], Sequence[Value]]]


def _row_number(call: Call, node: syntax.Call, window: syntax.Window) -> Made:
    return UINT64, lambda partition: range(1, len(partition.rows) + 1)


def _neighbour(call: Call, node: syntax.Call, window: syntax.Window) -> Made:
    value = call.arguments[0]
    distance = _literal(call, 1, 1)
    step = -distance if normalized(node.name) == "lag" else distance

    def values(partition: _Partition) -> list[Value]:
        found = [value.evaluate(row) for row in partition.rows]
        return [found[at + step] if 0 <= at + step < len(found) else None for at in range(len(found))]

    return optional(value.type), values


def _literal(call: Call, place: int, default: int) -> int:
    if len(call.arguments) <= place:
        return default
    argument = call.arguments[place]
    if argument.type not in INTEGERS or not argument.is_literal or argument.evaluate(()) < 0:
        raise unsupported(f"{call.name} with such a number", call.position)
    return argument.evaluate(())


def _of_frame(call: Call, node: syntax.Call, window: syntax.Window) -> Made:
    """FIRST_VALUE, LAST_VALUE, NTH_VALUE."""
    value, name = call.arguments[0], normalized(node.name)
    number = _literal(call, 1, 1)
    if number < 1:
        raise unsupported(f"{call.name} with such a number", call.position)
    place = -1 if name == "lastvalue" else number - 1

    def values(partition: _Partition) -> list[Value]:
        all_values = [value.evaluate(row) for row in partition.rows]
        found = []
        for low, high in partition.frames:
            inside = all_values[low:high]
            if node.ignore_nulls:
                inside = [one for one in inside if one is not None]
            found.append(inside[place] if -len(inside) <= place < len(inside) else None)
        return found

    return optional(value.type), values


def _rank(call: Call, node: syntax.Call, window: syntax.Window) -> Made:
    """RANK, DENSE_RANK, PERCENT_RANK. NULL among the keys has no rank unless the pragma AnsiRankForNullableKeys is on,
    and what it does to the ranks after it is not known."""
    is_ansi = "ansirankfornullablekeys" in call.context.pragmas
    given = call.arguments[0] if call.arguments else None
    name = normalized(node.name)

    def ranks(partition: _Partition) -> list[Value]:
        keys = partition.keys if given is None else [(null_first(given.evaluate(row)),) for row in partition.rows]
        if not is_ansi and any(part == (False,) for key in keys for part in key):
            raise unsupported(f"{node.name} of keys that are NULL", call.position)
        found: list[Value] = []
        for at, (low, _) in enumerate(_peers(keys)):
            found.append(low + 1 if name != "denserank" else (found[-1] + (low == at) if found else 1))
        if name != "percentrank":
            return found
        if len(found) == 1:
            raise unsupported("PERCENT_RANK of one row", call.position)
        return [(rank - 1) / (len(found) - 1) for rank in found]

    result: Type = DOUBLE if name == "percentrank" else UINT64
    return optional(result) if given is not None and is_optional(given.type) and not is_ansi else result, ranks


def _cume_dist(call: Call, node: syntax.Call, window: syntax.Window) -> Made:
    if "ansicurrentrow" not in call.context.pragmas:
        raise unsupported("CUME_DIST without AnsiCurrentRow", call.position)
    return DOUBLE, lambda partition: [high / len(partition.keys) for _, high in _peers(partition.keys)]


_Make = Callable[[Call, syntax.Call, syntax.Window], Made]
_OF_FRAME: dict[str, tuple[int, int, _Make]] = {
    "firstvalue": (1, 1, _of_frame),
    "lastvalue": (1, 1, _of_frame),
    "nthvalue": (2, 2, _of_frame),
}
_OF_PARTITION: dict[str, tuple[int, int, _Make]] = {
    "rownumber": (0, 0, _row_number),
    "lag": (1, 2, _neighbour),
    "lead": (1, 2, _neighbour),
    "rank": (0, 1, _rank),
    "denserank": (0, 1, _rank),
    "percentrank": (0, 1, _rank),
    "cumedist": (0, 0, _cume_dist),
}
