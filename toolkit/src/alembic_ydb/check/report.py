"""What is printed: for people, or for programs."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict

from .record import REFUSED, TAKEN, UNKNOWN, Finding
from .worker import Answer

HONEST = "Tried on the emulator, which is built from YDB's sources, and not on a YDB server."


def text(findings: Sequence[Finding], answers: Sequence[Answer]) -> str:
    several = len(answers) > 1
    parts = []
    for finding in findings:
        lines = f" [{', '.join(finding.lines)}]" if several else ""
        parts.append(f"{_at(finding)}: {finding.code}{lines} {finding.message}")
        parts += [f"    {line}" for line in finding.statement.strip().splitlines()[:4]]
    if parts:
        parts.append("")
    parts += [_counted(answer) for answer in answers]
    parts.append(f"{_number(len(findings), 'finding')}. {HONEST}")
    return "\n".join(parts)


def _at(finding: Finding) -> str:
    file = os.path.relpath(finding.place.file)
    return f"{file}:{finding.place.line}" if finding.place.line else file


def _counted(answer: Answer) -> str:
    counts = Counter(answer.statements)
    return (
        f"YDB {answer.line}: {_number(answer.revisions, 'revision')}, {_number(counts.total(), 'statement')}: "
        f"{counts[TAKEN]} taken, {counts[REFUSED]} refused, {counts[UNKNOWN]} not known"
    )


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def github(findings: Sequence[Finding], answers: Sequence[Answer]) -> str:
    """Workflow commands, which GitHub shows as annotations beside the lines."""
    return "\n".join(
        f"::error file={_escaped(os.path.relpath(finding.place.file), ',:')},line={finding.place.line or 1},"
        f"title={finding.code}::{_escaped(finding.message)}"
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
                        "artifactLocation": {"uri": os.path.relpath(finding.place.file)},
                        "region": {"startLine": finding.place.line or 1},
                    }
                }
            ],
        }
        for finding in findings
    ]
    rules = [{"id": code} for code in sorted({finding.code for finding in findings})]
    run = {"tool": {"driver": {"name": "alembic-ydb", "rules": rules}}, "results": results}
    return json.dumps({"version": "2.1.0", "runs": [run]}, indent=2)


FORMATS: dict[str, Callable[[Sequence[Finding], Sequence[Answer]], str]] = {
    "text": text,
    "github": github,
    "json": as_json,
    "sarif": sarif,
}
