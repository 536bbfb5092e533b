"""Runs conformance cases (`cases.py`) through the ydb SDK, on either engine.

A case starts from an empty database. Each statement of its set-up is one request, and so is the statement that it is
about. Marks in comments say how a statement is run: `/*@tx*/` in an interactive transaction of its own session
(`/*@commit*/`, `/*@rollback*/` end it), `/*@snapshot_ro*/` and `/*@stale_ro*/` in a read-only one, `/*@other-session*/`
in a second session, `/*@during: X*/` while the scheme statement X is still running, `/*@as: user*/` by a user who logs
in without a password, `/*@data-query*/` as a data query of the table service. `/*@mkdir: path*/` and
`/*@rmdir: path*/` are requests to the scheme service, which makes and removes directories, and so is
`/*@list: path*/`, whose rows are the names and kinds of what is in one. `/*@builds*/` lists the builds of indexes,
`/*@cancel*/` and `/*@forget*/` do so to the newest build or, as `/*@cancel: id*/`, to one; `/*@cancel-during: X*/` and
`/*@forget-during: X*/` while X builds, and `/*@cancelled*/` is for a statement whose build is cancelled. Between a
transaction's marks everything goes in order; a statement without a mark runs by itself.

Cases are written for the database `/local`. In a directory of another database that path is replaced, in statements
and in messages alike, and relative names are led there by a PRAGMA.
"""

from __future__ import annotations

import datetime
import decimal
import json
import re
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import ydb

from . import operations
from .cases import OK, REFUSED, Case

ROOT = "/local"
MARK = re.compile(r"/\*@([a-z_-]+)(?:: (.*?))?\*/\s*", re.DOTALL)


@dataclass(frozen=True)
class Answer:
    """What YDB answered: OK or a status, the texts of its issues, the rows of the last result set."""

    status: str
    text: str = ""
    rows: list[list[object]] | None = None


def difference(case: Case, answer: Answer, directory: str = ROOT) -> str | None:
    """What an answer has other than the case says, or None where it holds."""
    if answer.status != case.expected and (case.expected != REFUSED or answer.status == OK):
        return f"{answer.status} instead of {case.expected}: {answer.text or answer.rows}"
    expected = moved(case.text, directory)
    if not expected:
        return None
    if case.expected != OK:
        return None if _tells(answer.text, expected) else f"{expected!r} is not in {answer.text!r}"
    return None if answer.rows == json.loads(expected, strict=False) else f"{answer.rows} instead of {expected}"


def _tells(text: str, part: str) -> bool:
    """Whether a part is in a text, with no letter, digit or underscore right before it or after it."""
    return re.search(rf"(?<!\w){re.escape(part)}(?!\w)", text) is not None


def moved(text: str, directory: str) -> str:
    """A text of a case as it reads in another directory than `/local`."""
    return re.sub(rf"{ROOT}(?![\w.-])", lambda _: directory, text)


def client(endpoint: str, database: str) -> ydb.Driver:
    """A driver whose results hold JSON as text. The caller stops it."""
    settings = ydb.QueryClientSettings().with_native_json_in_result_sets(False)
    config = ydb.DriverConfig(f"grpc://{endpoint}", database, query_client_settings=settings)
    driver = ydb.Driver(config)
    driver.wait(timeout=60, fail_fast=True)
    return driver


def _never() -> AbstractContextManager[threading.Event]:
    """No scheme operation is slow."""
    return nullcontext(threading.Event())


