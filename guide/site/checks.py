"""The codes of `alembic-ydb check`, for their page and for the list of what to review. Their text is the toolkit's own:
`--explain` prints the same, and `toolkit/tests/check/test_check_codes.py` runs the revisions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from alembic_ydb.check.explain import NAMES, Explanation, explanation
from guide.paths import ROOT
from guide.reader.snippets import in_sections

from . import claims

SOURCE = ROOT / "docs" / "reference" / "checks.md"
PAGE = ROOT / "snippets" / "reference" / "checks.md"
REVIEW = ROOT / "snippets" / "autogenerate" / "review.md"
GROUPS = {
    "YDB0": "The project as a whole",
    "YDB1": "What YDB answers",
    "YDB2": "Silently different",
    "YDB3": "Loses something",
    "YDB4": "Takes long",
    "YDB5": "Half-way, or twice",
    "YDB6": "The application that runs meanwhile",
    "YDB7": "The way back",
}
OF_THE_CHECK = {"YDB003", "YDB004", "YDB102"}
"""Codes about the check itself: people who review have nothing to do with them."""


def render() -> str:
    """snippets/reference/checks.md: a table of all codes, and each with its two revisions, by the group."""
    table = ["| code | what it finds | in the guide |", "| --- | --- | --- |"]
    table += [f"| [{each.code}](#{each.code.lower()}) | {each.title} | {_read(each, SOURCE)} |" for each in _all()]
    groups = {group.lower(): [line for each in _all() for line in _entry(each, group)] for group in GROUPS}
    return in_sections({"table": table, **groups})


def render_review() -> str:
    """snippets/autogenerate/review.md: what to look at in a revision, a line for each code."""
    page = ROOT / "docs" / "autogenerate" / "review.md"
    lines: list[str] = []
    for group, title in GROUPS.items():
        lines += [f"**{title}**", ""]
        for each in _all():
            if each.code.startswith(group) and each.code not in OF_THE_CHECK:
                link = f"[{each.code}](../reference/checks.md#{each.code.lower()})"
                lines.append(f"- {link}, {each.title}: {_first(each.meaning)} {_read(each, page)}")
        lines.append("")
    return "\n".join(lines)


def _all() -> list[Explanation]:
    return [explanation(name) for name in NAMES]


def _entry(each: Explanation, group: str) -> Iterator[str]:
    if not each.code.startswith(group):
        return
    yield from (f"### {each.code}: {each.title} {{ #{each.code.lower()} }}", "", each.meaning, "")
    yield from (f"> {each.code} {_plain(each.message)}", "", '??? example "A revision with it, and one without"', "")
    before = (
        ("With this before it:", "", "```python", *each.before.rstrip().split("\n"), "```", "") if each.before else ()
    )
    found = ("Found in:", "", "```python", *each.bad.rstrip().split("\n"), "```", "")
    clean = ("Not found in:", "", "```python", *each.good.rstrip().split("\n"), "```", "")
    yield from (line and f"    {line}" for line in (*before, *found, *clean))
    yield f"In the guide: {_read(each, SOURCE)}.{_proofs(each)}"
    yield ""


def _plain(message: str) -> str:
    """A message as Markdown; what a test leaves open is an ellipsis."""
    return message.replace("[..]", "…").replace("_", r"\_")


def _first(text: str) -> str:
    """The first sentence, on one line."""
    return " ".join(text.split()).partition(". ")[0].rstrip(".") + "."


def _read(each: Explanation, page: Path) -> str:
    """A link to where the guide says more, with that page's title."""
    name, _, anchor = each.read.partition("#")
    target = ROOT / "docs" / name
    title = next(line for line in target.read_text().splitlines() if line.startswith("# "))[2:]
    if target == page:
        return f"[below](#{anchor})" if anchor else title
    return f"[{title}]({os.path.relpath(target, page.parent)}{f'#{anchor}' if anchor else ''})"


def _proofs(each: Explanation) -> str:
    """Links to the cases and claims, and how sure they are where they are not."""
    if not each.proofs:
        return ""
    pages = claims.proofs()
    links = [f"[{id}]({os.path.relpath(pages[id], SOURCE.parent)}#{id})" for id in each.proofs]
    return f" Proof of what YDB does: {', '.join(links)}{', a part of which is inferred' if each.confidence else ''}."
