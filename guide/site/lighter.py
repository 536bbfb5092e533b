"""What the published site leaves out: comments of our styles and scripts, requests for each of their files, rules of
the theme that match nothing here, marks of code that look like the text around them, blank lines.

MkDocs links the files of `extra_css` and `extra_javascript` one by one, as they are written, and the theme's templates
leave blank lines by the hundred. Whoever reads a page sees no difference.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

STYLES = "stylesheets/site.css"
SCRIPTS = "javascripts/site.js"
KEPT = re.compile(r"(<(pre|script|textarea)\b.*?</\2>)", re.DOTALL)
"""Where blanks have a meaning."""
CODE = re.compile(r'<div class="language-(?!sql)[^"]*highlight">.*?</pre>', re.DOTALL)
"""Blocks of code. javascripts/blocks.js looks at the names in YQL, and marks them."""
PLAIN = re.compile(r'<span class="[nopw]">([^<]*)</span>')
"""A name, an operator, punctuation, or blanks, as the highlighter marks them: all have the color of the text."""
RULE = re.compile(r"(?<=[{}])([^{}@]+)(\{[^{}]*\})")
OR = re.compile(r",(?![^(]*\))")
NEVER = re.compile(r"\[dir=rtl\]|\[data-md-color-(?:primary|accent)=(?!custom)")
"""What no element of this site is: written from right to left, or of a color of the theme."""
BLOCK = re.compile(r"<pre>.*?</pre>", re.DOTALL)
"""A block of code in the index of the search."""
LONG = 100
"""Lines of such a block: the search leaves out what has more."""


def lighten(folder: Path, styles: list[str], scripts: list[str]) -> None:
    """Make the files of a built site lighter, and have its pages load one file of styles and one of scripts.

    In: the folder, and what mkdocs.yml has each page load.
    """
    _bundle(folder, styles, STYLES)
    _bundle(folder, scripts, SCRIPTS)
    for kind, lighter in (("stylesheets/*.css", css), ("javascripts/*.js", js), ("assets/stylesheets/*.css", matching)):
        for file in folder.glob(kind):
            file.write_text(lighter(file.read_text()))
    found = folder / "search" / "search_index.json"
    found.write_text(index(found.read_text()))
    for page in folder.rglob("*.html"):
        html = loads(page.read_text(), styles, STYLES, '<link rel="stylesheet" href="{}">')
        page.write_text(tight(loads(html, scripts, SCRIPTS, '<script src="{}"></script>')))


def loads(html: str, names: list[str], bundle: str, tag: str) -> str:
    """A page that loads the bundle where it loaded the first of some files, and none of the others."""
    start, end = map(re.escape, tag.split("{}"))
    for name in names:
        found = rf"{start}(?P<way>[^\"]*){re.escape(name)}{end}"
        html = re.sub(found, "" if name != names[0] else tag.format(rf"\g<way>{bundle}"), html)
    return html


def index(text: str) -> str:
    """The index of the search without long blocks of code: nobody looks for the lines of a whole module."""
    found = json.loads(text)
    for part in found["docs"]:
        part["text"] = BLOCK.sub(lambda block: "" if block[0].count("\n") > LONG else block[0], part["text"])
    return json.dumps(found, separators=(",", ":"))


def css(text: str) -> str:
    """Styles without comments and indentation."""
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)).strip() + "\n"


def matching(text: str) -> str:
    """Styles without what can match nothing on this site."""

    def matching_rule(rule: re.Match[str]) -> str:
        selectors = [selector for selector in OR.split(rule[1]) if not NEVER.search(selector)]
        return ",".join(selectors) + rule[2] if selectors else ""

    return RULE.sub(matching_rule, text)


def js(text: str) -> str:
    """A script without lines that are comments, and without indentation. Raises ValueError where that has a meaning."""
    if any(line.count("`") % 2 for line in text.split("\n")):
        raise ValueError("a script has a text of several lines, whose indentation must stay")
    lines = map(str.strip, text.split("\n"))
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


def tight(html: str) -> str:
    """A page without comments and marks that nobody sees, and with one line break for many, or for indentation."""
    parts = KEPT.split(CODE.sub(lambda block: PLAIN.sub(r"\1", block[0]), html))
    # A match leaves two groups: the element and its name.
    return "".join(
        _tight(part) if number % 3 == 0 else part for number, part in enumerate(parts) if number % 3 != 2
    ).lstrip()


def _tight(html: str) -> str:
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL))


def _bundle(folder: Path, names: list[str], bundle: str) -> None:
    texts = [(folder / name).read_text() for name in names]
    for name in names:
        (folder / name).unlink()
    (folder / bundle).write_text("\n".join(texts))
