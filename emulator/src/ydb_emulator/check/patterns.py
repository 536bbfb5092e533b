"""Texts and patterns: LIKE, ILIKE, REGEXP, RLIKE, MATCH."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from ..errors import Issue, refusal, unsupported
from ..plan import Expr, Record
from ..types import BOOL, NULL, STRING, TEXTS, Value, strip
from ..yql import syntax
from .dispatch import check, checks
from .lift import as_bytes, lift2
from .operators import not_
from .regexps import regular_expression
from .scope import Scope


@checks(syntax.Like)
def _like(node: syntax.Like, scope: Scope) -> Expr:
    found = _match(node, scope)
    return not_(found, node.position) if node.negated else found


def _match(node: syntax.Like, scope: Scope) -> Expr:
    """`LIKE`, `ILIKE`, and `REGEXP`, `RLIKE`, `MATCH`, which find NULL not to match (Re2::Grep, Re2::Match)."""
    operand, pattern = check(node.operand, scope), check(node.pattern, scope)
    is_like = node.operator in ("LIKE", "ILIKE")
    if node.operator == "GLOB":
        raise unsupported("GLOB", node.position)
    if not is_like and node.escape is not None:
        message = f"{node.operator} and ESCAPE clauses should not be used together"
        raise refusal(Issue(message, position=node.position))
    for side in (operand, pattern):
        if strip(side.type) not in TEXTS | {NULL}:
            raise unsupported(f"{node.operator} of {side.type}", node.position)
    if is_like:
        escape = _escape(node.escape, scope) if node.escape is not None else None
        if pattern.is_literal and escape is not None and _ends_within(_text(pattern.evaluate(())), escape):
            raise refusal(Issue("LIKE pattern should not end with escape symbol", position=node.position))
        is_case_blind = node.operator == "ILIKE"

        def matches(value: Value, written: Value) -> bool:
            return like_pattern(_text(written), is_case_blind, escape)(_text(value))

        return lift2(operand, pattern, BOOL, matches)
    whole = node.operator == "MATCH"

    def evaluate(row: Record) -> Value:
        value, written = operand.evaluate(row), pattern.evaluate(row)
        if value is None or written is None:
            return False
        expression = regular_expression(_text(written), node.position)
        return (expression.fullmatch if whole else expression.search)(_text(value)) is not None

    return Expr(BOOL, evaluate)


def _text(value: str | bytes) -> str:
    return as_bytes(value).decode(errors="surrogateescape")


def _escape(node: syntax.Expression, scope: Scope) -> str:
    """Source of the texts: yql/essentials/sql/v1/sql_expression.cpp."""
    escape = check(node, scope)
    if not escape.is_literal or escape.type != STRING:
        raise refusal(Issue("ESCAPE clause requires String literal argument", position=node.position))
    written = escape.evaluate(())
    if len(written) != 1:
        raise refusal(Issue("ESCAPE clause requires single character argument", position=node.position))
    if written in b"%_\\":
        message = "'%', '_' and '\\' are currently not supported in ESCAPE clause, please choose any other character"
        raise refusal(Issue(message, position=node.position))
    if not written.isascii():
        message = "Non-ASCII symbols are not supported in ESCAPE clause, please choose ASCII character"
        raise refusal(Issue(message, position=node.position))
    return _text(written)


def _ends_within(template: str, escape: str) -> bool:
    """Whether a pattern ends where an escape stands for nothing."""
    return (len(template) - len(template.rstrip(escape))) % 2 == 1


@functools.lru_cache(maxsize=256)
def like_pattern(template: str, is_case_blind: bool, escape: str | None = None) -> Callable[[str], bool]:
    """What tells whether a text matches a pattern of LIKE, in time that grows with the text's length."""
    flags = re.DOTALL | (re.IGNORECASE if is_case_blind else 0)
    quoted = re.escape(escape) if escape else None
    parts: list[list[str]] = [[]]
    for token in re.findall(rf"{quoted}.|." if quoted else ".", template, re.DOTALL):
        if token == escape:
            raise unsupported("a pattern of LIKE that ends with its escape character")
        if token == "%":
            parts.append([])
        else:
            parts[-1].append("." if token == "_" else re.escape(token[-1]))
    expressions = [(len(part), re.compile("".join(part), flags)) for part in parts]
    if len(expressions) == 1:
        return lambda value: expressions[0][1].fullmatch(value) is not None
    first, *middle, last = expressions

    def matches(value: str) -> bool:
        at = first[0]
        if not first[1].match(value):
            return False
        for _, expression in middle:
            found = expression.search(value, at)
            if found is None:
                return False
            at = found.end()
        return len(value) - last[0] >= at and last[1].match(value, len(value) - last[0]) is not None

    return matches
