"""Whole runs of the tests on a real YDB: kept in results/real.tsv, from which the site says what it has met.

`pytest --ydb URL` keeps a run of everything, `make test-ydb` does it in Docker. Until there is one, the site says that
there is none.
"""

from __future__ import annotations

import csv
import datetime
import itertools
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from guide.paths import ROOT

TABLE = ROOT / "results" / "real.tsv"
TEXT = ROOT / "snippets" / "index" / "met.md"
COLUMNS = ("date", "image", "ydb", "passed", "failed", "differed")
EMULATOR = "the [emulator](emulator.md) of this project, which is built from YDB's sources"


@dataclass(frozen=True)
class Run:
    """A run of all tests. `image` is that of Docker, or empty; `ydb` what the server says that it is; `differed` the
    tests that failed."""

    date: str
    image: str
    ydb: str
    passed: int
    differed: tuple[str, ...] = ()

    def differs_on(self, page: str) -> bool:
        """Whether something on a page, as of docs/recipes/ttl.md, was different there."""
        return any(test.startswith(f"{page}::") for test in self.differed)

    @property
    def server(self) -> str:
        return f"YDB {self.ydb}" + (f" (`{self.image}`)" if self.image else "")


def load(table: Path = TABLE) -> list[Run]:
    """The runs on record, the last one first. Without a table there is none."""
    if not table.exists():
        return []
    with table.open(newline="", encoding="utf-8") as file:
        rows = [tuple(row[name] for name in COLUMNS) for row in csv.DictReader(file, delimiter="\t")]
    runs = []
    for (date, image, ydb, passed, _), several in itertools.groupby(rows, lambda row: row[:5]):
        runs.append(Run(date, image, ydb, int(passed), tuple(test for *_, test in several if test)))
    return sorted(runs, key=lambda run: run.date, reverse=True)


def keep(run: Run, table: Path = TABLE, text: Path = TEXT) -> None:
    """Put a run in place of the earlier one on the same server, a line for each test that failed; write what the home
    page says."""
    runs = [run] + [each for each in load(table) if (each.image, each.ydb) != (run.image, run.ydb)]
    with table.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, delimiter="\t", lineterminator="\n")
        rows.writerow(COLUMNS)
        for each in runs:
            told = (each.date, each.image, each.ydb, each.passed, len(each.differed))
            rows.writerows((*told, test) for test in each.differed or [""])
    text.write_text(render(runs))


def render(runs: Iterable[Run] | None = None) -> str:
    """snippets/index/met.md: what the outputs of the guide come from, for the home page."""
    runs = load() if runs is None else list(runs)
    if not runs:
        return f"All outputs come from {EMULATOR}. **They have not been compared with a YDB server yet.**\n"
    lines = [f"All outputs come from {EMULATOR}. The same tests were run on a YDB server:", ""]
    for run in runs:
        failed = f", {len(run.differed)} failed" if run.differed else ""
        lines.append(f"- {run.date}, {run.server}: {run.passed} tests passed{failed}")
    return "\n".join(lines) + "\n"


def against_a_server() -> str:
    """Whether it has been compared with a YDB server, as a sentence."""
    met = ", ".join(f"{run.server} on {run.date}" for run in load())
    return f"It was compared with {met}." if met else "It has not been compared with a YDB server yet."


def in_words(page: str, runs: Iterable[Run]) -> str:
    """What the last run on a real YDB says of a page, as a part of a sentence."""
    last = next(iter(runs), None)
    if last is None:
        return "not yet run on a YDB server"
    if last.differs_on(page):
        return f"something on it was different on {last.server} on {last.date}"
    return f"the same on {last.server} on {last.date}"


class Recorder:
    """A plugin of pytest for `--ydb`. Only a run of everything is kept: not one that was narrowed or broken off."""

    def __init__(self, version: Callable[[], str], keep: Callable[[Run], None] = keep) -> None:
        self.version = version
        self.keep = keep
        self.passed = 0
        self.differed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.differed.append(report.nodeid)
        elif report.passed and report.when == "call":
            self.passed += 1

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        config = session.config
        is_narrowed = any(config.getoption(option) for option in ("keyword", "markexpr", "deselect", "maxfail"))
        everything = config.args_source == config.ArgsSource.TESTPATHS and not is_narrowed
        if everything and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            today = datetime.datetime.now(datetime.UTC).date().isoformat()
            image = os.environ.get("YDB_IMAGE", "")
            self.keep(Run(today, image, self.version(), self.passed, tuple(sorted(set(self.differed)))))
