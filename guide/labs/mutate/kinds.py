"""The kinds of mutants: functions from a text to its mutated texts, each with a name, by the kind of file.

They know nothing of pages: which lines of a file a page shows is the affair of `mutants`. Each is deterministic, so
that a mutant can be named and found again.
"""

import ast
import contextlib
import io
import keyword
import re
import tokenize
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePath

from guide.prose import SPAN

Kind = Callable[[str], Iterator[str]]

WORD = re.compile(r"\w+")
OPPOSITES = {
    "True": "False",
    "False": "True",
    "None": "0",
    "and": "or",
    "or": "and",
    "not": "",
    "in": "not in",
    "is": "is not",
    "if": "if not",
    "==": "!=",
    "!=": "==",
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "+": "-",
    "-": "+",
    "*": "/",
    "|": "&",
}
CARDINALS = "two three four five six seven eight nine ten eleven twelve".split()
ORDINALS = "third fourth fifth sixth seventh eighth ninth tenth".split()
SPELLED = dict(zip(CARDINALS, CARDINALS[1:], strict=False)) | dict(zip(ORDINALS, ORDINALS[1:], strict=False))


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


def _increase(number: str) -> str:
    """A number, or a version, with another last part; 0x and 1_000 too."""
    return re.sub(r"\d+(?=\D*$)", lambda found: str(int(found[0]) + 1), number)


# Lines of any text


def drop_line(text: str) -> Iterator[str]:
    lines = text.splitlines(keepends=True)
    for index, line in enumerate(lines):
        if line.strip():
            yield "".join(lines[:index] + lines[index + 1 :])


def swap_lines(text: str) -> Iterator[str]:
    """Each line in the place of the next one."""
    lines = text.splitlines(keepends=True)
    for index, (line, following) in enumerate(zip(lines, lines[1:], strict=False)):
        if line.strip() and following.strip() and line != following and following.endswith("\n"):
            yield "".join([*lines[:index], following, line, *lines[index + 2 :]])


def words(text: str) -> Iterator[str]:
    """One character of each word."""
    for found in WORD.finditer(text):
        yield _replace(text, *found.span(), change(found[0]))


def characters(text: str) -> Iterator[str]:
    """One character of each line."""
    for start, line in _lines(text):
        yield from _one_character(text, start, line)


def _one_character(text: str, start: int, line: str) -> Iterator[str]:
    # The line itself decides on the word: not always the first one, and the same one each time.
    if found := list(WORD.finditer(line)):
        word = found[zlib.crc32(line.encode()) % len(found)]
        yield _replace(text, start + word.start(), start + word.end(), change(word[0]))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a text, each with its offset."""
    offset = 0
    for line in text.splitlines(keepends=True):
        yield offset, line
        offset += len(line)


def _replace(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


# Python


def names(text: str) -> Iterator[str]:
    for token, start, end in _tokens(text):
        if token.type == tokenize.NAME and not keyword.iskeyword(token.string):
            yield _replace(text, start, end, change(token.string))


def numbers(text: str) -> Iterator[str]:
    for token, start, end in _tokens(text):
        if token.type == tokenize.NUMBER:
            yield _replace(text, start, end, _increase(token.string))


def strings(text: str) -> Iterator[str]:
    """One character of each word in a string; an empty string gets a word."""
    for token, start, end in _tokens(text):
        if token.type == tokenize.STRING and not _is_docstring(token):
            prefix = len(token.string) - len(token.string.lstrip("rRbBuUfF"))
            found = list(WORD.finditer(token.string, prefix))
            for word in found:
                yield _replace(text, start + word.start(), start + word.end(), change(word[0]))
            if not found:
                yield _replace(text, start, end, token.string[: prefix + 1] + "x" + token.string[prefix + 1 :])


def operators(text: str) -> Iterator[str]:
    """A keyword or an operator by its opposite."""
    for token, start, end in _tokens(text):
        if token.type in (tokenize.NAME, tokenize.OP) and token.string in OPPOSITES:
            changed = _replace(text, start, end, OPPOSITES[token.string])
            with contextlib.suppress(SyntaxError):  # such as the `in` of a loop: there is no opposite
                ast.parse(changed)
                yield changed


def wording(text: str) -> Iterator[str]:
    """One character of each line of a comment or docstring. Printed output, in comments of its own, is one as well."""
    for token, start, _ in _tokens(text):
        if token.type == tokenize.COMMENT or _is_docstring(token):
            for offset, line in _lines(token.string):
                yield from _one_character(text, start + offset, line)


def arguments(text: str) -> Iterator[str]:
    """A call without one of its arguments."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            spans = sorted(_span(text, part) for part in [*node.args, *node.keywords])
            yield from _without_one(text, spans)


