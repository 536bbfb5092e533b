"""The site of this repository: its pages, and what writes, checks and publishes them."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.reader.page import Page, Site, load_site, read_page

ROOT = Path(__file__).parent.parent.parent
CASES = ROOT / "docs" / "cases"
"""The pages that list proofs. The tests write them (tests/emulator/test_reach.py); they hold no blocks."""
PAGES = sorted(path for path in (ROOT / "docs").rglob("*.md") if CASES not in path.parents)


@cache
def site() -> Site:
    return load_site(ROOT / "mkdocs.yml")


@cache
def read(path: Path) -> Page:
    """A page as it was when this process first asked for it. Raises ReaderError."""
    return read_page(site(), path)


@cache
def pages() -> list[Page]:
    return [read(path) for path in PAGES]


def forget() -> None:
    """From now on, read mkdocs.yml and the pages anew."""
    for each in (site, read, pages):
        each.cache_clear()


def html_of(path: Path) -> Path:
    """Where MkDocs puts a page, in the folder of the site. In: the page's file."""
    path = path.relative_to(site().docs).with_suffix("")
    return (path.parent if path.name == "index" else path) / "index.html"


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    """Build the site to publish into a folder, as `make build` does. Out: how that went. Whoever calls looks at it."""
    script = 'set -e; "$0" -m mkdocs build --strict --site-dir "$1"; "$0" -m tests.site.publish "$1"'
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PUBLISHED": "true"}
    return subprocess.run(
        ["bash", "-c", script, sys.executable, str(folder)], cwd=ROOT, env=environment, capture_output=True, text=True
    )
