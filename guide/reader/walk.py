"""Walking a page as a reader does: step by step, in one folder, with one terminal and one database."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

import ydb

from . import operation, packages, yql
from .address import Address
from .database import dump_directory
from .engine import Engine, connect
from .environment import environment, new_environment
from .errors import Differs, NotRun, ReaderError
from .page import Site
from .shell import Shell, ShellError
from .steps import Reader
from .way import Choice, Step, Way, ways


class Walk:
    """A way that is being walked. Use it as a context manager.

    In: the way, an engine with an empty database, an empty folder to work in; whether to rewrite captured output
    instead of comparing it; what tells the state of the database, if not the engine itself; what is told of commands
    and output. `outcomes` are those of the steps so far: what was raised, or None.
    """

    def __init__(
        self,
        way: Way,
        engine: Engine,
        scratch: Path,
        *,
        update: bool = False,
        dump: Callable[[], str] | None = None,
        report: Callable[[str], None] = lambda _: None,
    ):
        self.way, self.engine = way, engine
        self.outcomes: list[BaseException | None] = []
        self.reader: Reader | None = None
        self._stack = ExitStack()
        self._begin = partial(_reading, way, engine, scratch, update, dump, report)

    def __enter__(self) -> "Walk":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def failures(self) -> list[str]:
        """What is wrong, so far."""
        return [str(each) for each in self.outcomes if isinstance(each, ReaderError)]

    def reach(self, number: int) -> None:
        """Do a step, counted from 0, after all that come before it and are not done yet.

        Raises ReaderError if what it shows is wrong, NotRun if one that it relies on has failed.
        """
        while len(self.outcomes) <= number:
            try:
                self._do(self.way.steps[len(self.outcomes)])
                self.outcomes.append(None)
            except (ReaderError, NotRun) as outcome:
                self.outcomes.append(outcome)
            except BaseException as outcome:  # a time limit: what comes after it cannot rely on this step
                self.outcomes.append(outcome)
                raise
        if failed := self.outcomes[number]:
            raise failed

    def _do(self, step: Step) -> None:
        self._check(step)
        try:
            if self.reader is None:
                self.reader = self._stack.enter_context(self._begin())
            step.act(self.reader)
            if step is self.way.steps[-1]:
                self._stop_servers(self.reader)
        except ReaderError as error:
            if doubtful := self._differing(step):
                raise type(error)(f"{error}\nIt may come of {doubtful}, which shows something else already.") from error
            raise

    def _stop_servers(self, reader: Reader) -> None:
        try:
            reader.servers.close()
        except ShellError as error:
            raise ReaderError(f"{self.way.page.name}: a server that it started: {error}") from error

    def _check(self, step: Step) -> None:
        """Raises NotRun if a step that this one relies on has failed, and left nothing to rely on."""
        for number in sorted(step.needs):
            outcome = self.outcomes[number]
            if isinstance(outcome, NotRun):
                raise NotRun(outcome.cause, outcome.name)
            if outcome and not isinstance(outcome, Differs):
                raise NotRun(number, self.way.steps[number].name)

    def _differing(self, step: Step) -> str | None:
        """The first of those that this step relies on which shows something else than what happened."""
        found = [number for number in sorted(step.needs) if isinstance(self.outcomes[number], Differs)]
        return self.way.steps[found[0]].name if found else None


def walk(
    site: Site,
    path: Path,
    engine: Engine,
    scratch: Path,
    *,
    choice: Choice | None = None,
    update: bool = False,
    dump: Callable[[], str] | None = None,
    report: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Walk one way through a page to its end.

    In: the site, the page's file, one of the page's `choices` of tabs (the first, if not given); the rest as for Walk.
    At its end, `report` is told what the database holds. Out: the files that were rewritten.
    Raises ReaderError, with all that is wrong.
    """
    found = ways(site, path)
    way = found[0] if choice is None else next((each for each in found if each.choice == choice), None)
    if way is None:
        raise ReaderError(f"{found[0].page.name}: it has other tabs than those that were chosen")
    with Walk(way, engine, scratch, update=update, dump=dump, report=report) as walking:
        for number in range(len(way.steps)):
            with suppress(ReaderError, NotRun):
                walking.reach(number)
        if walking.failures:
            raise ReaderError("\n\n".join(walking.failures))
        if walking.reader is None:
            raise ReaderError(f"{way.page.name}: no block to follow")
        report(walking.reader.state)
        return walking.reader.updated


@contextmanager
def _reading(
    way: Way,
    engine: Engine,
    scratch: Path,
    update: bool,
    dump: Callable[[], str] | None,
    report: Callable[[str], None],
) -> Iterator[Reader]:
    """Set up the reader's folder, environment, terminal and database."""
    clean = "environment" in way.page.meta
    folder, home = scratch / "project", scratch / "home"
    folder.mkdir()
    home.mkdir()
    prefix = new_environment(scratch / "environment") if clean else Path(sys.prefix)
    variables = environment(home, prefix, warm=not clean) | (packages.variables() if clean else {})
    address = Address(engine, folder, prefix)
    with ExitStack() as stack:
        ask, operations = _no_database, None
        if dump is None:
            driver = stack.enter_context(connect(engine))
            pool = stack.enter_context(ydb.QuerySessionPool(driver))
            dump = partial(dump_directory, driver, pool, engine)
            ask = partial(yql.run, pool, directory=engine.directory if engine.directory != engine.database else None)
            # A pool of its own: the driver of SQLAlchemy sets how values are read.
            operations = operation.Runner(address, driver, stack.enter_context(ydb.QuerySessionPool(driver)))
        shell = stack.enter_context(Shell(folder, variables))
        servers = stack.enter_context(ExitStack())
        yield Reader(way.site, address, folder, variables, shell, ask, dump, operations, servers, report, update)


def _no_database(_: str) -> list[str]:
    raise ReaderError("this walk has no YDB to ask")
