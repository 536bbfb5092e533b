"""The grammar as the LALR automaton that Lark makes of it: what fits next, and what a token may stand for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from ydb_emulator.cache import kept

from .lexer import CLASS_BY_WORD, END, Lexeme

if TYPE_CHECKING:
    from lark import Lark
    from lark.grammar import Rule, Symbol
    from lark.parsers.grammar_analysis import RulePtr

GRAMMAR = Path(__file__).with_name("grammar.lark")

LOOKAHEAD = 8
"""How many tokens are read ahead to tell a keyword from a name; the longest that YQL needs is `INDEX i GLOBAL`."""

_JOINED = {(".", "*"): "DOT_STAR", (">", ">"): "SHIFT_RIGHT", ("?", "?"): "COALESCE"}
"""Signs that YQL's lexer keeps apart and its grammar takes as one."""

_UNREAD = ("UNSUPPORTED", "UNREAD")
"""Terminals that stand for the rest of a construct."""


def _read_grammar() -> Lark:
    """Lark is imported here, in the background, so that the server is ready without it."""
    from lark import Lark
    from lark.lexer import Lexer

    class NoLexer(Lexer):
        """Lark wants a lexer; tokens are fed to it instead."""

        def __init__(self, conf: object): ...

        def lex(self, lexer_state: object, parser_state: object) -> Any:
            raise NotImplementedError

    return Lark(
        GRAMMAR.read_text(),
        parser="lalr",
        lexer=NoLexer,
        maybe_placeholders=False,
        debug=True,  # keeps the items of each state, which explain a syntax error
    )


@dataclass(frozen=True)
class Shifted:
    """The stack after a token, and the rules that the token ended before it was put on the stack."""

    stack: list[int]
    ended: tuple[Rule, ...]


class Reading(NamedTuple):
    """One thing that a token may be: a terminal of the grammar, which takes `length` tokens."""

    terminal: str
    length: int = 1


class Reduction:
    """A rule of the grammar, and what becomes of the symbols that it takes from the stack: the node's children.

    `kept` are the places of these symbols, each with whether the symbol is a list of children itself, as those of
    rules that begin with an underscore are (`is_list`). `transparent` is a rule with a question mark, for which an only
    child stands; where that is its only symbol as well, nothing is to be done (`is_unit`).
    """

    __slots__ = ("is_list", "is_unit", "kept", "name", "origin", "rule", "size", "transparent")

    def __init__(self, rule: Rule):
        self.rule = rule
        self.origin = str(rule.origin.name)  # Lark's names are tokens, slow to compare
        self.name = str(rule.alias or self.origin)
        self.size = len(rule.expansion)
        self.kept = tuple(
            (place, not symbol.is_term and symbol.name.startswith("_"))
            for place, symbol in enumerate(rule.expansion)
            if rule.options.keep_all_tokens or not (symbol.is_term and symbol.filter_out)
        )
        self.is_list = self.origin.startswith("_")
        self.transparent = rule.options.expand1 and not rule.alias
        self.is_unit = self.transparent and self.size == 1 and self.kept == ((0, False),)


