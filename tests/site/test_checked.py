"""What pages say of their last check: nothing that was not seen, and nothing that is no longer so."""

from __future__ import annotations

import dataclasses
import errno
from pathlib import Path

import pytest

from guide.pages import pages
from guide.reader.page import Page
from guide.site import checked
from guide.site.checked import Walked


@pytest.fixture(scope="module")
def page() -> Page:
    return next(page for page in pages() if page.name == "docs/example.md")


@pytest.fixture(scope="module")
def row(page: Page) -> Walked:
    return checked.walked(page, None, f"{checked.EMBEDDED} and answers as YDB 26.2")


def line(page: Page, *rows: Walked) -> str:
    return "\n".join(checked.verdict(page, list(rows)))


def test_a_site_without_a_run_says_so_on_one_page(page: Page) -> None:
    assert checked.verdict(page, []) == []
    assert "This site was built without a run of its tests." in checked.record([page], [])


def test_a_page_tells_when_and_on_what(page: Page, row: Walked) -> None:
    told = line(page, row)
    run_on = f"Run on {row.date} on an emulator that is built from YDB's sources and answers as YDB 26.2"
    assert told.startswith(f"{run_on}; not yet run on a YDB server. {len(page.blocks)} blocks, with")
    assert f"alembic {row.packages['alembic']}" in told


def test_the_head_of_each_page_tells_the_last_run(row: Walked) -> None:
    assert checked.header([]) == ""
    older = dataclasses.replace(row, date="2026-01-01")
    assert checked.header([older, row]) == f"Checked {row.date}<br>on emulated YDB 26.2"
    server = dataclasses.replace(row, engine="YDB stable-26-1-3")
    assert checked.header([server]) == f"Checked {row.date}<br>on YDB 26.1"
    assert checked.header([row, server]) == f"Checked {row.date}<br>on emulated YDB 26.2"


def test_a_record_that_can_not_be_written_leaves_the_last_one(
    page: Page, row: Walked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checked, "SHOWN", tmp_path / "shown")
    monkeypatch.setattr(checked, "RECORD", tmp_path / "record.json")
    checked.keep([row])

    def write(path: Path, text: str) -> None:
        with path.open("w"):
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(OSError, match="No space"):
        patched.setattr(Path, "write_text", write)
        checked.keep([dataclasses.replace(row, date="2026-01-01")])
    assert checked.load() == [row]


def test_a_page_that_has_changed_since_says_so(page: Page, row: Walked) -> None:
    assert line(page, dataclasses.replace(row, digest="another")) == checked.CHANGED


def test_a_page_that_fails_shows_why(page: Page, row: Walked) -> None:
    told = line(page, row, dataclasses.replace(row, tabs="Async", failure="docs/x.md:1: block 1: no\n-a"))
    assert told.startswith('!!! failure "This page does not tell the truth"')
    assert "    `` docs/x.md:1: block 1: no ``" in told
    assert "    `` -a ``" in told


def test_a_walk_replaces_the_earlier_ones_of_its_page(
    page: Page, row: Walked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checked, "guide", lambda: [page])
    monkeypatch.setattr(checked, "RECORD", tmp_path / ".checked" / "record.json")
    monkeypatch.setattr(checked, "SHOWN", tmp_path / "checked")
    assert checked.load() == []
    other = dataclasses.replace(row, page="docs/moving.md")
    checked.keep([row, dataclasses.replace(row, tabs="Async"), other])
    checked.keep([row])
    assert checked.load() == [other, row]
    assert f"Run on {row.date} on an emulator" in (tmp_path / "checked/example/index.html").read_text()
    checked.show(checked.load())
    assert f"<td>{row.date}</td>" in (tmp_path / "checked/checked/index.html").read_text()
    checked.RECORD.write_text("[{}]")
    assert checked.load() == []


def test_index_names_every_block(page: Page) -> None:
    text = "\n".join(checked.record([page], []))
    assert all(f"| {block.number} | " in text and str(block.include) in text for block in page.blocks)
