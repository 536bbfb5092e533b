"""Syntax errors in YDB's words, which are those of ANTLR 4.

ANTLR decides between alternatives by reading ahead. A token that fits none of them is "no viable alternative", shown
with the text from where the decision began. Once decided, a wrong token is "extraneous" if the next one fits in its
place, else one that was needed before it is "missing", else it is "mismatched".
Source: DefaultErrorStrategy of the ANTLR 4 runtime; texts in ydb/core/kqp/ut and yql/essentials/sql/v1/sql_ut_common.h.
"""

from __future__ import annotations

from functools import cache

from lark import Token, Tree
from lark.grammar import Rule
from lark.parsers.lalr_parser_state import ParserState

from ..errors import Issue, Position, Status, YdbError
from .automaton import Shifted, State, automaton
from .lexer import CLASS_BY_WORD, END, Lexeme

_CHOICES = ("_statement", "_action", "_topic_action", "insert_kind")
"""Rules whose alternatives are told apart by their first words."""

_CHOSEN_AT_ONCE = ("column_options",)
"""Rules whose alternatives are told apart by the first token alone, even where none of them need follow."""


def unreadable(lexeme: Lexeme) -> YdbError:
    """The refusal of characters that make no token."""
    return _refuse(f"token recognition error at: '{_shown(lexeme.text)}'", lexeme)


def explain(state: ParserState, lexemes: list[Lexeme], at: int, text: str) -> YdbError:
    """The refusal of the token at `at`, which didn't fit Lark's parser state."""
    wrong = lexemes[at]
    expected = _expected(state.state_stack)
    if any(rule.origin.name in _CHOSEN_AT_ONCE and not rule.expansion for s in expected.values() for rule in s.ended):
        return _refuse(f"no viable alternative at input '{_shown(wrong.text)}'", wrong)
    start = _start_of_choice(state, wrong)
    if start is not None:
        return _refuse(f"no viable alternative at input '{_shown(text[start : wrong.end])}'", wrong)
    return _mismatch(state.state_stack, lexemes, at)


def _refuse(message: str, lexeme: Lexeme) -> YdbError:
    return YdbError(Status.GENERIC_ERROR, Issue(message, position=Position(lexeme.row, lexeme.column)))


def _shown(text: str) -> str:
    return text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


# --- no viable alternative -------------------------------------------------------------------------------------


def _start_of_choice(state: ParserState, wrong: Lexeme) -> int | None:
    """Where the choice began that the token leaves undecided, or None where everything before it was decided."""
    items = [item for item in state.position if item.index]
    choices = {_alternative(item.rule): item.index for item in items if _alternative(item.rule)}
    if len(choices) > 1:
        return _start(state.value_stack[-max(choices.values()) :])
    closing = [item for item in items if not item.is_satisfied and item.rule.expansion[item.index - 1].name == "COMMA"]
    if len(closing) > 1 and not any(item.is_satisfied for item in items):
        return _start(state.value_stack[-1:])
    return None


@cache
def _alternative(rule: Rule) -> str | None:
    """Which alternative of a choice a rule belongs to, if any."""
    if rule.origin.name in ("unread", "insert_kind"):
        return str(rule)
    choices = (choice for choice in automaton().lark.rules if choice.origin.name in _CHOICES)
    return rule.origin.name if any([rule.origin] == choice.expansion for choice in choices) else None


def _start(values: list[Token | Tree]) -> int | None:
    for value in values:
        if isinstance(value, Token):
            return value.start_pos
        if not value.meta.empty:
            return value.meta.start_pos
    return None


# --- extraneous, missing, mismatched ---------------------------------------------------------------------------


def _mismatch(stack: list[State], lexemes: list[Lexeme], at: int) -> YdbError:
    wrong = lexemes[at]
    expected = _expected(stack)
    shown = "'<EOF>'" if wrong.kind == END else f"'{_shown(wrong.text)}'"
    names = _names(expected)
    grammar = automaton()
    after = lexemes[min(at + 1, len(lexemes) - 1)]
    if any(reading.terminal in expected for reading in grammar.readings(lexemes, lexemes.index(after))):
        return _refuse(f"extraneous input {shown} expecting {names}", wrong)
    if any(_repeats(shifted.stack[-2]) for shifted in expected.values()) and len(expected) > 1:
        return _refuse(f"extraneous input {shown} expecting {names}", wrong)
    if len(expected) == 1 and END not in expected:
        (shifted,) = expected.values()
        if grammar.accepts(shifted.stack, lexemes, at):
            return _refuse(f"missing {names} at {shown}", wrong)
    return _refuse(f"mismatched input {shown} expecting {names}", wrong)


def _expected(stack: list[State]) -> dict[str, Shifted]:
    """The terminals that fit once every rule has ended that may end, each with the stack after it."""
    grammar = automaton()
    shifts = {terminal: grammar.shift(stack, terminal) for terminal in grammar.terminals(stack[-1])}
    ends = {terminal: sum(bool(rule.expansion) for rule in shifted.ended) for terminal, shifted in shifts.items() if shifted}
    most = max(ends.values(), default=0)
    return {terminal: shifts[terminal] for terminal, count in ends.items() if count == most}


def _repeats(state: State) -> bool:
    """Whether a list of the state's rule has been gone through at least once, which ANTLR then reports otherwise."""
    return any(
        item.index == 1 and item.rule.origin.name.startswith("__") and item.rule.expansion[0] == item.rule.origin
        for item in state
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
