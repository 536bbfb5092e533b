"""The page *How far the emulator reaches*: counted from the conformance cases, never typed.

`tests/emulator/test_cases.py` runs every case that is counted here, and `test_reach.py` compares the page.
"""

from __future__ import annotations

import re
from collections import Counter

from tests.site import ROOT

from .cases import MARK, Case

PAGE = ROOT / "docs" / "emulator.md"

AREAS = {
    "Transactions": r"/\*@(tx|commit|rollback|other-session|snapshot_ro|during)",
    "CREATE TABLE": r"CREATE (TEMPORARY |TEMP )?TABLE",
    "ALTER TABLE": r"ALTER TABLE",
    "DROP, TRUNCATE, views, sequences, topics": r"(CREATE|DROP|ALTER|TRUNCATE|SHOW)\b",
    "INSERT, UPSERT, REPLACE": r"(INSERT|UPSERT|REPLACE)\b",
    "UPDATE and DELETE": r"(BATCH |UPDATE\b|DELETE\b)",
    "SELECT": r"(SELECT|VALUES|DISCARD)\b",
    "Scripts, parameters, the rest": "",
}
"""Areas by how a case's statement begins; the first that fits."""

TEMPLATE = """\
# How far the emulator reaches

The tests of this guide run on an embedded YDB. This page counts how much of YDB it imitates. The tests write it, from
what they ran.

A *case* is a statement, the tables that it needs, and what YDB answers: a status with its text, or rows. Each case
names the source in YDB's code, tests or documentation that it was taken from. The same cases can run on a real YDB; the
counts here are those of the emulator.

| area | cases | YDB accepts | YDB refuses |
| --- | ---: | ---: | ---: |
{areas}

{held} of {total} cases hold on the emulator. {rest}

How sure we are of the cases:

| confidence | cases | what it means |
| --- | ---: | --- |
| high | {high} | a test or the source of YDB has the status, the text or the rows |
| medium | {medium} | the documentation, a third party's measurement, or the grammar of YQL says so |
| low | {low} | concluded from something else |

A case that YDB refuses holds only when the emulator refuses it too, with the same status and, where the source has
them, the same words.

What the emulator does not know it refuses, with the status `UNSUPPORTED` and a text that begins
`The emulator does not support`. YDB may well accept such a statement.
"""


def area(case: Case) -> str:
    """The area of the page that a case belongs to."""
    if re.search(AREAS["Transactions"], case.statement):
        return "Transactions"
    statement = MARK.sub("", case.statement).lstrip().upper()
    return next(name for name, beginning in AREAS.items() if re.match(beginning, statement))


def render(cases: list[Case], not_held: dict[str, str]) -> str:
    """The page. In: all cases, and those that don't hold with the reason."""
    count, accepted = Counter(map(area, cases)), Counter(area(case) for case in cases if case.expected == "OK")
    confidence = Counter(case.confidence for case in cases)
    rows = [(name, count[name], accepted[name], count[name] - accepted[name]) for name in AREAS if count[name]]
    rows.append(("All", len(cases), accepted.total(), len(cases) - accepted.total()))
    listed = "".join(f"\n- `{id}`: {reason}" for id, reason in sorted(not_held.items()))
    return TEMPLATE.format(
        areas="\n".join(f"| {' | '.join(map(str, row))} |" for row in rows),
        held=len(cases) - len(not_held),
        total=len(cases),
        rest=f"Those that do not:\n{listed}" if listed else "",
        **confidence,
    ).replace("emulator. \n", "emulator.\n")
