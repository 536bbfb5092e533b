"""Write to a large table in batches, along its primary key, with a job that can be killed at any moment and run again.

    from batches import Job, main  # installed: from alembic_ydb.batches import Job, main

    main(Job("series", "UPDATE series SET info = title WHERE {rows}", due="info IS NULL"), url)

Options of such a job: --size, --after, --pause, --batches, --check; `python job.py --help` explains them.

Of alembic-ydb 0.2. If you copied backfill.py, copy_names.py or copy_series.py from the guide before that, replace them
with jobs on this module: theirs could write any number of rows with one statement, and never reached the key -2**63.
"""

import argparse
import datetime
import decimal
import json
import logging
import math
import operator
import posixpath
import random
import re
import shlex
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import sqlalchemy as sa
import ydb
import ydb_dbapi

MAX_SIZE = 10_000  # YDB reads the whole table for more keys: MaxRanges in its extract_predicate.h
TRIES = 15  # of each statement, with waits of up to 1 s, 2 s, 4 s … 60 s between them, from 4.5 to 9 minutes in all
RETRIED = (
    *(ydb.issues.Aborted, ydb.issues.Overloaded, ydb.issues.Unavailable, ydb.issues.Undetermined),
    *(ydb.issues.BadSession, ydb.issues.SessionExpired, ydb.issues.SessionBusy, ydb.issues.SessionPoolEmpty),
    *(ydb.issues.ConnectionError, ydb.issues.Cancelled),  # the driver's words for a connection that broke
)
EXACT = decimal.Context(prec=70)  # the driver divides a Decimal: with Python's 28 digits, by which it would be rounded
TOKEN = re.compile(  # the literals of YQL's SQLv1Antlr4.g.in with their suffixes: `1uOR` is one, and OR
    r"""
      (?P<comment> --[^\r\n]* | /\*.*?\*/ )
    | (?P<literal> (?: '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" | (?:@@.*?@@)+@? ) (?: [suyj] | p[tbv]? )?
                 | (?: \d+\.\d*(?:e[-+]?\d+)? | \d+e[-+]?\d+ ) (?: f | p(?:f[48]|n)? )?
                 | (?: 0x[\da-f]+ | 0o[0-8]+ | 0b[01]+ | \d+ ) [pu]?[lstibn]? )
    | (?P<quoted>  `(?:[^`\\]|\\.)*` )
    | \{rows\} | [^\W\d]\w*(?:\.[^\W\d]\w*)* | \S
    """,
    re.DOTALL | re.VERBOSE | re.IGNORECASE,
)
ROWS, QUERY = "{rows}", "{query}"
LISTED = 10  # keys of rows at fault in a message

log = logging.getLogger("alembic.batches")
T = TypeVar("T")
Key = tuple[Any, ...]


class BatchesError(Exception):
    """A job, an option or a table that makes no sense, in one sentence."""


@dataclass(frozen=True)
class Job:
    """What to write.

    `write` is one statement whose condition begins with `{rows}`, or that selects FROM a query in brackets whose
    condition does; AND may follow. It must do no harm when it runs twice.
    `due` is the condition of the rows to write to, `fault` that of rows which `write` cannot set right.
    """

    table: str
    write: str
    due: str = "true"
    fault: str = "false"

    def __post_init__(self) -> None:
        tokens = [found for found in TOKEN.finditer(self.write) if found.lastgroup != "comment"]
        words = [found.lastgroup or found[0] for found in tokens]
        if ROWS not in words:
            raise BatchesError("the statement of this job has no {rows}: each batch would write to the whole table")
        if ";" in words[:-1]:
            raise BatchesError("this job has several statements: write it as one, without DECLARE, PRAGMA and $name =")
        if _narrowed(words) != QUERY or "--!ansi_lexer" in self.write:  # which reads quotes in another way
            raise BatchesError(
                "it is not clear that this statement writes to the rows of its batch alone: begin its condition with "
                "{rows}, or that of the query in brackets that it selects FROM, as in WHERE {rows} AND (a OR b)"
            )


def _narrowed(words: Sequence[str]) -> str:
    """What kind of words a statement is, where that of each pair of brackets stands for what is in them."""
    levels: list[list[str]] = [[]]
    for word in words:
        if word == "(":
            levels.append([])
        elif word == ")" and len(levels) > 1:
            kind = _kind(levels.pop())
            levels[-1].append(kind)
        else:
            levels[-1].append(word if word == ROWS else word.upper())
    return _kind(levels[0]) if len(levels) == 1 else ""


