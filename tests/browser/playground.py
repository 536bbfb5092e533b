"""The page Try it, started: what a reader types and reads there."""

from __future__ import annotations

from playwright.sync_api import Page, expect

SECONDS = 1000
START = 240 * SECONDS


class Playground:
    """The page, started."""

    def __init__(self, page: Page, is_started: bool = False) -> None:
        self.page = page
        self.log = page.get_by_role("log")
        if not is_started:
            page.get_by_role("button", name="Start").click()
        self.wait()

    def wait(self) -> None:
        expect(self.page.get_by_label("Command")).to_be_editable(timeout=START)

    def run(self, line: str) -> str:
        """Type a line. Out: what it printed."""
        before = self.log.inner_text()
        self.page.get_by_label("Command").fill(line)
        self.page.keyboard.press("Enter")
        self.wait()
        return (
            self.log.inner_text()
            .removeprefix(before)
            .strip()
            .removeprefix(f"$ {line}")
            .removeprefix(f"yql> {line}")
            .strip()
        )

    def wait_kept(self) -> None:
        """Wait until the browser has kept what the next visit needs, or has said that it keeps nothing."""
        self.page.wait_for_function("() => document.querySelector('.playground-log').dataset.kept")

    @property
    def database(self) -> str:
        return self.page.get_by_text("What the database holds").locator("..").locator("pre").inner_text()
