"""Blocks of code: what is folded, and what is the same without scripts."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.visit import Visit

REVISION = "episodes_have_a_ttl.py"
HEADER = ["Revision ID", "import sqlalchemy", "depends_on"]


def revision(page: Page) -> Locator:
    """The code of a revision."""
    return page.locator(".highlight").filter(has=page.locator(".filename", has_text=REVISION)).locator("code")


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
