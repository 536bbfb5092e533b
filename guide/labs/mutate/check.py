"""Whether anything notices a mutant: the tests that cover the mutated file are run.

Each check runs in a process of its own, forked from one that has imported what all of them need. It works in a copy of
the repository: its own tests, pages and snippets.
"""

import gc
import importlib
import os
import signal
import sys
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

# Imported here once for all checks. They are the packages that walks and tests use, none of this repository's own.
for name in ("alembic.command", "mkdocs.config", "sqlalchemy", "ydb"):
    importlib.import_module(name)
gc.collect()
gc.freeze()  # as in guide/reader/forkserver.py

BUILT = "built"  # the fixture
DATABASE = "ydb"  # the fixture


@dataclass(frozen=True)
class Task:
    """What to check.

    pages: those to walk, by name, in order. build: whether to build the site. others: whether to run what else needs a
    database, which takes minutes. limit: seconds for a walk.
    """

    tree: Path
    pages: tuple[str, ...]
    build: bool
    others: bool
    limit: float


@dataclass(frozen=True)
class Verdict:
    """noticed: by which check, None if by none. broken: why there is no verdict. seconds: how long it took."""

    noticed: str | None = None
    broken: str | None = None
    seconds: float = 0


def run(task: Task, answer: Connection) -> None:
    """Check in this process, which is one for this alone, and send the first two fields of the verdict."""
    # So that what a test has started is stopped as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with open(task.tree.with_suffix(".log"), "w") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    for name in [name for name in sys.modules if name.partition(".")[0] in ("guide", "tests")]:
        del sys.modules[name]  # the tree has its own
    sys.path.insert(0, str(task.tree))
    os.chdir(task.tree)
    answer.send(_test(task))  # no object of a class of ours, which now is another one


def _test(task: Task) -> tuple[str | None, str | None]:
    """Run the tests. Out: which one noticed something; why there is no verdict."""
    tests = task.tree / "tests"
    # The tests of a page's folder have the same place as the folder has in docs/.
    folders = [tests, *sorted({tests / Path(page).parent.relative_to("docs") for page in task.pages} - {tests})]
    files = [str(path) for folder in folders for path in sorted(folder.glob("test_*.py"))]
    selection = Selection(task)
    options = ["-x", "-q", f"--basetemp={task.tree}.tmp"]
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # of packages that are imported already
    walked = [page for page in task.pages if (task.tree / page).is_file()]
    code = pytest.main([*options, *walked, *files], plugins=[selection])
    is_good = code in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    return selection.noticed, None if is_good or selection.noticed else f"pytest ended with {code}"


@dataclass(eq=False)
class Selection:
    """A plugin of pytest: the walks of the task, then the cheap tests; remembers the first failure.

    What else needs a YDB comes last.
    """

    task: Task
    noticed: str | None = field(default=None, init=False)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        walks, builds, cheap, others = {}, [], [], []
        for item in items:
            if not isinstance(item, pytest.Function):  # a step of a page
                item.add_marker(pytest.mark.timeout(self.task.limit))
                walks.setdefault(item.path.relative_to(self.task.tree).as_posix(), []).append(item)
            elif BUILT in item.fixturenames:
                builds.append(item)
            else:
                (others if self._needs_a_database(item) else cheap).append(item)
        items[:] = [item for page in self.task.pages for item in walks.get(page, [])]
        items += cheap
        items += builds if self.task.build else []
        items += others if self.task.others else []

    def _needs_a_database(self, item: pytest.Function) -> bool:
        """Tests in folders have a YDB of their own; so has what the reference is generated from."""
        if DATABASE in item.fixturenames or item.path.parent != self.task.tree / "tests":
            return True
        return item.path.stem == "test_generated" and "snippets/reference/" in item.name

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._note(report)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._note(report)

    def _note(self, report: pytest.CollectReport | pytest.TestReport) -> None:
        if report.failed and not self.noticed:
            self.noticed = "timeout" if "from pytest-timeout" in report.longreprtext else report.nodeid
