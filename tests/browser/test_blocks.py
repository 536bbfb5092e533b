"""Blocks of code: how many have to be scrolled, what is folded, and what is the same without scripts."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.visit import PROOFS, URLS, Visit

REVISION = "episodes_have_a_ttl.py"
HEADER = ["Revision ID", "import sqlalchemy", "depends_on"]

WIDE = {1440: 0.03, 1280: 0.03, 390: 0.40}
"""How many blocks may be wider than their column, by the width of the screen."""
MEASURED = """() => {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
    const shown = [...document.querySelectorAll(".md-typeset pre > code")].filter((code) => code.clientWidth);
    const wide = shown.filter((code) => code.scrollWidth > code.clientWidth + 1);
    return [shown.length, wide.map((code) => code.textContent.slice(0, 60))];
}"""


def revision(page: Page) -> Locator:
    """The code of a revision."""
    return page.locator(".highlight").filter(has=page.locator(".filename", has_text=REVISION)).locator("code")


def test_few_blocks_are_wider_than_their_column(page: Page, address: str) -> None:
    count = 0
    wide: dict[int, list[tuple[str, str]]] = {width: [] for width in WIDE}
    for url in URLS:
        if url in PROOFS:
            continue  # they have no blocks
        page.goto(f"{address}{url}", wait_until="domcontentloaded")
        for width in WIDE:
            page.set_viewport_size({"width": width, "height": 900})
            shown, found = page.evaluate(MEASURED)
            wide[width] += [(url, start) for start in found]
        count += shown
    assert count > 1000
    assert {width: found for width, found in wide.items() if len(found) > WIDE[width] * count} == {}


def test_the_header_of_a_revision_is_folded(visit: Visit) -> None:
    code = revision(visit.open("recipes/ttl/"))
    shown = code.inner_text().split("\n")
    assert shown[0].startswith('"""episodes have a TTL')
    assert [line for line in shown if line][1] == "def upgrade() -> None:"
    code.get_by_role("button").click()
    for words in HEADER:
        assert words in code.inner_text()
    code.get_by_role("button").click()
    assert "depends_on" not in code.inner_text()


def test_without_scripts_the_whole_revision_is_there(chromium: Browser, address: str) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("recipes/ttl/")
    for words in HEADER:
        expect(revision(page)).to_contain_text(words)
    context.close()


@pytest.mark.parametrize(
    ("url", "word", "kind"), [("operate/baseline/", "Int64", "kt"), ("recipes/tables/", "UPSERT", "k")]
)
def test_words_of_yql_are_words_of_the_language(visit: Visit, url: str, word: str, kind: str) -> None:
    page = visit.open(url)
    assert page.locator(f".language-sql .{kind}").get_by_text(word, exact=True).count()
