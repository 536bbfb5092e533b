"""Whether anything notices the mutant of a page: the tests that cover the page are run, in a copy of the repository.

This runs in a process of its own: see `trials`. The copy has its own guide, tests, pages and snippets.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

BUILT = "built"  # the fixture
DATABASE = "ydb"  # the fixture
PROJECT = "project"  # what tests that run Alembic on an emulator of their own import


@dataclass(frozen=True)
class Task:
    """What to check.

    pages: those to walk, by name, in order. shown: those that show what is changed, whose tests run. build: whether to
    build the site, for a page's own text. limit: seconds for a test.
    """

    tree: Path
    pages: tuple[str, ...]
    shown: frozenset[str]
    build: bool
    limit: float


def run(task: Task) -> str:
    """Run the tests. Out: which one noticed something, or "". Raises RuntimeError if there is no telling."""
    for name in [name for name in sys.modules if name.partition(".")[0] in ("guide", "tests")]:
        del sys.modules[name]  # the tree has its own
    sys.path.insert(0, str(task.tree))
    os.chdir(task.tree)
    selection = Selection(task)
    options = ["-x", "-q", f"--basetemp={task.tree}.tmp", "--timeout", str(task.limit)]
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # of packages that are imported already
    files = [*sorted(Path("tests").glob("test_*.py")), *filter(Path.is_file, map(_test_of, sorted(task.shown)))]
    code = pytest.main([*options, *filter(os.path.isfile, task.pages), *map(str, files)], plugins=[selection])
    if not selection.noticed and code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise RuntimeError(f"pytest ended with {code}")
    return selection.noticed


def _test_of(page: str) -> Path:
    """The tests of a page have its name, and its place in their tree."""
    path = Path(page).relative_to("docs")
    return Path("tests") / path.parent / f"test_{path.stem.replace('-', '_')}.py"


class Selection:
    """A plugin of pytest: the walks of the task, then tests without a database; remembers the first failure."""

    def __init__(self, task: Task) -> None:
        self.task, self.noticed = task, ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        blocks = [item for item in items if not isinstance(item, pytest.Function)]
        tests = [item for item in items if isinstance(item, pytest.Function)]
        files = [self.task.tree / page for page in self.task.pages]
        walks = [item for file in files for item in blocks if item.path == file]
        cheap = [item for item in tests if not self._is_dear(item) and not self._is_of_another_page(item)]
        own_files = {self.task.tree / _test_of(page) for page in self.task.shown}
        own_files |= {self.task.tree / "tests" / file.name for file in own_files}  # of a page that has no folder there
        own = [item for item in tests if item.path in own_files]
        builds = [item for item in tests if BUILT in item.fixturenames] if self.task.build else []
        items[:] = dict.fromkeys([*walks, *cheap, *own, *builds])

    def _is_dear(self, item: pytest.Function) -> bool:
        """Whether it needs a database, as what the reference is generated from does too, or the built site."""
        return (
            {DATABASE, BUILT} & {*item.fixturenames} != set()
            or item.path.parent != self.task.tree / "tests"
            or hasattr(item.module, PROJECT)
            or (item.path.stem == "test_generated" and "snippets/reference/" in item.name)
        )

    def _is_of_another_page(self, item: pytest.Function) -> bool:
        """Whether it is run for each page, and this time for one that does not show what is changed."""
        given = item.callspec.params.values() if hasattr(item, "callspec") else ()
        docs = self.task.tree / "docs"
        paths = [
            value for value in given if isinstance(value, Path) and value.suffix == ".md" and docs in value.parents
        ]
        of = {path.relative_to(self.task.tree).as_posix() for path in paths}
        return bool(of) and of.isdisjoint(self.task.shown)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._note(report)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._note(report)

    def _note(self, report: pytest.CollectReport | pytest.TestReport) -> None:
        if report.failed and not self.noticed:
            self.noticed = "timeout" if "from pytest-timeout" in report.longreprtext else report.nodeid
