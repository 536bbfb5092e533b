"""What YDB refuses while it translates a text, before it looks at tables and types.

The whole text is translated first, so that an unknown function in its last statement comes before a missing table in
its first one. Source: yql/essentials/sql/v1/sql_ut_common.h (SqlToYQLErrors), whose tests know neither tables nor
types.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import Position, Status, YdbError
from ..types import by_name
from ..yql import syntax
from .changes import require_width
from .context import ANONYMOUS, unknown_name
from .functions import is_aggregate, require_known, require_over
from .functions.names import AGGREGATES, normalized
from .groups import no_key
from .ordering import require_key_expression
from .parts import has_aggregate, nodes
from .queries import check_projections, require_no_columns, require_plain_filter
from .typenames import resolve_type


@contextmanager
def translated(script: syntax.Script, given: set[str]) -> Iterator[None]:
    """A fault of the text comes before what else is found wrong in the block. `given` are the names of parameters.

    Raises the YdbError of the first fault in the text, or that of the block.
    """
    try:
        yield
    except YdbError as error:
        is_kept = error.status is Status.UNSUPPORTED or _is_translated(error)
        found = None if is_kept else fault(script, given)
        if found is None:
            raise
        raise found from None


def _is_translated(error: YdbError) -> bool:
    """What is found later says so by a code, such as that of "Type annotation"."""
    return error.status is Status.GENERIC_ERROR and error.issues[0].code == 0


def fault(script: syntax.Script, given: set[str]) -> YdbError | None:
    """The first fault of a text."""
    names = given | _names(script)
    found = [(node.position, wrong) for node in nodes(script.statements, closed=()) if (wrong := _of(node, names))]
    return min(found, key=lambda one: _place(one[0]))[1] if found else None


def _place(position: Position) -> tuple[int, int]:
    return position.row, position.column


def _names(script: syntax.Script) -> set[str]:
    """Every name that the text gives, wherever it holds."""
    names: set[str] = set()
    for node in nodes(script.statements, closed=()):
        match node:
            case syntax.NamedExpression(given):
                names.update(given)
            case syntax.Declare(name) | syntax.EvaluateFor(name):
                names.add(name)
            case syntax.Lambda(parameters):
                names.update(parameters)
            case syntax.DefineAction(name, parameters):
                names.update((name, *parameters))
    return names


def _of(node: syntax.Node, names: set[str]) -> YdbError | None:
    """What is wrong with a node by itself."""
    try:
        match node:
            case syntax.Bind(name) if name not in names and name != ANONYMOUS:
                raise unknown_name(name, node.position)
            case syntax.Call(over=None):
                require_over(node)
                if normalized(node.name) not in AGGREGATES | {"asstruct"}:
                    require_known(node)
            case syntax.Cast():
                resolve_type(node.type)
            case syntax.Insert() | syntax.UpdateOn() | syntax.DeleteOn():
                require_width(node)
            case syntax.Select():
                _check_select(node)
    except YdbError as error:
        return error if _is_translated(error) else None
    return None


def _check_select(node: syntax.Select) -> None:
    check_projections(node)
    if node.source is None and node.where is None:
        require_no_columns(node)
    require_plain_filter(node)
    for item in node.group_by:
        if isinstance(item, syntax.GroupItem):
            require_key_expression(item.expression, "GROUP BY")
    for key in node.order_by:
        require_key_expression(key.expression, "ORDER BY")
    _check_keys(node)


def _check_keys(node: syntax.Select) -> None:
    """Over the groups of one table the columns outside of aggregate functions are its keys."""
    is_grouped = bool(node.group_by) or has_aggregate((node.projections, node.having))
    if not is_grouped or not isinstance(node.source, syntax.TableSource):
        return
    label = node.source.alias or node.source.table.name.rpartition("/")[2]
    keys: set[str] = set()
    for item in node.group_by:
        if not isinstance(item, syntax.GroupItem):
            return
        keys.update(name for _, name, _ in _columns(item.expression, label) if item.alias is not None)  # maybe renamed
        column = item.alias or _column(item.expression, label)
        if column is not None:
            keys.add(column)
    expressions = [one.expression for one in node.projections if isinstance(one, syntax.Projection)]
    for written, name, position in _columns((*expressions, node.having), label):
        if name not in keys:
            raise no_key(written, position)


def _column(node: syntax.Node, label: str) -> str | None:
    match node:
        case syntax.Name(name):
            return name
        case syntax.Member(syntax.Name(source), name) if source == label:
            return name
    return None


def _columns(node: object, label: str) -> Iterator[tuple[str, str, Position]]:
    """The columns outside of aggregate and window functions: as they are written, by their names, and where."""
    if isinstance(node, tuple):
        for part in node:
            yield from _columns(part, label)
        return
    if not isinstance(node, syntax.Node) or is_aggregate(node):
        return
    match node:
        case syntax.Subquery() | syntax.Exists() | syntax.TypeName() | syntax.Lambda():
            return
        case syntax.Call() if node.over is not None:
            return
        case syntax.Name(name):
            if by_name(name) is None:
                yield name, name, node.position
        case syntax.Member(syntax.Name(source), name) if source == label:
            yield f"{source}.{name}", name, node.position
        case _:
            for value in vars(node).values():
                yield from _columns(value, label)
