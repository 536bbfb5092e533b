"""The page Try it on a phone, in the dark: how loading goes, what explains a refusal, what stops, what is asked."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.browser.playground import START, Playground
from tests.browser.test_pages import PHONE, RULES
from tests.browser.test_playground_meanwhile import edit, start
from tests.browser.visit import Visit

FOREVER = "python -c 'while True: pass'"


def barriers(page: Page) -> list[tuple[str, str]]:
    """What axe finds, with where."""
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
    assert found["passes"]
    return [(each["id"], node["html"][:200]) for each in found["violations"] for node in each["nodes"]]


def test_loading_tells_its_bytes(visit: Visit) -> None:
    """One part is held back until the others have come."""
    held: list[Route] = []
    visit.page.route("**/modules-*.bin", lambda route: held.append(route))
    page = visit.open("try/")
    page.get_by_role("button", name="Start").click()
    bar = page.get_by_role("progressbar", name="Loading")
    told = page.get_by_text(re.compile(r"^\d+\.\d of \d+\.\d MB$"))
    expect(told).to_have_text(re.compile(r"^6\.0 of 11\.\d MB$"), timeout=START)
    loaded, total = map(float, re.findall(r"\d+\.\d", told.inner_text()))
    assert abs(bar.evaluate("bar => bar.value") - loaded / total) < 0.01
    held.pop().continue_()
    expect(bar).to_be_hidden(timeout=START)
    expect(told).to_have_count(0)
    expect(page.get_by_label("Command")).to_be_focused()


def test_nothing_is_lost_by_accident(visit: Visit) -> None:
    visit.page.set_viewport_size(PHONE)
    page = visit.open("try/", "dark")
    assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"
    playground = Playground(page)
    dialog = page.locator("dialog")
    reset = page.get_by_role("button", name="Reset")
    reset.first.press("Enter")  # nothing was changed
    playground.wait()

    playground.run("yql CREATE TABLE t (a Int64)")
    with page.context.expect_page() as opened:
        playground.log.get_by_role("link", name="Primary key is required for ydb tables").click()
    expect(opened.value.locator(":target")).to_contain_text("Primary key is required for ydb tables")
    opened.value.close()
    assert barriers(page) == []

    edit(page, "class Base(DeclarativeBase):", "  # mine")
    playground.run("echo kept > kept.txt")
    reset.first.press("Enter")
    expect(dialog).to_contain_text("Reset drops what you changed: models.py, kept.txt.")
    expect(dialog.get_by_role("button", name="Keep my changes")).to_be_focused()
    assert barriers(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert "class Base(DeclarativeBase):  # mine\n" in playground.run("cat models.py")

    start(page, FOREVER)
    playground.log.evaluate("log => getSelection().selectAllChildren(log)")
    page.keyboard.press("Control+c")  # copies
    expect(page.get_by_role("button", name="Stop")).to_be_enabled()
    page.evaluate("getSelection().empty()")
    page.keyboard.press("Control+c")
    playground.wait()
    expect(playground.log).to_contain_text("Stopped. The files are as they were")

    reset.first.press("Enter")  # what was changed before it was stopped is still a change
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    playground.wait()
    assert "mine" not in playground.run("cat models.py")
    assert "No such file" in playground.run("cat kept.txt")
    assert (visit.foreign, visit.errors) == ([], [])
