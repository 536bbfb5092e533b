"""Follow each page that changes, and show on it what is wrong: what `make serve` does beside the preview.

What it finds goes where a run of the page tests leaves it: see guide/site/checked.py. The preview builds only the pages
whose own files are newer than what was built. So a page is touched when what it shows has changed.
"""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from markdown import Markdown
from pymdownx.snippets import SnippetMissingError

from guide.pages import forget, forget_all, html_of, read, site
from guide.paths import CASES, ROOT, pages_in
from guide.reader.engine import embedded
from guide.reader.errors import ReaderError
from guide.reader.page import SNIPPETS, Page
from guide.reader.walk import walk
from guide.reader.way import choices
from guide.site.checked import SHOWN, Walked, digest, engine_name, guide, keep, load, refuse, show, walked

SHOWN_ON_PAGES = ("docs", "snippets", "example", "emulator/tests/conformance", "toolkit/src/alembic_ydb", "mkdocs.yml")
WATCHED = (*SHOWN_ON_PAGES, "emulator/src", "guide")
"""What pages show, and what runs when they are followed: with another commit it may be somebody else's."""
AHEAD = 2  # seconds: a page that is touched is newer than what a build makes that has begun already

PAUSED = """\
Paused: another commit was checked out, and with it pages have changed, or what follows them. No commands are run.
To go on, read what you have checked out, and start make serve again."""


class Watcher:
    """Tells what has changed, once it is written, as long as no other commit is checked out.

    In: the repository; what is called with the names of changed files, and whether their pages may be followed; what
    tells the commit that is checked out.
    """

    def __init__(self, root: Path, tell: Callable[[set[str], bool], None], head: Callable[[], str | None]) -> None:
        self.root, self.tell, self.head = root, tell, head
        self.times = self.last = times(root)
        self.texts = {name: self._text(name) for name in self.times}
        self.commit, self.paused = head(), False

    def tick(self) -> bool:
        """Look once. Out: whether all is written; since the last look, an editor or a checkout may have begun."""
        now, commit = times(self.root), self.head()
        is_settled, self.last = now == self.last, now
        if not is_settled:
            return False
        written = {name for name in now.keys() | self.times.keys() if now.get(name) != self.times.get(name)}
        texts = {name: self._text(name) for name in written}
        changed = {name for name, text in texts.items() if text != self.texts.get(name)}  # not those that are touched
        self.times = now
        self.texts |= texts
        if not changed:
            self.commit = commit  # what was committed is what is there
            return True
        if commit != self.commit and not self.paused:
            self.paused = True
            print(PAUSED, file=sys.stderr, flush=True)
        self.tell(changed, not self.paused)
        return True

    def _text(self, name: str) -> bytes | None:
        """A hash of what a file holds, None if there is none."""
        with suppress(OSError):
            return hashlib.sha256((self.root / name).read_bytes()).digest()
        return None


def times(root: Path) -> dict[str, int]:
    """When each file was last changed. Files may come and go meanwhile."""
    found = {}
    for name in WATCHED:
        for folder, _, files in [*os.walk(root / name)] or [(str(root), [], [name])]:
            for file in files:
                path = Path(folder, file)
                with suppress(OSError):
                    found[path.relative_to(root).as_posix()] = path.stat().st_mtime_ns
    return {name: when for name, when in found.items() if not re.search(r"/\.|\.pyc$", name)}


def checked_out() -> str | None:
    """The commit that is checked out, None where there is no git."""
    try:
        told = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    except OSError:
        return None
    return told.stdout.strip() if told.returncode == 0 else None


def edited() -> set[str]:
    """The files that were edited and are in no commit yet; none where there is no git."""
    command = ["git", "ls-files", "-z", "--modified", "--others", "--exclude-standard", *SHOWN_ON_PAGES]
    try:
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    except OSError:
        return set()
    return set(filter(None, told.stdout.split("\0")))


def including(changed: set[str]) -> list[Path]:
    """The pages that a change of files shows on. The files are named as an include line names them."""
    found = pages_in(ROOT / "docs")
    if "mkdocs.yml" in changed:
        return found
    return [path for path in found if _names(path, changed)]


def _names(page: Path, changed: Iterable[str]) -> bool:
    with suppress(OSError, UnicodeDecodeError):
        text = page.read_text()
        return any(name in text for name in [*changed] if name != page.relative_to(ROOT).as_posix())
    return False


