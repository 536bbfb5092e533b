"""What is printed: for people, or for programs."""

from __future__ import annotations

import json
import linecache
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from .explain import UNSURE, explanation
from .record import REFUSED, TAKEN, UNKNOWN, Finding, Place
from .request import Answer

EXPLAIN = "alembic-ydb check --explain"
BOLD, RED, YELLOW, GREEN, BLUE, PLAIN = (f"\033[{code}m" for code in ("1", "1;31", "1;33", "32", "34", "0"))
WIDTH, LINES = 110, 4
"""How much of a statement is shown: columns of a line, and lines."""
COMMENT = re.compile(r"\s+#.*")


def text(findings: Sequence[Finding], answers: Sequence[Answer], color: bool = False) -> str:
    """Each finding on a line, and below those of a place the place itself: the source, and what it sends."""
    paint = _painted if color else _plain
    several = len(answers) > 1
    files = list(dict.fromkeys(finding.place.file for finding in findings))
    parts = []
    for place, here in groupby(_in_order(findings, files), key=lambda finding: finding.place):
        told = list(here)
        for finding in told:
            lines = f" [{', '.join(finding.lines)}]" if several else ""
            colour = RED if finding.code[:4] in ("YDB1", "YDB3") else YELLOW
            doubt = " (not certain)" if explanation(finding.code).confidence == UNSURE else ""
            parts.append(f"{paint(BOLD, _at(place))}: {paint(colour, finding.code)}{lines} {finding.message}{doubt}")
        parts += _source(place, told, paint)
    if parts:
        parts.append("")
    parts += [_counted(answer, paint) for answer in answers]
    parts.append(_ended(findings, answers, paint))
    return "\n".join(parts)


Paint = Callable[[str, str], str]


def _painted(colour: str, words: str) -> str:
    return f"{colour}{words}{PLAIN}"


def _plain(colour: str, words: str) -> str:
    return words


def _in_order(findings: Sequence[Finding], files: list[str]) -> list[Finding]:
    """File by file as they were run, and from its first line on."""
    return sorted(findings, key=lambda finding: (files.index(finding.place.file), finding.place.line, finding.code))


def _source(place: Place, findings: list[Finding], paint: Paint) -> Iterator[str]:
    """The line of the revision, underlined, and below it each statement that it does not show as it is sent."""
    margin = len(str(place.line)) if place.line else 1
    bar = f" {' ' * margin} {paint(BLUE, '|')}"
    line = linecache.getline(place.file, place.line).rstrip() if place.line else ""
    if line:
        begin = len(line) - len(line.lstrip())
        under = "^" * len(COMMENT.sub("", line[begin:]))
        yield f" {paint(BLUE, f'{place.line} |')} {_cut(line, 0)[0]}"
        yield f"{bar} {' ' * begin}{paint(RED, under[: WIDTH - begin])}"
    for statement, caret in dict.fromkeys((each.statement.strip("\n"), each.caret) for each in findings):
        if not statement or (caret < 0 and statement.strip() in line):
            continue
        start = 0
        for number, each in enumerate(statement.split("\n")):
            column = caret - start
            start += len(each) + 1
            if number >= LINES and column < 0:
                break
            shown, column = _cut(each, column)
            yield f"{bar} {'=' if not number else ' '} {shown}"
            if 0 <= caret and 0 <= column <= len(shown) and caret < start:
                yield f"{bar}   {' ' * column}{paint(RED, '^')}"


def _cut(line: str, column: int) -> tuple[str, int]:
    """A part of a long line that has a column in it, and where that is in the part."""
    if len(line) <= WIDTH:
        return line, column
    begin = max(0, min(column - WIDTH // 2, len(line) - WIDTH))
    before, after = "..." if begin else "", "..." if begin + WIDTH < len(line) else ""
    return f"{before}{line[begin : begin + WIDTH]}{after}", column - begin + len(before)


def _path(place: Place) -> str:
    """As GitHub knows it: from the root of the repository, also where the project is in a folder of it."""
    file, root = Path(place.file).resolve(), Path(os.environ.get("GITHUB_WORKSPACE") or os.curdir).resolve()
    return (file.relative_to(root) if file.is_relative_to(root) else Path(os.path.relpath(file))).as_posix()


def _at(place: Place) -> str:
    file = os.path.relpath(place.file)
    return f"{file}:{place.line}" if place.line else file


def _counted(answer: Answer, paint: Paint) -> str:
    counts = Counter(answer.statements)
    unknown = f"{counts[UNKNOWN]} not known"
    left = f" and {paint(RED, f'{answer.left} not run')}" if answer.left else ""
    return (
        f"YDB {answer.line}: {_number(answer.revisions, 'revision')}{left}, {_number(counts.total(), 'statement')}: "
        f"{counts[TAKEN]} taken, {counts[REFUSED]} refused, {paint(RED, unknown) if counts[UNKNOWN] else unknown}"
    )


def _ended(findings: Sequence[Finding], answers: Sequence[Answer], paint: Paint) -> str:
    """How many findings, where to read on, and what this is. Without a finding it is green, if all was known."""
    number = _number(len(findings), "finding")
    if findings:
        said = f"{paint(RED, number)}. {EXPLAIN} {min(finding.code for finding in findings)} says more."
    else:
        is_known = not any(answer.statements.get(UNKNOWN) or answer.left for answer in answers)
        said = f"{paint(GREEN, number) if is_known else number}."
    emulator = f"the emulator, ydb-emulator {version('ydb-emulator')}, which is built from YDB's sources"
    return f"{said}\nTried on {emulator}, and not on a YDB server."


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def github(findings: Sequence[Finding], answers: Sequence[Answer]) -> str:
    """Workflow commands, which GitHub shows as annotations beside the lines."""
    return "\n".join(
        f"::error file={_escaped(_path(finding.place), ',:')},line={finding.place.line or 1},"
        f"title={_escaped(f'{finding.code} {explanation(finding.code).title}', ',:')}::{_escaped(finding.message)}"
        for finding in findings
    )


def _escaped(text: str, more: str = "") -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def as_json(findings: Sequence[Finding], answers: Sequence[Answer]) -> str:
    lines = [{key: value for key, value in asdict(answer).items() if key != "findings"} for answer in answers]
    return json.dumps({"findings": [asdict(finding) for finding in findings], "lines": lines}, indent=2)


def sarif(findings: Sequence[Finding], answers: Sequence[Answer]) -> str:
    """SARIF 2.1.0, the form that code scanning takes."""
    results = [
        {
            "ruleId": finding.code,
            "level": "error",
            "message": {"text": finding.message},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(_path(finding.place))},
                        "region": {"startLine": finding.place.line or 1},
                    }
                }
            ],
        }
        for finding in findings
    ]
    told = [explanation(code) for code in sorted({finding.code for finding in findings})]
    rules = [
        {
            "id": each.code,
            "shortDescription": {"text": each.title},
            "fullDescription": {"text": " ".join(each.meaning.split())},
            "help": {"text": each.text},
        }
        for each in told
    ]
    run = {"tool": {"driver": {"name": "alembic-ydb", "rules": rules}}, "results": results}
    return json.dumps({"version": "2.1.0", "runs": [run]}, indent=2)


FORMATS: dict[str, Callable[[Sequence[Finding], Sequence[Answer]], str]] = {
    "text": text,
    "github": github,
    "json": as_json,
    "sarif": sarif,
}
