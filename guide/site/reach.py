"""The page *How far the emulator reaches*: counted from what is run, never typed.

`emulator/tests/test_cases.py` runs every case that is counted here, `test_reach.py` every unsupported statement, and
`python -m guide.labs.upstream` upstream's suites. `tests/test_generated.py` compares the page.
"""

from __future__ import annotations

import csv
import re
import textwrap
from collections import Counter
from functools import cache
from itertools import groupby
from pathlib import Path

from ydb._grpc.common import (
    ydb_auth_v1_pb2,
    ydb_discovery_v1_pb2,
    ydb_operation_v1_pb2,
    ydb_query_v1_pb2,
    ydb_scheme_v1_pb2,
    ydb_table_v1_pb2,
)

from guide.labs.upstream import report, suites
from guide.lock import locked
from guide.paths import CASES, ROOT
from guide.site import real
from ydb_emulator import cases, refusals
from ydb_emulator.cases import OK, Case
from ydb_emulator.services import auth, bulk, discovery, operation, prepared, query, scheme, schemes, table

PAGE = ROOT / "docs" / "emulator.md"

TEMPLATE = """\
# How far the emulator reaches

The tests of this guide run on an emulator of YDB that is part of this project, built from YDB's sources, tests and
documentation. {met}

Judge it by what others wrote: statements that it had never seen, and tests of clients that their authors run on a live
YDB. The tests of this guide write this page from what they ran.

## Statements that it had not seen

Statements with their answers, collected from YDB's own tests, documentation and sources, and only then run on the
emulator. *Accepted* counts statements that YDB refuses and the emulator accepted. It must be 0.

| on | taken from | statements | agreed | accepted | wrong rows |
| --- | --- | ---: | ---: | ---: | ---: |
{held_back}

Each difference was traced to its source and corrected with others of its kind.
[What was found wrong](cases/found-wrong.md) lists them.

## Upstream's own tests

The package `{source}` carries integration tests that its authors run on a live YDB. Here they run on the
emulator, unchanged, with both of the dialect's drivers. *Skipped* are those that upstream itself does not run on YDB.

| with | driver | passed | failed | skipped |
| --- | --- | ---: | ---: | ---: |
{upstream}

{failures}

## Suites of other clients

Suites that the authors of other clients run on a live YDB, unchanged but for the address. They are those that a
registry serves as a source package, and that need neither Docker nor a browser. `make upstream` runs them.

| suite | of | passed | failed | skipped | on |
| --- | --- | ---: | ---: | ---: | --- |
{others}

Why tests fail; whose it is: what the emulator lacks it refuses as `UNSUPPORTED`, what lies with the client or the suite
would fail on any server that is reached so.

| suite | tests | whose | why |
| --- | ---: | --- | --- |
{reasons}

Not run: the SDK's tests of topics, coordination, TLS and observability, which ask for what the emulator does not have
or for other servers; the suites of ydb-dbapi, langchain-ydb and the Django backend itself, whose source packages carry
none.

## Cases

A *case* is a statement, the tables that it needs, and what YDB answers: a status with its text, or rows. Each case
names the source in YDB's code, tests or documentation that it was taken from. The same cases can run on a real YDB; the
counts here are those of the emulator. Each area has a page that lists its cases. [What else is
proven](cases/claims.md) lists what the guide says of YDB, Alembic and the dialect on other grounds.

Each request of a case ends with an empty line, the last one with the answer. A comment may say how a request runs:
`/*@tx*/` in a transaction, which `/*@commit*/` or `/*@rollback*/` ends, `/*@snapshot_ro*/` in one that only reads,
`/*@stale_ro*/` in Stale Read Only, `/*@other-session*/` in another session, and `/*@during: …*/` while the statement in
it is still running; `/*@data-query*/` asks the table service. `/*@mkdir: …*/` makes a directory, `/*@rmdir: …*/`
removes one, and `/*@list: …*/` gives the names and kinds of what is in one.

| area | cases | YDB accepts | YDB refuses |
| --- | ---: | ---: | ---: |
{areas}

All {total} cases hold on the emulator. That proves its memory, not its truth: it was written from them. Its code
refuses statements in {owed} places in YDB's name, each of which a case reaches, and in {own} as not supported.

How sure we are of the cases:

| confidence | cases | what it means |
| --- | ---: | --- |
| high | {high} | a test or the source of YDB has the status, the text or the rows |
| medium | {medium} | the documentation, a third party's measurement, or the grammar of YQL says so |
| low | {low} | concluded from something else |

A case that YDB refuses holds only when the emulator refuses it too, with the same status and, where the source has
them, the same words.

## Requests

A request of the API that is not served is refused as `UNSUPPORTED`, as a statement is. Served are:

{served}

Not served are all methods of the services of topics, coordination, scripting, export and import, and of the
services that are:

{unserved}

`ExecuteQuery` executes alone: `EXPLAIN`, `VALIDATE`, statistics and result sets in Arrow's format are refused.
`BulkUpsert` takes rows, not CSV or Arrow. `DescribeTable` gives no statistics.

## What the emulator does not do

The emulator refuses whatever it does not support, with the status `UNSUPPORTED` and a text that begins
`The emulator does not support`. YDB may well accept such a statement. Not supported are, among others:

{unsupported}

Three things are simpler than on YDB:

- Nothing takes time unless a test asks for it: an index, a dropped column or a changefeed is done at once.
- A table has one partition, which is never split.
- One process holds all data in memory. When it stops, the data is gone.
"""

