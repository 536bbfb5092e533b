"""The home page: what asks for the words of an error leads to the search, and without scripts to the page of errors."""

from playwright.sync_api import Browser, expect

from tests.browser.visit import Visit


def test_ask_for_the_words_of_an_error(visit: Visit) -> None:
    page = visit.open("./")
    page.get_by_role("link", name="Search for its words").click()
    expect(page.get_by_role("textbox", name="Search")).to_be_focused()


def test_ask_on_a_phone(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 800})
    page = visit.open("./")
    page.get_by_role("link", name="Search for its words").click()
    expect(page.get_by_role("textbox", name="Search")).to_be_focused()
    expect(page.get_by_role("textbox", name="Search")).to_be_in_viewport()


def test_ask_without_scripts(chromium: Browser, address: str) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("./")
    page.get_by_role("link", name="Search for its words").click()
    expect(page.locator("h1")).to_contain_text("Errors")
    context.close()


def test_the_promise_and_the_session_are_on_the_first_screen(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 1440, "height": 900})
    page = visit.open("./")
    for seen in (page.locator("h1"), page.locator(".session pre"), page.get_by_role("link", name="Run this page")):
        expect(seen).to_be_in_viewport(ratio=1)
    top, title = page.locator(".md-header").bounding_box(), page.locator("h1").bounding_box()
    assert top and title and title["y"] < top["height"] + 150, "something stands before the promise"
