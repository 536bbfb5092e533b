"""The pages of this repository's site, each read once a process, or once for all workers of a run of the tests."""

import pickle
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

from guide.paths import PAGES, ROOT
from guide.reader.errors import ReaderError
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


def packed() -> bytes:
    """The pages for another process to `unpack`, up to the first that cannot be read."""
    found = []
    with suppress(ReaderError):  # the other process is told, too
        for path in PAGES:
            found.append(read(path))
    return pickle.dumps(found)


def unpack(packed: bytes) -> None:
    """Know these pages as another process has read them."""
    known.update({(site(), page.path): page for page in pickle.loads(packed)})


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