def imports(text: str) -> Iterator[str]:
    """A file without one of the names that it imports."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            if len(node.names) == 1:
                yield _replace(text, *_span(text, node), "pass")
            else:
                yield from _without_one(text, [_span(text, name) for name in node.names])


def statements(text: str) -> Iterator[str]:
    """`pass` in the place of each statement, those of many lines included."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt) and not isinstance(node, ast.Pass) and not _is_text(node):
            first = min([node, *getattr(node, "decorator_list", [])], key=lambda part: part.lineno)
            start = _offset(text, first.lineno, first.col_offset) - (first is not node)  # the `@` as well
            yield _replace(text, start, _span(text, node)[1], "pass")


def _without_one(text: str, spans: list[tuple[int, int]]) -> Iterator[str]:
    """Leave out each part of a list, with the comma between it and its neighbour."""
    for index, (start, end) in enumerate(spans):
        if index:
            start = spans[index - 1][1]
        elif len(spans) > 1:
            end = spans[1][0]
        yield _replace(text, start, end, "")


def _tokens(text: str) -> Iterator[tuple[tokenize.TokenInfo, int, int]]:
    """The tokens of Python, each with its start and end in the text."""
    starts = [offset for offset, _ in _lines(text)] + [len(text)]
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        start, end = (starts[min(row - 1, len(starts) - 1)] + column for row, column in (token.start, token.end))
        if text[start:end] == token.string:
            yield token, start, end


def _is_docstring(token: tokenize.TokenInfo) -> bool:
    """Whether a string stands alone on its lines."""
    return (
        token.type == tokenize.STRING
        and not token.line[: token.start[1]].strip()
        and token.string[:1] in "\"'"
        and (token.string.startswith(('"""', "'''")))
    )


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(getattr(node.value, "value", None), str)


def _span(text: str, node: ast.expr | ast.stmt) -> tuple[int, int]:
    return _offset(text, node.lineno, node.col_offset), _offset(text, node.end_lineno, node.end_col_offset)


def _offset(text: str, row: int, column: int) -> int:
    """Where a place of Python's syntax tree is, whose columns count bytes."""
    before = text.splitlines(keepends=True)[:row]
    return sum(map(len, before[:-1])) + len(before[-1].encode()[:column].decode())


# Settings

SETTING = re.compile(r"(?m)^(?P<key>[^\s#;\[=][^=\n]*?)(?P<sign>[ \t]*=[ \t]*)(?P<value>.*)$")


def keys(text: str) -> Iterator[str]:
    for found in SETTING.finditer(text):
        yield _replace(text, *found.span("key"), change(found["key"]))


def values(text: str) -> Iterator[str]:
    """One character of each word of a value; no value at all."""
    for found in SETTING.finditer(text):
        for word in WORD.finditer(text, *found.span("value")):
            yield _replace(text, *word.span(), change(word[0]))
        yield _replace(text, *found.span("value"), "")


# Console sessions

INSTALLED = re.compile(r"\b(?:pip|uv add)\b.*?\binstall\s+|\buv add\s+")


