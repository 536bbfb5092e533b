"""Every page of the site is followed as a reader follows it, and every snippet is on a page."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from tests import checked
from tests.generated import GENERATED
from tests.project import Project, project
from tests.reader.engine import Engine
from tests.reader.errors import ReaderError
from tests.reader.page import Page, read_page
from tests.reader.snippets import Include, unused
from tests.reader.walk import Choice, Walk, choices, database_file, walk
from tests.site import PAGES, ROOT, pages, site


def ways() -> Iterator[object]:
    """Each page, and each way through its tabs."""
    for path in PAGES:
        try:
            found = choices(site(), path)
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
        page = read_page(site(), path)
        if page.blocks:
            record_property(checked.PROPERTY, json.dumps(asdict(checked.walked(page, choice, ydb_name))))
        updated.update(walk(site(), path, ydb, tmp_path, choice=choice, update=update, finish=undo(page)))
    except ReaderError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


ONE_WAY = {
    "docs/production/downgrades.md": "FAILED: Downgrades lose data.",
    "docs/recipes/not-null.md": "NotImplementedError: YDB cannot make a column NOT NULL again",
}
"""Pages that end with a revision that lets nobody back, and what it says."""


def undo(page: Page) -> Callable[[Walk | Project], None]:
    """Go back to base from where a page with revisions ends, so that each downgrade() on the site runs."""

    def back(walk: Walk | Project) -> None:
        if not any("/versions/" in (block.title or "") for block in page.blocks):
            return
        result = walk.shell.run(f"cd {walk.folder} && alembic downgrade base")
        expected = ONE_WAY.get(page.name)
        if result.status if expected is None else expected not in result.output:
            raise ReaderError(
                f"{page.name}: at its end, `alembic downgrade base` gives status {result.status}"
                f"{f', not {expected!r}' if expected else ''}:\n{result.output}"
            )

    return back


@pytest.mark.parametrize("name", ["docs/recipes/ttl.md", *ONE_WAY])
def test_a_downgrade_that_does_not_go_as_it_should_is_noticed(name: str, tmp_path: Path) -> None:
    page = read_page(site(), ROOT / name)
    with project(tmp_path / "project") as example:
        example.run("alembic upgrade head")
        if name not in ONE_WAY:
            undo(page)(example)
            example.run("alembic upgrade head")
            example.execute("DROP TABLE series")
        with pytest.raises(ReaderError, match=f"^{name}: at its end, `alembic downgrade base` gives status"):
            undo(page)(example)


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
