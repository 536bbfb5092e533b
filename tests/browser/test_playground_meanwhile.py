"""What a reader does on the page Try it while something else goes on there, and what explains a refusal."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.playground import START, Playground
from tests.browser.visit import Visit

ONE_SECOND = "python -c 'import time; end = time.time() + 1; exec(\"while time.time() < end: pass\")'"
REFUSALS = {
    "yql CREATE TABLE t (a Int64)": "Primary key is required for ydb tables",
    "alembic upgrade nowhere": "Can't locate revision identified by",
    "echo then && yql 'SELECT * FROM nowhere'": "Cannot find table",
    "yql ALTER TABLE series SET (TTL = Interval('PT1H') ON title)": None,
}
"""Lines that are refused, and the entry of Errors that explains each."""


def editor(page: Page) -> Locator:
    return page.locator(".playground-editor")


def edit(page: Page, line: str, typed: str) -> None:
    """Type at the end of a line in the editor."""
    editor(page).get_by_text(line).click()
    page.keyboard.press("End")
    page.keyboard.type(typed)


def start(page: Page, line: str) -> None:
    page.get_by_label("Command").fill(line)
    page.keyboard.press("Enter")


def test_by_keyboard_and_meanwhile(visit: Visit) -> None:
    page = visit.open("try/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skip to content
    start_button = page.get_by_role("button", name="Start")
    while not start_button.evaluate("button => button === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    download = page.get_by_role("button", name="Download")
    expect(download).to_be_disabled()  # nothing is there yet to be carried away, or to be changed
    playground = Playground(page, is_started=True)
    assert playground.log.inner_text().strip() == "Type alembic upgrade head and press Enter. help lists the commands."
    expect(download).to_be_enabled()
    page.keyboard.type("alembic upgrade head")
    page.keyboard.press("Enter")
    playground.wait()
    assert "table series" in playground.database

    for line, words in REFUSALS.items():
        printed = playground.run(line)
        links = playground.log.get_by_role("link").all_inner_texts()
        assert (words is None) == ("See Errors" not in printed), printed
        assert words is None or words == links[-1]

    start(page, ONE_SECOND)
    page.keyboard.type("n")  # which leads to the next page of the guide, elsewhere
    edit(page, '__tablename__ = "series"', "  # typed")
    playground.wait()
    page.keyboard.type(" on")  # nothing took the focus
    expect(editor(page).get_by_text('"series"  # typed on')).to_be_visible()
    assert '"series"  # typed on' in playground.run("cat models.py")
    edit(page, "class Seasons(Base):", " = (")
    assert "SyntaxError: " in playground.run("alembic revision --autogenerate -m broken")

    page.get_by_role("button", name="Link").click()
    page.wait_for_url("**/try/#files=*")
    carrying = page.url
    edit(page, "class Episodes(Base):", "  # not carried")
    start(page, "python -c 'while True: pass'")
    page.evaluate("location.hash = ''")
    page.evaluate("address => (location.href = address)", carrying)  # pasted into the address bar
    expect(editor(page).get_by_text("# not carried")).to_be_hidden(timeout=START)
    playground.wait()
    expect(editor(page).get_by_text('"series"  # typed on')).to_be_visible()
    assert playground.database == "Nothing yet."
    assert (visit.foreign, visit.errors) == ([], [])


def test_while_steps_run(visit: Visit) -> None:
    page = visit.open("recipes/not-null/")
    page.get_by_role("link", name="Run this page").click()
    steps = page.get_by_role("region", name=re.compile("Steps of the page"))
    expect(steps.get_by_role("button", name="Next", exact=True)).to_be_focused(timeout=START)
    status = steps.get_by_role("status")
    edit(page, "class Base(DeclarativeBase):", "  # before")
    steps.get_by_role("button", name="Run all").click()
    page.locator(".cm-content").press_sequentially("while steps run")
    expect(status).to_contain_text("That was the last step", timeout=START)
    playground = Playground(page, is_started=True)
    assert "class Base(DeclarativeBase):  # before\n" in playground.run("cat models.py")
    expect(status).to_contain_text(re.compile(r"(\d+) of \1 outputs are the page's"))  # nothing of a step was lost
    links = playground.log.get_by_role("link").all_inner_texts()
    assert {"Failed to convert type", "SET NOT NULL is currently not supported"} <= {*links}
    playground.wait_kept()
    [file] = (address for address in visit.asked if "/steps/" in address)
    assert page.evaluate("file => caches.match(file).then(Boolean)", file)  # for a visit without a network
