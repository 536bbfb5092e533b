"""The reference of operations: what becomes of each directive of `alembic.op` on each release line, from a run.

The entries are the operations that the pages in docs/reference/operations show. The id of an entry is the name of its
file and section (`add_column-not-null`; `add_column` for the section `plain`), the anchor of its heading and of its row
in the table of docs/reference/operations.md, and the section of the generated file that tells its verdict. A section
that ends in `instead` is the way round of its entry.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

import ydb

from guide import prose
from guide.markdown import code
from guide.pages import read
from guide.paths import ROOT
from guide.reader.address import Address
from guide.reader.engine import parse_url
from guide.reader.operation import Outcome, Runner
from guide.reader.page import Block
from guide.reader.roles import Role, role_of
from guide.reader.snippets import in_sections
from ydb_emulator import Emulator, releases
from ydb_emulator.store.database import State

from .in_place import in_place

OVERVIEW = ROOT / "docs" / "reference" / "operations.md"
SOURCES = ROOT / "docs" / "reference" / "operations"
SETUP = ROOT / "snippets" / "reference" / "operations" / "setup.py"
PAGE = ROOT / "snippets" / "reference" / "operations.md"
PARTS = {page.stem: PAGE.with_suffix("") / page.name for page in sorted(SOURCES.glob("*.md"))}
"""What each page of entries includes, by the page's name. One file for all would be gone through for each section."""
SOURCE = re.compile(r"^- \[.*?\]\((operations/\w+\.md)\)", re.MULTILINE)
HEADING = re.compile(r"^#{2,} (?P<title>.*?) \{ #(?P<id>[\w-]+) \}$", re.MULTILINE)
LINK = re.compile(r"\]\((?:\w+\.md)?#([\w-]+)\)")
LONGEST = 110

KINDS = {
    "Works": "**works**{.works}",
    "Makes no difference": "**silently different**{.silent}",
    "Does nothing": "**silently different**{.silent}",
    "Refused by YDB": "**refused**{.refused}",
    "Refused by the client": "**refused**{.refused} by the client",
}
"""What becomes of an entry, and its badge on the page."""
WORKS, IGNORED, SILENT, REFUSED, RAISED = KINDS


