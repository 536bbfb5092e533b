"""The pages of docs/cases/: every conformance case, with an anchor of its id. Written from the table, never typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from guide.markdown import code, escape
from ydb_emulator.conformance import MARK, PARAMETERS, REFUSED, Case, marked

from .reach import area, load

PAGE = """\
---
search:
  exclude: true
---

# Cases: {area}

What YDB answers, case by case. Of a refusal's text the part is shown that the tests look for. [How far the emulator
reaches](../emulator.md) says what a case is, and counts them.
"""

MARKS = {
    "tx": "in a transaction",
    "snapshot_ro": "in a read-only transaction",
    "other-session": "in another session",
    "commit": "commit",
    "rollback": "roll back",
    "during": "while {} still runs",
}
"""How a statement runs, for the marks of ydb_emulator/conformance.py."""

CONFIDENCE = {
    "high": "From a test or the source of YDB",
    "medium": "From documentation, a measurement or the grammar",
    "low": "Concluded from",
}


def render(name: str) -> str:
    """The page of an area, by its name."""
    cases = sorted((case for case in load() if area(case) == name), key=lambda case: case.id)
    parts = [PAGE.format(area=name)]
    for title, listed in {
        "YDB refuses": [case for case in cases if case.expected != "OK"],
        "YDB accepts": [case for case in cases if case.expected == "OK"],
    }.items():
        if listed:
            parts.append(f"## {title}\n")
            parts += ["\n".join(_case(case)) + "\n" for case in listed]
    return "\n".join(parts)


def _case(case: Case) -> Iterator[str]:
    """A case: its id, which is a link to itself, and a line each for what it needs, runs, gets and is taken from."""
    yield f"**[{case.id}](#{case.id}){{ #{case.id} }}**\n"
    if case.setup:
        yield f"- After: {'; '.join(_statements(case.setup))}"
    given = "".join(f", {code(name)} = {code(f'{value}: {type}')}" for name, (type, value) in case.given.items())
    yield f"- Statement: {'; '.join(_statements([case.statement]))}{given}"
    yield f"- Answer: {_answer(case)}"
    if lines := _lines(case):
        yield f"- Note: {escape(lines)}"
    yield f"- {CONFIDENCE[case.confidence]}: {', '.join(map(_source, case.source.split('; ')))}"


def _statements(statements: Iterable[str]) -> Iterator[str]:
    """Statements as code, each with how it runs in words."""
    for part in (part for statement in statements for part in marked(statement)):
        mark, text = MARK.match(part), MARK.sub("", part, count=1)
        how = MARKS[mark[1]].format(code(mark[2] or "")) if mark else ""
        yield ": ".join(filter(None, [how, code(text) if text else ""]))


def _answer(case: Case) -> str:
    match case.expected, case.message_substring:
        case "OK", "":
            return "OK"
        case "OK", rows:
            return f"OK, the rows {code(rows)}"
        case status, text:
            status = "refused" if status == REFUSED else status
            return f"{status}, {code(text)}" if text else status


def _lines(case: Case) -> str:
    """On which lines of YDB, and what else the table notes. Nothing where it holds on all of them."""
    about = case.line and f"on YDB {case.line.replace(' ', ' with ', 1)}"
    note = PARAMETERS.sub("", case.ydb_version_note)
    noted = [part.strip() for part in note.split(";") if part.strip() not in ("", "all")]
    return "; ".join(filter(None, [about, *noted]))


def _source(source: str) -> str:
    """A source: a link to the file where it names one on GitHub."""
    found = re.fullmatch(r"([\w-]+/[\w.-]+):(\S*/)?(\S+)(.*)", source)
    if not found:
        return escape(source)
    repository, folder, file, rest = found.groups(default="")
    return f"[{escape(file)}](https://github.com/{repository}/blob/main/{folder}{file}){escape(rest)}"
