"""What a reader has to load: pages are light, and the search comes when it is needed."""

import gzip
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.visit import URLS, Visit

LIMIT = 95_000
"""Bytes of a page with all that it asks for, compressed."""
INDEX = 310_000
"""Bytes of the search index, compressed. It holds the text and the code of the whole guide, 1.1 MB."""


def weight(built: Path, url: str) -> int:
    """The bytes of what a URL names, compressed as the server does it."""
    path = built / urlsplit(url).path.lstrip("/")
    return len(gzip.compress((path / "index.html" if path.is_dir() else path).read_bytes(), 9))


@pytest.mark.parametrize("url", URLS)
def test_page(visit: Visit, built: Path, url: str) -> None:
    visit.open(url)
    weights = {asked: weight(built, asked) for asked in visit.asked}
    assert len(weights) > 4
    assert sum(weights.values()) < LIMIT, weights


def test_the_search_comes_when_a_reader_turns_to_it(visit: Visit, built: Path) -> None:
    page = visit.open("./")
    assert not [url for url in visit.asked if "search_index" in url or "/workers/" in url]
    page.keyboard.press("/")
    page.keyboard.type("TTL")
    page.locator(".md-search-result__link").first.wait_for()
    [index] = [url for url in visit.asked if "search_index" in url]
    assert weight(built, index) < INDEX
    assert [url for url in visit.asked if "/workers/" in url]
