"""Follow the pages of a site: `pytest docs/page.md`, each block an item of its own, in the order of the page.

Pages are the Markdown files in the `docs_dir` of the mkdocs.yml in pytest's root folder. The items of a way through a
page share what it is walked with: a folder, a terminal, a database. One that relies on another one which failed is not
run, and says so; that is no failure.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ydb_emulator.pytest_plugin import SERVER

from . import packages, warm
from .environment import environment
from .errors import NotRun, ReaderError, UnreadableError
from .shell import heed_interrupts

if TYPE_CHECKING:  # what reads and walks pages takes a second to import, for which each start of pytest would wait
    from .engine import Engine
    from .page import Site
    from .walk import Walk
    from .way import Way

UPDATED = pytest.StashKey[set[Path]]()
WHOLE = "page"
NOT_RUN = "not run: "


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("pages")
    help = "a new process for each command, and what pages install from the package index"
    group.addoption("--real-processes", action="store_true", help=help)
    group.addoption("--update", action="store_true", help="rewrite captured outputs instead of comparing them")


@pytest.hookimpl(tryfirst=True)  # the server of warm processes imports what it needs while others import theirs
def pytest_configure(config: pytest.Config) -> None:
    """Refuse what cannot go together, before any test. Raises UsageError."""
    heed_interrupts()
    config.stash[UPDATED] = set()
    if config.getoption("--update") and config.getoption("numprocesses", None):
        raise pytest.UsageError("--update: files are rewritten one page after the other: leave out --numprocesses (-n)")
    warm.allowed = not config.getoption("--real-processes")
    packages.from_index = config.getoption("--real-processes") or config.getoption("--update")
    pages = [file for file in config.getoption("file_or_dir") if file.partition("::")[0].endswith(".md")]
    if pages and not config.getoption("collectonly"):
        warm.wanted.set()
    environment(Path.home(), Path(sys.prefix), warm=True)  # one server of warm processes, for all workers


@pytest.hookimpl(optionalhook=True, trylast=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """The items of a way go to one worker, in their order. A scheduler of the suite's own comes before this one."""
    from xdist.scheduler import LoadScopeScheduling

    return LoadScopeScheduling(config, log) if config.getoption("dist") == "load" else None


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> PageFile | None:
    config = file_path.suffix == ".md" and parent.config.rootpath / "mkdocs.yml"
    if not config or not config.is_file():
        return None
    from .page import known_site

    site = known_site(config)
    return PageFile.from_parent(parent, path=file_path, site=site) if site.docs in file_path.parents else None


class PageFile(pytest.File):
    """A page: its steps or, if it has tabs, the ways through them."""

    def __init__(self, *, site: Site, **more: Any):
        super().__init__(**more)
        self.site = site
        self.following: Following | None = None

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        from .page import known_page, read_page
        from .way import ways

        try:
            found = ways(self.site, self.path, read_page if self.config.getoption("--update") else known_page)
        except ReaderError as error:
            yield PageItem.from_parent(self, name=WHOLE, error=error)
            return
        if not found[0].page.blocks:
            yield PageItem.from_parent(self, name=WHOLE, error=None)
        elif len(found) == 1:
            self.following = Following(self.config, found[0])
            yield from self.following.items(self)
        else:
            for way in found:
                yield TabsCollector.from_parent(self, name=way.tabs, way=way)

    def teardown(self) -> None:
        if self.following:
            self.following.close()


class TabsCollector(pytest.Collector):
    """A way through the tabs of a page."""

    def __init__(self, *, way: Way, **more: Any):
        super().__init__(**more)
        self.following = Following(self.config, way)

    def collect(self) -> Iterator[pytest.Item]:
        return self.following.items(self)

    def teardown(self) -> None:
        self.following.close()


