"""The site of this repository: mkdocs.yml and the pages that it is made of."""

from functools import cache
from pathlib import Path

from tests.reader.page import Page, Site, load_site, read_page

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "docs").rglob("*.md"))


@cache
def site() -> Site:
    return load_site(ROOT / "mkdocs.yml")


@cache
def pages() -> list[Page]:
    return [read_page(site(), path) for path in PAGES]
