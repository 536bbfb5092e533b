"""The page Try it on a second visit, without a network, and after a new build of the site."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.playground import Playground
from tests.browser.server import served

OLD, FOREIGN = "playground /guide/try/ 000000000000", "playground /other/try/ 000000000000"
"""The caches of an earlier build, and of another site on the same host."""


def test_a_second_visit_needs_no_network(chromium: Browser, built: Path, tmp_path: Path) -> None:
    """The site lies under a path. The server ends where the network is to be gone."""
    (tmp_path / "guide").symlink_to(built)
    asked: list[str] = []
    context = chromium.new_context()
    page = context.new_page()
    with served(tmp_path, asked) as address:
        page.goto(f"{address}guide/try/")
        page.evaluate("names => Promise.all(names.map((name) => caches.open(name)))", [OLD, FOREIGN])
        Playground(page).wait_kept()
        [version] = [path.name for path in (built / "try" / "playground").iterdir()]
        kept = set(page.evaluate("caches.keys()"))
        assert kept == {f"playground /guide/try/ {version}", FOREIGN}
        parts = [path for path in asked if path.endswith(".bin")]
        assert len(parts) == len(set(parts))  # nothing large is loaded twice
        asked.clear()
        page.goto(f"{address}guide/try/", wait_until="networkidle")
        assert "/guide/try/" in asked
        assert [path for path in asked if "/playground/" in path] == []
        page.goto(f"{address}guide/example/", wait_until="networkidle")
        assert page.evaluate("navigator.serviceWorker.controller") is None
    page.goto(f"{address}guide/try/")
    assert "Running upgrade" in Playground(page).run("alembic upgrade head")
    context.close()