CONFORMANCE = ROOT / "emulator" / "tests" / "conformance"
"""A file of cases for each area, which the page of the same name in docs/cases/ shows."""
HELD_BACK = ROOT / "results" / "held-back.tsv"
"""Each time statements were collected that the emulator had never seen: how it agreed, before it was mended by them."""
UNSUPPORTED = ROOT / "emulator" / "tests" / "unsupported.tsv"


@cache
def load() -> list[Case]:
    """Every case of the emulator."""
    return cases.load(CONFORMANCE)


def unsupported() -> list[tuple[str, str, str]]:
    """What YDB has and the emulator has not: an area, a feature of it, and a statement that uses the feature."""
    with UNSUPPORTED.open(newline="", encoding="utf-8") as file:
        return [(row["area"], row["feature"], row["statement"]) for row in csv.DictReader(file, delimiter="\t")]


def _features() -> str:
    """A table of what is not supported, by area."""
    areas = groupby(unsupported(), key=lambda row: row[0])
    rows = [f"| {area} | {'; '.join(feature for _, feature, _ in found)} |" for area, found in areas]
    return "\n".join(["| area | not supported |", "| --- | --- |", *rows])


def page_of(area: str) -> Path:
    """The page that shows an area's cases."""
    return CASES / f"{area}.md"


def _link(area: str) -> str:
    [title] = re.findall("^# Cases: (.*)$", page_of(area).read_text(), re.MULTILINE)
    return f"[{title}]({page_of(area).relative_to(PAGE.parent).as_posix()})"


def render() -> str:
    """The page."""
    count = Counter(case.area for case in load())
    accepted = Counter(case.area for case in load() if case.expected == OK)
    confidence = Counter(case.confidence for case in load())
    rows = [(_link(area), count[area], accepted[area], count[area] - accepted[area]) for area in count]
    rows.append(("All", count.total(), accepted.total(), count.total() - accepted.total()))
    found = refusals.places()
    own = sum(place.own for place in found)
    return TEMPLATE.format(
        met=real.against_a_server(),
        held_back="\n".join(_held_back()),
        areas="\n".join(f"| {' | '.join(map(str, row))} |" for row in rows),
        total=count.total(),
        owed=len(found) - own,
        own=own,
        source=locked(suites.SOURCE).replace("==", " "),
        upstream="\n".join(_upstream()),
        failures=_failures(),
        others="\n".join(_others()),
        reasons="\n".join(_reasons()),
        served=_methods(is_served=True),
        unserved=_methods(is_served=False),
        unsupported=_features(),
        **confidence,
    )


def _held_back() -> list[str]:
    with HELD_BACK.open(newline="", encoding="utf-8") as file:
        return [f"| {' | '.join(row)} |" for row in list(csv.reader(file, delimiter="\t"))[1:]]


def _upstream() -> list[str]:
    packages = {run.name: run.packages[0].replace("==", " ") for run in suites.RUNS}
    drivers = {"both": "either"}
    return [
        f"| {packages[count.run]} | {drivers.get(count.driver, count.driver)} | {count.passed} | {count.failed} | "
        f"{count.skipped} |"
        for count in report.recorded()
        if count.run in packages
    ]


_SUITES = {
    "ydb-sdk": "SDK for Python: query, table, asyncio, errors",
    "javascript": "SDK for JavaScript (ydb-sdk): end to end",
    "django": "Django: twelve groups of its database tests",
}


def _others() -> list[str]:
    return [
        f"| {_SUITES[count.run]} | {count.versions.replace('==', ' ').replace('@', ' ')} | {count.passed} | "
        f"{count.failed} | {count.skipped} | {count.day} |"
        for count in report.recorded()
        if count.run in _SUITES
    ]


def _reasons() -> list[str]:
    """Rows of the table of exceptions that say the same, counted."""
    rows = [(row.run, row.fault, row.reason) for row in report.exceptions() if row.run in _SUITES]
    return [f"| {_SUITES[run].partition(':')[0]} | {number} | {fault} | {reason} |" for (run, fault, reason), number in
            Counter(rows).items()]  # fmt: skip


def _methods(is_served: bool) -> str:
    """The methods of the services that the emulator serves or doesn't, a line for each service."""
    services = {
        ydb_query_v1_pb2: query.METHODS,
        ydb_table_v1_pb2: table.METHODS | schemes.METHODS | prepared.METHODS | bulk.METHODS,
        ydb_scheme_v1_pb2: scheme.METHODS,
        ydb_discovery_v1_pb2: discovery.METHODS,
        ydb_auth_v1_pb2: auth.METHODS,
        ydb_operation_v1_pb2: operation.METHODS,
    }
    lines = []
    for module, methods in services.items():
        [service] = module.DESCRIPTOR.services_by_name.values()
        names = [method.name for method in service.methods if (method.name in methods) is is_served]
        if names:
            line = f"- {service.name}: {', '.join(f'`{name}`' for name in names)}"
            lines.append(textwrap.fill(line, 120, subsequent_indent="  "))
    return "\n".join(lines)


def _failures() -> str:
    runs = {run.name for run in suites.RUNS}
    failed = sum(int(count.failed) for count in report.recorded() if count.run in runs)
    faults = {row.fault for row in report.exceptions() if row.run in runs}
    if not failed:
        return "None fails."
    if faults == {"client"}:
        return f"The {failed} that fail do so in the dialect or in the suite itself, not in what the emulator answers."
    return f"{failed} fail, some of them since the emulator answers otherwise than YDB."
