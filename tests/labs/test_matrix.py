"""The pure parts of the matrix: what is read from a report, kept in the table, told on the site."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from guide.labs.matrix import __main__ as matrix
from guide.labs.matrix import results
from guide.labs.matrix.results import Run

REPORT = """\
<testsuites><testsuite>
<testcase classname="tests.test_a" name="test_good" />
<testcase classname="tests.test_a" name="test_skipped"><skipped message="no" /></testcase>
<testcase classname="tests.test_b" name="test_error"><error message="setup&#10;more" /></testcase>
<testcase classname="tests.test_pages" name="test_page[docs/a.md]">
  <failure message="Failed: docs/a.md:7: block 2: it printed something else&#10;--- a&#10;+++ b&#10;-1&#10;+2" />
</testcase>
</testsuite></testsuites>
"""
FAILURES = [
    ["tests.test_b::test_error", "setup"],
    [
        "tests.test_pages::test_page[docs/a.md]",
        "docs/a.md:7: block 2: it printed something else\n-1\n+2",
    ],
]


@pytest.fixture
def run() -> Run:
    versions = ["1.0", "2.0", "3.0", "4.0", "5.0"]
    return Run("2026-01-02", "3.12.1", "lowest", versions, 1, 2, 1, 60, FAILURES)


def test_outcomes(tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text(REPORT)
    assert results.outcomes(tmp_path / "report.xml") == ({"passed": 1, "skipped": 1, "failed": 2}, FAILURES)


def test_failures_are_named_by_page_and_block() -> None:
    assert [results.named(each) for each in FAILURES] == ["tests.test_b::test_error", "docs/a.md, block 2"]


def test_a_run_replaces_the_earlier_one(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "results.tsv"
    assert results.load(table) == []
    newest = dataclasses.replace(run, resolution="newest", failures=[], failed=0)
    older = dataclasses.replace(run, python="3.9.9")
    for each in (newest, run, older, dataclasses.replace(run, python="3.12.2")):
        results.keep(each, table)
    assert results.load(table) == [older, dataclasses.replace(run, python="3.12.2"), newest]


def test_what_the_site_tells(run: Run) -> None:
    good = dataclasses.replace(run, resolution="locked", failed=0, failures=[])
    page = results.render([run, good])
    assert "| 3.12.1 | lowest | 1.0 | 2.0 | 3.0 | 4.0 | 2026-01-02 | 3 | 2 |" in page
    assert "| 3.12.1 | locked | 1.0 | 2.0 | 3.0 | 4.0 | 2026-01-02 | 1 | 0 |" in page
    assert "- docs/a.md, block 2: with lowest packages on Python 3.12\n\n    ```diff\n    -1\n    +2\n" in page
    assert results.NOTHING in results.render([good]) and results.NOTHING not in page
    assert results.NO_RUN in results.render([])


def test_the_table_in_the_terminal(run: Run) -> None:
    head, row, *rest = matrix.table([run]).split("\n")
    assert head.split() == ["Python", "packages", *results.PACKAGES, "passed", "failed", "skipped", "seconds"]
    assert row.split() == ["3.12.1", "lowest", "1.0", "2.0", "3.0", "4.0", "5.0", "1", "2", "1", "60"]
    assert rest[1] == "lowest on Python 3.12.1:" and rest[-3].startswith("  docs/a.md, block 2: docs/a.md:7")
    assert rest[-2:] == ["    -1", "    +2"]


def test_pythons_that_do_not_work_are_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (("python3.12", "exit 0"), ("python3.13", "exit 127")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert matrix.pythons() == {"3.12": tmp_path / "python3.12"}


def test_folders_that_cannot_be_read_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PATH", "PYENV_ROOT"):
        folder = tmp_path / name
        folder.mkdir(mode=0)
        monkeypatch.setenv(name, str(folder / "bin"))
    assert matrix.pythons() == {}


def test_a_python_that_is_not_here(capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit):
        matrix.main(["--python", "2.7"])
    assert "no Python 2.7 here" in capsys.readouterr().err
