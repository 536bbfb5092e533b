"""The table of exceptions must be right in both directions."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest

from guide.labs.upstream import others, report, suites
from guide.labs.upstream.report import FAILED, PASSED, SKIPPED, Expected

TABLE = [Expected("guide", "test_a.T.one", "client", "…"), Expected("guide", "test_a.T.many[*", "client", "…")]


def test_results_as_the_table_says_them() -> None:
    results = {"test_a.T.one": FAILED, "test_a.T.many[1]": FAILED, "test_a.T.many[2]": SKIPPED, "test_a.T.good": PASSED}
    assert report.complaints("guide", results, TABLE) == []


def test_a_failure_that_is_not_in_the_table() -> None:
    results = {"test_a.T.one": FAILED, "test_a.T.many[1]": FAILED, "test_a.T.good": FAILED}
    assert report.complaints("guide", results, TABLE) == ["fails: test_a.T.good"]


def test_a_row_whose_test_passes_or_is_gone() -> None:
    results = {"test_a.T.many[1]": FAILED, "test_a.T.many[2]": PASSED}
    assert report.complaints("guide", results, TABLE) == [
        "in the table, but not run: test_a.T.one",
        "in the table, but passes: test_a.T.many[2]",
    ]


def test_rows_of_another_run_say_nothing() -> None:
    assert report.complaints("upstream", {}, TABLE) == []


def test_outcomes_and_drivers_of_a_report(tmp_path: Path) -> None:
    file = tmp_path / "report.xml"
    file.write_text(
        "<testsuites><testsuite>"
        '<testcase classname="tests.integration.test_a.T_yql+ydb" name="one"/>'
        '<testcase classname="tests.integration.test_a.T_yql+ydb_async_async" name="one"><failure/></testcase>'
        '<testcase classname="tests.integration.test_b.T" name="two"><skipped/></testcase>'
        '<testcase classname="" name="tests.integration.test_c"><error/></testcase>'
        "</testsuite></testsuites>"
    )
    results = report.outcomes(file)
    assert results == {
        "test_a.T_yql+ydb.one": PASSED,
        "test_a.T_yql+ydb_async_async.one": FAILED,
        "test_b.T.two": SKIPPED,
        "test_c": FAILED,
    }
    counted = {name: dict(count) for name, count in report.counts(results)}
    assert counted == {"ydb": {PASSED: 1}, "ydb_async": {FAILED: 1}, "both": {SKIPPED: 1, FAILED: 1}}


def test_the_table_names_a_fault_and_a_reason() -> None:
    for row in report.exceptions():
        assert row.fault in ("client", "emulator", "suite") and row.reason


def test_counts_are_kept_run_by_run(tmp_path: Path) -> None:
    file = tmp_path / "results.tsv"
    report.record("upstream", "a==1", {"test_a.T_yql+ydb.one": PASSED, "test_b.T.two": FAILED}, file)
    report.record("guide", "a==2", {"test_b.T.two": SKIPPED}, file)
    report.record("upstream", "a==3", {"test_b.T.two": PASSED}, file)
    kept = [(row.run, row.versions, row.driver, row.passed, row.failed, row.skipped) for row in report.recorded(file)]
    assert kept == [
        ("upstream", "a==3", "ydb", "0", "0", "0"),
        ("upstream", "a==3", "ydb_async", "0", "0", "0"),
        ("upstream", "a==3", "both", "1", "0", "0"),
        ("guide", "a==2", "ydb", "0", "0", "0"),
        ("guide", "a==2", "ydb_async", "0", "0", "0"),
        ("guide", "a==2", "both", "0", "0", "1"),
    ]


def test_the_record_is_of_the_locked_versions() -> None:
    kept = {(row.run, row.versions) for row in report.recorded()}
    wanted = {(run.name, suites.versions(run)) for run in suites.RUNS}
    assert kept == wanted | {(other.name, other.source) for other in others.OTHERS}, "run it again: make upstream"


def test_outcomes_of_djangos_runner() -> None:
    said = (
        "test_one (basic.tests.A.test_one) ... ok\n"
        "test_two (basic.tests.A.test_two)\nWhat it is for. ... FAIL\n"
        "test_three (basic.tests.A.test_three) ... a line of its own\nERROR\n"
        "test_four (basic.tests.A.test_four) ... skipped 'why'\n"
    )
    found = dict(others._DJANGO.findall(said))
    assert found["basic.tests.A.test_one"] == "ok"
    assert found["basic.tests.A.test_two"] == "FAIL"
    assert found["basic.tests.A.test_four"] == "skipped"


def test_what_is_not_the_pinned_file_is_not_unpacked(tmp_path: Path) -> None:
    other = others.OTHERS[0]
    folder = tmp_path / f"fetched-{other.name}"
    folder.mkdir()
    (folder / "file.tar.gz").write_bytes(b"another")
    with mock.patch.object(others, "_fetched", lambda *_: folder / "file.tar.gz"):
        with pytest.raises(ValueError, match="is not the file that is pinned"):
            others._unpacked(other, tmp_path)


def test_counts_of_a_suite_without_drivers() -> None:
    [(name, count)] = report.counts({"a": PASSED, "b": FAILED, "c": PASSED}, ("",))
    assert (name, dict(count)) == ("", {PASSED: 2, FAILED: 1})
