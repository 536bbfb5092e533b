"""A line of the terminal as words and operators: quotation marks, backslashes and variables as a shell has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

REDIRECTIONS = (">>", ">", "2>>", "2>", "2>&1")
OPERATORS = ("&&", ";", "|", *REDIRECTIONS)
_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<errors>(?<!\S)2>(?:&1|>|(?!&)))|(?P<single>'[^']*')|(?P<double>"(?:\\.|[^"\\])*")|(?P<escaped>\\.)|(?P<signs>[&;<>|()`]+)"""
    r"""|(?P<open>['"])|(?P<plain>[^\s'"\\&;<>|()`]+)""",
    re.DOTALL,
)
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)\})")


@dataclass(frozen=True)
class Operator:
    sign: str


@dataclass(frozen=True)
class Word:
    """Its parts, each with whether a variable in it stands for its value."""

    parts: tuple[tuple[str, bool], ...]
    is_quoted: bool = False
    """Whether it is a word even where nothing is in it."""

    def text(self, variables: Mapping[str, str]) -> str:
        """The word with the variables' values; one that is not set is nothing."""
        return "".join(
            _VARIABLE.sub(lambda found: variables.get(found[1] or found[2], ""), part) if expands else part
            for part, expands in self.parts
        )


def split(line: str) -> Iterator[Word | Operator]:
    """The words and operators of a line. Raises ValueError for an open quotation mark, and for what is not known."""
    parts, is_quoted = list[tuple[str, bool]](), False
    for found in _TOKEN.finditer(line.replace("\\\n", "")):
        text = found[0]
        is_quoted = is_quoted or found.lastgroup in ("single", "double")
        match found.lastgroup:
            case "single":
                parts.append((text[1:-1], False))
            case "double":
                parts.append((re.sub(r'\\(["\\])', r"\1", text[1:-1]), True))
            case "escaped":
                parts.append((text[1], False))
            case "plain":
                parts.append((text, True))
            case "open":
                raise ValueError("a quotation mark is not closed")
            case _:
                if parts:
                    yield Word(tuple(parts), is_quoted)
                    parts, is_quoted = [], False
                if text.strip():
                    if text not in OPERATORS:
                        known = "&&, ;, | and > FILE are. Put quotation marks around text that has it"
                        raise ValueError(f"{text} is not understood here; {known}")
                    yield Operator(text)
    if parts:
        yield Word(tuple(parts), is_quoted)


def commands(line: str) -> list[tuple[str, list[list[Word | Operator]]]]:
    """The pipelines of a line, each with the operator before it. Raises ValueError as `split` does."""
    found: list[tuple[str, list[list[Word | Operator]]]] = [(";", [[]])]
    for each in split(line):
        match each:
            case Operator("&&" | ";"):
                found.append((each.sign, [[]]))
            case Operator("|"):
                found[-1][1].append([])
            case _:
                found[-1][1][-1].append(each)
    if any(len(pipeline) > 1 and [] in pipeline for _, pipeline in found):
        raise ValueError("a command is missing at |")
    return [(sign, pipeline) for sign, pipeline in found if pipeline != [[]]]


def parts(command: list[Word | Operator]) -> tuple[list[Word], list[Word | Operator]]:
    """A command's words, and the redirections behind them."""
    words = [each for each in takewhile(lambda each: isinstance(each, Word), command) if isinstance(each, Word)]
    return words, command[len(words) :]