def _kind(words: Sequence[str]) -> str:
    """ROWS for a condition that begins with it, QUERY for what takes no other rows than such, nothing for the rest."""
    if {"UNION", "EXCEPT", "INTERSECT", "EVALUATE"} & set(words):
        return ""
    for place, word in enumerate(words):
        before, after = words[:place], words[place + 1 :]
        if word == QUERY and before[-1:] == ["FROM"] and before[-2:-1] != ["DISTINCT"]:
            return "" if {"RIGHT", "FULL", "EXCLUSION"} & set(after) else QUERY
        if word == QUERY and before[-1:] == ["IN"] and before[-3:-2] == ["WHERE"]:
            word, before = ROWS, before[:-2]
        is_whole = not after or after[0] in (";", "GROUP", "ORDER", "LIMIT", "RETURNING")
        if word == ROWS and (is_whole or (after[0] == "AND" and "OR" not in after)):
            if not before:
                return ROWS
            if before[-1] == "WHERE":
                return QUERY
    return ""


@dataclass(frozen=True)
class Options:
    """How to run. `after` is a key as a run prints it; with `check`, nothing is written. Raises BatchesError."""

    size: int = 1000
    after: str | None = None
    pause: float = 0
    batches: int | None = None
    check: bool = False

    def __post_init__(self) -> None:
        for name, value, kinds in (
            ("size", self.size, int),
            ("batches", self.batches, int | None),
            ("pause", self.pause, int | float),
        ):
            if not isinstance(value, kinds):
                raise BatchesError(f"--{name} is a number, and one of rows or batches is whole, not {value!r}")
        if not 1 <= self.size <= MAX_SIZE:
            raise BatchesError(f"--size is a number of rows from 1 to {MAX_SIZE}, not {self.size}")
        if not 0 <= self.pause < math.inf:
            raise BatchesError(f"--pause is a number of seconds from 0 on, not {self.pause}")
        if self.batches is not None and self.batches < 1:
            raise BatchesError(f"--batches is a number of batches from 1 on, not {self.batches}")


@dataclass
class Progress:
    """What a run has done. `after` is where it is, `faulty` the keys of the first rows at fault, both as printed."""

    read: int = 0
    due: int = 0
    faults: int = 0
    faulty: list[str] = field(default_factory=list)
    after: str | None = None
    is_stopped: bool = False


