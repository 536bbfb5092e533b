"""What a process of a check is asked, and what it answers: both pass between processes as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from .record import Finding, Place


@dataclass(frozen=True)
class Request:
    """What to run: the configuration files and section as Alembic takes them, `-x` arguments, the release line,
    the file of a snapshot to start from, how many seconds it may take.

    With a `url` nothing is run: what that YDB has is written to the file, with so many `rows` of each table.
    """

    line: str
    ini: str | None = None
    toml: str | None = None
    section: str = "alembic"
    x: tuple[str, ...] = ()
    snapshot: str | None = None
    url: str = ""
    rows: int = 0
    seconds: int = 600

    @property
    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Request:
        read: dict[str, Any] = json.loads(text)
        return cls(**{**read, "x": tuple(read["x"])})


@dataclass(frozen=True)
class Answer:
    """What came of it. `error` says why it could not run at all; `statements` counts them by what came of each,
    `files` are those of the revisions that ran to their end on each database, `left` counts those that did not run
    because one before them failed."""

    line: str
    findings: tuple[Finding, ...] = ()
    revisions: int = 0
    statements: dict[str, int] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    left: int = 0
    error: str = ""

    @property
    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Answer:
        read: dict[str, Any] = json.loads(text)
        findings = [
            Finding(**{**finding, "place": Place(**finding["place"]), "lines": tuple(finding["lines"])})
            for finding in read["findings"]
        ]
        return cls(**{**read, "findings": tuple(findings)})
