"""`Re2::`: regular expressions, as far as RE2 and Python read them alike.

Source: ydb/docs/en/core/yql/reference/udf/list/re2.md; yql/essentials/udfs/common/re2/re2_udf.cpp.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ....errors import unsupported
from ....plan import Expr
from ....types import BOOL, OPTIONS, STRING, UINT32, List, Type, Value, optional, struct
from ...regexps import regular_expression
from ..arguments import Call, Function
from .signature import Argument, apply, auto, callable_of, function, named

_TEXT = Argument(optional(STRING))
Match = Callable[..., Value]


def _pattern(call: Call) -> Expr:
    """What a call gives its pattern and its options for: the compiled expression."""

    def compute(written: bytes, is_case_blind: bool | None) -> re.Pattern[str]:
        text = written.decode(errors="surrogateescape")
        return regular_expression(f"(?i){text}" if is_case_blind else text, call.position)

    return apply(call, OPTIONS, [Argument(STRING), Argument(optional(OPTIONS))], compute, 1)


def _options(call: Call) -> Expr:
    """Whether case counts is the one option that is known here."""
    if call.arguments or [name for name, _ in call.named] != ["CaseSensitive"]:
        raise unsupported("Re2::Options other than CaseSensitive", call.position)
    return apply(call, OPTIONS, [named("CaseSensitive", BOOL)], lambda value: value is False, 0)


def _search(result: Type, compute: Match, *others: Argument | Type) -> Function:
    """A function of a pattern that is called with a text, which is None for NULL."""
    rest = [each if isinstance(each, Argument) else Argument(each) for each in others]

    def check(call: Call) -> Expr:
        def computed(expression: re.Pattern[str], value: bytes | None, *more: Value) -> Value:
            return compute(expression, None if value is None else value.decode(errors="surrogateescape"), *more)

        return callable_of(call, [_pattern(call)], result, [_TEXT, *rest], computed)

    return check


def _bytes(value: str) -> bytes:
    return value.encode(errors="surrogateescape")


def _capture(call: Call) -> Expr:
    """A struct of the groups: by their names, the others `_1`, `_2` and so on, the whole match `_0`. An empty one is
    NULL."""
    pattern = _pattern(call)
    if not call.arguments[0].is_literal or len(call.arguments) > 1:
        raise unsupported("Re2::Capture of a pattern that isn't a literal", call.position)
    expression = pattern.evaluate(())
    names = {number: name for name, number in expression.groupindex.items()}
    unnamed = iter(range(expression.groups + 1))
    fields = {names.get(number) or f"_{next(unnamed)}": number for number in range(expression.groups + 1)}
    result = struct({name: optional(STRING) for name in fields})

    def compute(compiled: re.Pattern[str], value: str | None) -> Value:
        match = None if value is None else compiled.search(value)
        found = [None if match is None else match[fields[name]] for name, _ in result.fields]
        return tuple(_bytes(each) if each else None for each in found)

    return _search(result, compute)(call)


def _replace(compiled: re.Pattern[str], value: str | None, by: bytes) -> Value:
    if value is None:
        return None
    written = by.decode(errors="surrogateescape")
    if compiled.search("") or re.search(r"\\(?![0-9\\])", written):
        raise unsupported("such a replacement of Re2::Replace")

    def replaced(match: re.Match[str]) -> str:
        return re.sub(r"\\([0-9\\])", lambda sign: "\\" if sign[1] == "\\" else match[int(sign[1])] or "", written)

    if any(int(number) > compiled.groups for number in re.findall(r"(?<!\\)\\([0-9])", written)):
        raise unsupported("a replacement with a group that isn't there")
    return _bytes(compiled.sub(replaced, value))


def _consume(compiled: re.Pattern[str], value: str | None) -> Value:
    """The first group of every match, each sought in what the last one left; nothing where the pattern has no group."""
    found: list[Value] = []
    while value and compiled.groups and (match := compiled.search(value)):
        if not match[1]:
            raise unsupported("an empty group of Re2::FindAndConsume")
        found.append(_bytes(match[1]))
        value = value[match.end() :]
    return tuple(found)


def _count(compiled: re.Pattern[str], value: str | None) -> int:
    found = [] if value is None else [match[0] for match in compiled.finditer(value)]
    if not all(found):
        raise unsupported("counting matches that are empty")
    return len(found)


def _escape(value: bytes) -> bytes:
    """Letters, digits, underscores and what is no ASCII stay (RE2::QuoteMeta)."""
    parts: list[Any] = []
    for byte in value:
        letter = bytes((byte,))
        parts.append(letter if letter.isalnum() or letter == b"_" or byte > 127 else b"\\" + letter)
    if b"\0" in value:
        raise unsupported("Re2::Escape of a zero")
    return b"".join(parts)


RE2_UDF: dict[str, Function] = {
    "Match": _search(BOOL, lambda compiled, value: value is not None and compiled.fullmatch(value) is not None),
    "Grep": _search(BOOL, lambda compiled, value: value is not None and compiled.search(value) is not None),
    "Capture": _capture,
    "Replace": _search(optional(STRING), _replace, STRING),
    "FindAndConsume": _search(List(STRING), _consume),
    "Count": _search(UINT32, _count),
    "Escape": function(STRING, auto(STRING))(_escape),
    "Options": _options,
}
