"""The YQL parser: a text in, its syntax tree out."""

from __future__ import annotations

from ..errors import Issue, Status, YdbError, unsupported
from . import syntax, syntax_errors, tree
from .automaton import Automaton, Reading, automaton
from .lexer import CLASS_BY_WORD, END, Lexeme, read
from .tables import Rule

MAX_DEPTH = 300
"""How many symbols may wait on the parser's stack. YDB has such a limit as well; a level of nesting takes 1 to 4."""


def parse(text: str) -> syntax.Script:
    """The syntax tree of a query text.

    Raises YdbError: GENERIC_ERROR with YDB's words for what is no YQL, UNSUPPORTED for YQL that the emulator doesn't
    read. In syntax errors columns count from 0, in all others from 1, as in YDB.
    """
    _check_header(text)
    lexemes = read(text)
    if any(lexeme.kind == "error" for lexeme in lexemes):
        raise _unreadable(text, lexemes)
    return tree.build(_steps(text, lexemes), lexemes, text)


def _unreadable(text: str, lexemes: list[Lexeme]) -> YdbError:
    """The refusal of a text with characters that make no token: of each of them, and of what is wrong without them.

    Source: yql/essentials/sql/v1/sql_ut_common.h (IvalidStringLiteralWithEscapedBackslash).
    """
    wrong = [lexeme for lexeme in lexemes if lexeme.kind == "error"]
    issues = [syntax_errors.unreadable(lexeme) for lexeme in wrong]
    try:
        _steps(text, [lexeme for lexeme in lexemes if lexeme.kind != "error"])
    except YdbError as error:
        if error.status is not Status.UNSUPPORTED:
            issues.extend(error.issues)
    return YdbError(Status.GENERIC_ERROR, *issues)


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


def _steps(text: str, lexemes: list[Lexeme]) -> list[tree.Step]:
    """What the parser reads and reduces, in order.

    Three stacks grow and shrink together: `states`, and for each but the first the token that its symbol starts with.
    """
    grammar = automaton()
    actions = grammar.actions
    states = [0]
    starts: list[int] = []
    steps: list[tree.Step] = []
    at = 0
    while True:
        terminal, length = _next(grammar, states, lexemes, at, text)
        while isinstance(action := actions[states[-1]].get(terminal), Rule):
            if action.size:
                del states[-action.size :], starts[len(starts) - action.size + 1 :]
            else:
                starts.append(at)
            after = actions[states[-1]][action.origin]
            assert isinstance(after, int)
            states.append(after)
            if not action.is_unit:
                steps.append((action, starts[-1], at))
        if action is None:
            raise syntax_errors.explain(syntax_errors.Stack(states, starts), lexemes, at, text)
        if terminal == END:
            return steps
        states.append(action)
        starts.append(at)
        steps.append((None, at, at + length))
        at += length


def _next(grammar: Automaton, states: list[int], lexemes: list[Lexeme], at: int, text: str) -> Reading:
    """What the token at `at` is to be read as."""
    if states[-1] in grammar.unread:
        if grammar.ends(states, "UNSUPPORTED"):
            raise _unsupported(lexemes, at, text)
        if grammar.ends(states, "UNREAD"):
            return Reading("UNREAD", _end_of_statement(lexemes, at) - at)
    if len(states) > MAX_DEPTH:
        raise unsupported("such deep nesting", lexemes[at].position)
    return grammar.choose(states, lexemes, at)


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
