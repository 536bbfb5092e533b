"""The page that counts the cases says what the cases say."""

from pathlib import Path

import pytest

from .cases import load
from .reach import AREAS, PAGE, area, render
from .test_cases import DO_NOT_HOLD


def test_the_page_counts_the_cases(pytestconfig: pytest.Config, updated: set[Path]) -> None:
    page = render(load(), DO_NOT_HOLD)
    if pytestconfig.getoption("--update") and PAGE.read_text() != page:
        PAGE.write_text(page)
        updated.add(PAGE)
    assert PAGE.read_text() == page, "the cases have changed: pytest --update writes the page anew"


def test_every_area_has_cases() -> None:
    assert {area(case) for case in load()} == set(AREAS)
