"""Every page of the site is followed as a reader follows it, and every snippet is on a page."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from guide.pages import pages, read, site
from guide.paths import PAGES, ROOT
from guide.reader.engine import Engine
from guide.reader.errors import ReaderError
from guide.reader.snippets import Include, unused
from guide.reader.undo import undo
from guide.reader.walk import Choice, choices, database_file, walk
from guide.site import checked
from guide.site.generated import GENERATED

MAY_HAVE_TABS = re.compile(r"^ *(=== |builds_on:)", re.MULTILINE)


def ways() -> Iterator[object]:
    """Each page, and each way through its tabs."""
    for path in PAGES:
        try:
            # To read every page takes a second, for which each start of pytest would wait.
            found: list[Choice | None] = [*choices(site(), path)] if MAY_HAVE_TABS.search(path.read_text()) else [()]
        except ReaderError:
            found = [None]  # the walk tells what is wrong
        for choice in found:
            labels = "".join(f"-{tab.label}" for tab in choice or ())
            yield pytest.param(path, choice, id=path.relative_to(ROOT).as_posix() + labels)


@pytest.mark.parametrize(("path", "choice"), list(ways()))
def test_page(
    path: Path,
    choice: Choice,
    ydb: Engine,
    ydb_name: str,
    tmp_path: Path,
    pytestconfig: pytest.Config,
    updated: set[Path],
    record_property: Callable[[str, object], None],
) -> None:
    update = pytestconfig.getoption("--update")
    try:
        page = read(path)
        if page.blocks:
            record_property(checked.PROPERTY, json.dumps(asdict(checked.walked(page, choice, ydb_name))))
        updated.update(walk(site(), path, ydb, tmp_path, choice=choice, update=update, finish=undo(page)))
    except ReaderError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


def test_there_are_pages() -> None:
    """An empty collection must not pass for a tested site."""
    assert PAGES
    assert any(page.blocks for page in pages())


def test_every_snippet_is_on_a_page() -> None:
    blocks = [block for page in pages() for block in page.blocks]
    records = {database_file(block) for block in blocks}
    told = [Include(name, ROOT / name, section) for page in pages() for name, section in page.generated]
    assert unused(ROOT / "snippets", [block.include for block in blocks] + told, records) == []


def test_what_stands_in_prose_is_generated() -> None:
    told = {ROOT / name for page in pages() for name, _ in page.generated}
    assert told <= set(GENERATED)
