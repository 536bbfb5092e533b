"""Conformance cases: what YDB accepts and refuses, as data, run through the ydb SDK on either engine.

A case starts from an empty database. Its `setup` is split on `; ` and run one statement a request; its `statement` is
one request. Marks in comments say how a statement is run: `/*@tx*/` in an interactive transaction of its own session
(`/*@commit*/`, `/*@rollback*/` end it), `/*@snapshot_ro*/` in a read-only one, `/*@other-session*/` in a second session.
"""

from __future__ import annotations

import csv
import datetime
import decimal
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ydb

TABLE = Path(__file__).parent / "cases.tsv"
MARK = re.compile(r"/\*@([a-z_-]+)\*/\s*")
PARAMETERS = re.compile(r"params: (\{.*\})")


@dataclass(frozen=True)
class Case:
    """One row of the table. `expected` is OK or a status; `message` is in the issues, or the rows as JSON for OK."""

    id: str
    setup_sql: str
    statement: str
    expected: str
    message_substring: str
    ydb_version_note: str
    source: str
    confidence: str

    @property
    def parameters(self) -> dict[str, object]:
        found = PARAMETERS.search(self.ydb_version_note)
        given = json.loads(found[1]) if found else {}
        return {name: (value, getattr(ydb.PrimitiveType, type)) for name, (type, value) in given.items()}


@dataclass(frozen=True)
class Answer:
    """What YDB answered: OK or a status, the texts of its issues, the rows of the last result set."""

    status: str
    text: str = ""
    rows: list[list[object]] | None = None


def load(table: Path = TABLE) -> list[Case]:
    with table.open(newline="", encoding="utf-8") as file:
        return [Case(**row) for row in csv.DictReader(file, delimiter="\t")]


class Runner:
    """Runs the statements of one case, each in the transaction that its mark asks for."""

    def __init__(self, pool: ydb.QuerySessionPool, prefix: str = ""):
        self.pool = pool
        self.prefix = f'PRAGMA TablePathPrefix("{prefix}"); ' if prefix else ""
        self.session = pool.acquire()
        self.other = pool.acquire()
        self.transaction: ydb.QueryTxContext | None = None

    def close(self) -> None:
        for session in (self.session, self.other):
            self.pool.release(session)

    def run(self, case: Case) -> Answer:
        """Prepare and run a case. Raises ydb.Error where its setup is refused."""
        for statement in filter(None, case.setup_sql.split("; ")):
            self._execute(statement, {})
        answer = Answer("OK")
        for statement in _marked(case.statement):
            try:
                answer = Answer("OK", rows=self._execute(statement, case.parameters))
            except ydb.issues.Error as error:
                return Answer(error.status.name, str(error))
        return answer

    def _execute(self, statement: str, parameters: dict[str, object]) -> list[list[object]] | None:
        mark = MARK.match(statement)
        text = MARK.sub("", statement)
        match mark[1] if mark else None:
            case None:
                return _rows(self.session.execute(self.prefix + text, parameters))
            case "other-session":
                return _rows(self.other.execute(self.prefix + text, parameters))
            case "tx":
                self.transaction = self.transaction or self.session.transaction(ydb.QuerySerializableReadWrite())
                return _rows(self.transaction.execute(self.prefix + text, parameters))
            case "snapshot_ro":
                return _rows(
                    self.session.transaction(ydb.QuerySnapshotReadOnly()).execute(self.prefix + text, parameters)
                )
            case "commit":
                self.transaction.commit()
            case "rollback":
                self.transaction.rollback()
            case other:
                raise ValueError(f"unknown mark: {other}")
        return None


def _marked(statement: str) -> Iterator[str]:
    """One request for a statement without marks; with marks, one for each mark."""
    if not MARK.search(statement):
        yield statement
        return
    starts = [mark.start() for mark in MARK.finditer(statement)]
    for start, end in zip(starts, [*starts[1:], len(statement)], strict=True):
        yield statement[start:end].strip().rstrip(";")


def _rows(results: Iterator) -> list[list[object]] | None:
    found = None
    with results as streamed:
        for result in streamed:
            rows = [[_plain(value) for value in row.values()] for row in map(dict, result.rows)]
            found = rows if found is None or result.index != 0 else found + rows
    return found


def _plain(value: object) -> object:
    """A value as the table writes it."""
    match value:
        case bytes():
            return value.decode()
        case decimal.Decimal():
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case uuid.UUID() | datetime.date():
            return str(value)
        case datetime.timedelta():
            return value // datetime.timedelta(microseconds=1)
    return value
