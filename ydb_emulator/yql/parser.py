"""The YQL parser: a text in, its syntax tree out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer
from lark.parsers.lalr_analysis import Shift

from ..errors import Issue, NOWHERE, Status, YdbError, unsupported
from . import syntax, syntax_errors, tree
from .lexer import CLASS_BY_WORD, END, Lexeme, read

MAX_NESTING = 100
"""How many brackets may be open at once, since they make a tree that is as deep."""

_LOOKAHEAD = 8
"""How many tokens are read ahead to tell a keyword from a name; the longest that YQL needs is `INDEX i GLOBAL`."""


def parse(text: str) -> syntax.Script:
    """The syntax tree of a query text.

    Raises YdbError: GENERIC_ERROR with YDB's words for what is no YQL, UNSUPPORTED for YQL that the emulator doesn't
    read. Positions of syntax errors have columns from 0, all others from 1, as in YDB.
    """
    _check_header(text)
    return tree.build(_Parser(read(text)).run(), text)


def _check_header(text: str) -> None:
    """Refuse translation settings (`--!…` before the first token) that change the language.

    Source: yql/essentials/sql/settings/translation_settings.cpp (ParseTranslationSettings).
    """
    for line in text.split("\n"):
        line = line.strip()
        if line and not line.startswith("--"):
            return
        setting = line[3:].strip() if line.startswith("--!") else ""
        if setting == "syntax_pg":
            raise YdbError(Status.GENERIC_ERROR, Issue("PG syntax is disabled", position=NOWHERE))
        if setting == "syntax_v0":
            raise YdbError(Status.GENERIC_ERROR, Issue("V0 syntax is disabled"))
        if setting == "ansi_lexer":
            raise unsupported("--!ansi_lexer")
        if setting not in ("", "syntax_v1"):
            raise YdbError(Status.GENERIC_ERROR, Issue(f"Unknown SQL translation setting: {setting}"))


class _NoLexer(Lexer):
    """Lark wants a lexer; tokens are fed to it instead."""

    def __init__(self, conf: object): ...

    def lex(self, lexer_state: object, parser_state: object) -> Iterator[Token]:
        raise NotImplementedError


@cache
def _grammar() -> Lark:
    return Lark(
        Path(__file__).with_name("grammar.lark").read_text(),
        parser="lalr",
        lexer=_NoLexer,
        propagate_positions=True,
        maybe_placeholders=False,
        debug=True,  # keeps the items of each state, which explain a syntax error
    )


@cache
def _terminals() -> dict[str, str]:
    """Lark's name of each keyword and sign."""
    return {terminal.pattern.value: terminal.name for terminal in _grammar().terminals if terminal.pattern}


_JOINED = {(".", "*"): "DOT_STAR", (">", ">"): "SHIFT_RIGHT", ("?", "?"): "COALESCE"}
"""Signs that YQL's lexer keeps apart and its grammar takes as one."""


