"""A page on paper: its text and nothing around it, no tab left out, no table cut off."""

from playwright.sync_api import expect

from tests.browser.visit import Visit


def test_every_tab_is_printed(visit: Visit) -> None:
    page = visit.open("setup/env/")
    tabs = page.locator(".tabbed-block")
    expect(tabs.nth(1)).to_be_hidden()
    page.emulate_media(media="print")
    assert tabs.count() > 1
    for index in range(tabs.count()):
        expect(tabs.nth(index)).to_be_visible()
    expect(page.locator(".md-header")).to_be_hidden()
    expect(page.locator(".md-sidebar--primary")).to_be_hidden()


def test_tables_fit_on_paper(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 718, "height": 1046})  # A4 without its margins
    page = visit.open("reference/operations/")
    page.emulate_media(media="print")
    wide = page.evaluate(
        "[...document.querySelectorAll('.md-typeset table')].filter((table) => table.scrollWidth > innerWidth).length"
    )
    assert wide == 0
