"""The places where the emulator refuses: that they are found, and seen when they are reached."""

from __future__ import annotations

from functools import cache

import pytest

from ydb_emulator import refusals
from ydb_emulator.errors import YdbError
from ydb_emulator.refusals import Place, recording
from ydb_emulator.request import execute
from ydb_emulator.store.database import Database

places = cache(refusals.places)  # each time, it reads all of the emulator


def place(file: str, text: str) -> Place:
    [found] = [place for place in places() if place.file == file and text in place.text]
    return found


def test_a_refusal_in_ydbs_name_is_no_statement_that_is_not_supported() -> None:
    assert not place("check/queries.py", "Filtering is not allowed without FROM").own
    assert all(place.own == ("unsupported(" in place.text) for place in places() if place.text.startswith("raise"))


def test_a_place_knows_the_condition_around_it() -> None:
    found = place("check/queries.py", "Filtering is not allowed without FROM")
    assert found.guard == range(found.lines[0] - 1, found.lines[0])


def test_what_was_being_run_when_a_refusal_was_made_is_reached() -> None:
    with recording() as reached, pytest.raises(YdbError):
        execute(Database(), "SELECT 1 WHERE true", {})
    assert [str(place) for place in places() if reached.has(place) and place.file == "check/queries.py"] == [
        str(place("check/queries.py", "Filtering is not allowed without FROM"))
    ]
