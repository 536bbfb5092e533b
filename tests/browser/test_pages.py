"""Every page, as it opens: nothing from elsewhere, no complaint, nothing that keeps a reader out, nothing too wide."""

import json
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.visit import URLS, Visit

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.mark.parametrize(("media", "scheme"), [("light", "default"), ("dark", "slate")], ids=["light", "dark"])
@pytest.mark.parametrize("url", URLS)
def test_page(visit: Visit, url: str, media: Literal["light", "dark"], scheme: str) -> None:
    """Requests go to the site alone, the console stays empty, and axe finds no violation of WCAG 2.2, A and AA."""
    page = visit.open(url, media)
    assert page.locator("body").get_attribute("data-md-color-scheme") == scheme
    assert visit.foreign == []
    assert visit.errors == []
    # Axe's script comes through the driver, which the page's policy does not concern.
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
    violations = [
        (violation["id"], node["html"][:200], [check["message"] for check in node["any"]][:1])
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
    assert found["passes"]
    assert violations == [], json.dumps(violations, indent=1)


@pytest.mark.parametrize("url", URLS)
def test_phone(visit: Visit, url: str) -> None:
    """On a narrow screen a page does not move sideways: a table or a block that is too wide does, in itself."""
    visit.page.set_viewport_size({"width": 360, "height": 740})
    page = visit.open(url)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
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
