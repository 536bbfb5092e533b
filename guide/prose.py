"""The prose of a page: references to proofs, names in code spans, version numbers, each with its line.

In: a page's Markdown. What is no prose (front matter, fences, includes, definitions, comments, link targets) is
blanked, so that every offset stays that of the file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

FRONT_MATTER = re.compile(r"\A---\n.*?^---\n", re.DOTALL | re.MULTILINE)
FENCE = re.compile(r"^[ >]*(`{3,}|~{3,}).*?^[ >]*\1[`~]*[ ]*$", re.DOTALL | re.MULTILINE)
INCLUDE = re.compile(r"^-+8<-+ .*$", re.MULTILINE)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
DEFINITION = re.compile(r"^ {0,3}\[([^\]]+)\]: +(\S+).*$", re.MULTILINE)
ATTRIBUTES = re.compile(r"\{:? [^}\n]*\}")
TARGET = re.compile(r"(?<=\])\([^)]*\)|<https?:[^>]*>|https?:\S+")
SPAN = re.compile(r"(?<![`\\])(`+)(?!`)((?:(?!\n\s*\n).)+?)(?<!`)\1(?!`)", re.DOTALL)
REFERENCE = re.compile(r"(?<!\\)\[((?:(?!\n\s*\n)[^\[\]])+)\]\[([^\[\]]*)\]")
VERSION = re.compile(r"(?<![\w.])(?!\d+\b(?!\.\d))\d[\w.]*\d(?!\w)")  # also one with a typing error: 1x14


def blank(text: str, *patterns: re.Pattern) -> str:
    """A text with spaces where a pattern is found; its lines stay."""
    for pattern in patterns:
        text = pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    return text


def prose(text: str) -> str:
    return blank(text, FRONT_MATTER, FENCE, INCLUDE, COMMENT, DEFINITION, ATTRIBUTES)


def line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def spans(text: str) -> Iterator[tuple[int, str]]:
    """Code spans: line, and what is in them, on one line."""
    words = prose(text)
    return ((line(words, found.start()), " ".join(found[2].split())) for found in SPAN.finditer(words))


def references(text: str) -> Iterator[tuple[int, str]]:
    """Reference links: line and label."""
    words = blank(prose(text), SPAN)
    return ((line(words, found.start()), found[2] or found[1]) for found in REFERENCE.finditer(words))


def versions(text: str) -> Iterator[tuple[int, str, str]]:
    """Version numbers outside of code spans: line, number, and the paragraph up to it."""
    words = blank(prose(text), TARGET)
    bare = blank(words, SPAN)
    for found in VERSION.finditer(bare):
        paragraph = re.split(r"\n\s*\n", words[: found.start()])[-1]
        yield line(words, found.start()), found[0], paragraph


def definitions(text: str) -> dict[str, str]:
    """The targets of reference links by label."""
    return {found[1]: found[2] for found in DEFINITION.finditer(blank(text, FRONT_MATTER, FENCE, COMMENT))}


def with_definitions(text: str, page: Path, proofs: dict[str, Path]) -> str:
    """A page with the definitions of the proofs that it refers to, at its end, and no other of a proof."""
    folders = {os.path.relpath(path, page.parent) for path in set(proofs.values())}
    kept = [
        written
        for written in text.splitlines()
        if not ((found := DEFINITION.match(written)) and found[2].partition("#")[0] in folders)
    ]
    wanted = dict.fromkeys(label for _, label in references(text) if label in proofs)
    ends = [f"[{label}]: {os.path.relpath(proofs[label], page.parent)}#{label}" for label in wanted]
    return "\n".join(["\n".join(kept).rstrip(), *([""] if ends else []), *ends]) + "\n"


def occurs(span: str, material: str) -> bool:
    """Whether a span is in a material, or its words are in one line of it, in this order."""
    words = span.split()
    rarest = max(words, key=len, default="")
    words = [re.escape(word) for word in words]
    words = [rf"(?<!\w){word}" if re.match(r"\\?\w", word) else word for word in words]
    words = [rf"{word}(?!\w)" if word[-1:].isalnum() or word[-1:] == "_" else word for word in words]
    pattern = re.compile(r"(?: | .* )".join(words))
    return any(pattern.search(line) for line in _lines_with(rarest, material))


def _lines_with(word: str, text: str) -> Iterator[str]:
    """The lines of a text that hold a word: a material has millions of characters, and most lines need no pattern."""
    at = text.find(word)
    while at >= 0:
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        yield text[text.rfind("\n", 0, at) + 1 : end]
        at = text.find(word, end)


def mentioned(names: Iterable[str], text: str) -> list[str]:
    """Which of the names a text mentions, in order."""
    pattern = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return [found.lower() for found in re.findall(rf"(?<![\w-])(?:{pattern})(?![\w-])", text, re.IGNORECASE)]
