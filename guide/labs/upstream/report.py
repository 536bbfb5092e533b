"""What a run of a suite gave, whether it is what the table of exceptions says, and the counts as they are kept."""

from __future__ import annotations

import csv
import datetime
import xml.etree.ElementTree as xml
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from guide.paths import ROOT

TABLE = Path(__file__).parent / "exceptions.tsv"
RECORD = ROOT / "results" / "upstream.tsv"
DRIVERS = ("ydb", "ydb_async", "both")
PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


@dataclass(frozen=True)
class Expected:
    """A row of the table: a test that fails in a run, whose fault it is (emulator, client or suite), and why.

    `test` ends with `*` where it stands for every test whose name begins so.
    """

    run: str
    test: str
    fault: str
    reason: str

    def covers(self, run: str, test: str) -> bool:
        if run != self.run:
            return False
        return test.startswith(self.test[:-1]) if self.test.endswith("*") else test == self.test


@dataclass(frozen=True)
class Counted:
    """A row of the record: how a run ended with a driver, the versions of what was run, and the day.

    `driver` is empty where a suite is not run by driver.
    """

    run: str
    versions: str
    driver: str
    passed: str
    failed: str
    skipped: str
    day: str


def recorded(record: Path = RECORD) -> list[Counted]:
    """The counts of the last complete runs."""
    with record.open(newline="", encoding="utf-8") as file:
        return [Counted(**row) for row in csv.DictReader(file, delimiter="\t")]


def record(
    run: str, versions: str, results: dict[str, str], file: Path = RECORD, drivers: tuple[str, ...] = DRIVERS
) -> None:
    """Keep the counts of a complete run in place of those of the last one."""
    rows = [row for row in recorded(file) if row.run != run] if file.exists() else []
    for name, count in counts(results, drivers):
        passed, failed, skipped = (str(count[outcome]) for outcome in (PASSED, FAILED, SKIPPED))
        day = datetime.datetime.now(datetime.UTC).date().isoformat()
        rows.append(Counted(run, versions, name, passed, failed, skipped, day))
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, delimiter="\t", lineterminator="\n")
        writer.writerow([field.name for field in fields(Counted)])
        writer.writerows(map(astuple, sorted(rows, key=lambda row: (row.run != "upstream", row.run != "guide"))))


def exceptions(table: Path = TABLE) -> list[Expected]:
    with table.open(newline="", encoding="utf-8") as file:
        return [Expected(**row) for row in csv.DictReader(file, delimiter="\t")]


def outcomes(report: Path) -> dict[str, str]:
    """What became of each test in a JUnit report; a test that breaks while it is set up has failed.

    Names are those of pytest without the folder: `test_core.TestText.test_sa_text`. SQLAlchemy's plug-in says in the
    class which driver a test ran with (`…_yql+ydb_async_async`).
    """
    found: dict[str, str] = {}
    for case in xml.parse(report).iter("testcase"):
        name = f"{case.get('classname', '')}.{case.get('name')}".lstrip(".").removeprefix("tests.integration.")
        tags = {child.tag for child in case}
        outcome = FAILED if tags & {"failure", "error"} else SKIPPED if "skipped" in tags else PASSED
        if found.get(name) != FAILED:
            found[name] = outcome
    return found


def driver(test: str) -> str:
    return "ydb_async" if "ydb_async" in test else "ydb" if "yql+ydb" in test else "both"


def counts(results: dict[str, str], drivers: tuple[str, ...] = DRIVERS) -> Iterator[tuple[str, Counter]]:
    """How many tests passed, failed and were skipped, by driver; `both` are those that choose none, `""` is all."""
    for name in drivers:
        yield name, Counter(outcome for test, outcome in results.items() if name in ("", driver(test)))


def complaints(run: str, results: dict[str, str], table: list[Expected]) -> list[str]:
    """Where results and table disagree, in either direction."""
    rows = [row for row in table if row.run == run]
    failed = {test for test, outcome in results.items() if outcome == FAILED}
    wrong = [f"fails: {test}" for test in sorted(failed) if not any(row.covers(run, test) for row in rows)]
    for row in rows:
        covered = [test for test in results if row.covers(run, test) and results[test] != SKIPPED]
        passing = [test for test in covered if test not in failed]
        if not covered:
            wrong.append(f"in the table, but not run: {row.test}")
        wrong += [f"in the table, but passes: {test}" for test in passing]
    return wrong
