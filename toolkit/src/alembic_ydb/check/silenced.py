"""Comments in revisions that silence a rule, or several: `# alembic-ydb: ignore YDB301, nobody reads it since 4.2`."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .record import Finding, Place, source

UNUSED = "YDB004"
SPACE = (tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING)
BLOCKS = (ast.With, ast.For, ast.While, ast.If, ast.Try)
COMMENT = re.compile(r"#\s*alembic-ydb:\s*ignore\b((?:(?!#\s*alembic-ydb:).)*)")
CODE = re.compile(r"YDB\d{3}")
ARGUMENTS = re.compile(r"\s+(YDB\d{3}\b(?:[\s,]+YDB\d{3}\b)*+)[,:]?\s+(\S.*)")


@dataclass(frozen=True)
class Silencing:
    """A comment. It is for the lines of its statement, and for the whole file where it stands between statements.

    A `with`, a loop and the like are statements with their whole block.
    """

    code: str
    place: Place
    statement: range | None

    def covers(self, finding: Finding) -> bool:
        here = self.statement is None or finding.place.line in self.statement
        return finding.code == self.code and finding.place.file == self.place.file and here


@cache
def silencings(file: str) -> tuple[tuple[Silencing, ...], tuple[Finding, ...]]:
    """The comments of a revision file, and a finding for each that cannot be read."""
    found, wrong = [], []
    path = Path(file)
    if not path.is_file():
        return (), ()
    for text, line, statement in _comments(path):
        place = Place(file, line)
        for comment in COMMENT.finditer(text):
            if arguments := ARGUMENTS.fullmatch(comment[1]):
                found += [Silencing(code, place, statement) for code in CODE.findall(arguments[1])]
            else:
                said = "say which rule and why: # alembic-ydb: ignore YDB301, the reason"
                wrong.append(Finding(UNUSED, "", place, said))
    return tuple(found), tuple(wrong)


def _comments(path: Path) -> Iterator[tuple[str, int, range | None]]:
    """Each comment of a file with its line, and the lines of the statement that it is in or at the end of."""
    text = source(str(path))
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    blocks = {node.lineno: node.end_lineno or 0 for node in ast.walk(ast.parse(text)) if isinstance(node, BLOCKS)}
    first, inside = 0, []
    for token in tokens:
        if token.type == tokenize.COMMENT:
            inside.append((token.string, token.start[0]))
        elif token.type == tokenize.NEWLINE:
            lines = range(first, max(token.start[0], blocks.get(first, 0)) + 1)
            yield from ((said, line, lines) for said, line in inside)
            first, inside = 0, []
        elif not first and token.type not in SPACE:
            yield from ((said, line, None) for said, line in inside)
            first, inside = token.start[0], []
    yield from ((said, line, None) for said, line in inside)


def heard(findings: list[Finding], ended: set[str]) -> list[Finding]:
    """The findings that no comment silences, and one for each comment that silences nothing.

    `ended` are the files of the revisions that ran to their end: of others, not all is known.
    """
    comments: list[Silencing] = []
    wrong: list[Finding] = []
    for file in sorted(ended | {finding.place.file for finding in findings}):
        read, unread = silencings(file)
        comments += read
        wrong += unread
    left = [finding for finding in findings if not any(comment.covers(finding) for comment in comments)]
    idle = [
        Finding(UNUSED, "", comment.place, f"this comment silences nothing: there is no {comment.code} here")
        for comment in comments
        if comment.place.file in ended and not any(comment.covers(finding) for finding in findings)
    ]
    return left + wrong + idle
