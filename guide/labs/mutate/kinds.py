"""The ways in which text is changed: functions from a text to its changed texts, each with a name.

They know nothing of pages: which lines of a file are used is the affair of `pages`. Each is deterministic, so that a
mutant can be named and found again. What is recorded is compared character for character, so nothing here changes it.
"""

import re
from collections.abc import Callable, Iterator

from guide.prose import SPAN

Kind = Callable[[str], Iterator[str]]

WORD = re.compile(r"\w+")
COMMAND = ("$ ", "> ")
INSTALLED = re.compile(r"\b(?:pip|uv add)\b.*?\binstall\s+|\buv add\s+")
FENCE = re.compile(r"[ >]*(?P<ticks>`{3,}|~{3,})")
FRONT_MATTER = re.compile(r"---\n(.*?)^---\n", re.DOTALL | re.MULTILINE)


def change(word: str) -> str:
    """A word with another letter or digit in its middle. A text without either comes back as it is."""
    places = [index for index, letter in enumerate(word) if letter.isascii() and letter.isalnum()]
    if not places:
        return word
    index = places[len(places) // 2]
    return word[:index] + _next(word[index]) + word[index + 1 :]


def _next(letter: str) -> str:
    first, count = ("0", 10) if letter.isdigit() else ("a", 26) if letter.islower() else ("A", 26)
    return chr((ord(letter) - ord(first) + 1) % count + ord(first))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a text, each with its offset."""
    offset = 0
    for line in text.splitlines(keepends=True):
        yield offset, line
        offset += len(line)


def _replace(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def _change_words(text: str, start: int, end: int) -> Iterator[str]:
    for word in WORD.finditer(text, start, end):
        yield _replace(text, *word.span(), change(word[0]))


# Files that a reader writes


def drop_line(text: str) -> Iterator[str]:
    for start, line in _lines(text):
        if line.strip():
            yield _replace(text, start, start + len(line), "")


def swap_lines(text: str) -> Iterator[str]:
    """Each line in the place of the next one."""
    lines = text.splitlines(keepends=True)
    for index, (line, following) in enumerate(zip(lines, lines[1:], strict=False)):
        if line.strip() and following.strip() and line != following and following.endswith("\n"):
            yield "".join([*lines[:index], following, line, *lines[index + 2 :]])


def change_word(text: str) -> Iterator[str]:
    yield from _change_words(text, 0, len(text))


# Console sessions


def drop_command(text: str) -> Iterator[str]:
    """A session without one of its commands and its output."""
    starts = [start for start, line in _lines(text) if line.startswith("$ ")] + [len(text)]
    if len(starts) > 2:
        for start, end in zip(starts, starts[1:], strict=False):
            yield _replace(text, start, end, "")


def change_command(text: str) -> Iterator[str]:
    """One word of a command. What would be installed stays: no name of a package is made up."""
    for start, line in _lines(text):
        if line.startswith(COMMAND):
            installed = INSTALLED.search(line)
            yield from _change_words(text, start + 2, start + (installed.end() if installed else len(line)))


# Pages


def _fences(text: str) -> Iterator[tuple[int, int]]:
    """The fences of a page, as spans of its text."""
    opened, ticks = None, ""
    for start, line in _lines(text):
        if found := FENCE.match(line):
            if opened is None:
                opened, ticks = start, found["ticks"]
            elif found["ticks"].startswith(ticks) and not line[found.end() :].strip():
                yield opened, start + len(line)
                opened = None


def drop_block(text: str) -> Iterator[str]:
    for start, end in _fences(text):
        yield _replace(text, start, end, "")


def swap_blocks(text: str) -> Iterator[str]:
    """Each block in the place of the next one."""
    fences = list(_fences(text))
    for (start, end), (other, last) in zip(fences, fences[1:], strict=False):
        yield text[:start] + text[other:last] + text[end:other] + text[start:end] + text[last:]


def change_block(text: str) -> Iterator[str]:
    """One word of a block as the page has it: its language, title, attributes, what it includes."""
    for start, end in _fences(text):
        yield from _change_words(text, start, end)


def change_span(text: str) -> Iterator[str]:
    """One letter of a code span."""
    start = 0
    for fence in [*_fences(text), (len(text), len(text))]:
        for found in SPAN.finditer(text, start, fence[0]):
            yield _replace(text, *found.span(2), change(found[2]))
        start = fence[1]


def drop_setting(text: str) -> Iterator[str]:
    """A page without one of the lines of its front matter."""
    if found := FRONT_MATTER.match(text):
        for changed in drop_line(found[1]):
            yield _replace(text, *found.span(1), changed)


PROSE = "change a code span"

FILE: dict[str, Kind] = {"drop a line": drop_line, "change a word": change_word, "swap lines": swap_lines}
SESSION: dict[str, Kind] = {"drop a command": drop_command, "change a word": change_command}
PAGE: dict[str, Kind] = {
    "drop a block": drop_block,
    "swap blocks": swap_blocks,
    "change a word": change_block,
    PROSE: change_span,
    "drop a line": drop_setting,
}


def kinds_of(name: str) -> dict[str, Kind]:
    """The kinds of mutants of a file, by their names. In: the file's name."""
    return PAGE if name.endswith(".md") else SESSION if name.endswith(".console") else FILE
