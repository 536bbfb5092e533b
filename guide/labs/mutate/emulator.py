"""The mutants of the emulator, and whether a conformance case or an emulator test notices them.

All tests of the emulator run once, and tell which lines they reach. Then each mutant is held against those that reach
it, one mutant a process: its module is compiled from the mutated text, and no file is written.
"""

from __future__ import annotations

import importlib.util
import re
import resource
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType

import pytest

from guide.paths import ROOT
from ydb_emulator.refusals import places

from .code import Change, changes
from .mutant import Mutant, difference
from .trials import BrokenError, Verdict, attempt, side_by_side, tail, timed

SOURCE = ROOT / "emulator" / "src"
MUTATED = ("check", "run")  # what decides and what does; the rest is protocol and grammar
# pytest would import what its plugins bring along, the emulator among them, by itself: to rewrite its assertions.
OPTIONS = ("-q", "--real-processes", "--assert=plain")
CASES = re.compile(r"^emulator/tests/(?:test_cases|conformance)")
SLOW = 1  # seconds: a test that takes longer is left out
LONGEST = 900  # seconds for all tests, once
LEEWAY = 30  # seconds for the tests of a mutant, on top of what they took before
A_TEST = 20  # seconds for a test
MEMORY = 4 << 30  # bytes, for a mutant that never stops to collect


@dataclass(frozen=True)
class CodeMutant(Mutant):
    """A module with one change of its text."""

    change: Change

    @property
    def text(self) -> str:
        return self.change.apply((ROOT / self.file).read_text())


def refusals(found: Iterable[CodeMutant]) -> list[CodeMutant]:
    """Of mutants, those of what the emulator refuses in YDB's name: of the refusal, and of the condition around it."""
    lines = {
        (f"emulator/src/ydb_emulator/{place.file}", line)
        for place in places()
        if not place.own
        for line in (*place.lines, *place.guard)
    }
    return [mutant for mutant in found if all((mutant.file, line) in lines for line in mutant.change.lines)]


def mutants(pattern: str = "*") -> list[CodeMutant]:
    """All mutants of the emulator, or of the files of a pattern, in the order of files and lines."""
    found = []
    for path in sorted(path for name in MUTATED for path in (SOURCE / "ydb_emulator" / name).rglob("*.py")):
        text, name = path.read_text(), path.relative_to(ROOT).as_posix()
        if not fnmatch(name, pattern):
            continue
        for change in changes(text):
            # Only what is around the change is compared: there are thousands of mutants.
            first, last = text.rfind("\n", 0, change.start) + 1, text.find("\n", change.end)
            before = text[first:last]
            after = text[first : change.start] + change.written + text[change.end : last]
            start, old, new = difference(before.splitlines(), after.splitlines())
            found.append(CodeMutant(name, change.lines.start + start, change.kind, old, new, change))
    return found


@dataclass
class Reach:
    """Which tests reach which line. seconds: how long each test takes. lines: tests by file and line."""

    seconds: dict[str, float] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    lines: dict[str, dict[int, set[str]]] = field(default_factory=dict)

    def of(self, mutant: CodeMutant) -> list[str]:
        """The tests that a mutant is held against: cases first."""
        lines = self.lines.get(mutant.file, {})
        # What an import runs matters to all that uses the module.
        chosen = mutant.change.lines if mutant.change.in_function else lines
        found = {test for line in chosen for test in lines.get(line, ())} - self.failed
        fast = [test for test, seconds in self.seconds.items() if test in found and seconds < SLOW]
        return sorted(fast, key=lambda test: not CASES.search(test))


def measure(folder: Path) -> Reach:
    """Run all tests of the emulator once. In: a folder for what they print. Raises BrokenError if they can't be run."""
    log = folder / "all.log"
    reach = attempt(_measure, limit=LONGEST, log=log)
    if reach is None or not reach.lines or len(reach.failed) > len(reach.seconds) / 20:  # some may be slow today
        raise BrokenError(f"{tail(log)}\nthe emulator's tests do not run, and nothing is changed yet")
    return reach


def check(found: Iterable[CodeMutant], reach: Reach, folder: Path, jobs: int) -> Iterator[tuple[CodeMutant, Verdict]]:
    """Hold mutants against the tests that reach them. Out: each that a test reaches, with its verdict."""
    reached = [mutant for mutant in found if reach.of(mutant)]
    with side_by_side(jobs) as pool:
        verdicts = pool.map(partial(_check, reach, folder), range(len(reached)), reached)
        yield from zip(reached, verdicts, strict=True)


def _check(reach: Reach, folder: Path, number: int, mutant: CodeMutant) -> Verdict:
    tests = reach.of(mutant)
    limit = LEEWAY + 4 * sum(reach.seconds[test] for test in tests)
    return timed(_try, mutant.file, mutant.text, tests, limit=limit, log=folder / f"{number}.log")


# --- in a process of its own -----------------------------------------------------------------------------------


def _measure() -> Reach:
    """Run all tests, with a record of the lines that each reaches."""
    plugin = Tracer()
    with plugin.coverage.collect():
        pytest.main([*OPTIONS, "emulator/tests"], plugins=[plugin])
    data = plugin.coverage.get_data()
    for path in data.measured_files():
        by_line = {line: {test for test in tests if test} for line, tests in data.contexts_by_lineno(path).items()}
        plugin.reach.lines[Path(path).relative_to(ROOT).as_posix()] = by_line
    return plugin.reach


class Tracer:
    """A plugin of pytest: what each test reaches."""

    def __init__(self) -> None:
        from coverage import Coverage  # here: a contributor who mutates pages needs none

        self.reach = Reach()
        include = [f"{SOURCE}/ydb_emulator/{name}/*" for name in MUTATED]
        self.coverage = Coverage(data_file=None, config_file=False, include=include)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.coverage.switch_context(item.nodeid)
        try:
            return (yield)
        finally:
            self.coverage.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        seconds = self.reach.seconds
        seconds[report.nodeid] = seconds.get(report.nodeid, 0) + report.duration
        if report.failed:
            self.reach.failed.add(report.nodeid)


def _try(file: str, text: str, tests: list[str]) -> str:
    """Run tests on an emulator with a mutated module. Out: which one noticed, empty if none did."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.meta_path.insert(0, Mutation(ROOT / file, text))
    selection = Selection(tests)
    code = pytest.main(
        [*OPTIONS, "-x", "--timeout", str(A_TEST), *dict.fromkeys(map(_file, tests))], plugins=[selection]
    )
    if code is pytest.ExitCode.OK and not selection.noticed:
        return ""
    return selection.noticed or f"pytest, which ended with {code!r}"


class Selection:
    """A plugin of pytest: these tests, in the order of files that is given; remembers the first failure."""

    def __init__(self, tests: list[str]) -> None:
        self.tests, self.noticed = set(tests), ""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if item.nodeid in self.tests]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._note(report)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._note(report)

    def _note(self, report: pytest.CollectReport | pytest.TestReport) -> None:
        if report.failed and not self.noticed:
            self.noticed = "timeout" if "from pytest-timeout" in report.longreprtext else report.nodeid


class Mutation(MetaPathFinder):
    """Imports one module from another text than its file's."""

    def __init__(self, path: Path, text: str) -> None:
        self.path, self.text = path, text
        self.name = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=_Loader(name, str(self.path), self.text))


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self.text = text

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.text, self.path, "exec")


def _file(test: str) -> str:
    return test.partition("::")[0]
