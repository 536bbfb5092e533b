"""What each code means: read from `codes/`, a file of Markdown each, for `--explain` and for the guide's page.

A file has a heading with code and title, the meaning, a revision in which the code is found, the message, a revision
in which it is not, and where the guide says more. `toolkit/tests/check/test_check_codes.py` runs both revisions.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CODES = Path(__file__).parent / "codes"
NAMES = tuple(sorted(file.stem for file in CODES.glob("*.md")))
"""Every code that there is."""
UNSURE = "low"
"""The confidence of a case that was concluded from something else, and not read in YDB's sources or documentation."""

FORM = re.compile(
    r"# (?P<code>YDB\d{3}): (?P<title>\S.*)\n\n"
    r"(?P<meaning>(?!```).*?)\n\n"
    r"(?:```python before\n(?P<before>.*?\n)```\n\n)?"
    r"```python bad\n(?P<bad>.*?\n)```\n\n"
    r"> (?P<message>\S.*)\n\n"
    r"```python good\n(?P<good>.*?\n)```\n\n"
    r"- Read: (?P<read>\S+)\n"
    r"(?:- Proof: (?P<proofs>\S.*)\n)?"
    r"(?:- Confidence: (?P<confidence>low)\n)?",
    re.DOTALL,
)


@dataclass(frozen=True)
class Explanation:
    """`bad` and `good` are the bodies of an upgrade(), or both functions, or files, each below a comment with its name.

    `before` is run first, on the tables of TABLES. `read` is a page of the guide; `proofs` are ids of its cases and
    claims, about what YDB does. `confidence` is empty, or `low` where one of them is no more than inferred.
    """

    code: str
    title: str
    meaning: str
    before: str
    bad: str
    message: str
    good: str
    read: str
    proofs: tuple[str, ...] = ()
    confidence: str = ""

    @property
    def text(self) -> str:
        """What `--explain` prints."""
        parts = [f"{self.code}: {self.title}", self.meaning]
        if self.before:
            parts += ["With this before it:", _indented(self.before)]
        parts += ["Found in:", f"{_indented(self.bad)}\n    {self.code} {self.message}"]
        parts += ["Not found in:", _indented(self.good)]
        told = [f"In the guide: {self.read}"]
        if self.proofs:
            told.append(f"Proof of what YDB does: {', '.join(self.proofs)}")
        if self.confidence == UNSURE:
            told.append("Not certain: a part of this proof is inferred.")
        return "\n\n".join([*parts, "\n".join(told)])


TABLES = """\
op.create_table(
    "series",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("title", sa.String),
    sa.Column("views", sa.Integer),
    sa.Column("released", sa.TIMESTAMP),
)
op.create_table("episodes", sa.Column("id", sa.String, primary_key=True), sa.Column("title", sa.String))
"""
"""The tables that each of the revisions finds."""


def _indented(code: str) -> str:
    return textwrap.indent(code.rstrip("\n"), "    ")


@cache
def explanation(code: str) -> Explanation:
    """Raises KeyError for a code that there is not, ValueError for a file that cannot be read."""
    if code not in NAMES:
        raise KeyError(code)
    found = FORM.fullmatch((CODES / f"{code}.md").read_text(encoding="utf-8"))
    if not found or found["code"] != code:
        raise ValueError(f"codes/{code}.md has not the form that explain.py reads")
    return Explanation(
        code,
        found["title"],
        found["meaning"],
        found["before"] or "",
        found["bad"],
        found["message"],
        found["good"],
        found["read"],
        tuple((found["proofs"] or "").split(", ")) if found["proofs"] else (),
        found["confidence"] or "",
    )
