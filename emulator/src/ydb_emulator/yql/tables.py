"""The tables of the grammar: what Lark makes of grammar.lark, kept in grammar.json.

A wheel brings the file with it, so that an installed emulator neither needs Lark nor waits for it. In a checkout they
are made anew as soon as grammar.lark, or this module, is not what they were made of.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lark import Lark

GRAMMAR = Path(__file__).with_name("grammar.lark")
TABLES = Path(__file__).with_name("grammar.json")
UNREAD = ("UNSUPPORTED", "UNREAD")
"""Terminals that stand for the rest of a construct."""


@dataclass(eq=False, slots=True)
class Rule:
    """A rule of the grammar, and what becomes of the symbols that it takes from the stack: the node's children.

    `kept` are the places of these symbols, each with whether the symbol is a list of children itself, as those of
    rules that begin with an underscore are (`is_list`). `transparent` is a rule with a question mark, for which an only
    child stands; where that is its only symbol as well, nothing is to be done (`is_unit`).
    """

    origin: str
    name: str
    expansion: tuple[str, ...]
    kept: tuple[tuple[int, bool], ...]
    transparent: bool
    size: int = field(init=False)
    is_list: bool = field(init=False)
    is_unit: bool = field(init=False)

    def __post_init__(self) -> None:
        self.size = len(self.expansion)
        self.is_list = self.origin.startswith("_")
        self.is_unit = self.transparent and self.size == 1 and self.kept == ((0, False),)

    @classmethod
    def read(cls, row: list[Any]) -> Rule:
        """A rule as `make` writes it."""
        origin, name, expansion, kept, transparent = row
        return cls(origin, name, tuple(expansion), tuple((place, is_list) for place, is_list in kept), transparent)


def load() -> dict[str, Any]:
    """The tables, as `make` makes them. Raises ImportError where they have to be made and there is no Lark."""
    with suppress(OSError, ValueError):  # they aren't there, or not as a whole
        tables = json.loads(TABLES.read_bytes())
        if tables["made_of"] == _sources():
            return tables
    tables = make()
    with suppress(OSError):
        write(tables)
    return tables


def write(tables: dict[str, Any]) -> None:
    """Keep the tables. Several processes may do so at once: the file is whole when it gets its name. Raises OSError."""
    part = TABLES.with_name(f"{TABLES.name}.{os.getpid()}")
    try:
        part.write_text(json.dumps(tables, separators=(",", ":")))
        part.replace(TABLES)
    finally:
        part.unlink(missing_ok=True)


def make() -> dict[str, Any]:
    """Lark's tables, the same each time. States are numbers. Raises ImportError where there is no Lark.

    actions: what a state does with each terminal, or rule that ended: the next state, or ~n for the n-th of the rules,
    which ends before it. items: the rules that each state is within, and how far. Both are a text for each state, since
    most states are never reached. unread: states with an action for a terminal of `UNREAD`. names: terminals by their
    signs.
    """
    lark = _read_grammar()
    from lark.parsers.lalr_analysis import Shift

    table = lark.parse_interactive().parser_state.parse_conf
    rules = sorted(lark.rules, key=lambda rule: (str(rule.origin.name), rule.order, str(rule)))
    rule_numbers = {rule: number for number, rule in enumerate(rules)}
    # Lark numbers states as its sets happen to be ordered: here they are in the order in which they are reached.
    states, state_numbers = [table.start_state], {table.start_state: 0}
    actions: list[dict[str, int]] = []
    for state in states:
        actions.append({})
        for symbol, (action, target) in sorted(table.states[state].items()):
            if action is Shift and target not in state_numbers:
                state_numbers[target] = len(states)
                states.append(target)
            actions[-1][str(symbol)] = state_numbers[target] if action is Shift else ~rule_numbers[target]
    # The rule that Lark puts above the first one is in no table.
    items = [
        sorted([rule_numbers[item.rule], item.index] for item in state if item.rule in rule_numbers) for state in states
    ]
    return {
        "made_of": _sources(),
        "names": {terminal.pattern.value: str(terminal.name) for terminal in lark.terminals if terminal.pattern},
        "rules": [_row(rule) for rule in rules],
        "end": state_numbers[table.end_state],
        "actions": [_text(action.items()) for action in actions],
        "items": [_text(item) for item in items],
        "unread": [state for state, action in enumerate(actions) if not action.keys().isdisjoint(UNREAD)],
    }


def _text(rows: Iterable[Sequence[Any]]) -> str:
    return " ".join(f"{first} {second}" for first, second in rows)


def pairs(text: str) -> Iterator[tuple[str, int]]:
    """The pairs of a state's text."""
    parts = iter(text.split())
    return ((first, int(second)) for first, second in zip(parts, parts, strict=True))


def _row(rule: Any) -> list[Any]:
    """The fields of a `Rule` that Lark's has. Lark's names are tokens, slow to compare."""
    kept = [
        [place, not symbol.is_term and symbol.name.startswith("_")]
        for place, symbol in enumerate(rule.expansion)
        if rule.options.keep_all_tokens or not (symbol.is_term and symbol.filter_out)
    ]
    expansion = [str(symbol.name) for symbol in rule.expansion]
    transparent = bool(rule.options.expand1 and not rule.alias)
    return [str(rule.origin.name), str(rule.alias or rule.origin.name), expansion, kept, transparent]


def _sources() -> str:
    """Tells the grammar, and what is made of it here, from any other."""
    return hashlib.sha256(GRAMMAR.read_bytes() + Path(__file__).read_bytes()).hexdigest()


def _read_grammar() -> Lark:
    try:
        from lark import Lark
        from lark.lexer import Lexer
    except ImportError:
        raise ImportError(f"{TABLES.name} is not made of this {GRAMMAR}: install lark, which makes it anew") from None

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
