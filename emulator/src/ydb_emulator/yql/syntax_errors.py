"""Syntax errors in YDB's words, which are those of ANTLR 4.

ANTLR decides between alternatives by reading ahead. A token that fits none of them is "no viable alternative", shown
with the text from where the decision began. Once decided, a wrong token is "extraneous" if the next one fits in its
place, else one that was needed before it is "missing", else it is "mismatched". An optional part that can't be told
from what may follow elsewhere is given up, so that its first token is the wrong one.
Source: DefaultErrorStrategy of the ANTLR 4 runtime; texts in ydb/core/kqp/ut and yql/essentials/sql/v1/sql_ut_common.h.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from ..errors import Issue, Position, Status, YdbError
from .automaton import Shifted, automaton
from .lexer import CLASS_BY_WORD, END, Lexeme
from .tables import Rule

# The shape of YDB's own grammar, where it shows in its errors. Names are those of rules of grammar.lark.

_CHOICES = ("_statement", "_action", "_topic_action")
"""Rules whose alternatives, rules themselves, are told apart by their first words."""

_ALTERNATIVES = ("start", "_columns", "query_operand")
"""Rules that are such an alternative in other places."""

_FORKED = ("unread", "insert_kind", "table_kind", "drop_kind", "single_source")
"""Rules that are such an alternative with each of their expansions."""

_FUNCTIONS = ("CAST", "BITCAST", "EXISTS", "CASE")
"""Keywords that are a choice between an expression and the name of a module until the next token."""

_AFTER_NAMES = ({"DOT"}, {"DOT_STAR", "_NAMESPACE"})
"""What alone may follow a keyword that is a choice between the names of several things."""

_OPTIONS = "column_options"
_AFTER_OPTIONS = (END, ";", ",", ")", "END")
"""A column's options are a choice even where none are written: of the tokens that may follow them in any statement."""

_CLOSED_LISTS = ("create_table", "_columns", "composite", "_tuple_rest", "_struct_type_rest")
"""Rules that read a list with its closing bracket: after a comma there is a choice between the two."""


class Stack(NamedTuple):
    """Where the parser is: its states, and the place of the token that each one's symbol starts with.

    There is no symbol for the first state. One that has no tokens starts where the next one does.
    """

    states: list[int]
    starts: list[int]


def unreadable(lexeme: Lexeme) -> Issue:
    """What is said of characters that make no token."""
    message = f"token recognition error at: '{_shown(lexeme.text)}'"
    return Issue(message, position=Position(lexeme.row, lexeme.column))


def explain(stack: Stack, lexemes: list[Lexeme], at: int, text: str) -> YdbError:
    """The refusal of the token at `at`, which didn't fit."""
    states, at = _give_up(stack, lexemes, at)
    wrong, expected = lexemes[at], _expected(states)
    start = _start_of_choice(stack, lexemes, at, expected) if states is stack.states else None
    if start is not None:
        shown = text[start : wrong.end] or "<EOF>"
        return _refuse(f"no viable alternative at input '{_shown(shown)}'", wrong)
    return _mismatch(expected, lexemes, at)


def _refuse(message: str, lexeme: Lexeme) -> YdbError:
    return YdbError(Status.GENERIC_ERROR, Issue(message, position=Position(lexeme.row, lexeme.column)))


def _shown(text: str) -> str:
    return text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


# --- parts that are given up -----------------------------------------------------------------------------------


def _give_up(stack: Stack, lexemes: list[Lexeme], at: int) -> tuple[list[int], int]:
    """The states and the token that ANTLR complains of: those before an optional part that it gave up."""
    states, grammar = stack.states, automaton()
    for depth in range(len(states) - 1, 0, -1):
        terminal, first = grammar.symbol(states[depth]), stack.starts[depth - 1]
        if terminal not in ("LPAR", "COMMA", "NOT"):
            continue
        rules = {item.rule.origin for item in grammar.items(states[depth]) if item.read}
        inner = [lexeme.kind for lexeme in lexemes[first + 1 : at]]
        if terminal == "LPAR":
            # A call may be taken for a list of columns.
            if "arguments" in rules and all(kind in ("NAME", "STRING", ",") or kind in CLASS_BY_WORD for kind in inner):
                return states[:depth], first
            break
        if terminal == "COMMA" and not inner and any(rule.startswith("___expressions") for rule in rules):
            return states[:depth], first
        if terminal == "NOT" and not inner and "condition" in rules:
            return states[:depth], first
    return states, at


# --- no viable alternative -------------------------------------------------------------------------------------


