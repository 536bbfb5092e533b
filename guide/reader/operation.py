"""Operations of Alembic on a page: each runs on tables that are set up anew, and what it sends to YDB is shown.

    ALTER TABLE series ADD COLUMN rating Int64 NOT NULL
    --> BAD_REQUEST
    --> <main>:1:1: Error: ...

Each request is followed by the answer of YDB if it is a refusal. What the client does is told in lines of their own:
`--> raises ...`, `--> warns ...`, `--> nothing is sent`. Parameters stand below a request as comments.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import ydb
import ydb_dbapi

from . import yql
from .address import Address
from .database import dump_directory, show
from .engine import Engine, empty
from .errors import ReaderError

if TYPE_CHECKING:  # it takes as long to import as all else that follows pages, most of which have no operation
    import sqlalchemy as sa

NOTHING = "nothing is sent"
RAISES = "raises "
NOT_RECORDED = yql.ANSWER
HIDDEN = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)  # as Python itself hides them


@dataclass(frozen=True)
class Refusal:
    """Why an operation ended early: the status and the innermost issue of YDB, or the exception of the client."""

    status: str | None
    message: str


@dataclass(frozen=True)
class Outcome:
    """What an operation did: the lines to show, the requests in them, its refusal, the database before and after."""

    lines: list[str]
    requests: list[str]
    refusal: Refusal | None
    before: str
    after: str


@dataclass
class Runner:
    """Runs operations, each on an empty database that is emptied again. `setup` makes their tables: `before`.

    is_set_up: whether those tables are there, left for the next operation. mark: takes the state of a database, and
    gives what goes back to it, for a server that can do that; it is much faster than to make the tables again.
    dumps: whether outcomes tell what the database held, which takes longer than most operations; without, it is empty.
    """

    address: Address
    driver: ydb.Driver
    pool: ydb.QuerySessionPool
    setup: str = ""
    before: str = ""
    is_set_up: bool = False
    mark: Callable[[], Callable[[], None]] | None = None
    back: Callable[[], None] | None = None
    dumps: bool = True

    def set_up(self, code: str) -> Outcome:
        """Run the code that makes the tables, and have it run before each operation from now on. Raises as `run`."""
        self.setup = self.before = ""
        outcome = self.run(code)
        self.setup, self.before = code, outcome.after
        return outcome

    def run(self, code: str, *, keep: bool = False) -> Outcome:
        """Run an operation.

        In: the body of an `upgrade()`; whether to keep the tables for the next operation, which can be done if this one
        is refused and changes nothing, or the server goes `back`. Raises SyntaxError, and ReaderError if the database
        is not empty.
        """
        compile(code, "<upgrade>", "exec")
        engine, address = self.address.engine, self.address
        if not self.is_set_up:
            self._check_empty()
        try:
            with _connection(engine, self.pool) as connection:
                if not self.is_set_up:
                    _upgrade(connection, address.to_test(self.setup))
                    self.back = self.mark() if self.mark else None
                self.is_set_up = False
                record = _Record(int(engine.directory != engine.database))
                refusal = None
                with record.watching(connection):
                    try:
                        _upgrade(connection, address.to_test(code))
                    except Exception as error:
                        refusal = record.refused(error)
            lines = [address.to_reader(line) for line in record.lines()]
            if refusal:
                refusal = replace(refusal, message=address.to_reader(refusal.message))
            requests = [address.to_reader(text) for text in record.requests]
            after = address.to_reader(dump_directory(self.driver, self.pool, engine)) if self.dumps else ""
            if keep and self.back:
                self.back()
            self.is_set_up = keep and bool(self.back or self.dumps and refusal and after == self.before)
            return Outcome(lines, requests, refusal, self.before, after)
        finally:
            if not self.is_set_up:
                empty(self.driver, self.pool, engine.directory)

    def _check_empty(self) -> None:
        directory = self.address.engine.directory
        names = [child.name for child in self.driver.scheme_client.list_directory(directory).children]
        if found := [name for name in names if not name.startswith(".")]:
            raise ReaderError(f"operations need an empty database, and there is {', '.join(found)}")


@contextmanager
def _connection(engine: Engine, pool: ydb.QuerySessionPool) -> Iterator[sa.Connection]:
    import sqlalchemy as sa

    sqlalchemy_engine = sa.create_engine(engine.url, connect_args={"ydb_session_pool": pool}, poolclass=sa.NullPool)
    with sqlalchemy_engine.connect() as connection:
        yield connection


def _upgrade(connection: sa.Connection, code: str) -> None:
    """Run the body of an `upgrade()` as an env.py does."""
    import alembic
    import sqlalchemy as sa
    import ydb_sqlalchemy.alembic  # noqa: F401 - registers YDB with Alembic
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    context = MigrationContext.configure(connection)
    # The argument makes it the "transaction" of one revision, as in `run_migrations`.
    with context.begin_transaction(_per_migration=True), Operations.context(context):
        exec(compile(code, "<upgrade>", "exec"), {"op": alembic.op, "sa": sa})


@dataclass
class _Record:
    """What happens on a connection. `above` lines of each request are not the migration's."""

    above: int
    blocks: list[list[str]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    refusals: dict[Exception, Refusal] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        blocks = self.blocks if self.requests or self.refusals else [*self.blocks, [f"{yql.ANSWER} {NOTHING}"]]
        for index, block in enumerate(blocks):
            yield from ([""] if index else []) + block

    @contextmanager
    def watching(self, connection: sa.Connection) -> Iterator[None]:
        driver_connection = connection.connection.driver_connection
        assert driver_connection, "the connection is open"
        make_cursor = driver_connection.cursor
        driver_connection.cursor = lambda *arguments, **options: self._watched(make_cursor(*arguments, **options))
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            for category in HIDDEN:
                warnings.simplefilter("ignore", category)
            warnings.showwarning = lambda message, category, *_: self._tell(f"warns {category.__name__}: {message}")
            try:
                yield
            finally:
                del driver_connection.cursor

    def _watched(self, cursor: Any) -> Any:
        """A cursor of the driver that keeps what it sends."""
        for name in ("execute", "execute_scheme"):
            setattr(cursor, name, self._kept(getattr(cursor, name)))
        return cursor

    def _kept(self, execute: Callable[..., None]) -> Callable[..., None]:
        def kept(query: str, parameters: dict[str, Any] | None = None) -> None:
            text = _tidy(query)
            self.requests.append(text)
            block = [*text.split("\n"), *(_parameter(name, value) for name, value in (parameters or {}).items())]
            self.blocks.append(block)
            try:
                execute(query, parameters)
            except ydb_dbapi.Error as error:
                if not getattr(error, "issues", None):
                    raise  # YDB has not answered
                answer = yql.refusal(error.original_error, self.above + _lines_above(query))
                block += [f"{yql.ANSWER} {_placed(line, query)}" for line in answer]
                self.refusals[error] = Refusal(error.status.name, yql.innermost(error.issues))
                raise

        return kept

    def refused(self, error: Exception) -> Refusal:
        """Why it ended, from the exception that came out of it."""
        cause = getattr(error, "orig", error)
        if cause in self.refusals:
            return self.refusals[cause]
        name = type(error).__qualname__
        if type(error).__module__ != "builtins":
            name = f"{type(error).__module__}.{name}"
        message = re.sub(r"\s*\(Background on this error at: \S+\)$", "", str(error))
        message = f"{name}: {re.sub(r' at 0x[0-9a-f]+', ' at 0x[..]', message)}"
        self._tell(RAISES + message)
        self.refusals[error] = Refusal(None, message.split("\n")[0])
        return self.refusals[error]

    def _tell(self, text: str) -> None:
        self.blocks.append([f"{yql.ANSWER} {line}".rstrip() for line in text.rstrip().split("\n")])


def fails(text: str) -> bool | None:
    """Whether a recorded block ends in a refusal; None if nothing is recorded yet."""
    lines = text.rstrip("\n").split("\n")
    if lines == [NOT_RECORDED]:
        return None
    answers = [line.removeprefix(yql.ANSWER).strip() for line in lines if line.startswith(yql.ANSWER)]
    return any(answer in yql.STATUSES or answer.startswith(RAISES) for answer in answers)


def _tidy(query: str) -> str:
    """A request as it is shown: SQLAlchemy puts empty lines around it, and spaces at the end of lines."""
    return "\n".join(line.rstrip() for line in query.strip().split("\n")).expandtabs(4)


def _lines_above(query: str) -> int:
    return query[: len(query) - len(query.lstrip())].count("\n")


def _placed(line: str, query: str) -> str:
    """A line of an answer with its column as in the tidy request."""

    def moved(found: re.Match) -> str:
        row, column = int(found[2]), int(found[3])
        rows = query.split("\n")[_lines_above(query) :]
        before = rows[row - 1][: column - 1] if 0 < row <= len(rows) else " " * (column - 1)
        return f"{found[1]}{row}:{len(before.expandtabs(4)) + 1}"

    return re.sub(r"^(\s*<main>:)(\d+):(\d+)", moved, line)


def _parameter(name: str, value: Any) -> str:
    if isinstance(value, ydb.TypedValue):
        kind = ydb.convert.type_to_native(value.value_type.proto) if hasattr(value.value_type, "proto") else None
        return f"-- {name}: {kind or value.value_type} = {show(value.value)}"
    return f"-- {name} = {show(value)}"
