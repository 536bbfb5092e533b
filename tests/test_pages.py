"""Every page of the site is followed as a reader follows it, and every snippet is on a page."""

from pathlib import Path

import pytest

from tests.reader.engine import Engine
from tests.reader.errors import ReaderError
from tests.reader.snippets import unused
from tests.reader.walk import database_file, walk
from tests.site import PAGES, ROOT, pages, site


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_page(path: Path, ydb: Engine, tmp_path: Path, pytestconfig: pytest.Config, updated: set[Path]) -> None:
    try:
        updated.update(walk(site(), path, ydb, tmp_path, update=pytestconfig.getoption("--update")))
    except ReaderError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


def test_there_are_pages() -> None:
    """An empty collection must not pass for a tested site."""
    assert PAGES
    assert any(page.blocks for page in pages())


def test_every_snippet_is_on_a_page() -> None:
    blocks = [block for page in pages() for block in page.blocks]
    records = {database_file(block) for block in blocks}
    assert unused(ROOT / "snippets", [block.include for block in blocks], records) == []
