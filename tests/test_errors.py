"""Every error of the reference is one that a test provokes: its words are in a block, in a case, in *Release lines*."""

import re
from collections import defaultdict

import pytest
import ydb
import ydb_dbapi
from ydb_dbapi.utils import handle_ydb_errors

from guide.measure import lines
from guide.pages import pages
from guide.paths import ROOT
from guide.site.reach import load

PAGE = ROOT / "docs" / "reference" / "errors.md"
ERRORS = re.findall(r"^### `(.*)`$", PAGE.read_text(), re.MULTILINE)


@pytest.fixture(scope="module")
def provoked() -> list[str]:
    """What blocks show, cases answer and lines differ in; a quote is escaped where the client shows YDB's text."""
    blocks = [block.text.replace("\\'", "'") for page in pages() for block in page.blocks]
    answers = [case.text for case in load() if case.expected != "OK"]
    return [*blocks, *answers, lines.PAGE.read_text()]


@pytest.mark.parametrize("words", ERRORS)
def test_an_error_is_provoked(words: str, provoked: list[str]) -> None:
    assert any(words in text for text in provoked)


def test_an_entry_shows_its_own_error() -> None:
    """Where an entry has blocks, the words of its heading are in one of them."""
    [page] = (page for page in pages() if page.path == PAGE)
    written = PAGE.read_text().splitlines()
    shown: defaultdict[str, str] = defaultdict(str)
    for block in page.blocks:
        heading = next(line for line in reversed(written[: block.line]) if line.startswith("#"))
        shown[heading] += block.text.replace("\\'", "'")
    entries = [words for words in ERRORS if f"### `{words}`" in shown]
    assert len(entries) >= 40
    assert [words for words in entries if words not in shown[f"### `{words}`"]] == []


def test_there_are_enough_errors() -> None:
    assert len(set(ERRORS)) == len(ERRORS) >= 40


STATUSES = re.findall(r"^\| `([A-Z_]+)` (\d+) `(\w+)` \|", PAGE.read_text(), re.MULTILINE)


@pytest.mark.parametrize(("status", "code", "raised"), STATUSES)
def test_a_status_has_its_code_and_its_exception(status: str, code: str, raised: str) -> None:
    """The first by the SDK, the second by the driver."""
    [kind] = (kind for kind in ydb.Error.__subclasses__() if kind.status == ydb.StatusCode[status])

    def refuse() -> None:
        raise kind("refused")

    with pytest.raises(ydb_dbapi.Error) as error:
        handle_ydb_errors(refuse)()
    assert (ydb.StatusCode[status].value, type(error.value).__name__) == (int(code), raised)


def test_each_status_of_a_message_is_in_the_table() -> None:
    shown = {
        code for page in pages() for block in page.blocks for code in re.findall(r"server_code: (\d+)", block.text)
    }
    assert shown <= {code for _, code, _ in STATUSES}


@pytest.mark.parametrize("words", ERRORS)
def test_a_fix_comes_before_its_reproduction(words: str) -> None:
    _, _, entry = PAGE.read_text().partition(f"### `{words}`\n")
    assert "**Fix:**" in re.split(r"^(?:#|\?\?\?)", entry, maxsplit=1, flags=re.MULTILINE)[0]
