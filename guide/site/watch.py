"""`python -m guide.site.watch`: follow each page that changes, and show on it what is wrong. `make serve` runs it.

What it finds goes where a run of the page tests leaves it: see guide/site/checked.py. The preview builds only the pages
whose own files are newer than what was built. So a page is touched when a file that it includes has changed.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from guide.pages import forget, read, site
from guide.paths import CASES, ROOT
from guide.reader.engine import embedded
from guide.reader.errors import ReaderError
from guide.reader.walk import walk
from guide.reader.way import choices
from guide.site.checked import digest, engine_name, guide, keep, load, show, walked

WATCHED = ("docs", "snippets", "example", "emulator/tests/conformance", "mkdocs.yml")


def watch(pause: float = 0.5) -> None:
    """Follow each page that changes from now on, and show on it what is wrong. Runs until it is interrupted."""
    seen = {page.name: digest(page) for page in guide()}
    before = _changes()
    while True:
        time.sleep(pause)
        now = _changes()
        if changed := {name for name in now.keys() | before.keys() if now.get(name) != before.get(name)}:
            touch(including(changed))
            check_changed(seen)
        before = now


def including(changed: set[str]) -> list[Path]:
    """The pages that a change of files shows on. The files are named as an include line names them."""
    found = sorted((ROOT / "docs").rglob("*.md"))
    if "mkdocs.yml" in changed:
        return found
    return [path for path in found if any(name in path.read_text() for name in changed)]


def touch(paths: list[Path]) -> None:
    """Make pages newer than what was built of them: those that are still there."""
    for path in paths:
        with suppress(FileNotFoundError):
            os.utime(path)


def check_changed(seen: dict[str, str]) -> None:
    """Follow the pages that are not as they were last followed. `seen` holds their digests."""
    forget()
    for path in sorted(site().docs.rglob("*.md")):
        if CASES in path.parents:
            continue
        try:
            page = read(path)
        except ReaderError as error:
            print(error, file=sys.stderr, flush=True)
            continue
        if seen.get(page.name) == digest(page) or not page.blocks:
            continue
        seen[page.name] = digest(page)
        show(load())  # it says that the page has changed, as long as this takes
        touch([path])
        found = []
        for choice in choices(site(), path):
            with embedded() as engine, tempfile.TemporaryDirectory() as scratch:
                name = engine_name(engine, is_embedded=True)
                try:
                    walk(site(), path, engine, Path(scratch), choice=choice)
                    found.append(walked(page, choice, name))
                except ReaderError as error:
                    print(error, file=sys.stderr, flush=True)
                    found.append(walked(page, choice, name, failure=str(error)))
        keep(found)
        touch([path])


def _changes() -> dict[str, int]:
    """When each file was last changed."""
    files = [path for name in WATCHED for path in [ROOT / name, *(ROOT / name).rglob("*")] if path.is_file()]
    return {path.relative_to(ROOT).as_posix(): path.stat().st_mtime_ns for path in files if path.suffix != ".pyc"}


if __name__ == "__main__":
    show(load())
    try:
        watch()
    except KeyboardInterrupt:
        pass
