"""The search: what a reader types or pastes, and what must come first (queries.tsv): a page, or one of its entries."""

import csv
import re
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.visit import Visit

ERROR = re.compile(r'<h3 id="([^"]+)"><code>(.*?)</code>')

with (Path(__file__).parent / "queries.tsv").open() as file:
    QUERIES = [(row["query"], row["page"]) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def first(page: Page, query: str) -> str:
    """Type a query. Out: the address of what is found first. Raises TimeoutError if there is nothing."""
    box = page.get_by_role("textbox", name="Search")
    # The theme looks at the field when a key comes up: an empty query first, so that no earlier answer is read.
    for text, found in (("", "Type to start searching"), (query, re.compile(r"\d+ matching document"))):
        box.fill(text)
        box.press("End")
        page.locator(".md-search-result__meta").filter(has_text=found).wait_for()
    link = page.locator(".md-search-result__link").first.get_attribute("href")
    return re.sub(r"\?[^#]*", "", link or "")


@pytest.fixture(scope="module")
def found(chromium, address: str):
    """Finds what comes first for a query, always in the same window: the index is read once. An address in the site."""
    context = chromium.new_context(base_url=address)
    visit = Visit(context.new_page(), address)
    page = visit.open("contributing/")
    page.keyboard.press("/")
    yield lambda query: first(page, query).removeprefix(address)
    context.close()


@pytest.mark.parametrize(("query", "page"), QUERIES)
def test_query(found, query: str, page: str) -> None:
    first = found(query)
    assert page == (first if "#" in page else first.partition("#")[0])


def test_error(found, built: Path) -> None:
    """Each error of the reference, by its words."""
    errors = ERROR.findall((built / "reference" / "errors" / "index.html").read_text())
    assert len(errors) > 60
    expected = {unescape(words): f"reference/errors/#{anchor}" for anchor, words in errors}
    assert {words: found(words) for words in expected} == expected
