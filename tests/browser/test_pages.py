"""Every page, as it opens: nothing from elsewhere, no complaint, nothing that keeps a reader out, nothing too wide, too
small, too long or too heavy."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ViewportSize

from tests.browser.visit import PROOFS, URLS, Visit, weight

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 800}
NARROWEST: ViewportSize = {"width": 360, "height": 740}
LIMIT = 100_000
"""Bytes of a page with all that it asks for, compressed."""
LISTS = {"cases/claims/", "cases/found-wrong/"}
"""Two lists that grow with each thing that is proven or found wrong: one follows a link to an entry."""
LIMIT_OF_LISTS = 125_000
LONGEST = 20_000
"""Pixels of a page, from its top to its end."""
SMALLEST = 14
"""Pixels of the text of a table on a phone."""
CLICKS = 3


@pytest.fixture(scope="module")
def reader(chromium: Browser, address: str) -> Iterator[BrowserContext]:
    """A reader who goes from page to page: what pages share is asked for by each, and sent once."""
    context = chromium.new_context(base_url=address, viewport=DESKTOP)
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture(scope="module", params=URLS)
def opened(request: pytest.FixtureRequest, reader: BrowserContext, address: str) -> Iterator[tuple[str, Visit]]:
    """A page, opened once for all that is asked of it here, and its address within the site."""
    visit = Visit(reader.new_page(), address)
    visit.open(request.param)
    yield request.param, visit
    visit.page.close()


@pytest.mark.parametrize("scheme", ["default", "slate"], ids=["light", "dark"])
def test_no_barrier(opened: tuple[str, Visit], scheme: str) -> None:
    """Axe finds no violation of WCAG 2.2, A and AA."""
    _, visit = opened
    page = visit.page
    page.set_viewport_size(DESKTOP)
    if page.locator("body").get_attribute("data-md-color-scheme") != scheme:
        page.locator("form[data-md-component=palette] label:visible").click()
    page.locator(f"body[data-md-color-scheme={scheme}]").wait_for()
    # Axe's script comes through the driver, which the page's policy does not concern.
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
    violations = [
        (violation["id"], node["html"][:200], [check["message"] for check in node["any"]][:1])
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
    assert found["passes"]
    assert violations == [], json.dumps(violations, indent=1)


def test_nothing_comes_from_elsewhere_and_nothing_fails(opened: tuple[str, Visit]) -> None:
    _, visit = opened
    assert visit.asked
    assert visit.foreign == []
    assert visit.errors == []


def test_weight(opened: tuple[str, Visit], built: Path) -> None:
    url, visit = opened
    weights = {asked: weight(built, asked) for asked in visit.asked}
    assert len(weights) > 4
    assert sum(weights.values()) <= (LIMIT_OF_LISTS if url in LISTS else LIMIT), weights


def test_length(opened: tuple[str, Visit]) -> None:
    """Whoever reads to the end of a page gets there. Lists of proofs are for whoever follows a link into them."""
    url, visit = opened
    visit.page.set_viewport_size(DESKTOP)
    assert url in PROOFS or visit.page.evaluate("document.documentElement.scrollHeight") <= LONGEST


def test_phone(opened: tuple[str, Visit]) -> None:
    """On a narrow screen a page does not move sideways: a table or a block that is too wide does, in itself."""
    _, visit = opened
    page = visit.page
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    cut = page.evaluate(
        """() => [...document.querySelectorAll(".md-typeset table:not([class]), .md-typeset pre > code")]
            .filter((wide) => {
                let box = wide;
                while (box.scrollWidth <= box.clientWidth || getComputedStyle(box).overflowX === "visible") {
                    if (box.matches(".md-content")) return wide.getBoundingClientRect().right > innerWidth;
                    box = box.parentElement;
                }
                return getComputedStyle(box).overflowX === "hidden";
            })
            .map((wide) => wide.textContent.slice(0, 100))"""
    )
    assert cut == []


def test_no_title_is_broken_within_a_word(opened: tuple[str, Visit]) -> None:
    """On the narrowest phones, the button that runs a page stands beside its title."""
    _, visit = opened
    visit.page.set_viewport_size(NARROWEST)
    broken = visit.page.evaluate(
        """() => [...document.querySelectorAll(".md-content h1")].flatMap((title) => {
            const texts = document.createTreeWalker(title, NodeFilter.SHOW_TEXT), found = [];
            while (texts.nextNode()) {
                const text = texts.currentNode;
                for (const word of text.data.matchAll(/[\\w]+/g)) {
                    const range = document.createRange();
                    range.setStart(text, word.index);
                    range.setEnd(text, word.index + word[0].length);
                    if (range.getClientRects().length > 1) found.push(word[0]);
                }
            }
            return found;
        })"""
    )
    assert broken == []


def test_tables_on_a_phone(opened: tuple[str, Visit]) -> None:
    """What stands in a table can be read without a glass."""
    _, visit = opened
    visit.page.set_viewport_size(PHONE)
    small = visit.page.evaluate(
        """(smallest) => [...document.querySelectorAll(".md-typeset table td, .md-typeset table td *")]
            .filter((cell) => [...cell.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
            .filter((cell) => parseFloat(getComputedStyle(cell).fontSize) < smallest)
            .map((cell) => [getComputedStyle(cell).fontSize, cell.outerHTML.slice(0, 100)])""",
        SMALLEST,
    )
    assert small == []


def test_every_page_is_three_clicks_away(reader: BrowserContext, address: str) -> None:
    """From the home page, by links that one sees without opening anything."""
    page = reader.new_page()
    page.set_viewport_size(DESKTOP)
    reached, now = {"./"}, ["./"]
    for _ in range(CLICKS):
        found: set[str] = set()
        for url in now:
            if reached | found >= set(URLS):
                break
            page.goto(url, wait_until="domcontentloaded")
            links = page.evaluate(
                "() => [...document.links].filter((link) => link.checkVisibility()).map((link) => link.href)"
            )
            found |= {urlsplit(link).path.lstrip("/") or "./" for link in links if link.startswith(address)}
        now = sorted((found - reached) & set(URLS))
        reached |= found
    page.close()
    assert set(URLS) - reached == set()
