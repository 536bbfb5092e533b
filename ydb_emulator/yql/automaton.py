"""The grammar as the LALR automaton that Lark makes of it: what fits next, and what a token may stand for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from lark import Lark
from lark.grammar import Rule
from lark.lexer import Lexer
from lark.parsers.grammar_analysis import RulePtr
from lark.parsers.lalr_analysis import Shift

from .lexer import CLASS_BY_WORD, END, Lexeme

LOOKAHEAD = 8
"""How many tokens are read ahead to tell a keyword from a name; the longest that YQL needs is `INDEX i GLOBAL`."""

State = frozenset[RulePtr]

_JOINED = {(".", "*"): "DOT_STAR", (">", ">"): "SHIFT_RIGHT", ("?", "?"): "COALESCE"}
"""Signs that YQL's lexer keeps apart and its grammar takes as one."""


class _NoLexer(Lexer):
    """Lark wants a lexer; tokens are fed to it instead."""

    def __init__(self, conf: object): ...

    def lex(self, lexer_state: object, parser_state: object) -> Any:
        raise NotImplementedError


@dataclass(frozen=True)
class Shifted:
    """The stack after a token, and the rules that the token ended before it was put on the stack."""

    stack: list[State]
    ended: tuple[Rule, ...]


@dataclass(frozen=True)
class Reading:
    """One thing that a token may be: a terminal of the grammar, which takes `length` tokens."""

    terminal: str
    length: int = 1


class Automaton:
    """Lark's tables. A stack is the list of the states that the parser went through."""

    def __init__(self) -> None:
        self.lark = Lark(
            Path(__file__).with_name("grammar.lark").read_text(),
            parser="lalr",
            lexer=_NoLexer,
            propagate_positions=True,
            maybe_placeholders=False,
            debug=True,  # keeps the items of each state, which explain a syntax error
        )
        self.names = {terminal.pattern.value: terminal.name for terminal in self.lark.terminals if terminal.pattern}
        self._conf = self.lark.parse_interactive().parser_state.parse_conf

    def fits(self, state: State, terminal: str) -> bool:
        """Whether a terminal may follow in some context of the state; `shift` tells whether it does in this one."""
        return terminal in self._conf.states[state]

    def terminals(self, state: State) -> list[str]:
        return [symbol for symbol in self._conf.states[state] if symbol.isupper() or symbol == END]

    def shift(self, stack: list[State], terminal: str) -> Shifted | None:
        """What becomes of a stack with a token, or None where the token doesn't fit."""
        states = self._conf.states
        stack, ended = list(stack), []
        while True:
            action, target = states[stack[-1]].get(terminal, (None, None))
            if action is None:
                return None
            if action is Shift:
                return Shifted([*stack, target], tuple(ended))
            if target.expansion:
                del stack[-len(target.expansion) :]
            stack.append(states[stack[-1]][target.origin.name][1])
            ended.append(target)
            if terminal == END and stack[-1] == self._conf.end_state:
                return Shifted(stack, tuple(ended))

    def accepts(self, stack: list[State], lexemes: list[Lexeme], at: int) -> bool:
        """Whether the token fits, as any does where the rest of a statement isn't read."""
        return self.ends(stack, "UNREAD") or any(
            self.shift(stack, reading.terminal) for reading in self.readings(lexemes, at)
        )

    def readings(self, lexemes: list[Lexeme], at: int) -> list[Reading]:
        """All that a token may be, the likeliest first."""
        kind = lexemes[at].kind
        readings = [Reading(self.names.get(kind, kind))]
        if kind in CLASS_BY_WORD:
            return [*readings, Reading(CLASS_BY_WORD[kind])]
        if kind in (".", ">", "?"):
            following = [lexeme.kind for lexeme in lexemes[at + 1 : at + 3]]
            if kind == ">" and following == [">", "|"]:
                readings.insert(0, Reading("ROTATE_RIGHT", 3))
            elif (kind, following[0]) in _JOINED:
                readings.insert(0, Reading(_JOINED[kind, following[0]], 2))
        return readings

    def choose(self, stack: list[State], lexemes: list[Lexeme], at: int) -> Reading:
        """The reading of a token that fits best what follows; a name where that is wrong in any case, as in ANTLR."""
        readings = self.readings(lexemes, at)
        if len(readings) == 1:
            return readings[0]
        possible = [reading for reading in readings if self.fits(stack[-1], reading.terminal)]
        if len(possible) < 2:
            return (possible or readings)[0]
        reaches = {reading: self._reach(stack, lexemes, at, reading, LOOKAHEAD) for reading in possible}
        best = max(reaches.values())
        longest = [reading for reading in possible if reaches[reading] == best]
        return longest[-1 if best < LOOKAHEAD and longest[-1].terminal in ("WORD", "WORD_ALIAS") else 0]

    def _reach(self, stack: list[State], lexemes: list[Lexeme], at: int, reading: Reading, limit: int) -> int:
        """How many tokens can be read when the first is read so; `limit` is the most that is asked."""
        shifted = self.shift(stack, reading.terminal)
        if shifted is None:
            return 0
        if reading.length >= limit or reading.terminal == END:
            return limit
        if any(self.ends(shifted.stack, end) for end in ("UNSUPPORTED", "UNREAD")):
            return limit
        best, at, rest = 0, at + reading.length, limit - reading.length
        for following in self.readings(lexemes, at):
            if best < rest and self.fits(shifted.stack[-1], following.terminal):
                best = max(best, self._reach(shifted.stack, lexemes, at, following, rest))
        return reading.length + best

    def ends(self, stack: list[State], terminal: str) -> bool:
        """Whether the rest of a construct is not to be read."""
        return self.fits(stack[-1], terminal) and self.shift(stack, terminal) is not None


_making = Lock()


def automaton() -> Automaton:
    """The one automaton, made when first needed, which takes about a second."""
    with _making:
        return _automaton()


_automaton = cache(Automaton)
