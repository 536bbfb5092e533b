"""The grammar as an LALR automaton: what fits next, and what a token may stand for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import NamedTuple

from .lexer import CLASS_BY_WORD, END, Lexeme
from .tables import UNREAD, Rule, load, pairs

LOOKAHEAD = 8
"""How many tokens are read ahead to tell a keyword from a name; the longest that YQL needs is `INDEX i GLOBAL`."""

_JOINED = {(".", "*"): "DOT_STAR", (">", ">"): "SHIFT_RIGHT", ("?", "?"): "COALESCE"}
"""Signs that YQL's lexer keeps apart and its grammar takes as one."""


@dataclass(frozen=True)
class Shifted:
    """The stack after a token, and the rules that the token ended before it was put on the stack."""

    stack: list[int]
    ended: tuple[Rule, ...]


class Reading(NamedTuple):
    """One thing that a token may be: a terminal of the grammar, which takes `length` tokens."""

    terminal: str
    length: int = 1


class Item(NamedTuple):
    """A rule that a state is within: how many of its symbols have been read."""

    rule: Rule
    read: int


class Actions(dict[int, dict[str, int | Rule]]):
    """What each state does. It is read when a state is first reached: most never are."""

    def __init__(self, texts: list[str], rules: list[Rule]) -> None:
        self._texts, self._rules = texts, rules

    def __missing__(self, state: int) -> dict[str, int | Rule]:
        self[state] = {
            symbol: action if action >= 0 else self._rules[~action] for symbol, action in pairs(self._texts[state])
        }
        return self[state]


class Automaton:
    """The tables of the grammar. States are numbers, 0 is the first; a stack is the list of those gone through.

    `actions` is what a state does with each terminal, or rule that ended: the next state, or a rule that ends before.
    """

    def __init__(self) -> None:
        tables = load()
        self.rules = [Rule.read(row) for row in tables["rules"]]
        self.names: dict[str, str] = tables["names"]
        """The terminals of signs and keywords."""
        self.actions = Actions(tables["actions"], self.rules)
        end = tables["end"]
        self.actions[end][END] = end  # taken like any other token
        self._items: list[str] = tables["items"]
        self.unread = frozenset(tables["unread"])
        """The states in which the rest of a construct may not be read."""
        self._readings: dict[str, tuple[Reading, ...]] = {
            kind: (Reading(kind),) for kind in ("NAME", "STRING", "INTEGER", "REAL", "BLOB", END)
        }
        self._readings |= {kind: (Reading(name),) for kind, name in self.names.items()}
        for word, name in CLASS_BY_WORD.items():
            self._readings[word] = (Reading(self.names.get(word, word)), Reading(name))

    def items(self, state: int) -> list[Item]:
        """The rules that a state is within, and how far."""
        return [Item(self.rules[int(rule)], read) for rule, read in pairs(self._items[state])]

    def symbol(self, state: int) -> str:
        """What was read last in any state but the first."""
        return next(item.rule.expansion[item.read - 1] for item in self.items(state) if item.read)

    def fits(self, state: int, terminal: str) -> bool:
        """Whether a terminal may follow in some context of the state; `shift` tells whether it does in this one."""
        return terminal in self.actions[state]

    def terminals(self, state: int) -> list[str]:
        return [symbol for symbol in self.actions[state] if symbol.isupper() or symbol == END]

    def shift(self, stack: list[int], terminal: str) -> Shifted | None:
        """What becomes of a stack with a token, or None where the token doesn't fit."""
        stack = list(stack)
        ended: list[Rule] = []
        while True:
            action = self.actions[stack[-1]].get(terminal)
            if action is None:
                return None
            if not isinstance(action, Rule):
                return Shifted([*stack, action], tuple(ended))
            if action.size:
                del stack[-action.size :]
            after = self.actions[stack[-1]][action.origin]
            assert isinstance(after, int)
            stack.append(after)
            ended.append(action)

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
        return longest[-1 if best < LOOKAHEAD and longest[-1].terminal in ("WORD", "WORD_FRAME", "WORD_ALIAS") else 0]

    def _reach(self, stack: list[int], lexemes: list[Lexeme], at: int, reading: Reading, limit: int) -> int:
        """How many tokens can be read when the first is read so; `limit` is the most that is asked."""
        shifted = self.shift(stack, reading.terminal)
        if shifted is None:
            return 0
        if reading.length >= limit or reading.terminal == END:
            return limit
        if any(self.ends(shifted.stack, end) for end in UNREAD):
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
    """The one automaton. Raises ImportError where its tables have to be made, and there is no Lark."""
    with _making:
        return _automaton()


_automaton = cache(Automaton)