@dataclass(frozen=True)
class Operation:
    """An operation of a page. `page` is the page's name, `links` are the entries that its text leads to."""

    page: str
    id: str
    directive: str
    title: str
    code: str
    links: list[str]
    recipes: list[Operation] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What the table calls it."""
        return self.title if self.id == self.directive else f"{code(self.directive)}: {self.title}"

    @property
    def address(self) -> str:
        """Where it is, for a link of the table."""
        return f"operations/{self.page}.md#{self.id}"


@dataclass(frozen=True)
class Verdict:
    """What becomes of an entry: one of KINDS, since which line if not on all, details as Markdown."""

    kind: str
    since: str | None = None
    details: str = ""

    @property
    def words(self) -> str:
        return f"{KINDS[self.kind]}{f' from YDB {self.since} on' if self.since else ''}"

    def __str__(self) -> str:
        return f"{self.words}{self.details}"


# --- the pages ---------------------------------------------------------------------------------------------------


@cache
def entries() -> list[Operation]:
    """The entries in the order of the pages, each with its recipes."""
    pages = [ROOT / "docs" / "reference" / name for name in SOURCE.findall(OVERVIEW.read_text())]
    assert set(pages) == set(SOURCES.glob("*.md")), f"{OVERVIEW} has to lead to each page of operations once"
    return [entry for page in pages for entry in _entries(page)]


def _entries(page: Path) -> list[Operation]:
    text = page.read_text()
    headings = list(HEADING.finditer(text))
    starts = [prose.line(text, heading.start()) for heading in headings]
    found: dict[str, Operation] = {}
    for block in (block for block in read(page).blocks if role_of(block) is Role.OPERATION):
        number = bisect(starts, block.line) - 1
        heading, end = headings[number], headings[number + 1].start() if headings[number + 1 :] else len(text)
        links = LINK.findall(text[heading.end() : end])
        entry = Operation(page.stem, _id(block), block.include.file.stem, heading["title"], block.text, links)
        owner = re.sub(r"-?instead$", "", entry.id)
        if owner != entry.id:
            found[owner].recipes.append(entry)
        else:
            assert entry.id == heading["id"], f"the heading of {block.include} has to have the id {entry.id}"
            found[entry.id] = entry
    return list(found.values())


def _id(block: Block) -> str:
    section = block.include.section
    return block.include.file.stem if section == "plain" else f"{block.include.file.stem}-{section}"


# --- the run -----------------------------------------------------------------------------------------------------


@cache
def outcomes() -> dict[str, dict[str, Outcome]]:
    """What entries do, by line, by id; what the database held, on the default line alone. An entry that the oldest line
    takes was not run on those between: what a line takes later ones take (tests/measure/test_lines.py)."""
    every = [one for entry in entries() for one in (entry, *entry.recipes)]
    oldest, *between, newest = releases.RELEASED
    ends = {line: _run(line, every) for line in (oldest, newest)}
    late = [one for one in every if ends[oldest][one.id].refusal and not ends[newest][one.id].refusal]
    return ends | {line: _run(line, late) for line in between}


def _run(line: str, some: list[Operation]) -> dict[str, Outcome]:
    with in_place(), Emulator(line=line) as emulator:
        engine = parse_url(emulator.url)
        made = ydb.Driver(endpoint=f"grpc://{engine.endpoint}", database=engine.database)
        with made as driver, ydb.QuerySessionPool(driver) as pool:
            driver.wait(timeout=60, fail_fast=True)
            address = Address(engine, Path("/nowhere"), Path(sys.prefix))
            runner = Runner(address, driver, pool, dumps=line == releases.DEFAULT)
            runner.mark = lambda: partial(_go_back, emulator, emulator.database.state)
            assert not runner.set_up(SETUP.read_text()).refusal
            return {entry.id: runner.run(entry.code, keep=True) for entry in some}


def _go_back(emulator: Emulator, state: State) -> None:
    with emulator.database.lock:
        emulator.database.change_schema(state)


@cache
def verdicts() -> dict[str, Verdict]:
    """By id, of entries and recipes."""
    found: dict[str, Verdict] = {}
    for entry in entries():
        for one in (entry, *entry.recipes):
            found[one.id] = _verdict(one)
    return found


def _verdict(entry: Operation) -> Verdict:
    outcome = outcomes()[releases.DEFAULT][entry.id]
    if refusal := outcome.refusal:
        assert "emulator does not support" not in refusal.message, f"{entry.id}: {refusal.message}"
        changed = "" if outcome.before == outcome.after else ", **after part of it is done**"
        return Verdict(REFUSED if refusal.status else RAISED, None, f"{changed}: {code(_short(refusal.message))}")
    if not outcome.requests:
        return Verdict(SILENT, None, ": nothing is sent")
    if outcome.before == outcome.after:
        return Verdict(SILENT, None, ": the database is as before")
    for other in _above(entry):
        same = outcomes()[releases.DEFAULT][other.id]
        if (same.requests, same.refusal) == (outcome.requests, None):
            return Verdict(IGNORED, None, f": sends the same as [{other.name}](#{other.id})")
    if not outcomes()[releases.RELEASED[0]][entry.id].refusal:
        return Verdict(WORKS)
    takes = [line for line in releases.RELEASED if not outcomes()[line][entry.id].refusal]
    since = takes[0]
    assert takes == list(releases.RELEASED[releases.RELEASED.index(since) :]), f"{entry.id}: only {takes}"
    before = outcomes()[releases.RELEASED[releases.RELEASED.index(since) - 1]][entry.id].refusal
    assert before is not None, f"{entry.id}: the first line that takes it is {since}"
    known = "emulator does not support" not in before.message
    return Verdict(WORKS, since, f". Before that: {code(_short(before.message))}" if known else "")


def _above(entry: Operation) -> list[Operation]:
    """The entries of the same directive above one; none above a recipe, which does what some entry does."""
    same = [other for other in entries() if other.directive == entry.directive]
    return same[: same.index(entry)] if entry in same else []


def _short(message: str) -> str:
    message = re.sub(r"<\S+ object at \S+> ", "", message)
    return message if len(message) <= LONGEST else message[: LONGEST - 1].rstrip() + "…"


def instead(entry: Operation) -> Iterator[str]:
    """The ways round an entry, as links: its own recipes that work, and entries that work, or have such recipes."""
    for recipe in entry.recipes:
        if verdicts()[recipe.id].kind == WORKS:
            yield _link("a recipe", entry, verdicts()[recipe.id])
    for other in entries():
        if other.id in entry.links and other.id != entry.id:
            ways = [other, *other.recipes]
            working = [verdicts()[way.id] for way in ways if verdicts()[way.id].kind == WORKS]
            if working:
                yield _link(other.name, other, working[0])


def _link(name: str, entry: Operation, verdict: Verdict) -> str:
    return f"[{name}]({entry.address})" + (f" (from {verdict.since})" if verdict.since else "")


# --- what the site shows -----------------------------------------------------------------------------------------


def render() -> str:
    """The file that the page of all includes: counts and the table."""
    return in_sections({"counts": _counts(), "table": _table(entries(), "")})


def render_part(page: str) -> str:
    """The file that a page of entries includes: its table, and a section for each entry."""
    own = [entry for entry in entries() if entry.page == page]
    sections = {entry.id: [str(verdicts()[entry.id]) + "".join(_recipes(entry))] for entry in own}
    return in_sections({"table": list(_table(own, page))} | sections)


def _recipes(entry: Operation) -> Iterator[str]:
    for verdict in (verdicts()[recipe.id] for recipe in entry.recipes):
        assert verdict.kind == WORKS, f"{entry.id}: its recipe does not work"
        if verdict.since:
            yield f"\n\nThe way around it below works from YDB {verdict.since} on."


def _counts() -> Iterator[str]:
    number = Counter(verdicts()[entry.id].kind for entry in entries())
    late = sum(verdicts()[entry.id].since is not None for entry in entries())
    yield "| verdict | what it means | entries |"
    yield "| --- | --- | ---: |"
    yield f"| {KINDS[WORKS]} | {late} of them not on every release line | {number[WORKS]} |"
    yield f"| {KINDS[IGNORED]} | an argument makes no difference to what is sent | {number[IGNORED]} |"
    yield f"| {KINDS[SILENT]} | nothing is sent, or nothing changes | {number[SILENT]} |"
    yield f"| {KINDS[REFUSED]} | YDB refuses it | {number[REFUSED]} |"
    yield f"| {KINDS[RAISED]} | the SDK, SQLAlchemy or Alembic raises an exception | {number[RAISED]} |"
    yield ""
    yield f"All {len(entries())} entries run on the [emulator](../emulator.md) as YDB {releases.RELEASED[0]} and as"
    yield f"YDB {releases.RELEASED[-1]}. Where these differ, they also run on the release lines between them."


def _table(some: list[Operation], page: str) -> Iterator[str]:
    """The table of some entries: of all of them, or, on a page of its own, of that page's."""
    yield "| what you write | what becomes of it | instead |"
    yield "| --- | --- | --- |"
    for entry in some:
        verdict = verdicts()[entry.id]
        ways = ", ".join(instead(entry)) if verdict.kind != WORKS else ""
        assert ways or verdict.kind == WORKS, f"{entry.id}: a recipe that works, or a link to an entry that does?"
        if page:
            ways = ways.replace(f"](operations/{page}.md#", "](#").replace("](operations/", "](")
            yield f"| [{entry.name}](#{entry.id}) | {verdict.words} | {ways} |"
            continue
        said = verdict.words if verdict.kind == WORKS else str(verdict)
        said = said.replace("](#", f"](operations/{entry.page}.md#")
        yield f"| [{entry.name}]({entry.address}){{ #{entry.id} }} | {said} | {ways} |"
