"""The page of the release lines covers what the emulator tells apart."""

from __future__ import annotations

import pytest

from guide.measure.lines import GROUNDS, NOT_OF_MIGRATIONS, PROBES, Probe, answers, is_known, with_flag
from ydb_emulator import releases

DECIDED = [(entry, flag) for entry in PROBES for flag in entry.features if flag in releases.FLAGS]


def test_every_feature_has_an_entry() -> None:
    covered = {feature for entry in PROBES for feature in entry.features}
    assert covered | NOT_OF_MIGRATIONS == set(releases.SINCE)
    assert not covered & NOT_OF_MIGRATIONS


@pytest.mark.parametrize("entry", PROBES, ids=lambda entry: entry.what)
def test_what_a_line_takes_later_ones_take(entry: Probe) -> None:
    taken = [not answers()[entry.what, name] for name in releases.NAMES if is_known(entry, name)]
    assert taken == sorted(taken)
    assert "emulator" not in answers()[entry.what, releases.DEFAULT]


@pytest.mark.parametrize("entry", PROBES, ids=lambda entry: entry.what)
def test_every_cell_says_what_it_rests_on(entry: Probe) -> None:
    assert len(entry.grounds) == len(releases.NAMES)
    assert set(entry.grounds) <= set(GROUNDS)


@pytest.mark.parametrize("entry", PROBES, ids=lambda entry: entry.what)
def test_where_nothing_is_known_the_emulator_does_not_answer_for_ydb(entry: Probe) -> None:
    unknown = [answers()[entry.what, name] for name in releases.NAMES if not is_known(entry, name)]
    assert all("The emulator does not support" in answer for answer in unknown)


@pytest.mark.parametrize("entry", PROBES, ids=lambda entry: entry.what)
def test_what_a_flag_decides_is_as_the_images_list_it(entry: Probe) -> None:
    for flag in entry.flags:
        for name, mark in zip(releases.IMAGES, releases.LISTED[flag].split(), strict=True):
            assert mark == "-" or (answers()[entry.what, name] == "") == (mark == "1"), (flag, name)


@pytest.mark.parametrize(("entry", "flag"), DECIDED, ids=lambda value: getattr(value, "what", value))
def test_a_flag_decides(entry: Probe, flag: str) -> None:
    assert with_flag(entry, flag) == ""
