"""CAST of lists, dicts, tuples and structs: item by item, where an item that has no place in its type goes or is NULL.

Source: yql/essentials/docs/en/types/cast.md (rules for List/Dict, Struct/Tuple).
"""

from __future__ import annotations

from collections.abc import Callable

from ..types import EMPTY_DICT, EMPTY_LIST, NULL, Data, Dict, List, Optional, Struct, Tuple, Type, Value, is_nested
from .functions.dicts import restored
from .lift import hashable

Convert = Callable[[Value], Value]
Found = tuple[Convert, bool]
"""How a value is cast, and whether that always succeeds; NULL tells that it didn't."""
Plain = Callable[[Data, Data], "Found | None"]


def container_cast(source: Type, goal: Type, plain: Plain) -> Found | None:
    """The cast of a container, whose data are cast by `plain`; None where the emulator knows none."""
    match source, goal:
        case List(given), List(wanted):
            item = _item(given, wanted, plain)
            return item and (_list(*item), True)
        case Dict(key, payload), Dict(wanted_key, wanted):
            first, second = _item(key, wanted_key, plain), _item(payload, wanted, plain)
            return first and second and (_dict(first, second, restored(key)), True)
        case Tuple(given), Tuple(wanted):
            pairs = [(place if place < len(given) else -1, type) for place, type in enumerate(wanted)]
            return _members(pairs, list(given), plain)
        case Struct(given), Struct(wanted):
            places = {name: place for place, (name, _) in enumerate(given)}
            pairs = [(places.get(name, -1), type) for name, type in wanted]
            return _members(pairs, [type for _, type in given], plain)
        case _, List(_) if source == EMPTY_LIST:
            return (lambda _: ()), True
        case _, Dict(_, _) if source == EMPTY_DICT:
            return (lambda _: {}), True
    return None


def _item(source: Type, goal: Type, plain: Plain) -> Found | None:
    """An item, which is NULL where it can't be cast; that is a failure where the goal is not optional."""
    if is_nested(source) or is_nested(goal):
        return None
    may_be_null, is_given = isinstance(goal, Optional), isinstance(source, Optional)
    if source == NULL:
        return ((lambda _: None), True) if may_be_null else None
    inner = source.item if isinstance(source, Optional) else source
    wanted = goal.item if isinstance(goal, Optional) else goal
    found: Found | None
    if inner == wanted:
        found = (lambda value: value), True
    elif isinstance(inner, Data) and isinstance(wanted, Data):
        found = plain(inner, wanted)
    else:
        found = container_cast(inner, wanted, plain)
    if found is None:
        return None
    convert, is_sure = found
    return (lambda value: None if value is None else convert(value)), may_be_null or is_sure and not is_given


def _list(convert: Convert, is_sure: bool) -> Convert:
    def cast(items: tuple) -> tuple:
        return tuple(made for item in items if (made := convert(item)) is not None or is_sure)

    return cast


def _dict(key: Found, payload: Found, restore: Convert) -> Convert:
    def cast(items: dict) -> dict:
        made: dict[Value, Value] = {}
        for given, value in items.items():
            new_key, new_value = key[0](restore(given)), payload[0](value)
            if (key[1] or new_key is not None) and (payload[1] or new_value is not None):
                made.setdefault(hashable(new_key), new_value)
        return made

    return cast


def _members(pairs: list[tuple[int, Type]], given: list[Type], plain: Plain) -> Found | None:
    """`pairs` are the places of the members in the source, -1 for none, and their types in the goal."""
    parts: list[tuple[int, Found]] = []
    for place, type in pairs:
        found = _item(given[place] if place >= 0 else NULL, type, plain)
        if found is None:
            return None
        parts.append((place, found))

    def cast(values: tuple) -> tuple | None:
        made = tuple(convert(values[place] if place >= 0 else None) for place, (convert, _) in parts)
        failed = any(value is None and not is_sure for value, (_, (_, is_sure)) in zip(made, parts, strict=True))
        return None if failed else made

    return cast, all(is_sure for _, (_, is_sure) in parts)