class Runner:
    """Runs the statements of cases, each in the transaction that its mark asks for.

    `slowly` makes the next scheme operation take as long as it is entered, for `/*@during: X*/`, and gives an event
    that is set when one is under way. `login` gives the sessions of a user, for `/*@as: user*/`. `driver` reaches
    the services for `/*@mkdir: path*/`, `/*@rmdir: path*/`, `/*@list: path*/` and `/*@data-query*/`.
    """

    def __init__(
        self,
        pool: ydb.QuerySessionPool,
        directory: str = ROOT,
        slowly: Callable[[], AbstractContextManager[threading.Event]] = _never,
        login: Callable[[str], AbstractContextManager[ydb.QuerySessionPool]] | None = None,
        driver: ydb.Driver | None = None,
    ):
        self.pool = pool
        self.directory = directory
        self.slowly = slowly
        self.login = login
        self.driver = driver
        self.session = pool.acquire()
        self.other = pool.acquire()
        self.transaction: ydb.QueryTxContext | None = None

    def close(self) -> None:
        for session in (self.session, self.other):
            self.pool.release(session)

    def run(self, case: Case) -> Answer:
        """Prepare and run a case. Raises ydb.Error where its setup is refused."""
        try:
            for statement in case.setup:
                for part in marked(statement):
                    self._execute(part, {})
            answer = Answer(OK)
            for statement in marked(case.statement):
                try:
                    answer = Answer(OK, rows=self._execute(statement, parameters(case)))
                except ydb.issues.Error as error:
                    return Answer(error.status.name, "\n".join(_texts(error.issues or ())) or str(error))
            return answer
        finally:
            self._end_transaction()

    def _execute(self, statement: str, parameters: dict[str, object]) -> list[list[object]] | None:
        mark = MARK.match(statement)
        text = self._text(MARK.sub("", statement, count=1))
        name, slow = mark.groups("") if mark else ("", "")
        match name:
            case "":
                return _rows(self.session.execute(text, parameters))
            case "other-session":
                return _rows(self.other.execute(text, parameters))
            case "tx":
                self.transaction = self.transaction or self.session.transaction(ydb.QuerySerializableReadWrite())
                return _rows(self.transaction.execute(text, parameters))
            case "snapshot_ro":
                with self.session.transaction(ydb.QuerySnapshotReadOnly()) as transaction:
                    return _rows(transaction.execute(text, parameters))
            case "stale_ro":
                with self.session.transaction(ydb.QueryStaleReadOnly()) as transaction:
                    return _rows(transaction.execute(text, parameters))
            case "commit":
                if self.transaction is None:
                    raise ValueError("/*@commit*/ of no transaction: /*@tx*/ begins one")
                self.transaction.commit()
                self.transaction = None
            case "rollback":
                self._end_transaction()
            case "as":
                if self.login is None:
                    raise ValueError("/*@as: user*/ where nobody can log in")
                with self.login(slow) as pool:
                    return _rows(pool.acquire().execute(text, parameters))
            case "mkdir" | "rmdir":
                if self.driver is None:
                    raise ValueError(f"/*@{name}: {slow}*/ where nothing makes directories")
                scheme = self.driver.scheme_client
                change = scheme.make_directory if name == "mkdir" else scheme.remove_directory
                change(moved(slow, self.directory))
            case "list":
                if self.driver is None:
                    raise ValueError(f"/*@list: {slow}*/ where nothing lists directories")
                listed = self.driver.scheme_client.list_directory(moved(slow, self.directory))
                return [[entry.name, entry.type.name] for entry in sorted(listed.children, key=lambda one: one.name)]
            case "data-query":
                if self.driver is None:
                    raise ValueError("/*@data-query*/ where there is no table service")
                with self.driver.table_client.session().create().transaction(ydb.SerializableReadWrite()) as begun:
                    begun.execute(text, commit_tx=True)
            case "during":
                return self._during(self._text(slow), lambda: _rows(self.session.execute(text, parameters)))
            case "cancel-during" | "forget-during":
                self._during(self._text(slow), lambda: self._operation(name.partition("-")[0], ""), may_fail=True)
            case "cancelled":
                self._cancelled(text)
            case "cancel" | "forget":
                self._operation(name, slow)
            case "builds":
                found = [told for _, told in operations.builds(self._driver(name))]
                return [told for told in found if str(told[0]).startswith(f"{self.directory}/")]
            case other:
                raise ValueError(f"unknown mark: {other}")
        return None

    def _driver(self, mark: str) -> ydb.Driver:
        if self.driver is None:
            raise ValueError(f"/*@{mark}*/ where no service is reached")
        return self.driver

    def _operation(self, what: str, id: str) -> None:
        operations.change(self._driver(what), what, id)

    def _cancelled(self, text: str) -> None:
        """Run a statement, cancel its build while it waits, and raise what it is refused with."""
        failed: list[ydb.issues.Error] = []
        self._during(text, lambda: self._operation("cancel", ""), may_fail=True, failed=failed)
        for error in failed:
            raise error

    def _during(
        self,
        slow: str,
        then: Callable[[], Any],
        may_fail: bool = False,
        failed: list[ydb.issues.Error] | None = None,
    ) -> Any:
        def run() -> None:
            try:
                _rows(self.other.execute(slow))
            except ydb.issues.Error as error:
                if not may_fail:
                    raise
                if failed is not None:
                    failed.append(error)
            finally:
                is_underway.set()  # or it was done at once

        try:
            with self.slowly() as is_underway:
                thread = threading.Thread(target=run)
                thread.start()
                is_underway.wait()
                return then()
        finally:
            thread.join()

    def _text(self, statement: str) -> str:
        if self.directory == ROOT:
            return statement
        return f'PRAGMA TablePathPrefix("{self.directory}"); {moved(statement, self.directory)}'

    def _end_transaction(self) -> None:
        """Roll back what a case left open; a transaction that failed is gone already."""
        transaction, self.transaction = self.transaction, None
        if transaction is not None:
            try:
                transaction.rollback()
            except ydb.issues.Error:
                pass


