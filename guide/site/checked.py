"""How each page was checked: kept by the page tests, shown by the site.

A run of the page tests writes what it found into `.checked/`, and what each page says of it into `overrides/checked/`,
which is not in git. `make serve` and `make build` have the theme put it at the end of the page. A site that is built
without them says nothing. `python -m guide.site.checked` takes out of it what has changed since.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import platform
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import markdown
import ydb

from guide.pages import html_of, read, site
from guide.paths import CASES, ROOT, pages_in
from guide.reader import yql
from guide.reader.engine import Engine, connect
from guide.reader.errors import ReaderError
from guide.reader.page import SNIPPETS, Block, Page, Site
from guide.reader.roles import Role, role_of
from guide.reader.session import parse
from guide.reader.way import Choice
from guide.site import real

PAGE = ROOT / "docs" / "checked.md"
SHOWN = ROOT / "overrides" / "checked"
RECORD = ROOT / ".checked" / "record.json"
PACKAGES = (
    "alembic",
    "sqlalchemy",
    "ydb-sqlalchemy",
    "ydb-dbapi",
    "ydb",
    "mkdocs",
    "mkdocs-material",
    "pytest-examples",
)

KINDS = {
    Role.FILE: "file, written",
    Role.SECTION: "part of a file, found or applied",
    Role.DIFF: "diff, applied",
    Role.GENERATED: "generated file, compared",
    Role.SESSION: "commands, run and compared",
    Role.SERVER: "server, started and compared",
    Role.EXAMPLE: "Python, run and compared",
    Role.YQL: "requests, sent and compared",
    Role.SETUP: "tables of operations, made and compared",
    Role.OPERATION: "operation, run and compared",
    Role.SENT: "YQL of an operation, compared",
    Role.ANSWER: "lines of another block, found there",
}

EMBEDDED = "an emulator that is built from YDB's sources"
NOT_RUN = "This site was built without a run of its tests."
CHANGED = "This page has changed since it was last checked."


@dataclass(frozen=True)
class Walked:
    """One way through a page, as it was followed: when, on what, and what came of it.

    `failure` is empty if all agreed. `digest` is that of the page and all that it includes. `packages` are versions by
    name.
    """

    page: str
    tabs: str
    digest: str
    date: str
    engine: str
    packages: dict[str, str]
    blocks: int
    failure: str = ""


# --- what a run leaves -----------------------------------------------------------------------------------------


def walked(page: Page, choice: Choice | None, engine: str, failure: str = "") -> Walked:
    """The record of a walk that has just ended."""
    blocks = [block for block in page.blocks if set(block.tabs) <= set(choice or ())]
    packages = {"Python": platform.python_version()} | {name: version(name) for name in PACKAGES}
    tabs = ", ".join(tab.label for tab in choice or ())
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return Walked(page.name, tabs, digest(page), today, engine, packages, len(blocks), failure)


def digest(page: Page) -> str:
    """A hash of what a reader sees of a page."""
    text = "\0".join([page.text, *(block.text for block in page.blocks)])
    return hashlib.sha256(text.encode()).hexdigest()


def version_of(engine: Engine) -> str:
    """What a server says that it is: a release line, as 26.2."""
    with connect(engine) as driver, ydb.QuerySessionPool(driver) as pool:
        found = pool.execute_with_retries("SELECT Version() AS version")[0].rows[0]["version"]
    return found.decode() if isinstance(found, bytes) else str(found)


def engine_name(engine: Engine, is_embedded: bool) -> str:
    """The engine in words, with the release line that it says it is of."""
    found = version_of(engine)
    return f"{EMBEDDED} and answers as YDB {found}" if is_embedded else f"YDB {found}"


def load() -> list[Walked]:
    """The record of earlier runs; empty if there is none, or none that can be read."""
    try:
        return [Walked(**row) for row in json.loads(RECORD.read_text())]
    except (OSError, ValueError, TypeError):
        return []


def keep(new: Iterable[Walked]) -> None:
    """Put walks in place of earlier ones of the same pages, and show them on these pages.

    The page of all checks would take all pages to be read, half a second at the end of each run: `show` writes it.
    """
    new = list(new)
    again = sorted({row.page for row in new})
    rows = [row for row in load() if row.page not in again] + new
    RECORD.parent.mkdir(parents=True, exist_ok=True)
    written = RECORD.with_suffix(f".{os.getpid()}")  # whoever reads it meanwhile, or is ended now, has it whole
    written.write_text(json.dumps([asdict(row) for row in rows], indent=1))
    written.replace(RECORD)
    for page in _readable(ROOT / name for name in again):
        _write(SHOWN / html_of(page.path), verdict(page, rows))


# --- what the site shows ---------------------------------------------------------------------------------------


def guide() -> list[Page]:
    """The pages that have a line of their own: those with blocks. Pages that can't be read have none."""
    paths = (path for path in pages_in(ROOT / "docs") if CASES not in path.parents)
    return [page for page in _readable(paths) if page.blocks]