def commands(text: str) -> Iterator[str]:
    """A session without one of its commands and its output."""
    lines = text.splitlines(keepends=True)
    starts = [index for index, line in enumerate(lines) if line.startswith("$ ")] + [len(lines)]
    if len(starts) > 2:
        for start, end in zip(starts, starts[1:], strict=False):
            yield "".join(lines[:start] + lines[end:])


def command_words(text: str) -> Iterator[str]:
    """One character of each word of a command. What would be installed is pip, which is there: no name is made up."""
    for start, line in _lines(text):
        if not line.startswith(("$ ", "> ")):
            continue
        installed = INSTALLED.search(line)
        for word in WORD.finditer(line, 2, installed.end() if installed else len(line)):
            yield _replace(text, start + word.start(), start + word.end(), change(word[0]))
        for package in re.compile(r"[\w.\[\]<>=~,\"'-]+").finditer(line, installed.end()) if installed else ():
            yield _replace(text, start + package.start(), start + package.end(), "pip")


def exit_statuses(text: str) -> Iterator[str]:
    """Another exit status, none where there is one, one where there is none."""
    lines = text.splitlines(keepends=True)
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else ""
        if status := re.fullmatch(r"\? (\d+)\n?", line):
            yield "".join([*lines[:index], f"? {int(status[1]) + 1}\n", *lines[index + 1 :]])
            yield "".join([*lines[:index], *lines[index + 1 :]])
        elif line.startswith(("$ ", "> ")) and not following.startswith(("> ", "? ")):
            yield "".join([*lines[: index + 1], "? 1\n", *lines[index + 1 :]])


def output_characters(text: str) -> Iterator[str]:
    for start, line in _lines(text):
        if not line.startswith(("$ ", "> ", "? ")):
            yield from _one_character(text, start, line)


# Recorded databases


def records(text: str) -> Iterator[str]:
    """A database without one of its tables."""
    parts = re.split(r"(?<=\n)\n", text)
    if len(parts) > 1:
        for index in range(len(parts)):
            yield "\n".join(parts[:index] + parts[index + 1 :])


# Diffs


def signs(text: str) -> Iterator[str]:
    """A line that is added or removed, as context."""
    for start, line in _lines(text):
        if line[0] in "+-":
            yield _replace(text, start, start + 1, " ")


# Pages

FENCE = re.compile(r"[ >]*(?P<ticks>`{3,}|~{3,})")
ATTRIBUTE = re.compile(r" (?:data-[\w-]+=\"[^\"]*\"|\.fails\b)")
TITLE = re.compile(r"title=\"(?P<title>[^\"]*)\"")
SECTION = re.compile(r"(?P<file>--8<-- \"[^\":]+)(?P<section>:[^\"]+)")
LINK = re.compile(r"\]\((?P<target>[^)\s]+)|^\[[^\]]+\]: *(?P<address>\S+)", re.MULTILINE)
NUMBER = re.compile(r"(?<![\w.-])\d+(?:\.\d+)*(?!\w)")


def _fences(text: str) -> list[tuple[int, int]]:
    """The fences of a page, as spans of its text."""
    fences, opened, ticks = [], None, ""
    for start, line in _lines(text):
        if found := FENCE.match(line):
            if opened is None:
                opened, ticks = start, found["ticks"]
            elif found["ticks"].startswith(ticks) and not line[found.end() :].strip():
                fences.append((opened, start + len(line)))
                opened = None
    return fences


def _in_fences(pattern: re.Pattern, text: str) -> Iterator[re.Match]:
    for span in _fences(text):
        yield from pattern.finditer(text, *span)


def _in_prose(pattern: re.Pattern, text: str) -> Iterator[re.Match]:
    start = 0
    for fence in [*_fences(text), (len(text), len(text))]:
        yield from pattern.finditer(text, start, fence[0])
        start = fence[1]


