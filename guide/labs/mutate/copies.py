"""Mutants of pages are checked side by side, each in a copy of the repository that is put right again afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from queue import SimpleQueue

from guide.reader.page import load_site

from .check import Task, run
from .pages import PageMutant
from .trials import BrokenError, Verdict, side_by_side, tail, timed

LEFT_OUT = {".git", ".venv", ".upstream", ".matrix", ".canary", "site"}
"""What stands at the root of a repository and is no part of it. A folder below may well be named like that."""
LONGEST = 600  # seconds for a check
LEEWAY = 30  # seconds for a test, on top of what its page took before


def copy(root: Path, target: Path) -> Path:
    """Copy a repository without what was made in it."""

    def left_out(folder: str, names: list[str]) -> set[str]:
        at_root = {name for name in names if name in LEFT_OUT or name.endswith("cache")}
        return {"__pycache__"} | (at_root if Path(folder) == root else set())

    return shutil.copytree(root, target, ignore=left_out, ignore_dangling_symlinks=True)  # editors leave some


class Checker:
    """Checks mutants of a site in copies of its repository, as many at a time as there are copies.

    In: the repository, an empty folder for the copies, how many.
    """

    def __init__(self, root: Path, folder: Path, jobs: int):
        self.jobs = jobs
        first = copy(root, folder / "0")
        self.trees = [first, *(copy(first, folder / str(number)) for number in range(1, jobs))]
        self.free: SimpleQueue[Path] = SimpleQueue()
        for tree in self.trees:
            self.free.put(tree)
        self.site = load_site(first / "mkdocs.yml")  # as it is now, whatever somebody writes meanwhile
        self.seconds: dict[str, float] = {}

    def check_baseline(self, pages: Iterable[str]) -> None:
        """See that nothing is wrong without a mutant, and how long each page takes. Raises BrokenError."""
        pages = sorted(pages)
        with side_by_side(self.jobs) as pool:
            for page, verdict in zip(pages, pool.map(self._check_page, pages), strict=True):
                self.seconds[page] = verdict.seconds

    def check(self, mutants: Iterable[PageMutant]) -> Iterator[tuple[PageMutant, Verdict]]:
        """Check mutants, after `check_baseline` for their pages. Out: each with its verdict. Raises BrokenError."""
        mutants = list(mutants)
        with side_by_side(self.jobs) as pool:
            yield from zip(mutants, pool.map(self._check, mutants), strict=True)

    def _check_page(self, page: str) -> Verdict:
        tree = self.free.get()
        try:
            verdict = self._run(Task(tree, (page,), frozenset({page}), False, LONGEST))
            if verdict.noticed:
                raise BrokenError(f"{tail(_log(tree))}\nNothing is changed yet, and {verdict.noticed} fails")
            return verdict
        finally:
            self.free.put(tree)

    def _check(self, mutant: PageMutant) -> Verdict:
        pages = () if mutant.is_prose else tuple(sorted(mutant.pages, key=self.seconds.__getitem__))
        limit = 4 * max(self.seconds[page] for page in mutant.pages) + LEEWAY
        tree = self.free.get()
        file = tree / mutant.file
        original = file.read_text()
        try:
            file.write_text(mutant.text)
            return self._run(Task(tree, pages, mutant.pages, mutant.file.endswith(".md"), limit))
        finally:
            file.write_text(original)
            self.free.put(tree)

    def _run(self, task: Task) -> Verdict:
        return timed(run, task, limit=LONGEST, log=_log(task.tree))


def _log(tree: Path) -> Path:
    return tree.with_suffix(".log")