def _start_of_choice(stack: Stack, lexemes: list[Lexeme], at: int, expected: dict[str, Shifted]) -> int | None:
    """Where the choice began that the token leaves open, or None where everything before it was decided."""
    wrong, before = lexemes[at], lexemes[at - 1]
    if wrong.kind not in _AFTER_OPTIONS and any(
        rule.origin == _OPTIONS and not rule.expansion for shifted in expected.values() for rule in shifted.ended
    ):
        return wrong.start
    if before.kind in _FUNCTIONS and (expected.keys() == {"LPAR"} or "WHEN" in expected):
        return before.start
    if before.kind in CLASS_BY_WORD and _fitting(stack.states).keys() in _AFTER_NAMES:
        return before.start
    items = [item for item in automaton().items(stack.states[-1]) if item.read]
    if before.kind == "ANY" and any(item.rule.name == "any_source" for item in items):
        return before.start
    choices = {_alternative(item.rule): item.read for item in items if _alternative(item.rule)}
    if len(choices) > 1:
        first = stack.starts[-max(choices.values())]
        return lexemes[first].start if first < at else None
    origins = {item.rule.origin for item in items}
    if before.kind == "," and len(origins) > 1 and origins & set(_CLOSED_LISTS):
        return before.start
    if before.kind == ";" and len(stack.states) < 5:
        return _first_semicolon(lexemes, at)
    return None


@cache
def _alternative(rule: Rule) -> str | None:
    """Which alternative of a choice a rule belongs to, if any."""
    if rule.origin in _FORKED:
        return str(rule)
    if rule.origin in _ALTERNATIVES:
        return rule.origin
    choices = (choice for choice in automaton().rules if choice.origin in _CHOICES)
    return rule.origin if any((rule.origin,) == choice.expansion for choice in choices) else None


def _first_semicolon(lexemes: list[Lexeme], at: int) -> int | None:
    while at and lexemes[at - 1].kind == ";":
        at -= 1
    return lexemes[at].start if at else None


# --- extraneous, missing, mismatched ---------------------------------------------------------------------------


def _mismatch(expected: dict[str, Shifted], lexemes: list[Lexeme], at: int) -> YdbError:
    grammar, wrong, names = automaton(), lexemes[at], _names(expected)
    shown = "'<EOF>'" if wrong.kind == END else f"'{_shown(wrong.text)}'"
    following = grammar.readings(lexemes, min(at + 1, len(lexemes) - 1))
    repeats = len(expected) > 1 and any(_repeats(shifted.stack[-2]) for shifted in expected.values())
    if repeats or any(reading.terminal in expected for reading in following):
        return _refuse(f"extraneous input {shown} expecting {names}", wrong)
    if len(expected) == 1 and END not in expected:
        (shifted,) = expected.values()
        if grammar.accepts(shifted.stack, lexemes, at):
            return _refuse(f"missing {names} at {shown}", wrong)
    return _refuse(f"mismatched input {shown} expecting {names}", wrong)


def _expected(states: list[int]) -> dict[str, Shifted]:
    """The terminals that fit once every rule has ended that may end, each with the stack after it."""
    fitting = _fitting(states)
    ends = {
        terminal: sum(rule.origin != "start" and bool(rule.expansion) for rule in shifted.ended)
        for terminal, shifted in fitting.items()
    }
    most = max(ends.values(), default=0)
    return {terminal: fitting[terminal] for terminal, count in ends.items() if count == most}


def _fitting(states: list[int]) -> dict[str, Shifted]:
    """The terminals that fit, each with the stack after it."""
    grammar = automaton()
    shifts = ((terminal, grammar.shift(states, terminal)) for terminal in grammar.terminals(states[-1]))
    return {terminal: shifted for terminal, shifted in shifts if shifted}


@cache
def _repeats(state: int) -> bool:
    """Whether a list of the state's rule has been gone through at least once, which ANTLR then reports otherwise."""
    return any(
        item.read == 1 and item.rule.origin.startswith("__") and item.rule.expansion[0] == item.rule.origin
        for item in automaton().items(state)
    )


_SIGNS = "= == != <> < <= > >= << |<< & | || <| |> + - ~ * / % ; . , ( ) ? : @ $ { } ^ :: -> ] [".split()
_VALUES = {
    "STRING": ["STRING_VALUE"],
    "NAME": ["ID_PLAIN", "ID_QUOTED"],
    "INTEGER": ["DIGITS", "INTEGER_VALUE"],
    "REAL": ["REAL"],
    "BLOB": ["BLOB"],
}
_PARTS = {"DOT_STAR": ".", "SHIFT_RIGHT": ">", "ROTATE_RIGHT": ">", "COALESCE": "?"}


def _names(terminals: dict[str, Shifted]) -> str:
    """What was expected, as ANTLR lists it: signs, keywords in order, then kinds of values."""
    kinds = {_PARTS.get(name) or _kinds().get(name, name) for name in terminals}
    words = {word for word, kind in CLASS_BY_WORD.items() if word in kinds or kind and kind in kinds}
    names = ["<EOF>"] if END in kinds else []
    names += [f"'{sign}'" for sign in _SIGNS if sign in kinds]
    names += sorted("TSKIP" if word == "SKIP" else word for word in words)
    names += [name for kind, shown in _VALUES.items() if kind in kinds for name in shown]
    return names[0] if len(names) == 1 else "{" + ", ".join(names) + "}"


@cache
def _kinds() -> dict[str, str]:
    return {terminal: kind for kind, terminal in automaton().names.items()}
