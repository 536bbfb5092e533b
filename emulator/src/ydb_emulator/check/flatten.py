"""FLATTEN BY and FLATTEN COLUMNS: a row for each item of its containers, a column for each member of its structs.

Source: ydb/docs/en/core/yql/reference/syntax/flatten.md; yql/essentials/sql/v1/sql_select.cpp (FlattenByArg),
source.cpp (ISource::AddExpressions).
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Iterable
from dataclasses import replace

from ..errors import Issue, Position, refusal, unsupported
from ..plan import Expr, Record
from ..types import Dict, List, Optional, Struct, Tuple, Type, Value, strip
from ..yql import syntax
from .context import Context
from .dispatch import check
from .scope import Column
from .sources import Source


def flatten(node: syntax.FlattenSource, source: Source, context: Context) -> Source:
    """The rows of a source flattened. Raises YdbError where YQL refuses it."""
    if node.mode == "COLUMNS":
        return _columns(node, source)
    taken = _taken(node)
    _check_names(taken)
    label = syntax.label(node.source) or None
    scope = source.scope(context)
    columns = list(source.columns)
    made: list[Expr] = []
    for expression, name, is_column in taken:
        if not is_column:
            made.append(check(expression, scope))
            columns = [column for column in columns if column.name != name]
    kept = [index for index, column in enumerate(source.columns) if column in columns]
    named = [name or "" for _, name, is_column in taken if not is_column]
    columns += [Column(label, name, value.type) for name, value in zip(named, made, strict=True)]
    places: list[tuple[int, int | None]] = []  # of a container, and of its items where that is another one
    added: list[Column] = []
    items: list[Callable[[Value], Iterable[Value]]] = []
    for expression, name, is_column in taken:
        column = _column_name(expression) if is_column else name
        place = next((at for at, known in enumerate(columns) if known.name == column), None)
        if place is None:
            scope.column(None, column or "", expression.position)  # refuses it
            raise AssertionError(column)
        type, each = _items(columns[place].type, node)
        items.append(each)
        if is_column and name is not None:
            if any(known.name == name for known in columns):
                raise unsupported("FLATTEN BY with the name of a column", node.position)
            places.append((place, len(columns) + len(added)))
            added.append(Column(label, name, type))
        else:
            columns[place] = replace(columns[place], type=type)
            places.append((place, None))

    def rows() -> Iterable[Record]:
        for row in source.rows():
            whole = [*(row[index] for index in kept), *(value.evaluate(row) for value in made), *(None for _ in added)]
            containers = [each(whole[place]) for each, (place, _) in zip(items, places, strict=True)]
            for values in itertools.product(*containers):
                for value, (place, other) in zip(values, places, strict=True):
                    whole[place if other is None else other] = value
                yield tuple(whole)

    return replace(source, columns=(*columns, *added), rows=rows)


Taken = tuple[syntax.Expression, str | None, bool]
"""An expression, its name, and whether it is a column."""


def _taken(node: syntax.FlattenSource) -> list[Taken]:
    taken: list[Taken] = []
    for expression, name in node.items:
        match expression:
            case syntax.Name():
                is_column = True
            case syntax.Member(syntax.Name(of), _):
                is_column = of == syntax.label(node.source)
            case _:
                is_column = False
        if not is_column and name is None:
            raise _refused("Unnamed expression after FLATTEN BY is not allowed", expression.position)
        taken.append((expression, name, is_column))
    return taken


def _column_name(node: syntax.Expression) -> str:
    return node.name if isinstance(node, syntax.Name | syntax.Member) else ""


def _check_names(taken: list[Taken]) -> None:
    names: set[str] = set()
    aliases: set[str] = set()
    for expression, name, is_column in taken:
        alias, column = (name, _column_name(expression)) if is_column else (None, name or "")
        message = ""
        if alias is not None and alias in aliases:
            message = f"Duplicate alias found: {alias}"
        elif alias is not None and alias in names:
            message = f"Collision between alias and column name: {alias}"
        elif column in names:
            message = f"Duplicate column name found: {column}"
        elif alias is None and column in aliases:
            message = f"Collision between alias and column name: {column}"
        if message:
            raise _refused(f"{message} in FlattenBy section", expression.position)
        names.add(column)
        if alias is not None:
            aliases.add(alias)


def _refused(message: str, position: Position) -> Exception:
    return refusal(Issue(message, position=position))


def _items(type: Type, node: syntax.FlattenSource) -> tuple[Type, Callable[[Value], Iterable[Value]]]:
    """The type of what a container holds, and what gives that; a container of NULL holds nothing."""
    if isinstance(type, Optional) and node.mode in ("", "OPTIONAL"):
        return type.item, lambda value: () if value is None else (value,)
    container = strip(type)
    if isinstance(container, List) and node.mode in ("", "LIST"):
        return container.item, lambda value: value or ()
    if isinstance(container, Dict) and node.mode in ("", "DICT"):
        return Tuple((container.key, container.value)), lambda value: (value or {}).items()
    raise unsupported(f"FLATTEN {node.mode} BY of {type}".replace("  ", " "), node.position)  # in unknown words


def _columns(node: syntax.FlattenSource, source: Source) -> Source:
    label = syntax.label(node.source) or None
    parts: list[tuple[Column, Callable[[Record], Value]]] = []
    for index, column in enumerate(source.columns):
        if not isinstance(column.type, Struct):
            raise unsupported(f"FLATTEN COLUMNS with a column of the type {column.type}", node.position)
        for place, (name, type) in enumerate(column.type.fields):
            parts.append((Column(label, name, type), _member(index, place)))
    if len({column.name for column, _ in parts}) < len(parts):
        raise unsupported("FLATTEN COLUMNS with members of one name", node.position)
    values = [value for _, value in parts]

    def rows() -> Iterable[Record]:
        return (tuple([value(row) for value in values]) for row in source.rows())

    return Source(tuple(column for column, _ in parts), rows)


def _member(index: int, place: int) -> Callable[[Record], Value]:
    of = operator.itemgetter(index)
    return lambda row: of(row)[place]