class PageItem(pytest.Item):
    """A page that can't be followed, or has nothing to follow."""

    def __init__(self, *, error: ReaderError | None, **more: Any):
        super().__init__(**more)
        self.error = error

    def runtest(self) -> None:
        if self.error:
            raise self.error

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return str(excinfo.value) if isinstance(excinfo.value, ReaderError) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"{self.nodeid.partition('::')[0]}, {self.name}"


class StepItem(PageItem):
    """A step of a way."""

    def __init__(self, *, following: Following, number: int, **more: Any):
        super().__init__(error=None, **more)
        self.following, self.number = following, number

    @property
    def is_last(self) -> bool:
        return self.number == len(self.following.way.steps) - 1

    def runtest(self) -> None:
        try:
            self.following.reach(self.number)
        except NotRun as error:
            pytest.skip(str(error))


class Following:
    """A walk with what it takes: it begins with its first item, and ends with `close`."""

    def __init__(self, config: pytest.Config, way: Way):
        self.config, self.way = config, way
        self.walk: Walk | None = None
        self.has_begun = False
        self.told: set[int] = set()
        self._stack = ExitStack()

    def items(self, parent: pytest.Collector) -> Iterator[StepItem]:
        for number, step in enumerate(self.way.steps):
            yield StepItem.from_parent(parent, name=step.name, following=self, number=number)

    def reach(self, number: int) -> None:
        """Do a step. Raises ReaderError if it is wrong, NotRun if it relies on one that was told to be wrong."""
        walk = self.walk or self._begin()
        try:
            walk.reach(number)
        except NotRun as error:
            if error.cause in self.told:
                raise
            self.told.add(error.cause)  # the step which is to blame is no item of this run
            raise walk.outcomes[error.cause] or error from None
        except BaseException:
            self.told.add(number)
            raise
        finally:
            if walk.reader:
                self.config.stash[UPDATED].update(walk.reader.updated)

    def close(self) -> None:
        try:
            self._stack.close()
        except ReaderError as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None

    def _begin(self) -> Walk:
        """Raises ReaderError if it can't, the first time, and NotRun from then on."""
        from .walk import Walk
        from .way import START, ways

        if self.has_begun:
            raise NotRun(0, START)
        self.has_begun = True
        update = self.config.getoption("--update")
        if update:  # other pages may have rewritten what this one includes
            self.way = next(way for way in ways(self.way.site, self.way.page.path) if way.choice == self.way.choice)
        engine = self._stack.enter_context(empty_database(self.config))
        folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="walk-", ignore_cleanup_errors=True))
        self.walk = self._stack.enter_context(Walk(self.way, engine, Path(folder), update=update))
        return self.walk


@contextmanager
def empty_database(config: pytest.Config) -> Iterator[Engine]:
    """An empty database of the YDB that this run is on. Raises ReaderError if there is none."""
    from .engine import embedded, scratch_directory

    server = config.stash[SERVER]
    with embedded() if server is None else scratch_directory(server) as engine:
        yield engine


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that asks for a page which cannot be read is not run: the page's own item tells what is wrong."""
    report = yield
    error = call.excinfo and call.excinfo.value
    if isinstance(error, UnreadableError) and not isinstance(item, PageItem):
        if any(isinstance(each, PageItem) and each.error for each in item.session.items):
            report.outcome = "skipped"
            report.longrepr = (str(item.path), 0, f"Skipped: {NOT_RUN}{error.page} cannot be read")
        else:
            report.longrepr = str(error)
    return report


@pytest.fixture
def updated(pytestconfig: pytest.Config) -> set[Path]:
    """The files that this run rewrites, for the summary at its end."""
    return pytestconfig.stash[UPDATED]


def pytest_report_teststatus(report: pytest.CollectReport | pytest.TestReport) -> tuple[str, str, str] | None:
    if report.skipped and isinstance(report.longrepr, tuple) and f": {NOT_RUN}" in report.longrepr[2]:
        return "not run", "n", "NOT RUN"
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if paths := config.stash[UPDATED]:
        terminalreporter.section("rewritten: review the difference")
        for path in sorted(paths):
            terminalreporter.line(str(path))