def run(engine: sa.Engine, job: Job, options: Options, tell: Callable[[str], object] = print) -> Progress:
    """Read the keys of `size` rows, write to those that are due, tell how far it is, and go on behind them.

    A row that is inserted behind that place meanwhile is met, one before it is not: let the application write new rows
    as they should be first. Raises BatchesError for a table or a key that does not fit, and the errors of ydb_dbapi
    where YDB refuses a statement, or does not answer it within TRIES.
    """
    progress = Progress(after=options.after)
    once = ydb.RetrySettings(max_retries=0)  # the driver repeats an ABORTED statement at once, ten times
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT", ydb_retry_settings=once) as connection:
        table = Table(connection, job)
        after = None if options.after is None else table.decode(options.after)
        total = table.about() if after is None else 0  # how many rows are before a given key is not known
        batches, told = 0, -1
        while rows := table.page(after, options.size):
            if batches == options.batches:
                progress.is_stopped = True
                break
            due = [key for key, is_due, _ in rows if is_due]
            if due and not options.check:
                table.write(due)
            faulty = [table.encode(key) for key, _, is_fault in rows if is_fault]
            after, batches = rows[-1][0], batches + 1
            progress.read += len(rows)
            progress.due += len(due)
            progress.faults += len(faulty)
            progress.faulty += faulty[: LISTED - len(progress.faulty)]
            progress.after = table.encode(after)
            share = min(100 * progress.read // total, 100) if total else 0
            if due or share != told or not total:
                text = f"{len(due)} of {len(rows)} rows {'due' if options.check else 'processed'}"
                tell(f"{text}{f', {share} % done' if total else ''}: --after {shlex.quote(progress.after)}")
                told = share
            time.sleep(options.pause)
    return progress


class Table:
    """The table of a job, and the statements that read it and write to it."""

    def __init__(self, connection: sa.Connection, job: Job):
        self.connection: Any = connection.connection.dbapi_connection
        self.job = job
        try:
            description = _patiently(lambda: self.connection.describe(job.table))
        except ydb_dbapi.ProgrammingError as error:
            raise BatchesError(f"the table {job.table} cannot be described: {error}") from error
        if not description.primary_key:  # YDB describes whatever has this name, such as a view
            raise BatchesError(f"{job.table} is no table: it has no key")
        types = {column.name: column.type for column in description.columns}
        self.types = {name: getattr(types[name], "item", types[name]) for name in description.primary_key}
        self.key = list(self.types)

    def about(self) -> int:
        """About how many rows the table has, by statistics that YDB keeps with a delay. 0 where it does not tell."""
        path = posixpath.join(self.connection.database, self.connection.table_path_prefix, self.job.table)
        partitions = "SELECT MAX(RowCount) AS number FROM `.sys/partition_stats` WHERE Path = $path GROUP BY PartIdx"
        try:
            path_value = ydb.TypedValue(path, ydb.PrimitiveType.Utf8)
            return self._execute(f"SELECT SUM(number) FROM ({partitions})", {"$path": path_value})[0][0] or 0
        except ydb_dbapi.Error as error:
            log.info("Which share is done is not known: %s", error)
            return 0

    def page(self, after: Key | None, size: int) -> list[tuple[Key, bool, bool]]:
        """The next rows in the order of the key: their keys, whether they are due, and whether at fault.

        Behind (a, b) there are first the rows of a with a larger b, then those with a larger a. Each is a query of its
        own, so that each is one range of the key, also where a value of it is NULL.
        """
        if after is None:
            return self._read([], {}, size)
        rows: list[tuple[Key, bool, bool]] = []
        for last in reversed(range(len(self.key))):
            if len(rows) < size:
                conditions, parameters = [], {}
                for place, (name, value) in enumerate(zip(self.key[: last + 1], after, strict=False)):
                    if value is None:  # which comes first
                        conditions.append(f"`{name}` IS {'NOT NULL' if place == last else 'NULL'}")
                    else:
                        conditions.append(f"`{name}` {'>' if place == last else '='} $key{place}")
                        parameters[f"$key{place}"] = ydb.TypedValue(value, self.types[name])
                rows += self._read(conditions, parameters, size - len(rows))
        return rows

    def _read(self, conditions: list[str], parameters: dict[str, Any], size: int) -> list[tuple[Key, bool, bool]]:
        key = ", ".join(f"`{name}`" for name in self.key)
        other = max(self.key, key=len)  # what is longer is no column of the key
        due, fault = f"`{other}_is_due`", f"`{other}_is_fault`"
        flags = f"COALESCE({self.job.due}, false) AS {due}, COALESCE({self.job.fault}, false) AS {fault}"
        where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
        text = f"SELECT {key}, {flags} FROM `{self.job.table}` {where}ORDER BY {key} LIMIT $size"
        number = ydb.TypedValue(size, ydb.PrimitiveType.Uint64)
        try:
            rows = self._execute(text, {**parameters, "$size": number})
        except ydb_dbapi.Error as error:
            if isinstance(error.__cause__, OverflowError):  # Date32 and its like go to the year 148107, Python to 9999
                what = f"{self.job.table} has a key before the year 1 or after 9999: write to it by hand"
                raise BatchesError(what) from error
            raise
        if any(isinstance(value, decimal.Decimal) and value.is_nan() for row in rows for value in row):
            raise BatchesError(f"{self.job.table} has a key with NaN, which is equal to nothing: write to it by hand")
        return [(row[:-2], row[-2], row[-1]) for row in rows]

    def write(self, keys: Sequence[Key]) -> None:
        """Write to the rows with these keys, if they are still due. Those with NULL, which is IN no list, apart."""
        for nulls in sorted({tuple(value is None for value in key) for key in keys}):
            conditions = [f"`{name}` IS NULL" for name, is_null in zip(self.key, nulls, strict=True) if is_null]
            given = [place for place, is_null in enumerate(nulls) if not is_null]
            rows = [[key[place] for place in given] for key in keys if tuple(value is None for value in key) == nulls]
            parameters = {}
            if given:
                types = [self.types[self.key[place]] for place in given]
                columns = ", ".join(f"`{self.key[place]}`" for place in given)
                if len(given) == 1:
                    kind, values = types[0], [value for [value] in rows]
                else:
                    kind, values, columns = ydb.TupleType(), [tuple(row) for row in rows], f"({columns})"
                    for each in types:
                        kind = kind.add_element(each)
                conditions.append(f"{columns} IN $rows")
                parameters["$rows"] = ydb.TypedValue(values, ydb.ListType(kind))
            condition = f"({' AND '.join([*conditions, f'({self.job.due})'])})"
            self._execute(self.job.write.replace("{rows}", condition), parameters)

    def _execute(self, text: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
        def send() -> list[tuple[Any, ...]]:
            cursor = self.connection.cursor()
            with decimal.localcontext(EXACT):
                cursor.execute(text, parameters)
                return list(cursor.fetchall())

        return _patiently(send)

    def encode(self, key: Key) -> str:
        """A key as it is printed: JSON, one value or a list."""
        values = [_plain(value) for value in key]
        return json.dumps(values if len(values) > 1 else values[0])

    def decode(self, text: str) -> Key:
        """The key that was printed as this text. Raises BatchesError."""
        try:
            found = json.loads(text)
            values = found if len(self.key) > 1 else [found]
            return tuple(_parsed(value, self.types[name]) for value, name in zip(values, self.key, strict=True))
        except (ValueError, TypeError, ArithmeticError, AttributeError):
            columns = ", ".join(f"{name} {_name(type)}" for name, type in self.types.items())
            message = f"--after is a key of {self.job.table} ({columns}) as a run prints it, not {text}"
            raise BatchesError(message) from None


def _patiently(send: Callable[[], T]) -> T:
    """What comes back, when YDB gives it at last. Raises the error that is no use to wait for, or the last one."""
    for attempt in range(TRIES - 1):
        try:
            return send()
        except ydb_dbapi.Error as error:
            if not isinstance(getattr(error, "original_error", None), RETRIED):
                raise
            seconds = min(2**attempt, 60) * random.uniform(0.5, 1)
            log.warning("Tried again in %.0f s: %s", seconds, error)
            time.sleep(seconds)
    return send()


def _name(type: Any) -> str:
    return type.name if isinstance(type, ydb.PrimitiveType) else "Decimal"


def _plain(value: Any) -> Any:
    """A value of a key as JSON has it."""
    match value:
        case bytes():
            return value.hex()
        case datetime.timedelta():
            return value // datetime.timedelta(microseconds=1)
        case datetime.date():
            return value.isoformat()
        case uuid.UUID() | decimal.Decimal():
            return str(value)
    return value


FROM_JSON: dict[str, Callable[[Any], Any]] = {
    **{"Utf8": str, "DyNumber": str, "Bool": bool, "String": bytes.fromhex, "UUID": uuid.UUID},
    **dict.fromkeys(("Date", "Date32"), datetime.date.fromisoformat),
    **dict.fromkeys(("Datetime", "Datetime64", "Timestamp", "Timestamp64"), datetime.datetime.fromisoformat),
    **dict.fromkeys(("Interval", "Interval64"), lambda value: datetime.timedelta(microseconds=value)),
    "Decimal": decimal.Decimal,
}


def _parsed(value: Any, type_: Any) -> Any:
    """The value of a key that `_plain` wrote. Raises ValueError, TypeError and others."""
    name = _name(type_)
    if value is None:
        return None
    parsed = FROM_JSON.get(name, operator.index)(value)
    if type(_plain(parsed)) is not type(value):
        raise ValueError(f"{value} is no {name}")
    if name not in FROM_JSON:
        bits = int(name.lower().lstrip("uint"))
        smallest = 0 if name.startswith("U") else -(2 ** (bits - 1))
        if not smallest <= parsed < smallest + 2**bits:
            raise ValueError(f"{value} is no {name}")
    return parsed


def parsed(url: str) -> sa.URL:
    """The address, for the engine. Raises BatchesError where it is none, without its text: it may have a password."""
    try:
        address = sa.make_url(url)
    except ValueError:
        raise BatchesError("the port in the address of YDB is no number") from None
    return address.set(drivername=address.drivername.removesuffix("_async"))  # as the application may have it


def main(job: Job, url: str, arguments: Sequence[str] | None = None, **engine_options: Any) -> None:
    """Run a job as a program. It ends with 1 where rows are at fault or, with --check, due, and where it fails.

    In: its arguments, and options for `create_engine`, such as `connect_args` with credentials.
    """
    parser = argparse.ArgumentParser(usage=argparse.SUPPRESS, allow_abbrev=False)
    parser.add_argument("--size", type=int, default=1000, metavar="ROWS", help=f"rows of a batch, to {MAX_SIZE}")
    parser.add_argument("--after", metavar="KEY", help="go on behind this key, as a run printed it")
    parser.add_argument("--pause", type=float, default=0, metavar="SECONDS", help="wait after each batch")
    parser.add_argument("--batches", type=int, metavar="NUMBER", help="stop after so many")
    parser.add_argument("--check", action="store_true", help="write nothing, count what is due")
    chosen = parser.parse_args(arguments)
    try:
        options = Options(**vars(chosen))
        engine = sa.create_engine(parsed(url), poolclass=sa.NullPool, **engine_options)
        done = run(engine, job, options, lambda text: print(text, flush=True))
    except (BatchesError, ydb_dbapi.Error, sa.exc.SQLAlchemyError, ValueError) as error:
        raise SystemExit(f"{parser.prog}: {getattr(error, 'orig', None) or error}") from error
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    verb = "due" if options.check else "processed"
    print(f"{'stopped' if done.is_stopped else 'done'}: {done.due} of {done.read} rows {verb}", flush=True)
    if done.faults:
        more = f" and {done.faults - LISTED} more" if done.faults > LISTED else ""
        raise SystemExit(f"rows at fault, which this job cannot set right: {', '.join(done.faulty)}{more}")
    if options.check and done.due:
        raise SystemExit(1)
