"""Conformance cases: what YDB accepts and refuses, read from Markdown that people read too.

A file holds the cases of an area, a section each, below *YDB refuses* or *YDB accepts*:

    ### e-upd-pk

    ```yql
    CREATE TABLE t (id Int64 NOT NULL, name Utf8, PRIMARY KEY (id))

    UPDATE t SET id = 5 WHERE id = 1
    --> GENERIC_ERROR
    --> Cannot update primary key column: id
    ```

    - Source: [kqp_not_null_ut.cpp](https://github.com/ydb-platform/ydb/blob/COMMIT/…)
    - Confidence: high

The heading is the case's id, and its address. An empty line ends a request; the last request is the statement that the
case is about, or what shows its effect, those before it are set-up. The answer is a status (REFUSED where YDB's is not
known), and below it a part of the issues' text, of whole words, or, after OK, the rows as JSON, in whose strings a line
may end. The list has the fields of FIELDS. `conformance.py` says what marks such as `/*@tx*/` mean.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import ydb

OK = "OK"
REFUSED = "REFUSED"
"""The answer of cases where YDB's status is not known, only that it refuses."""
STATUSES = {OK, REFUSED} | {status.name for status in ydb.issues.StatusCode if status.name != "SUCCESS"}

SECTIONS = {"YDB refuses": False, "YDB accepts": True}
"""The headings of a file, and whether the cases below are answered with OK."""
FIELDS = {
    "YDB": r"(?P<line>\d+\.\d)(?: with (?P<flags>\w+(?:, \w+)*))?(?: without (?P<off>\w+))?",
    "Parameter": r"`(?P<name>\$\w+) (?P<type>\S.*?) = (?P<value>.+)`",
    "Note": r"\S.*",
    "Source": r"\S.*",
    "Confidence": r"high|medium|low",
}
"""What a case's list may say: the release line that the case is about with the feature flags that are on and off, typed
parameters, what else there is to know, where the answer is from, and how sure that is."""
REPEATED = {"Parameter", "Source"}
REQUIRED = {"Source", "Confidence"}


@dataclass(frozen=True)
class Case:
    """What YDB answers to a statement.

    `area` is the name of the file, `text` a part of the issues, or the rows as JSON for OK; it may be empty. `given`
    are parameters by name: the type's name and the value as in JSON. `line` is the release line and the feature flags
    to turn on, or with a hyphen before them off, with spaces between; empty for the default line. Note and sources are
    Markdown.
    """

    id: str
    area: str
    setup: tuple[str, ...]
    statement: str
    expected: str
    text: str
    sources: tuple[str, ...]
    confidence: str
    note: str = ""
    line: str = ""
    given: dict[str, tuple[str, object]] = field(default_factory=dict)


class CaseError(ValueError):
    """A file of cases that can't be read: it names the file and the line."""


def load(folder: Path) -> list[Case]:
    """The cases of all files of a folder. Raises CaseError."""
    cases: dict[str, Case] = {}
    for file in sorted(folder.glob("*.md")):
        for case in read(file):
            if case.id in cases:
                raise CaseError(f"{file.name}: {case.id} is a case of {cases[case.id].area}.md already")
            cases[case.id] = case
    if not cases:
        raise CaseError(f"{folder}: no cases")
    return list(cases.values())


def read(file: Path) -> list[Case]:
    """The cases of a file. Raises CaseError."""
    reader = _Reader()
    number = 0
    try:
        for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), start=1):
            reader.line(number, line)
        return [case.made(file.stem) for case in reader.cases.values()]
    except _Fault as fault:
        raise CaseError(f"{file.name}:{fault.line or number}: {fault}") from None


def _line(release: re.Match[str]) -> str:
    on, off = (re.split(", ", release[which]) if release[which] else [] for which in ("flags", "off"))
    return " ".join([release["line"], *on, *(f"-{flag}" for flag in off)])


class _Fault(Exception):
    """What is wrong, and the number of the line; 0 for the line that is being read."""

    def __init__(self, text: str, line: int = 0) -> None:
        super().__init__(text)
        self.line = line


