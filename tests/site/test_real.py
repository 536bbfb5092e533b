"""What the site says of real YDB servers is what whole runs on them left. Without one it says that there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from guide.paths import ROOT
from guide.site import real
from guide.site.real import Run

pytest_plugins = ["pytester"]

GREEN = Run("2026-12-01", "ydbplatform/local-ydb:26.2.1.14", "26.2", 5000)
RED = Run("2026-12-02", "", "25.1", 4998, ("docs/recipes/ttl.md::block 3 (console)", "tests/test_facts.py::test_a"))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "real.tsv"
    file.write_text("\t".join(real.COLUMNS) + "\n")
    return file


def test_without_a_run_the_site_says_that_there_is_none(table: Path) -> None:
    assert real.load(table) == []
    assert real.in_words("docs/recipes/ttl.md", []) == "not yet run on a YDB server"
    assert "have not been compared with a YDB server" in real.render([])


def test_a_run_is_kept_with_a_line_for_each_difference(table: Path, tmp_path: Path) -> None:
    text = tmp_path / "met.md"
    real.keep(GREEN, table, text)
    real.keep(RED, table, text)
    assert real.load(table) == [RED, GREEN]
    assert len(table.read_text().splitlines()) == 4
    assert "- 2026-12-02, YDB 25.1: 4998 tests passed, 2 failed\n" in text.read_text()
    assert "- 2026-12-01, YDB 26.2 (`ydbplatform/local-ydb:26.2.1.14`): 5000 tests passed\n" in text.read_text()


def test_a_run_replaces_the_earlier_one_on_the_same_server(table: Path, tmp_path: Path) -> None:
    for passed in (1, 2):
        real.keep(Run("2026-12-01", "", "26.2", passed), table, tmp_path / "met.md")
    assert [run.passed for run in real.load(table)] == [2]


def test_a_page_says_whether_it_was_the_same_there() -> None:
    assert real.in_words("docs/recipes/ttl.md", [RED]) == "something on it was different on YDB 25.1 on 2026-12-02"
    assert real.in_words("docs/recipes/view.md", [RED]) == "the same on YDB 25.1 on 2026-12-02"


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [([], [1]), (["-k", "good"], []), (["test_it.py"], []), (["-x"], [])],
    ids=["everything", "narrowed", "one file", "to the first failure"],
)
def test_only_a_run_of_everything_is_kept(pytester: pytest.Pytester, arguments: list[str], kept: list[int]) -> None:
    pytester.makeini("[pytest]\ntestpaths = test_it.py")
    pytester.makepyfile(test_it="def test_good(): pass\ndef test_bad(): assert False")
    found: list[Run] = []
    pytester.inline_run(*arguments, plugins=[real.Recorder(lambda: "26.2", found.append)])
    assert [run.passed for run in found] == kept
    assert [run.differed for run in found] == [("test_it.py::test_bad",)] * len(kept)


def test_the_record_of_this_repository_can_be_read() -> None:
    assert all(run.date and run.ydb for run in real.load())
    assert (ROOT / "results" / "real.tsv").read_text().startswith("date\timage\tydb\tpassed\tfailed\tdiffered\n")