class Automaton:
    """Lark's tables. States are numbers; a stack is the list of those that the parser went through.

    `actions` is what a state does with each terminal, or rule that ended: the next state, or a reduction before it.
    """

    def __init__(self) -> None:
        from lark.parsers.lalr_analysis import Shift

        lark = _read_grammar()
        self.rules: list[Rule] = lark.rules
        self.names = {terminal.pattern.value: str(terminal.name) for terminal in lark.terminals if terminal.pattern}
        table = lark.parse_interactive().parser_state.parse_conf
        numbers = {state: number for number, state in enumerate(table.states)}
        reductions = {rule: Reduction(rule) for rule in self.rules}
        self.start, end = numbers[table.start_state], numbers[table.end_state]
        self.actions: list[dict[str, int | Reduction]] = [
            {
                str(symbol): numbers[target] if action is Shift else reductions[target]
                for symbol, (action, target) in actions.items()
            }
            for actions in table.states.values()
        ]
        self.actions[end][END] = end  # taken like any other token
        self.items: list[frozenset[RulePtr]] = list(table.states)
        """The rules that each state is within, and how far."""
        self.unread = {state for state, actions in enumerate(self.actions) if not actions.keys().isdisjoint(_UNREAD)}
        """The states in which the rest of a construct may not be read."""
        self._readings = {kind: (Reading(kind),) for kind in ("NAME", "STRING", "INTEGER", "REAL", "BLOB", END)}
        self._readings |= {kind: (Reading(name),) for kind, name in self.names.items()}
        for word, name in CLASS_BY_WORD.items():
            self._readings[word] = (Reading(self.names.get(word, word)), Reading(name))

    def symbol(self, state: int) -> Symbol:
        """What was read last in any state but the first."""
        return next(item.rule.expansion[item.index - 1] for item in self.items[state] if item.index)

    def fits(self, state: int, terminal: str) -> bool:
        """Whether a terminal may follow in some context of the state; `shift` tells whether it does in this one."""
        return terminal in self.actions[state]

    def terminals(self, state: int) -> list[str]:
        return [symbol for symbol in self.actions[state] if symbol.isupper() or symbol == END]

    def shift(self, stack: list[int], terminal: str) -> Shifted | None:
        """What becomes of a stack with a token, or None where the token doesn't fit."""
        stack, ended = list(stack), []
        while True:
            action = self.actions[stack[-1]].get(terminal)
            if action is None:
                return None
            if not isinstance(action, Reduction):
                return Shifted([*stack, action], tuple(ended))
            if action.size:
                del stack[-action.size :]
            stack.append(self.actions[stack[-1]][action.origin])
            ended.append(action.rule)

    def accepts(self, stack: list[int], lexemes: list[Lexeme], at: int) -> bool:
        """Whether the token fits, as any does where the rest of a statement isn't read."""
        return self.ends(stack, "UNREAD") or any(
            self.shift(stack, reading.terminal) for reading in self.readings(lexemes, at)
        )

    def readings(self, lexemes: list[Lexeme], at: int) -> tuple[Reading, ...]:
        """All that a token may be, the likeliest first."""
        kind = lexemes[at].kind
        readings = self._readings.get(kind) or (Reading(kind),)
        if kind in (".", ">", "?"):
            following = [lexeme.kind for lexeme in lexemes[at + 1 : at + 3]]
            if kind == ">" and following == [">", "|"]:
                return (Reading("ROTATE_RIGHT", 3), *readings)
            if (kind, following[0]) in _JOINED:
                return (Reading(_JOINED[kind, following[0]], 2), *readings)
        return readings

    def choose(self, stack: list[int], lexemes: list[Lexeme], at: int) -> Reading:
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

    def _reach(self, stack: list[int], lexemes: list[Lexeme], at: int, reading: Reading, limit: int) -> int:
        """How many tokens can be read when the first is read so; `limit` is the most that is asked."""
        shifted = self.shift(stack, reading.terminal)
        if shifted is None:
            return 0
        if reading.length >= limit or reading.terminal == END:
            return limit
        if any(self.ends(shifted.stack, end) for end in _UNREAD):
            return limit
        best, at, rest = 0, at + reading.length, limit - reading.length
        for following in self.readings(lexemes, at):
            if best < rest and self.fits(shifted.stack[-1], following.terminal):
                best = max(best, self._reach(shifted.stack, lexemes, at, following, rest))
        return reading.length + best

    def ends(self, stack: list[int], terminal: str) -> bool:
        """Whether the rest of a construct is not to be read."""
        return self.fits(stack[-1], terminal) and self.shift(stack, terminal) is not None


_making = Lock()


def automaton() -> Automaton:
    """The one automaton. It is made in the first process that needs it, which takes about a second."""
    with _making:
        return _automaton()


@cache
def _automaton() -> Automaton:
    return kept(GRAMMAR, f"Lark {version('lark')} {CLASS_BY_WORD} {Path(__file__).read_text()}", Automaton)
