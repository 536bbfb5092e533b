"""Syntax errors in YDB's words, which are those of ANTLR 4."""

from __future__ import annotations

from ..errors import Issue, Position, Status, YdbError
from .lexer import END, Lexeme


def _refuse(message: str, lexeme: Lexeme) -> YdbError:
    return YdbError(Status.GENERIC_ERROR, Issue(message, position=Position(lexeme.row, lexeme.column)))


def _shown(text: str) -> str:
    return text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


def unreadable(lexeme: Lexeme) -> YdbError:
    """The refusal of characters that make no token."""
    return _refuse(f"token recognition error at: '{_shown(lexeme.text)}'", lexeme)


def explain(state, lexemes, at, readings) -> YdbError:
    lexeme = lexemes[at]
    return _refuse(f"mismatched input '{_shown(lexeme.text) or '<EOF>'}'", lexeme)
