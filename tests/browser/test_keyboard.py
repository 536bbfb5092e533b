"""The site without a mouse: navigation, search and tabs."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.visit import Visit


def focus(page: Page, name: str, key: str = "Tab") -> None:
    """Press a key until the element that says `name` has the focus, and is seen to have it. Raises AssertionError."""
    seen = []
    for _ in range(150):
        page.keyboard.press(key)
        said, outline = page.evaluate(
            """() => {
                const element = document.activeElement;
                // The theme hides the button for the colours, and shows its label.
                const style = getComputedStyle(element.matches(".md-option") ? element.nextElementSibling : element);
                return [
                    (element.getAttribute("aria-label") || element.title || element.innerText || "").trim(),
                    style.outlineStyle,
                ];
            }"""
        )
        seen.append(said)
        if said == name:
            assert outline != "none", f"{name} has the focus, and nothing shows it"
            return
    raise AssertionError(f"{name!r} is not among what the key reaches: {seen}")


def test_skip_the_navigation(visit: Visit) -> None:
    page = visit.open("preparation/")
    focus(page, "Skip to content")
    page.keyboard.press("Enter")
    assert page.url.endswith("#preparation")


def test_navigate(visit: Visit) -> None:
    """A tab, and a page in what it shows beside."""
    page = visit.open("preparation/")
    focus(page, "Recipes")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Tables and keys")
    page.wait_for_load_state("networkidle")
    focus(page, "TTL")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("TTL")


def test_go_to_the_next_page_and_back(visit: Visit) -> None:
    page = visit.open("preparation/")
    page.keyboard.press("n")
    expect(page.locator("h1")).to_contain_text("Example")
    page.wait_for_load_state("networkidle")  # the theme's script, which reads the keys, comes after the text
    page.keyboard.press("p")
    expect(page.locator("h1")).to_contain_text("Preparation")


def test_search(visit: Visit) -> None:
    page = visit.open("preparation/")
    page.keyboard.press("/")
    page.keyboard.type("changefeed")
    expect(page.locator(".md-search-result__link").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Changefeeds")


def test_leave_the_search(visit: Visit) -> None:
    page = visit.open("preparation/")
    page.keyboard.press("/")
    expect(page.get_by_role("textbox", name="Search")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("textbox", name="Search")).not_to_be_focused()


def test_choose_a_tab(visit: Visit) -> None:
    page = visit.open("setup/env/")
    tabs = page.locator(".tabbed-set").first
    tabs.locator("> input").first.focus()
    expect(tabs.locator(".tabbed-block").first).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(tabs.locator(".tabbed-block").first).to_be_hidden()
    expect(tabs.locator(".tabbed-block").nth(1)).to_be_visible()


def test_change_the_colours(visit: Visit) -> None:
    page = visit.open("preparation/")
    focus(page, "Dark")
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")


def test_scroll_what_is_too_wide(visit: Visit) -> None:
    """A block that is too wide can be scrolled with the arrow keys."""
    visit.page.set_viewport_size({"width": 360, "height": 740})
    page = visit.open("example/")
    block = page.locator("pre code").filter(has_text="class Series(Base)").first
    assert block.evaluate("code => code.scrollWidth > code.clientWidth")
    block.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("code => code.scrollLeft > 0", arg=block.element_handle())


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "touch"])
@pytest.mark.parametrize("url", ["architecture/", "recipes/ttl/", "setup/login/"])
def test_what_scrolls_on_a_phone_is_reached(chromium: Browser, address: str, url: str, touch: bool) -> None:
    """Tables and blocks that are too wide, and with a keyboard at a phone, too, where the theme leaves blocks alone."""
    context = chromium.new_context(
        base_url=address, viewport={"width": 390, "height": 800}, has_touch=touch, is_mobile=touch
    )
    page = context.new_page()
    page.goto(url)
    page.wait_for_function(
        """() => {
            const boxes = [...document.querySelectorAll(".md-typeset__scrollwrap, .md-typeset pre > code")];
            const wide = boxes.filter((box) => box.scrollWidth > box.clientWidth);
            return wide.length && wide.every((box) => box.tabIndex === 0);
        }"""
    )
    page.wait_for_load_state("networkidle")
    found = Axe().run(page, options={"runOnly": ["scrollable-region-focusable"]}).response
    assert [found["passes"] != [], found["violations"]] == [True, []]
    context.close()
