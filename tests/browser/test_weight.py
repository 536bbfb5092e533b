"""The search comes when it is needed: its worker and its index weigh more than a page (test_pages.py)."""

from pathlib import Path

from tests.browser.visit import Visit, weight

INDEX = 250_000
"""Bytes of the search index, compressed. It holds the text of the whole guide, and its code but for long modules."""


def test_the_search_comes_when_a_reader_turns_to_it(visit: Visit, built: Path) -> None:
    page = visit.open("./")
    assert not [url for url in visit.asked if "search_index" in url or "/workers/" in url]
    page.keyboard.press("/")
    page.keyboard.type("TTL")
    page.locator(".md-search-result__link").first.wait_for()
    [index] = [url for url in visit.asked if "search_index" in url]
    assert weight(built, index) < INDEX
    assert [url for url in visit.asked if "/workers/" in url]
