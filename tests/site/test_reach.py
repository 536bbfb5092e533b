"""What the page of the emulator's reach says of it is so."""

import re
from pathlib import Path

import pytest
import ydb

from guide.pages import site
from guide.paths import CASES, ROOT
from guide.site.claims import PAGE as CLAIMS
from guide.site.publish import Expander
from guide.site.reach import CONFORMANCE, load, page_of, unsupported
from ydb_emulator import Emulator
from ydb_emulator.conformance import client

FILES = sorted(CONFORMANCE.iterdir())
FOUND_WRONG = CASES / "found-wrong.md"


def test_every_file_of_cases_has_a_page_and_every_page_a_file() -> None:
    assert {page_of(file.stem) for file in FILES} == set(CASES.iterdir()) - {CLAIMS, FOUND_WRONG}


def test_a_case_that_was_found_wrong_is_linked_where_it_is() -> None:
    text = FOUND_WRONG.read_text()
    links = set(re.findall(r"\[([a-z0-9-]+)\]\((.*?)\)", text))
    areas = {case.id: case.area for case in load()}
    assert links
    assert links == {(id, f"{areas.get(id)}.md#{id}") for id, _ in links}
    assert not {name for name in re.findall("`([a-z0-9-]+)`", text) if name in areas}, "a case that is not linked"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_page_shows_its_file_of_cases_as_it_is(file: Path) -> None:
    """Nothing in a statement is taken for an include, or for the marker of a section."""
    page = page_of(file.stem).read_text()
    include = f'--8<-- "{file.relative_to(ROOT).as_posix()}"\n'
    assert page.endswith(include)
    assert Expander(site())(include) == file.read_text()


TABLE = "CREATE TABLE t (id Int64 NOT NULL, name Utf8, n Int32, j Json, y Yson, s String, PRIMARY KEY (id))"


def test_what_is_called_unsupported_is_refused_so() -> None:
    with Emulator() as emulator:
        driver = client(f"127.0.0.1:{emulator.port}", emulator.database.path)
        with ydb.QuerySessionPool(driver) as pool:
            pool.execute_with_retries(TABLE)
            for _, _, statement in unsupported():
                with pytest.raises(ydb.issues.Unsupported, match="The emulator does not support"):
                    pool.execute_with_retries(statement)
        driver.stop(timeout=1)
