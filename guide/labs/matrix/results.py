"""What came of each combination, kept in results/matrix.tsv, and what the site tells of it."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from guide.paths import ROOT
from guide.reader.snippets import in_sections

TABLE = ROOT / "results" / "matrix.tsv"
TEXT = ROOT / "snippets" / "versions.md"
NO_RUN = "No run is on record."
NOTHING = "Nothing: each page is true with each of these."
RESOLUTIONS = {
    "lowest": "the oldest that this guide allows",
    "locked": "those that this guide is written with",
    "newest": "the newest that there were",
}
TEXTS = {"date", "python", "resolution"}
PACKAGES = ("alembic", "sqlalchemy", "ydb-sqlalchemy", "ydb", "mkdocs-material")
SHOWN = 6
WHERE = re.compile(r"(?P<page>[\w./-]+\.md):\d+: block (?P<block>\d+)")


@dataclass(frozen=True)
class Run:
    """One combination. `versions` are in the order of PACKAGES; `failures` the tests' names, each with what it says."""

    date: str
    python: str
    resolution: str
    versions: list[str]
    passed: int
    failed: int
    skipped: int
    seconds: int
    failures: list[list[str]]


def load(table: Path = TABLE) -> list[Run]:
    if not table.exists():
        return []
    with table.open(newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return [_run(row) for row in rows]


def _run(row: dict[str, str]) -> Run:
    values: dict[str, Any] = {name: value if name in TEXTS else json.loads(value) for name, value in row.items()}
    return Run(**values)


def keep(run: Run, table: Path = TABLE) -> None:
    """Put a run into the table, in the place of an earlier one with the same Python and resolution."""
    key = run.python.rpartition(".")[0], run.resolution
    others = [each for each in load(table) if (each.python.rpartition(".")[0], each.resolution) != key]
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Run)], delimiter="\t", lineterminator="\n")
        writer.writeheader()
        for each in sorted([*others, run], key=order):
            row = asdict(each)
            writer.writerow({name: value if name in TEXTS else json.dumps(value) for name, value in row.items()})


def order(run: Run) -> tuple:
    return [int(part) for part in run.python.split(".")[:2]], list(RESOLUTIONS).index(run.resolution)


def outcomes(report: Path) -> tuple[Counter[str], list[list[str]]]:
    """What pytest's JUnit report says. Out: the counts of passed, failed and skipped; the failures, with their text."""
    counts: Counter[str] = Counter()
    failures: list[list[str]] = []
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        bad = case.find("failure") if case.find("failure") is not None else case.find("error")
        kind = "failed" if bad is not None else "skipped" if case.find("skipped") is not None else "passed"
        counts[kind] += 1
        if bad is not None:
            failures.append([f"{case.get('classname')}::{case.get('name')}", told(bad.get("message") or "")])
    return counts, sorted(failures)


def told(message: str) -> str:
    """The first line of a message and, where it holds a diff, the first lines that differ."""
    lines = [line.rstrip() for line in message.removeprefix("Failed: ").split("\n") if line.strip()] or [""]
    differing = [line for line in lines[1:] if re.match(r"[-+](?![-+]{2} )", line)]
    return "\n".join([lines[0], *differing[:SHOWN]])


def named(failure: list[str]) -> str:
    """A failure as the table shows it: the page and block, or the test."""
    test, message = failure
    where = WHERE.search(message)
    return f"{where['page']}, block {where['block']}" if where else test


def render(runs: list[Run]) -> str:
    """The file that the site includes: a section with the runs, one with what differs."""
    differences = list(_differences(runs)) or [NOTHING if runs else NO_RUN]
    return in_sections({"runs": _runs(runs), "differences": differences})


def _runs(runs: list[Run]) -> Iterator[str]:
    yield "| Python | packages | alembic | SQLAlchemy | ydb-sqlalchemy | ydb | run on | tests | failed |"
    yield "| --- | --- | --- | --- | --- | --- | --- | ---: | ---: |"
    for run in runs:
        cells = [run.python, run.resolution, *run.versions[:4], run.date, run.passed + run.failed, run.failed]
        yield f"| {' | '.join(map(str, cells))} |"
    yield ""
    yield from (f"- *{name}*: {meaning}" for name, meaning in RESOLUTIONS.items())


def _differences(runs: list[Run]) -> Iterator[str]:
    """A difference once, with all the places that have it. What no page shows comes last."""
    places: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (where, text), combinations in differences(runs).items():
        places.setdefault((text.partition("\n")[2], tuple(combinations)), []).append(where)
    for (diff, shared), found in sorted(places.items(), key=lambda each: not each[0][0]):
        yield f"- {'; '.join(dict.fromkeys(found))}: with {', '.join(shared)}"
        if diff:
            yield from ("", "    ```diff", *(f"    {line}" for line in diff.split("\n")), "    ```", "")


def differences(runs: list[Run]) -> dict[tuple[str, str], list[str]]:
    """What does not hold (a page's block, or a test) with what it says, and the combinations where it does not."""
    found: dict[tuple[str, str], list[str]] = {}
    for run in runs:
        for where, text in dict.fromkeys((named(failure), failure[1]) for failure in run.failures):
            found.setdefault((where, text), []).append(
                f"{run.resolution} packages on Python {run.python.rpartition('.')[0]}"
            )
    return found
