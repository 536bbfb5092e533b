"""Release lines: the flags of each are those that the images of YDB list."""

from __future__ import annotations

import pytest

from ydb_emulator import releases
from ydb_emulator.releases import Line

LISTS = [(flag, line) for flag in releases.FLAGS for line in releases.IMAGES]


def test_every_flag_was_looked_up() -> None:
    assert set(releases.LISTED) == set(releases.FLAGS)
    assert {len(marks.split()) for marks in releases.LISTED.values()} == {len(releases.IMAGES)}


@pytest.mark.parametrize(("flag", "line"), LISTS)
def test_a_flag_is_on_where_the_image_of_its_line_lists_it_so(flag: str, line: str) -> None:
    mark = releases.LISTED[flag].split()[list(releases.IMAGES).index(line)]
    if mark != "-":
        assert Line(line).has(flag) == (mark == "1")
