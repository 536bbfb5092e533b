"""The suite on many cores is handed out by its own scheduler, so that what several tests ask is found out once."""

from __future__ import annotations

import os
from unittest.mock import Mock

import pytest

from guide.paths import ROOT
from guide.scheduler import APART, LONG, PER_CORE, Scheduler, kind_of, rank_of


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
        ("tests/labs/test_mutate.py::test_a", "tests/labs/test_mutate_emulator.py::test_b"),
        ("docs/recipes/ttl.md::block 1 (a)", "docs/recipes/ttl.md::block 2 (b)"),
        ("tests/test_errors.py::test_a", "tests/test_errors.py::test_b[1]"),
    ],
)
def test_what_belongs_together_goes_to_one_worker(scheduler: Scheduler, one: str, other: str) -> None:
    assert scheduler._split_scope(one) == scheduler._split_scope(other)
    assert kind_of(one) == kind_of(other)


@pytest.mark.parametrize("file", APART)
def test_tests_that_share_nothing_go_where_there_is_room(scheduler: Scheduler, file: str) -> None:
    assert scheduler._split_scope(f"{file}::test_b[1]") != scheduler._split_scope(f"{file}::test_b[2]")
    assert 'scope="module"' not in (ROOT / file).read_text()


def test_the_ways_through_the_tabs_of_a_page_go_where_there_is_room(scheduler: Scheduler) -> None:
    one, other = "docs/start/quickstart.md::Docker::block 1", "docs/start/quickstart.md::Without Docker::block 1"
    assert scheduler._split_scope(one) != scheduler._split_scope(other)


def test_what_is_long_comes_first() -> None:
    assert [file for file in LONG if not (ROOT / file).is_file()] == []
    others = ["docs/index.md", "tests/test_errors.py", "emulator/tests/test_api.py"]
    files = [*others, *LONG]
    assert sorted(files, key=lambda file: rank_of(f"{file}::test")) == [*LONG, *others]


def test_what_comes_first_is_handed_out_first(scheduler: Scheduler) -> None:
    """xdist would begin with the files that have most tests."""
    sent: list[int] = []
    worker = Mock(shutting_down=False, send_runtest_some=sent.extend)
    scheduler.add_node(worker)
    scheduler.add_node_collection(worker, [f"{APART[0]}::test_a", *(f"tests/test_a.py::test_b[{n}]" for n in range(9))])
    scheduler.schedule()
    assert sent[0] == 0


def test_only_cores_that_this_process_may_use_have_workers(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 5}, raising=False)  # Linux alone has it
    assert pytestconfig.hook.pytest_xdist_auto_num_workers(config=pytestconfig) == 2 * PER_CORE