class _Parser:
    """One run over the tokens of a text."""

    def __init__(self, lexemes: list[Lexeme]):
        self._lexemes = lexemes
        self._terminals = _terminals()
        self._state = _grammar().parse_interactive().parser_state
        self._tables = self._state.parse_conf.states

    def run(self) -> Tree:
        at, nesting = 0, 0
        while True:
            lexeme = self._lexemes[at]
            if lexeme.kind == "error":
                raise syntax_errors.unreadable(lexeme)
            if self._takes("UNSUPPORTED"):
                raise self._unsupported(at)
            if self._takes("UNREAD"):
                at = self._skip_statement(at)
                self._feed("UNREAD", self._lexemes[at - 1])
                continue
            terminal, length = self._choose(at)
            nesting += (lexeme.kind in ("(", "[", "{", "CASE")) - (lexeme.kind in (")", "]", "}", "END"))
            if nesting > MAX_NESTING:
                raise unsupported(f"more than {MAX_NESTING} levels of nesting", lexeme.position)
            try:
                result = self._feed(terminal, lexeme)
            except UnexpectedToken:
                raise syntax_errors.explain(self._state, self._lexemes, at, self._readings) from None
            if terminal == END:
                return result
            at += length

    def _takes(self, terminal: str) -> bool:
        return terminal in self._tables[self._state.position] and bool(self._shift(self._state.state_stack, terminal))

    def _unsupported(self, at: int) -> YdbError:
        """Of the clause whose first words have been read."""
        before = self._lexemes[at - 1]
        if before.kind in ("$", "@"):
            return unsupported(f"{before.text} in this place", before.position)
        word = next(lexeme for lexeme in reversed(self._lexemes[:at]) if lexeme.kind in CLASS_BY_WORD or lexeme.kind == "NAME")
        return unsupported(word.text.upper(), word.position)

    def _feed(self, terminal: str, lexeme: Lexeme) -> Tree | None:
        token = Token(
            terminal, lexeme.text, lexeme.start, lexeme.row, lexeme.column + 1, lexeme.row,
            lexeme.column + 1 + len(lexeme.text), lexeme.end,
        )  # fmt: skip
        return self._state.feed_token(token, is_end=terminal == END)

    def _skip_statement(self, at: int) -> int:
        """The place of the semicolon, or end, that closes the statement."""
        nesting = 0
        while (kind := self._lexemes[at].kind) != END and (kind != ";" or nesting):
            nesting += (kind in ("(", "{")) - (kind in (")", "}"))
            at += 1
        return at

    def _readings(self, at: int) -> list[tuple[str, int]]:
        """What the token may be: terminals, each with how many tokens it takes, the likeliest first."""
        kind = self._lexemes[at].kind
        readings = [(self._terminals.get(kind, kind), 1)]
        if kind in CLASS_BY_WORD:
            return [*readings, (CLASS_BY_WORD[kind], 1)]
        if kind in (".", ">", "?"):
            following = [lexeme.kind for lexeme in self._lexemes[at + 1 : at + 3]]
            if following == [">", "|"] and kind == ">":
                readings.insert(0, ("ROTATE_RIGHT", 3))
            elif following and (kind, following[0]) in _JOINED:
                readings.insert(0, (_JOINED[kind, following[0]], 2))
        return readings

    def _choose(self, at: int) -> tuple[str, int]:
        actions = self._tables[self._state.position]
        readings = self._readings(at)
        if len(readings) == 1:
            return readings[0]
        possible = [reading for reading in readings if reading[0] in actions]
        if len(possible) < 2:
            return possible[0] if possible else readings[-1 if readings[-1][1] == 1 else 0]
        return max(possible, key=lambda reading: self._reach(self._state.state_stack, at, reading, _LOOKAHEAD))

    def _reach(self, stack: list[object], at: int, reading: tuple[str, int], limit: int) -> int:
        """How many tokens can be read when the first is read so; `limit` is the most that is asked."""
        terminal, length = reading
        after = self._shift(stack, terminal)
        if after is None:
            return 0
        if length >= limit or terminal == END:
            return limit
        actions = self._tables[after[-1]]
        if any(end in actions and self._shift(after, end) for end in ("UNSUPPORTED", "UNREAD")):
            return limit
        best = 0
        for following in self._readings(at + length):
            if following[0] in actions:
                best = max(best, self._reach(after, at + length, following, limit - length))
                if best >= limit - length:
                    break
        return length + best

    def _shift(self, stack: list[object], terminal: str) -> list[object] | None:
        """The parser's stack after a token, or None where the token doesn't fit."""
        stack = list(stack)
        while True:
            action, target = self._tables[stack[-1]].get(terminal, (None, None))
            if action is None:
                return None
            if action is Shift:
                return [*stack, target]
            if target.expansion:
                del stack[-len(target.expansion) :]
            stack.append(self._tables[stack[-1]][target.origin.name][1])
            if terminal == END and stack[-1] == self._state.parse_conf.end_state:
                return stack