def _readable(paths: Iterable[Path]) -> Iterator[Page]:
    for path in paths:
        with suppress(ReaderError):
            yield read(path)


def show(rows: list[Walked]) -> set[Path]:
    """Write what each page says of its last check, and the record on the page of all. Out: what is another text.

    What the head of each page says is written, too.
    """
    pages = guide()
    _put(SHOWN / "header.html", header(rows))
    said = {page.path: verdict(page, rows) for page in pages} | {PAGE: record(pages, rows)}
    files = {SHOWN / html_of(path) for path in said}
    for file in {*SHOWN.rglob("*.html")} - files - {SHOWN / "header.html"}:
        file.unlink(missing_ok=True)
    return {path for path, lines in said.items() if _write(SHOWN / html_of(path), lines)}


def refuse(path: Path, reason: str) -> None:
    """Show on a page that it is none that can be followed, until `show` writes what it says of its last check."""
    _write(SHOWN / html_of(path), _failure("This page cannot be read", [reason]))


def _write(file: Path, lines: list[str]) -> bool:
    """Put Markdown into a file as HTML; without any there is no file. Out: whether that is another text."""
    text = "\n".join(lines)
    return _put(file, f"<hr>\n{_html(site(), text)}" if text else "")


@lru_cache(maxsize=8)  # the page of all checks takes half a second, and is the same after most changes of a page
def _html(site: Site, text: str) -> str:
    extensions = [name for name in site.extensions if name != SNIPPETS]
    return markdown.markdown(text, extensions=extensions, extension_configs=site.settings)


def _put(file: Path, text: str) -> bool:
    """Put a text into a file; without any there is no file. Out: whether that is another text."""
    if not text:
        was_there = file.exists()
        file.unlink(missing_ok=True)
        return was_there
    if file.exists() and file.read_text() == text:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return True


def verdict(page: Page, rows: list[Walked]) -> list[str]:
    """What a page says of itself, in lines of Markdown: nothing if it was never followed."""
    mine = [row for row in rows if row.page == page.name]
    current = [row for row in mine if row.digest == digest(page)]
    if failed := [row for row in current if row.failure]:
        return _failure("This page does not tell the truth", [row.failure for row in failed])
    if current:
        row = current[0]
        ways = f", in {len(current)} ways through its tabs" if len(current) > 1 else ""
        blocks = "1 block" if len(page.blocks) == 1 else f"{len(page.blocks)} blocks"
        met = f"; {real.in_words(page.name, real.load())}" if row.engine.startswith(EMBEDDED) else ""
        return [
            f"Run on {row.date} on {row.engine}{met}. {blocks.capitalize()}{ways}, with alembic "
            f"{row.packages['alembic']}, SQLAlchemy {row.packages['sqlalchemy']}, ydb-sqlalchemy "
            f"{row.packages['ydb-sqlalchemy']}."
        ]
    return [CHANGED] if mine else []


