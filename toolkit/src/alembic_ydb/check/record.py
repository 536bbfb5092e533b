"""What happened in a run: each revision, the statements that it sent, the operations that it asked Alembic for."""

from __future__ import annotations

import tokenize
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alembic.operations.ops import MigrateOperation
    from sqlalchemy import MetaData

TAKEN, REFUSED, UNKNOWN = "taken", "refused", "not known"
"""What came of a statement. It is not known where the emulator does not support what YDB may take."""


class Turn(Enum):
    """How a revision is run: up, down again, up once more. Between, its upgrade() runs again on what is there, and on
    what is there after one of its changes of the schema, if they are several."""

    UPGRADE = "upgrade"
    DOWNGRADE = "downgrade"
    AGAIN = "upgrade after downgrade"
    REPEAT = "repeated upgrade"
    RESUME = "upgrade after a part of it"


@dataclass(frozen=True)
class Place:
    """A line of a revision file, from 1; 0 where it is the whole file."""

    file: str
    line: int = 0


def source(file: str) -> str:
    """The text of a revision, empty of one that is compiled alone. Where Python takes a comment in an encoding that the
    file does not name, so does this."""
    if file.endswith(".pyc"):
        return ""
    try:
        with tokenize.open(file) as text:
            return text.read()
    except (SyntaxError, UnicodeDecodeError):
        return Path(file).read_text(encoding="latin-1")


@dataclass(frozen=True)
class Statement:
    """A text that reached the database, and what came of it: the status and the words of a refusal.

    A request of the SDK that changes tables has the text that would do the same. `at_once`: its statements then are one
    change."""

    text: str
    place: Place
    outcome: str = TAKEN
    status: str = ""
    words: str = ""
    caret: int = -1  # the offset in the text that the refusal names
    changed: bool = False  # whether the schema was another one after it
    at_once: bool = False


@dataclass(frozen=True)
class Size:
    """How large YDB says that a table is: an estimate of its rows, and the bytes that it takes with its indexes."""

    rows: int
    bytes: int


@dataclass(frozen=True)
class Operation:
    """What a revision asked Alembic for, such as a CreateIndexOp."""

    asked: MigrateOperation
    place: Place


@dataclass(frozen=True)
class Contents:
    """A database at one moment, by the paths of its tables and views.

    `texts` are what SHOW CREATE prints, `tables` the emulator's own tables, `rows` the rows of each table by key.
    `sizes` are those that the tables of a snapshot have where it was taken. `views` are the emulator's own; `broken`
    says why some of them cannot be read.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[str, Mapping] = field(default_factory=dict)
    sizes: Mapping[str, Size] = field(default_factory=dict)
    views: Mapping[str, Any] = field(default_factory=dict)
    broken: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Run:
    """One turn of a revision. `failed` is what ended it, in words: nothing where it ended well. `breaks` has, by the
    path of a view, the first statement after which nobody could read it."""

    turn: Turn
    before: Contents
    after: Contents = field(default_factory=Contents)
    statements: list[Statement] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    states: list[Any] = field(default_factory=list)  # what the emulator held after each statement
    breaks: dict[str, Statement] = field(default_factory=dict)
    failed: str = ""
    place: Place | None = None  # where it failed
    is_answer: bool = False  # whether an answer of YDB ended it
    database: str = ""

    @property
    def refused(self) -> Statement | None:
        """The statement that ended it, where one did."""
        if self.is_answer and self.statements and self.statements[-1].outcome != TAKEN:
            return self.statements[-1]
        return None


@dataclass
class Revision:
    """A pending revision and its turns. `database` is the path of the one that it ran on, `models` what env.py has."""

    id: str
    file: str
    database: str
    models: tuple[MetaData, ...] = ()
    runs: dict[Turn, Run] = field(default_factory=dict)

    @property
    def is_resumed(self) -> bool:
        """Whether upgrade() does the rest after a part of it, as far as that was tried."""
        whole, resumed = self.runs[Turn.UPGRADE].after, self.runs.get(Turn.RESUME)
        if resumed is None or resumed.failed:
            return False
        return (resumed.after.texts, resumed.after.rows) == (whole.texts, whole.rows)


@dataclass(frozen=True)
class Finding:
    """What a rule has to say of a revision. `lines` are the release lines on which it does."""

    code: str
    revision: str
    place: Place
    message: str
    statement: str = ""
    caret: int = -1
    lines: tuple[str, ...] = ()


@dataclass
class History:
    """All that a run on one release line found out.

    `differences` is what autogenerate would still write after the last revision; `comparison` why that could not be
    told. `folder` has env.py. `heads` are the revisions that no other one follows, `merges` those pending that follow
    several, each with its file.
    """

    line: str
    folder: str = "."
    revisions: list[Revision] = field(default_factory=list)
    differences: list[Any] = field(default_factory=list)
    comparison: str = ""
    left: list[str] = field(default_factory=list)  # files of revisions not run, because one before them had failed
    heads: Mapping[str, str] = field(default_factory=dict)
    merges: dict[str, str] = field(default_factory=dict)
