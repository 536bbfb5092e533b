"""Mutants are checked side by side, each in a copy of the repository that is put right again afterwards."""

import itertools
import multiprocessing
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from guide.reader.errors import ReaderError
from guide.reader.page import Page, load_site, read_page

from .check import Task, Verdict, run
from .mutants import Mutant, read_pages

LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".venv", ".upstream", ".matrix", ".canary", ".*cache", "__pycache__", "site", "record.json")
)
LONGEST = 600  # seconds for a check, before there are times to go by
LEEWAY = 30  # seconds for a test, on top of what its page took before
GRACE = 15  # seconds for a check to end when it is told to

PROCESSES = multiprocessing.get_context("forkserver")


class BrokenError(Exception):
    """What makes a run worthless: the site fails without any mutant, or a check gives no verdict."""


@dataclass
class _Check:
    """A check that runs: its process, where the verdict comes from, the text to put back, its begin, its time."""

    process: BaseProcess
    answer: Connection
    task: Task
    mutant: Mutant | None
    original: str | None
    began: float
    longest: float

    def verdict(self) -> Verdict | None:
        """The verdict, if the check has ended, or has to be ended now."""
        seconds = time.monotonic() - self.began
        if not self.answer.poll() and self.process.is_alive():
            if seconds < self.longest + GRACE:
                return None
            _stop(self.process)
            return Verdict("timeout", seconds=seconds)
        try:
            noticed, broken = self.answer.recv()
            return Verdict(noticed, broken, seconds)
        except EOFError:
            return Verdict(broken="the check ended without a verdict", seconds=seconds)
        finally:
            self.process.join(GRACE)
            _stop(self.process)


def _stop(process: BaseProcess) -> None:
    """End a process, if it has not ended, and what it has started with it."""
    if process.is_alive():
        process.terminate()
        process.join(GRACE)
    if process.is_alive():
        process.kill()
        process.join()


class Checker:
    """Checks mutants of a site in copies of its repository, as many at a time as there are copies.

    In: the repository, an empty folder for the copies, how many, whether pages and cheap tests are all that is run.
    """

    def __init__(self, root: Path, folder: Path, jobs: int, quick: bool = False):
        PROCESSES.set_forkserver_preload(["guide.labs.mutate.check"])
        first = shutil.copytree(root, folder / "0", ignore=LEFT_OUT)
        self.trees = [first, *(shutil.copytree(first, folder / str(number)) for number in range(1, jobs))]
        self.site = load_site(first / "mkdocs.yml")  # as it is now, whatever somebody writes meanwhile
        self.pages = {page.name: page for page in read_pages(self.site)}
        self.seconds: dict[str, float] = {}
        self.quick, self.others = quick, 0.0

    def check_baseline(self, pages: Iterable[str]) -> None:
        """See that nothing is wrong without a mutant, and how long each page takes. Raises BrokenError."""
        pages = sorted(pages)
        folders = {Path(page).parent: page for page in pages}
        walks, others = ((None, (page,), False) for page in pages), ((None, (page,), True) for page in folders.values())
        for check, verdict in self._run(walks if self.quick else [*walks, *others]):
            if verdict.noticed:
                raise BrokenError(f"{_log(check.task)}\nNothing is changed yet, and {verdict.noticed} fails")
            if check.task.others:
                self.others = max(self.others, verdict.seconds)
            else:
                self.seconds[check.task.pages[0]] = verdict.seconds

    def check(self, mutants: Iterable[Mutant]) -> Iterator[tuple[Mutant, Verdict]]:
        """Check mutants, after `check_baseline` for their pages. Out: each with its verdict. Raises BrokenError.

        One that may survive by a general rule is only walked.
        """
        jobs = (
            (each, sorted(each.pages, key=self.seconds.__getitem__), not (each.harmless or self.quick))
            for each in mutants
        )
        for check, verdict in self._run(jobs):
            yield check.mutant, verdict

    def _run(self, jobs: Iterable[tuple[Mutant | None, Iterable[str], bool]]) -> Iterator[tuple[_Check, Verdict]]:
        jobs, free, running = iter(jobs), list(self.trees), []
        try:
            while True:
                for mutant, pages, others in itertools.islice(jobs, len(free)):
                    running.append(self._start(free.pop(), mutant, tuple(pages), others))
                if not running:
                    return
                wait([check.answer for check in running], timeout=1)
                for check in list(running):
                    if verdict := check.verdict():
                        running.remove(check)
                        free.append(check.task.tree)
                        if check.mutant:
                            (check.task.tree / check.mutant.file).write_text(check.original)
                        if verdict.broken:
                            raise BrokenError(f"{_log(check.task)}\n{verdict.broken}")
                        yield check, verdict
        finally:
            for check in running:
                _stop(check.process)

    def _start(self, tree: Path, mutant: Mutant | None, pages: tuple[str, ...], others: bool) -> _Check:
        original, build = None, True
        if mutant:
            file = tree / mutant.file
            original, build = file.read_text(), mutant.file in self.pages
            file.write_text(mutant.text)
            if build and self._is_walked_alike(tree, mutant.file):
                # What is measured for the reference goes by the words of its pages.
                pages, others = (), others and mutant.file.startswith("docs/reference/")
        known = [self.seconds.get(page, LONGEST) for page in (mutant.pages if mutant else pages)]
        walk = 4 * max(known) + LEEWAY
        longest = walk * (len(pages) + 1) + (4 * (self.others or LONGEST) if others else 0)
        task = Task(tree, pages, build, others, walk)
        ours, theirs = PROCESSES.Pipe(duplex=False)
        process = PROCESSES.Process(target=run, args=(task, theirs))
        began = time.monotonic()
        process.start()
        theirs.close()
        return _Check(process, ours, task, mutant, original, began, longest)

    def _is_walked_alike(self, tree: Path, name: str) -> bool:
        """Whether only prose has changed, which no walk looks at."""
        try:
            page = read_page(load_site(tree / "mkdocs.yml"), tree / name)
        except ReaderError:
            return False
        return _steps(page) == _steps(self.pages[name])


def _steps(page: Page) -> list:
    """What a walk goes by."""
    return [page.meta, *(replace(block, line=0, include=str(block.include)) for block in page.blocks)]


def _log(task: Task) -> str:
    """What a check printed."""
    return "\n".join(task.tree.with_suffix(".log").read_text().splitlines()[-50:])
