"""Zensical's build of the site beside ours: whether this guide could move to it (`make canary`).

`python -m guide.site.canary OURS THEIRS` compares two built sites: the pages, their headings' anchors, their visible
text. It prints each difference and ends with 1 if there is one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from difflib import unified_diff
from html.parser import HTMLParser
from pathlib import Path

VOID = {"br", "hr", "img", "input", "link", "meta", "path", "wbr"}
UNSEEN = {"button", "script", "style", "svg", "template"}


class Article(HTMLParser):
    """The article of a page: the ids of its headings, and the lines of its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.anchors: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)

    @property
    def lines(self) -> list[str]:
        return [line for line in (re.sub(r"\s+", " ", line).strip() for line in self.text.split("\n")) if line]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID and (self._open or tag == "article"):
            self._open.append(tag)
        if self._open and re.fullmatch("h[1-6]", tag):
            self.anchors.append(dict(attrs).get("id") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            del self._open[len(self._open) - 1 - self._open[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if self._open and not UNSEEN & set(self._open):
            self.text += data


def differences(ours: Path, theirs: Path) -> Iterator[str]:
    """What differs between two built sites, a message each."""
    names = [{path.relative_to(site).as_posix() for path in site.rglob("index.html")} for site in (ours, theirs)]
    yield from (f"{name}: built by one only" for name in sorted(names[0] ^ names[1]))
    for name in sorted(names[0] & names[1]):
        one, other = (Article((site / name).read_text()) for site in (ours, theirs))
        for what, before, after in (("anchors", one.anchors, other.anchors), ("text", one.lines, other.lines)):
            if changed := [
                line for line in unified_diff(before, after, lineterm="", n=0) if line[:2] not in ("--", "++")
            ]:
                yield f"{name}: {what} differ: " + " | ".join(changed[:6])


if __name__ == "__main__":
    found = list(differences(*map(Path, sys.argv[1:])))
    print(*found, sep="\n")
    sys.exit(bool(found))