def header(rows: list[Walked]) -> str:
    """When the last run was, and on what, in the few words that the head of each page has room for; nothing without."""
    if not rows:
        return ""
    last = max(rows, key=lambda row: (row.date, not row.engine.startswith("YDB ")))
    # What is no server says more than its version, and a server says stable-26-2-1.
    kind = "" if last.engine.startswith("YDB ") else "emulated "
    line = re.sub(r"stable-(\d+)-(\d+).*", r"\1.\2", last.engine.rpartition("YDB ")[2])
    return f"Checked {last.date}<br>on {kind}YDB {line}"


def _failure(title: str, messages: list[str]) -> list[str]:
    told = [f"    {line}  " for message in messages for line in _quoted(message)]
    return [f'!!! failure "{title}"', "", *told]


def record(pages: list[Page], rows: list[Walked]) -> list[str]:
    """What the page of all checks shows, in lines of Markdown."""
    current = [row for page in pages for row in rows if (row.page, row.digest) == (page.name, digest(page))]
    runs = list(_runs(current)) or ["", NOT_RUN]
    return [
        *("## What it ran on", *runs),
        *("", "## Pages", "", *_pages(pages, rows)),
        *("", "## Blocks", "", "What each block of code is for the tests. A block that is nothing of this is refused."),
        *_blocks(pages),
    ]


def _quoted(message: str) -> list[str]:
    """Lines of a message as Markdown shows them."""
    return [f"`` {line} ``" for line in message.split("\n") if line.strip()]


def _runs(rows: list[Walked]) -> Iterator[str]:
    """What was run on what, a table for each engine and set of versions."""
    runs = {(row.date, row.engine, tuple(row.packages.items())) for row in rows}
    for date, engine, packages in sorted(runs, reverse=True):
        yield from ("", "| on | |", "| --- | --- |", f"| date | {date} |", f"| engine | {engine} |")
        yield from (f"| {name} | {number} |" for name, number in packages)


def _pages(pages: list[Page], rows: list[Walked]) -> Iterator[str]:
    yield "| page | blocks | checked |"
    yield "| --- | ---: | --- |"
    for page in pages:
        current = [row for row in rows if (row.page, row.digest) == (page.name, digest(page))]
        if any(row.failure for row in current):
            told = "does not tell the truth"
        elif current:
            told = current[0].date
        else:
            told = "changed since" if any(row.page == page.name for row in rows) else "not in this build"
        yield f"| {page.name} | {len(page.blocks)} | {told} |"


def _blocks(pages: list[Page]) -> Iterator[str]:
    """The index of blocks: what each is, and the test that follows it. Folded: together they are the longest page."""
    for page in pages:
        kinds = Counter(_kind(block) for block in page.blocks)
        yield ""
        yield f'??? note "{page.name}: {len(page.blocks)}"'
        yield ""
        yield f"    `pytest {page.name}`, {', '.join(f'{n} × {kind}' for kind, n in kinds.items())}"
        yield ""
        yield "    | block | what | shows |"
        yield "    | ---: | --- | --- |"
        for block in page.blocks:
            title = f" as {block.title}" if block.title else ""
            yield f"    | {block.number} | {_size(block)}{_kind(block)} | {block.include}{title} |"


def _size(block: Block) -> str:
    """How many commands or requests a block has: one that is gone would leave no other trace."""
    try:
        role = role_of(block)
    except ReaderError:
        return ""
    if role not in (Role.SESSION, Role.YQL):
        return ""
    return f"{len(parse(block.text) if role is Role.SESSION else yql.parse(block.text))} "


def _kind(block: Block) -> str:
    try:
        return KINDS[role_of(block)]
    except ReaderError:
        return "not run"


if __name__ == "__main__":
    show(load())