@dataclass
class _Section:
    """A case as it stands in the file, with the numbers of its lines; that of its fence is 0 until one has come."""

    id: str
    is_accepted: bool
    number: int
    fence: list[str] = field(default_factory=list)
    fence_number: int = 0
    is_open: bool = False
    fields: list[tuple[str, re.Match[str]]] = field(default_factory=list)

    def made(self, area: str) -> Case:
        if not self.fence_number:
            raise _Fault(f"{self.id} has no statement: ```yql", self.number)
        if self.is_open:
            raise _Fault("a fence that is never closed", self.fence_number)
        *setup, statement = self._requests()
        expected, text = self._answer()
        if missing := REQUIRED - {name for name, _ in self.fields}:
            raise _Fault(f"{self.id} lacks {' and '.join(sorted(missing))}", self.number)
        release = next(self._all("YDB"), None)
        return Case(
            id=self.id,
            area=area,
            setup=tuple(setup),
            statement=statement,
            expected=expected,
            text=text,
            sources=tuple(found[0] for found in self._all("Source")),
            confidence=next(self._all("Confidence"))[0],
            note="".join(found[0] for found in self._all("Note")),
            line=_line(release) if release else "",
            given={found["name"]: (found["type"], self._json(found["value"])) for found in self._all("Parameter")},
        )

    def _all(self, name: str) -> Iterator[re.Match[str]]:
        return (found for known, found in self.fields if known == name)

    def _split(self) -> tuple[str, list[str]]:
        """The text before the answer, and the lines of the answer."""
        start = next((index for index, line in enumerate(self.fence) if line.startswith("-->")), len(self.fence))
        answer = self.fence[start:]
        for index, line in enumerate(answer, start=self.fence_number + 1 + start):
            if line != "-->" and not line.startswith("--> "):
                raise _Fault(
                    f"{line!r} after the answer, which comes last: each of its lines begins with '--> '", index
                )
        return "\n".join(self.fence[:start]), [line[4:] for line in answer]

    def _requests(self) -> list[str]:
        found = [request for request in re.split(r"\n(?:[ \t]*\n)+", self._split()[0].strip("\n")) if request.strip()]
        if not found:
            raise _Fault(f"{self.id} has no statement", self.fence_number)
        return found

    def _answer(self) -> tuple[str, str]:
        answer = self._split()[1]
        if not answer:
            raise _Fault(f"{self.id} has no answer: a line that begins with '--> '", self.fence_number)
        expected, text = answer[0], "\n".join(answer[1:])
        number = self.fence_number + len(self.fence) - len(answer) + 1
        if expected not in STATUSES:
            raise _Fault(f"unknown status {expected!r} (known: {', '.join(sorted(STATUSES))})", number)
        if (expected == OK) is not self.is_accepted:
            raise _Fault(f"{self.id} is answered with {expected}, and stands below another heading", number)
        if expected == OK and text and not isinstance(rows := self._json(text, number + 1), list):
            raise _Fault(f"not a list of rows: {rows!r}", number + 1)
        return expected, text

    def _json(self, text: str, number: int = 0) -> object:
        try:
            return json.loads(text, strict=False)
        except ValueError as error:
            raise _Fault(f"not JSON, {error}: {text}", number or self.number) from None


class _Reader:
    """Takes the lines of a file in their order."""

    def __init__(self) -> None:
        self.cases: dict[str, _Section] = {}
        self._is_accepted: bool | None = None
        self._case: _Section | None = None

    def line(self, number: int, line: str) -> None:
        if self._case and self._case.is_open:
            if line.rstrip() == "```":
                self._case.is_open = False
            else:
                self._case.fence.append(line)
        elif line.startswith("## "):
            if line[3:] not in SECTIONS:
                raise _Fault(f"unknown heading {line[3:]!r} (known: {', '.join(SECTIONS)})")
            self._is_accepted, self._case = SECTIONS[line[3:]], None
        elif line.startswith("### "):
            self._begin(number, line[4:])
        elif line.startswith("```"):
            self._open(number, line)
        elif line.startswith("- "):
            self._field(line)
        elif line.strip():
            raise _Fault(f"a line that is no heading, no fence and no field: {line!r}")

    def _begin(self, number: int, id: str) -> None:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id):
            raise _Fault(f"{id!r} can't be an id: letters a to z, digits and hyphens")
        if id in self.cases:
            raise _Fault(f"a second case {id}")
        if self._is_accepted is None:
            raise _Fault(f"{id} stands below no heading (known: {', '.join(SECTIONS)})")
        self._case = _Section(id, self._is_accepted, number)
        self.cases[id] = self._case

    def _open(self, number: int, line: str) -> None:
        if line != "```yql":
            raise _Fault(f"a fence of another kind than ```yql: {line}")
        if self._case is None or self._case.fence_number:
            raise _Fault("a fence that is not the first of a case")
        self._case.fence_number, self._case.is_open = number, True

    def _field(self, line: str) -> None:
        name, _, value = line.removeprefix("- ").partition(": ")
        if name not in FIELDS:
            raise _Fault(f"unknown field {name!r} (known: {', '.join(FIELDS)})")
        if self._case is None:
            raise _Fault(f"{name} of no case")
        found = re.fullmatch(FIELDS[name], value)
        if not found:
            raise _Fault(f"can't read {name} {value!r}: it is to match {FIELDS[name]}")
        if name not in REPEATED and any(name == other for other, _ in self._case.fields):
            raise _Fault(f"{name} is given twice")
        self._case.fields.append((name, found))
