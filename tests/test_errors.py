"""Every error of the reference is one that a test provokes: its words are in a block or in a conformance case."""

import re

import pytest

from tests.emulator.cases import load
from tests.site import ROOT, pages

PAGE = ROOT / "docs" / "reference" / "errors.md"
ERRORS = re.findall(r"^### `(.*)`$", PAGE.read_text(), re.MULTILINE)


@pytest.fixture(scope="module")
def provoked() -> list[str]:
    """Whatever blocks show and cases answer; a quote is escaped where the client shows the server's text."""
    blocks = [block.text.replace("\\'", "'") for page in pages() for block in page.blocks]
    return blocks + [case.message_substring for case in load() if case.expected != "OK"]


@pytest.mark.parametrize("words", ERRORS)
def test_an_error_is_provoked(words: str, provoked: list[str]) -> None:
    assert any(words in text for text in provoked)


def test_there_are_enough_errors() -> None:
    assert len(set(ERRORS)) == len(ERRORS) >= 40
