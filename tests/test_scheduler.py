"""The suite on many cores is handed out by its own scheduler, so that what several tests ask is found out once."""

from __future__ import annotations

import pytest

from guide.scheduler import Scheduler, kind_of


@pytest.fixture
def scheduler(pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> Scheduler:
    """What a run with --numprocesses would use."""
    monkeypatch.setattr(pytestconfig.option, "tx", ["popen"])
    found = pytestconfig.hook.pytest_xdist_make_scheduler(config=pytestconfig, log=None)
    assert isinstance(found, Scheduler)
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tests/measure/test_types.py::test_a", "tests/test_generated.py::test_generated[snippets/reference/types.md]"),
        ("emulator/tests/test_install.py::test_a", "emulator/tests/test_install.py::test_b[wheel]"),
        ("docs/recipes/ttl.md::block 1 (a)", "docs/recipes/ttl.md::block 2 (b)"),
    ],
)
def test_what_belongs_together_goes_to_one_worker(scheduler: Scheduler, one: str, other: str) -> None:
    assert scheduler._split_scope(one) == scheduler._split_scope(other)
    assert kind_of(one) == kind_of(other)


def test_any_other_test_goes_where_there_is_room(scheduler: Scheduler) -> None:
    assert scheduler._split_scope("tests/a.py::test_b[1]") != scheduler._split_scope("tests/a.py::test_b[2]")