def drop_block(text: str) -> Iterator[str]:
    for start, end in _fences(text):
        yield _replace(text, start, end, "")


def swap_blocks(text: str) -> Iterator[str]:
    """Each block in the place of the next one."""
    fences = _fences(text)
    for (start, end), (other, last) in zip(fences, fences[1:], strict=False):
        yield text[:start] + text[other:last] + text[end:other] + text[start:end] + text[last:]


def titles(text: str) -> Iterator[str]:
    for found in _in_fences(TITLE, text):
        yield _replace(text, *found.span("title"), change(found["title"]))


def attributes(text: str) -> Iterator[str]:
    """A block without its mask, its role, or the class that says that it fails."""
    for found in _in_fences(ATTRIBUTE, text):
        yield _replace(text, *found.span(), "")


def sections(text: str) -> Iterator[str]:
    """Another section of the same file, of those that the page shows, or all of the file."""
    shown = list(_in_fences(SECTION, text))
    for found in shown:
        others = dict.fromkeys(other["section"] for other in shown if other["file"] == found["file"])
        for section in ["", *others]:
            yield _replace(text, *found.span("section"), section)


def prose_numbers(text: str) -> Iterator[str]:
    """Another number, also a spelled one (from two and third on: "one" and "second" are other words as well)."""
    for found in _in_prose(NUMBER, text):
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        if line.strip(" >") or not text[found.end() :].startswith(". "):  # not the number of a list's item
            yield _replace(text, *found.span(), _increase(found[0]))
    for found in _in_prose(WORD, text):
        if new := SPELLED.get(found[0].lower()):
            yield _replace(text, *found.span(), new.capitalize() if found[0][0].isupper() else new)


def code_spans(text: str) -> Iterator[str]:
    """One character of each code span."""
    for found in _in_prose(SPAN, text):
        yield _replace(text, *found.span(2), change(found[2]))


def links(text: str) -> Iterator[str]:
    for found in _in_prose(LINK, text):
        name = "target" if found["target"] else "address"
        yield _replace(text, *found.span(name), change(found[name]))


def front_matter(text: str) -> Iterator[str]:
    """A page without one of the lines of its front matter."""
    if found := re.match(r"---\n(.*?)^---\n", text, re.DOTALL | re.MULTILINE):
        for changed in drop_line(found[1]):
            yield _replace(text, *found.span(1), changed)


LINES: dict[str, Kind] = {"drop line": drop_line, "swap lines": swap_lines}
PYTHON = {
    "import": imports,
    "statement": statements,
    "argument": arguments,
    "operator": operators,
    "number": numbers,
    "string": strings,
    "name": names,
    "wording": wording,
} | LINES
SETTINGS = {"key": keys, "value": values} | LINES
SESSION = {
    "command": commands,
    "command word": command_words,
    "exit status": exit_statuses,
    "output character": output_characters,
} | LINES
DATABASE = {"record": records, "character": characters} | LINES
DIFF = {"sign": signs, "word": words} | LINES
TEXT = {"word": words} | LINES
PAGE: dict[str, Kind] = {
    "drop block": drop_block,
    "swap blocks": swap_blocks,
    "title": titles,
    "attribute": attributes,
    "section": sections,
    "number in prose": prose_numbers,
    "code span": code_spans,
    "link": links,
    "front matter": front_matter,
}
BY_SUFFIX: dict[str, dict[str, Kind]] = {
    ".md": PAGE,
    ".py": PYTHON,
    ".ini": SETTINGS,
    ".cfg": SETTINGS,
    ".toml": SETTINGS,
    ".console": SESSION,
    ".database": DATABASE,
    ".diff": DIFF,
    ".patch": DIFF,
}


def kinds_of(name: str) -> dict[str, Kind]:
    """The kinds of mutants of a file, by their names. In: the file's name."""
    return BY_SUFFIX.get(PurePath(name).suffix, TEXT)
