"""The playground's place on the built site: below the page Try it, under a name that tells what is in it.

What is there never changes, so a browser may keep it for good; a new build has another name. The page's own service
worker lies beside the page, and so it sees the requests of this page alone.
"""

from __future__ import annotations

import hashlib
import json
import re
from html import unescape
from pathlib import Path

from guide.pages import html_of, pages
from guide.paths import ROOT

PAGE = Path("try", "index.html")
SCRIPT = "../playground/start.js"
ERRORS = ROOT / "docs" / "reference" / "errors.md"
HEADING = re.compile(r'<h3 id="([^"]+)"><code>(.*?)</code>')
LENGTH = 12


def place(site: Path) -> None:
    """Move the playground from site/playground to its place, and let the page Try it load it from there."""
    made, page = site / "playground", site / PAGE
    (made / "errors.json").write_text(json.dumps(entries((site / html_of(ERRORS)).read_text())))
    (made / "offline.js").rename(page.parent / "offline.js")
    version = _version(made)
    target = page.parent / "playground" / version
    target.parent.mkdir()
    made.rename(target)
    before, found, after = page.read_text().partition(SCRIPT)
    assert found, f"{PAGE} does not load {SCRIPT}"
    page.write_text(f"{before}playground/{version}/start.js{after}")


def _version(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()} {len(content)} ".encode() + content)
    return digest.hexdigest()[:LENGTH]


def entries(html: str) -> list[list[str]]:
    """The entries of the page Errors: the words of each, its anchor, and a pattern of JavaScript that finds it.

    The names of columns in the page's own examples stand for any name.
    """
    [page] = (page for page in pages() if page.path == ERRORS)
    names = {name for block in page.blocks for name in re.findall(r'Column\("(\w+)"', block.text)}
    own = re.compile(rf"\b(?:{'|'.join(sorted(names))})\b")
    found = [(unescape(re.sub(r"<.*?>", "", words)), anchor) for anchor, words in HEADING.findall(html)]
    return [[words, anchor, own.sub(r"\\w+", re.escape(words))] for words, anchor in found]
