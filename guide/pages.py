"""The pages of this repository's site, each read once a process."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from guide.paths import PAGES, ROOT
from guide.reader.page import Page, Site, known, known_page, known_site


def site() -> Site:
    return known_site(ROOT / "mkdocs.yml")


def read(path: Path) -> Page:
    """A page as it was when this process first asked for it. Raises UnreadableError."""
    return known_page(site(), path)


@cache
def pages() -> list[Page]:
    """All pages but those that list proofs. Raises UnreadableError."""
    return [read(path) for path in PAGES]


def forget(paths: Iterable[Path]) -> None:
    """From now on, read these pages anew."""
    pages.cache_clear()
    for path in paths:
        known.pop((site(), path), None)


def forget_all() -> None:
    """From now on, read mkdocs.yml and the pages anew."""
    for each in (known_site, pages):
        each.cache_clear()
    known.clear()


def html_of(path: Path) -> Path:
    """Where MkDocs puts a page, in the folder of the site. In: the page's file."""
    path = path.relative_to(site().docs).with_suffix("")
    return (path.parent if path.name == "index" else path) / "index.html"
