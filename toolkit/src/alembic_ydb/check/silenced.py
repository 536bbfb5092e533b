"""Comments in revisions that silence a rule: `# alembic-ydb: ignore YDB301, nobody reads it since 4.2`."""

from __future__ import annotations

import re
import tokenize
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .record import Finding, Place

UNUSED = "YDB004"
COMMENT = re.compile(r"#\s*alembic-ydb:\s*ignore\b(.*)")
ARGUMENTS = re.compile(r"\s+(YDB\d{3})\b[,:]?\s+(\S.*)")


@dataclass(frozen=True)
class Silencing:
    """A comment. It is for its line, and for the whole file where it stands on a line of its own."""

    code: str
    place: Place
    is_alone: bool

    def covers(self, finding: Finding) -> bool:
        here = self.is_alone or finding.place.line == self.place.line
        return finding.code == self.code and finding.place.file == self.place.file and here


@cache
def silencings(file: str) -> tuple[tuple[Silencing, ...], tuple[Finding, ...]]:
    """The comments of a revision file, and a finding for each that cannot be read."""
    found, wrong = [], []
    path = Path(file)
    if not path.is_file():
        return (), ()
    with tokenize.open(file) as text:
        tokens = list(tokenize.generate_tokens(text.readline))
    for token in tokens:
        if token.type != tokenize.COMMENT or not (comment := COMMENT.search(token.string)):
            continue
        place = Place(file, token.start[0])
        if arguments := ARGUMENTS.fullmatch(comment[1]):
            found.append(Silencing(arguments[1], place, not token.line[: token.start[1]].strip()))
        else:
            wrong.append(Finding(UNUSED, "", place, "say which rule and why: # alembic-ydb: ignore YDB301, the reason"))
    return tuple(found), tuple(wrong)


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
