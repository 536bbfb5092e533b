"""A page of the site in the browser, with what it asks other machines for and what it complains of."""

import gzip
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Response

from guide.pages import html_of
from guide.paths import CASES, PAGES


def url_of(path: Path) -> str:
    """The address of a page within the site, from its file."""
    return f"{html_of(path).parent.as_posix()}/"


URLS = [url_of(path) for path in sorted([*PAGES, *CASES.glob("*.md")])]
"""The addresses of all pages."""
PROOFS = {url_of(path) for path in CASES.glob("*.md")}
"""Those of the pages that list proofs."""


def weight(built: Path, url: str) -> int:
    """The bytes of what a URL names in the built site, compressed as the server does it."""
    path = built / urlsplit(url).path.lstrip("/")
    return len(gzip.compress((path / "index.html" if path.is_dir() else path).read_bytes(), 9))


@dataclass
class Visit:
    """Listens to a page from its start on.

    `asked` holds what it requests, `foreign` what of that is on other hosts, `errors` what the console says.
    """

    page: Page
    address: str
    asked: set[str] = field(default_factory=set)
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self._ask(request.url))
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("requestfailed", lambda request: self.errors.append(f"{request.url}: {request.failure}"))
        self.page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def _answered(self, response: Response) -> None:
        if not response.ok:
            self.errors.append(f"{response.url}: {response.status}")

    def _ask(self, url: str) -> None:
        self.asked.add(url)
        if not url.startswith((self.address, "data:", "blob:")):
            self.foreign.append(url)

    def open(self, url: str, scheme: Literal["light", "dark"] = "light") -> Page:
        """Open a page, by its address within the site, and wait until nothing more is asked for."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.goto(url, wait_until="networkidle")
        return self.page
