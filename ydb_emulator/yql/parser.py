"""The YQL parser: a text in, its syntax tree out."""

from __future__ import annotations

from lark import Token, Tree
from lark.exceptions import UnexpectedToken

from ..errors import Issue, Status, YdbError, unsupported
from . import syntax, syntax_errors, tree
from .automaton import automaton
from .lexer import CLASS_BY_WORD, END, Lexeme, read

MAX_DEPTH = 300
"""How many symbols may wait on the parser's stack. YDB has such a limit as well; a level of nesting takes 1 to 4."""


def parse(text: str) -> syntax.Script:
    """The syntax tree of a query text.

    Raises YdbError: GENERIC_ERROR with YDB's words for what is no YQL, UNSUPPORTED for YQL that the emulator doesn't
    read. In syntax errors columns count from 0, in all others from 1, as in YDB.
    """
    _check_header(text)
    return tree.build(_read_tree(text), text)


def _check_header(text: str) -> None:
    """Refuse translation settings (`--!…` before the first token) that change the language.

    Source: yql/essentials/sql/settings/translation_settings.cpp.
    """
    for line in text.split("\n"):
        line = line.strip()
        if line and not line.startswith("--"):
            return
        setting = line[3:].strip() if line.startswith("--!") else ""
        if setting == "ansi_lexer":
            raise unsupported("--!ansi_lexer")
        if setting not in ("", "syntax_v1"):
            messages = {"syntax_pg": "PG syntax is disabled", "syntax_v0": "V0 syntax is disabled"}
            message = messages.get(setting, f"Unknown SQL translation setting: {setting}")
            raise YdbError(Status.GENERIC_ERROR, Issue(message))


def _read_tree(text: str) -> Tree:
    grammar = automaton()
    lexemes = read(text)
    state = grammar.lark.parse_interactive().parser_state
    at = 0
    while True:
        lexeme = lexemes[at]
        if grammar.ends(state.state_stack, "UNSUPPORTED"):
            raise _unsupported(lexemes, at, text)
        if grammar.ends(state.state_stack, "UNREAD"):
            at = _end_of_statement(lexemes, at)
            state.feed_token(_token("UNREAD", lexemes[at - 1]))
            continue
        if lexeme.kind == "error":
            raise syntax_errors.unreadable(lexeme)
        if len(state.state_stack) > MAX_DEPTH:
            raise unsupported("such deep nesting", lexeme.position)
        reading = grammar.choose(state.state_stack, lexemes, at)
        try:
            result = state.feed_token(_token(reading.terminal, lexeme), is_end=reading.terminal == END)
        except UnexpectedToken:
            raise syntax_errors.explain(state, lexemes, at, text) from None
        if reading.terminal == END:
            return result
        at += reading.length


def _token(terminal: str, lexeme: Lexeme) -> Token:
    column = lexeme.column + 1
    return Token(
        terminal, lexeme.text, lexeme.start, lexeme.row, column, lexeme.row, column + len(lexeme.text), lexeme.end
    )


def _unsupported(lexemes: list[Lexeme], at: int, text: str) -> YdbError:
    """The refusal of the clause that the words before `at` begin: of these words back to the first keyword in a row."""
    first = at - 1
    while first and lexemes[first].kind not in CLASS_BY_WORD:
        first -= 1
    while first and lexemes[first - 1].kind in CLASS_BY_WORD:
        first -= 1
    return unsupported(text[lexemes[first].start : lexemes[at - 1].end], lexemes[first].position)


def _end_of_statement(lexemes: list[Lexeme], at: int) -> int:
    """The place of the semicolon, or end, that closes the statement."""
    nesting = 0
    while (kind := lexemes[at].kind) != END and (kind != ";" or nesting):
        nesting += (kind in ("(", "{")) - (kind in (")", "}"))
        at += 1
    return at
