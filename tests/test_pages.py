"""Every snippet is on a page, and what stands in prose is generated. The blocks of pages are items of their own."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from guide.labs.mutate.copies import copy
from guide.pages import packed, pages, read, site, unpack
from guide.paths import PAGES, ROOT, pages_in
from guide.reader.agreement import has_to_agree
from guide.reader.roles import database_file
from guide.reader.snippets import Include, unused
from guide.site.generated import GENERATED

RECIPES = [path for path in PAGES if path.parent.name == "recipes" and read(path).meta.get("project")]
"""Those that change a project."""


def test_there_are_pages() -> None:
    """An empty collection must not pass for a tested site."""
    assert PAGES
    assert any(page.blocks for page in pages())


def test_pages_are_handed_to_another_process_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those before the first that cannot be read: of this one, and of the rest, the other one is told by itself."""
    expected = {(site(), page.path): page for page in pages()}
    handed = packed()
    found: dict[Any, Any] = {}
    monkeypatch.setattr("guide.pages.known", found)
    unpack(handed)
    assert found == expected
    monkeypatch.setattr("guide.pages.PAGES", [PAGES[0], ROOT / "docs" / "nowhere.md", PAGES[1]])
    found.clear()
    unpack(packed())
    assert [path for _, path in found] == [PAGES[0]]


@pytest.mark.parametrize(("named", "is_handed"), [([], True), (["tests"], False)])
def test_workers_that_collect_all_are_handed_the_pages(
    named: list[str], is_handed: bool, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pytestconfig.option, "file_or_dir", named)
    node = SimpleNamespace(config=pytestconfig, workerinput=dict[str, bytes]())
    pytestconfig.hook.pytest_configure_node(node=node)
    assert ("pages" in node.workerinput) is is_handed


def test_every_snippet_is_on_a_page() -> None:
    blocks = [block for page in pages() for block in page.blocks]
    records = {database_file(block) for block in blocks}
    told = [Include(name, ROOT / name, section) for page in pages() for name, section in page.generated]
    assert unused(ROOT / "snippets", [block.include for block in blocks] + told, records) == []


def test_what_stands_in_prose_is_generated() -> None:
    told = {ROOT / name for page in pages() for name, _ in page.generated}
    assert told <= set(GENERATED)


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_every_recipe_has_to_agree(path: Path) -> None:
    assert has_to_agree(read(path)), "front matter: agree: models"


def test_most_recipes_change_a_project() -> None:
    assert len(RECIPES) > 15


def test_what_an_editor_has_beside_a_page_is_no_page(tmp_path: Path) -> None:
    """Emacs, for one, has a link to nowhere beside each file that it changes."""
    (tmp_path / "page.md").touch()
    (tmp_path / ".#page.md").symlink_to("somebody@host.1234")
    assert pages_in(tmp_path) == [tmp_path / "page.md"]
    assert [path.name for path in copy(tmp_path, tmp_path / "copy").iterdir()] == ["page.md"]


def test_commands_work_on_macos() -> None:
    """To its `sed -i`, what follows is the suffix of a copy, which may stand in the same word: `-i.bak`."""
    consoles = [block for page in pages() for block in page.blocks if block.language == "console"]
    assert consoles
    assert [block.include for block in consoles if re.search(r"\bsed\b.* -i(?!\.)", block.text)] == []
