"""The site of this repository: mkdocs.yml and the pages that it is made of."""

from functools import cache
from pathlib import Path

from tests.reader.page import Page, Site, load_site, read_page

ROOT = Path(__file__).parent.parent
CASES = ROOT / "docs" / "cases"
"""The pages that list proofs. The tests write them (tests/emulator/test_reach.py); they hold no blocks."""
PAGES = sorted(path for path in (ROOT / "docs").rglob("*.md") if CASES not in path.parents)


@cache
def site() -> Site:
    return load_site(ROOT / "mkdocs.yml")


@cache
def pages() -> list[Page]:
    return [read_page(site(), path) for path in PAGES]
