"""What the page Try it says where the browser, the network or a link fails it."""

from __future__ import annotations

import base64
import gzip
import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.playground import START, Playground
from tests.browser.visit import Visit

READY = {"type": "ready", "files": {"models.py": ""}, "database": "", "statements": [], "needed": [], "memory": 0}
"""What Python's worker says when it is ready."""
NO_MEMORY = """
const error = new RangeError("WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory for new instance")
WebAssembly.instantiateStreaming = () => Promise.reject(error)
"""


def press(page: Page) -> None:
    page.get_by_role("button", name="Start").click()


def stand_in(page: Page, **state: object) -> None:
    """Let a worker without Python say that it is ready."""
    said = json.dumps(READY | state)
    page.route("**/worker.js", lambda route: route.fulfill(body=f"postMessage({said})", content_type="text/javascript"))


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("delete window.WebAssembly", "does not run WebAssembly"),
        ("delete window.DecompressionStream", "too old to unpack"),
        ("window.Worker = function () { throw new DOMException('refused') }", "does not run workers"),
    ],
)
def test_a_browser_that_cannot(visit: Visit, script: str, words: str) -> None:
    visit.page.add_init_script(script)
    press(visit.open("try/"))
    expect(visit.page.locator("#playground")).to_contain_text(words, timeout=START)


@pytest.mark.parametrize(
    ("file", "answer", "words"),
    [
        ("modules-*.bin", {"status": 404}, r"modules-\w+\.bin is not there any more \(404\): .*Reload the page\."),
        ("pyodide.asm-*.bin", {"body": "junk"}, r"pyodide\.asm-\w+\.bin arrived damaged\. Press Reset"),
        ("parts.json", {"body": "{"}, r"parts\.json arrived damaged\."),
        ("worker.js", {"status": 404}, r"worker\.js did not load"),
        ("app.js", {"status": 404}, r"This did not load: .*Try again, or reload the page\."),
    ],
)
def test_a_file_that_does_not_arrive(visit: Visit, file: str, answer: dict, words: str) -> None:
    visit.page.route(f"**/{file}", lambda route: route.fulfill(**answer))
    press(visit.open("try/"))
    expect(visit.page.locator("#playground")).to_contain_text(re.compile(words), timeout=START)


def test_a_damaged_file_is_loaded_again(visit: Visit) -> None:
    """Nothing damaged is kept."""
    page, damaged = visit.page, ["the first time"]
    page.route("**/modules-*.bin", lambda route: route.fulfill(body=damaged.pop()) if damaged else route.continue_())
    press(visit.open("try/"))
    expect(page.locator("#playground")).to_contain_text("arrived damaged", timeout=START)
    page.get_by_role("button", name="Reset").click()
    Playground(page, is_started=True)


def test_too_little_memory(visit: Visit) -> None:
    def without(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=NO_MEMORY + response.text())

    visit.page.route("**/worker.js", without)
    press(visit.open("try/"))
    expect(visit.page.locator("#playground")).to_contain_text("too little memory. Close other tabs", timeout=START)


def carrying(state: object) -> str:
    return base64.urlsafe_b64encode(gzip.compress(json.dumps(state).encode())).decode()


@pytest.mark.parametrize("link", ["nonsense", "%E0%A4%A", carrying({"files": {"a": 1}}), carrying({})[:-8]])
def test_a_damaged_link(visit: Visit, link: str) -> None:
    stand_in(visit.page)
    visit.open(f"try/#files={link}")
    visit.page.get_by_role("button", name="Start with the files of this link").click()
    expect(visit.page.get_by_role("log")).to_contain_text("This link is damaged")


def test_a_link_that_is_too_long(visit: Visit) -> None:
    noise = " ".join(str(number**9) for number in range(9000))
    stand_in(visit.page, files={"models.py": noise})
    press(visit.open("try/"))
    visit.page.get_by_role("button", name="Link").click()
    expect(visit.page.get_by_text("too long for a link. Download makes an archive of them.")).to_be_visible()
    assert "#" not in visit.page.url


def test_nothing_can_be_kept(visit: Visit) -> None:
    visit.page.add_init_script("Object.defineProperty(self, 'caches', {get() { throw new DOMException('off') }})")
    stand_in(visit.page)
    press(visit.open("try/"))
    expect(visit.page.get_by_role("log")).to_contain_text("keeps nothing for this page")
    expect(visit.page.get_by_label("Command")).to_be_editable()
