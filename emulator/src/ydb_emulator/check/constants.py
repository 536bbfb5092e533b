"""Literals of the text as constants: numbers, texts, truth values, NULL."""

from __future__ import annotations

from ..errors import Issue, Position, refusal, unsupported
from ..plan import Expr, constant
from ..text import is_json, is_yson, to_float32
from ..types import (
    BOOL,
    DOUBLE,
    FLOAT,
    INT8,
    INT16,
    INT32,
    INT64,
    JSON,
    NULL,
    RANGES,
    STRING,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    UTF8,
    YSON,
)  # fmt: skip
from ..yql import syntax
from .dispatch import checks
from .scope import Scope

_INTEGER_SUFFIXES = {
    "u": UINT32, "l": INT64, "ul": UINT64, "t": INT8, "ut": UINT8, "s": INT16, "us": UINT16,
}  # fmt: skip


@checks(syntax.Integer)
def _integer(node: syntax.Integer, _: Scope) -> Expr:
    """Source of the types: ydb/docs/en/core/yql/reference/syntax/lexer.md; of the texts: sql_ut_common.h
    (ConvertNumberOutOfRangeUint64 and its kin)."""
    value, suffix, position = node.value, node.suffix, node.position
    types = [_INTEGER_SUFFIXES[suffix]] if suffix else [INT32, INT64, UINT64]
    type = next((t for t in types if value <= RANGES[t][1]), None)
    if type is None:
        wanted = types[0]
        message = f"Failed to parse {value} as integer literal of {wanted} type: value out of range for {wanted}"
        raise refusal(Issue(message, position=position))
    return constant(type, value, is_literal=True)


def negative(value: int, position: Position) -> Expr:
    """An integer literal without a suffix, after a minus. Source: yql/essentials/sql/v1/node.cpp (ApplyUnaryOp)."""
    type = next((t for t in (INT32, INT64) if -value >= RANGES[t][0]), None)
    if type is None:
        message = f"Failed to parse negative integer: -{value}, number limit overflow"
        raise refusal(Issue(message, position=position))
    return constant(type, -value, is_literal=True)


@checks(syntax.Real)
def _real(node: syntax.Real, _: Scope) -> Expr:
    number = float(node.text)
    if node.suffix == "f":
        return constant(FLOAT, to_float32(number), is_literal=True)
    return constant(DOUBLE, number, is_literal=True)


@checks(syntax.String)
def _string(node: syntax.String, _: Scope) -> Expr:
    value, suffix, position = node.value, node.suffix, node.position
    if suffix in ("", "s"):
        return constant(STRING, value, is_literal=True)
    if suffix == "y":
        if not is_yson(value.decode(errors="surrogateescape")):
            raise unsupported("this Yson literal", position)
        return constant(YSON, value, is_literal=True)
    if suffix in ("u", "j"):
        try:
            written = value.decode()
        except UnicodeDecodeError:
            raise unsupported(f"string literals with the suffix {suffix} that are not UTF-8", position) from None
        if suffix == "j" and not is_json(written):
            raise refusal(Issue(f'Bad atom format for type: Json, value: "{written}"', position=position))
        return constant(UTF8 if suffix == "u" else JSON, written, is_literal=True)
    raise unsupported(f"string literals with the suffix {suffix}", position)


@checks(syntax.Bool)
def _bool(node: syntax.Bool, _: Scope) -> Expr:
    return constant(BOOL, node.value, is_literal=True)


@checks(syntax.Null)
def _null(node: syntax.Null, _: Scope) -> Expr:
    return constant(NULL, None, is_literal=True)
