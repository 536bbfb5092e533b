"""YQL on a page: requests as they are sent to YDB, each with the answer below it, in comments of their own.

    SELECT series_id, title FROM series;
    --> series_id | title
    --> 1         | 'IT Crowd'

    UPDATE series SET series_id = 2 WHERE series_id = 1;
    --> GENERIC_ERROR
    --> <main>:1:19: Error: Cannot update primary key column: series_id

A request ends with its answer or with an empty line. The answer is a table for each result set, or the status and the
issues of a refusal, written as YDB's own tools write them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import ydb

from .database import show

ANSWER = "-->"
STATUSES = {status.name for status in ydb.issues.StatusCode}
SEVERITIES = ("Fatal", "Error", "Warning", "Info")


@dataclass
class Request:
    """One request of a block, its recorded answer, and its line in the block, counted from 0."""

    text: str
    answer: list[str] = field(default_factory=list)
    line: int = 0

    @property
    def fails(self) -> bool:
        """Whether the answer is a refusal."""
        return bool(self.answer) and self.answer[0] in STATUSES


def parse(text: str) -> list[Request]:
    """The requests of a block. Raises ValueError for an answer without a request above it."""
    requests: list[Request] = []
    is_open = False
    for number, line in enumerate(text.rstrip("\n").split("\n")):
        if line.startswith(ANSWER):
            if not requests or (not is_open and not requests[-1].answer):
                raise ValueError(f"line {number + 1}: an answer without a request above it")
            requests[-1].answer.append(line.removeprefix(ANSWER).removeprefix(" "))
            is_open = False
        elif not line.strip():
            is_open = False
        elif is_open:
            requests[-1].text += "\n" + line
        else:
            requests.append(Request(line, line=number))
            is_open = True
    return requests


def serialise(requests: list[Request]) -> str:
    """The text of a block."""
    blocks = (
        "\n".join([request.text, *(f"{ANSWER} {line}".rstrip() for line in request.answer)]) for request in requests
    )
    return "\n\n".join(blocks) + "\n"


def run(pool: ydb.QuerySessionPool, text: str, directory: str | None = None) -> list[str]:
    """What YDB answers to a request, as lines. `directory` is where its relative names lead, if not to the database."""
    prefix = f'PRAGMA TablePathPrefix("{directory}");\n' if directory else ""
    try:
        results = pool.execute_with_retries(prefix + text)
    except ydb.issues.Error as error:
        return refusal(error, prefix.count("\n"))
    tables = [list(_table(result)) for result in results if result.columns]
    return [line for index, table in enumerate(tables) for line in ([""] if index else []) + table]


def refusal(error: ydb.issues.Error, above: int = 0) -> list[str]:
    """A refusal as lines. `above` lines of the request were not the reader's."""
    return [error.status.name, *_issues(error.issues or (), above)]


def innermost(issues: Any) -> str:
    """The text that says most: YDB wraps it in others, and may add one at the end that the query is invalidated."""
    issue = issues[0]
    while issue.issues:
        issue = issue.issues[-1]
    return issue.message


def _table(result: Any) -> Iterator[str]:
    names = [column.name for column in result.columns]
    rows = [names, *([show(row[name]) for name in names] for row in result.rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _issues(issues: Any, above: int, depth: int = 0) -> Iterator[str]:
    """Issues as YDB's tools print them. `above` lines of the text were not the reader's."""
    for issue in issues:
        at = issue.position
        place = f"<main>:{at.row - above}:{at.column}" if at.row else "<main>"
        code = f", code: {issue.issue_code}" if issue.issue_code else ""
        yield f"{'    ' * depth}{place}: {SEVERITIES[issue.severity]}: {issue.message}{code}"
        yield from _issues(issue.issues, above, depth + 1)