def marked(statement: str) -> Iterator[str]:
    """One request for a statement without marks; with marks, one for each mark."""
    if not MARK.search(statement):
        yield statement
        return
    starts = [mark.start() for mark in MARK.finditer(statement)]
    for start, end in zip(starts, [*starts[1:], len(statement)], strict=True):
        yield statement[start:end].strip().rstrip(";")


def _texts(issues: Any) -> Iterator[str]:
    for issue in issues:
        yield issue.message
        yield from _texts(issue.issues)


def _rows(results: Any) -> list[list[object]] | None:
    """The rows of the last result set, or None where there is none."""
    found: list[list[object]] | None = None
    number = None
    with results as streamed:
        for result in streamed:
            rows = [[_plain(value) for value in row.values()] for row in map(dict, result.rows)]
            if not result.columns:
                continue
            found = [*(found or []), *rows] if number == result.index else rows
            number = result.index
    return found


def _plain(value: object) -> object:
    """A value as the table writes it."""
    match value:
        case bytes():
            return value.decode(errors="backslashreplace")
        case decimal.Decimal():
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case uuid.UUID() | datetime.date():
            return str(value)
        case datetime.timedelta():
            return value // datetime.timedelta(microseconds=1)
        case list() | tuple():
            return [_plain(item) for item in value]
        case dict():
            return {str(_plain(key)): _plain(item) for key, item in value.items()}
    return value


# --- parameters ------------------------------------------------------------------------------------------------

Convert = Callable[[Any], Any]


def parameters(case: Case) -> dict[str, ydb.TypedValue]:
    """The parameters of a case, by name."""
    return {name: typed(type, value) for name, (type, value) in case.given.items()}


def typed(type: str, value: object) -> ydb.TypedValue:
    """A parameter from a type's name (`Int64`, `Optional<List<Utf8>>`, `Decimal(22,9)`) and a value as in JSON."""
    parsed, convert, rest = _parse_type(type.replace(" ", ""))
    if rest:
        raise ValueError(f"{type}: cannot read {rest!r}")
    return ydb.TypedValue(convert(value), parsed)


def _parse_type(text: str) -> tuple[object, Convert, str]:
    """The type that a text begins with, how a value of it comes out of JSON, and the rest of the text."""
    found = _begins(r"\w+", text)
    name, rest = found[0], text[found.end() :]
    if name == "Decimal":
        numbers = _begins(r"\((\d+),(\d+)\)", rest)
        return ydb.DecimalType(int(numbers[1]), int(numbers[2])), decimal.Decimal, rest[numbers.end() :]
    if name not in _COMPOSITES:
        return getattr(ydb.PrimitiveType, name.replace("Uuid", "UUID")), _CONVERT.get(name, lambda value: value), rest
    items, names = [], []
    while not rest.startswith(">"):
        rest = rest[1:]  # the bracket, or the comma
        if name == "Struct":
            field = _begins(r"'?(\w+)'?:", rest)
            names.append(field[1])
            rest = rest[field.end() :]
        *item, rest = _parse_type(rest)
        items.append(item)
    types, converts = zip(*items, strict=True)
    return *_COMPOSITES[name](types, converts, names), rest[1:]


def _begins(pattern: str, text: str) -> re.Match[str]:
    """What a text begins with. Raises ValueError if it is something else than the pattern."""
    if found := re.match(pattern, text):
        return found
    raise ValueError(f"cannot read the type {text!r}: it is to begin as {pattern}")


def _struct(types: tuple, converts: tuple, names: list[str]) -> tuple[ydb.StructType, Convert]:
    struct = ydb.StructType()
    for name, type in zip(names, types, strict=True):
        struct.add_member(name, type)
    return struct, lambda value: {name: convert(value[name]) for name, convert in zip(names, converts, strict=True)}


def _tuple(types: tuple, converts: tuple, _: list[str]) -> tuple[ydb.TupleType, Convert]:
    made = ydb.TupleType()
    for type in types:
        made.add_element(type)
    return made, lambda value: tuple(convert(part) for convert, part in zip(converts, value, strict=True))


_COMPOSITES = {
    "Optional": lambda t, c, _: (ydb.OptionalType(*t), lambda value: None if value is None else c[0](value)),
    "List": lambda t, c, _: (ydb.ListType(*t), lambda value: [c[0](item) for item in value]),
    "Dict": lambda t, c, _: (ydb.DictType(*t), lambda value: {c[0](k): c[1](v) for k, v in value.items()}),
    "Struct": _struct,
    "Tuple": _tuple,
}
_CONVERT: dict[str, Convert] = {"String": str.encode, "Yson": str.encode, "Uuid": uuid.UUID}