def touch(paths: Iterable[Path]) -> None:
    """Make pages newer than what was built of them: those that are still there, and may be changed."""
    for path in paths:
        with suppress(OSError):
            os.utime(path, (time.time() + AHEAD,) * 2)


def faults() -> dict[Path, str]:
    """Why pages cannot be read, or are not whole: by page, what is wrong with it."""
    found = {}
    converter = Markdown(extensions=[SNIPPETS], extension_configs={SNIPPETS: site().settings[SNIPPETS]})
    for path in pages_in(site().docs):
        try:
            if CASES not in path.parents:
                read(path)
            converter.preprocessors["snippet"].run(path.read_text().split("\n"))
        except FileNotFoundError:  # it is gone by now
            pass
        except (ReaderError, SnippetMissingError, UnicodeDecodeError, OSError) as error:
            name = site().name(path)
            found[path] = f"{error}" if name in f"{error}" else f"{name}: {error}"
    return found


class Follower:
    """Follows the pages that are not as they were last followed. seen: their digests by name."""

    def __init__(self, seen: dict[str, str]) -> None:
        self.seen = seen
        self.faults: dict[Path, str] = {}
        self.due: list[Path] = []

    def tell(self, changed: set[str], may_follow: bool = True) -> None:
        """Show what can be told at once. In: the names of changed files, whether their pages may be followed."""
        try:
            if "mkdocs.yml" in changed:
                forget_all()
            site()
        except ReaderError as error:  # it is being written
            print(error, file=sys.stderr, flush=True)
            return
        rewritten = {*including(changed), *(ROOT / name for name in changed if re.match(r"docs/.*\.md$", name))}
        for path in rewritten:
            (SHOWN / html_of(path)).unlink(missing_ok=True)  # at once: it is about an older text
        forget(rewritten)
        shown = rewritten | show(load())
        before, self.faults = self.faults, faults()
        for path, fault in self.faults.items():
            refuse(path, fault)
            if before.get(path) != fault or path in rewritten:
                shown.add(path)
                print(fault, file=sys.stderr, flush=True)
        due = [page.path for page in guide() if self._is_due(page)] if may_follow else []
        touch(shown)  # they say by now that they have changed, what is wrong with them, or nothing
        self.due = sorted(due, key=lambda path: path not in rewritten)  # the page that someone works on comes first

    def follow(self) -> None:
        """Follow the next page that is due."""
        if not self.due:
            return
        path = self.due.pop(0)
        try:
            page = read(path)
            self.seen[page.name] = digest(page)
            keep(self._walk(path))
        except (FileNotFoundError, ReaderError) as error:  # the page is being written, or is gone
            print(error, file=sys.stderr, flush=True)
        touch([path])

    def _is_due(self, page: Page) -> bool:
        return page.path not in self.faults and self.seen.get(page.name) != digest(page)

    def _walk(self, path: Path) -> list[Walked]:
        page, found = read(path), []
        for choice in choices(site(), path):
            with embedded() as engine, tempfile.TemporaryDirectory() as scratch:
                name, failure = engine_name(engine, is_embedded=True), ""
                try:
                    walk(site(), path, engine, Path(scratch), choice=choice)
                except ReaderError as error:
                    failure = str(error)
                    print(failure, file=sys.stderr, flush=True)
                found.append(walked(page, choice, name, failure))
        return found


def since(rows: Iterable[Walked], names: Iterable[str]) -> dict[str, str]:
    """The digests of pages as they were last followed. In: the record of earlier runs, the files that were edited.

    A page that never was, and was not edited either, is taken as it is.
    """
    last = {row.page: row.digest for row in rows}
    names = {*names} - {"mkdocs.yml"}  # no page's text changes with it
    shown = {path.relative_to(ROOT).as_posix() for path in including(names)} | names
    return {page.name: digest(page) for page in guide() if page.name not in shown} | last


def watch(pause: float = 0.4) -> None:
    """Follow each page that has changed since the last run, or changes from now on. Runs until it is interrupted."""
    follower = Follower(since(load(), edited()))
    watcher = Watcher(ROOT, follower.tell, checked_out)
    follower.tell(set())
    while True:
        time.sleep(pause)
        if watcher.tick():
            follower.follow()


def main() -> int:
    """Watch until that is interrupted. After a mistake of its own, no page shows any more what it found."""
    try:
        watch()
    except KeyboardInterrupt:
        return 0
    except BaseException:
        print(
            "Pages are no longer followed, since this went wrong. Start make serve again.", file=sys.stderr, flush=True
        )
        show([])
        raise
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what a page has started ends with it
    sys.exit(main())
