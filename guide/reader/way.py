"""The ways through a page: what a reader does, step by step, who chooses certain of its tabs."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .agreement import NAME as AGREE
from .agreement import agree, has_to_agree
from .errors import ReaderError
from .page import Block, Page, Site, read_page
from .rendered import Tab
from .roles import CHANGES_DATABASE, Role, check_answers, check_order, database_file, role_of
from .steps import Reader, do
from .undo import NAME as UNDO
from .undo import has_revisions, undo

Choice = tuple[Tab, ...]
"""The tabs that a reader follows, one of each kind."""
Read = Callable[[Site, Path], Page]

START = "start"
APART = (Role.SETUP, Role.OPERATION, Role.SENT, Role.ANSWER)
"""They have tables of their own, set up anew for each operation."""


@dataclass(frozen=True)
class Step:
    """Something that a reader does. `needs` are the numbers of the steps that it relies on, counted from 0."""

    name: str
    act: Callable[[Reader], None]
    needs: frozenset[int]


@dataclass(frozen=True)
class Way:
    """A page with the tabs that are chosen, and the steps: a start, each block, what follows unseen at the end."""

    site: Site
    page: Page
    choice: Choice
    steps: list[Step]
    project: Path | None
    """The folder of this repository that it starts from."""
    blocks: list[tuple[Block, Role]]
    """Those that are followed, and what each is for: the steps in between."""

    @property
    def tabs(self) -> str:
        return ", ".join(tab.label for tab in self.choice)


def ways(site: Site, path: Path, read: Read = read_page) -> list[Way]:
    """The ways through a page, after the pages that it builds on. Each block is checked before any is run.

    In: the site, the page's file, what reads a page. Raises ReaderError where a page is wrong.
    """
    pages = list(_with_foundations(site, path.resolve(), read))
    roles = [(block, role_of(block)) for page in pages for block in page.blocks]
    project = _project(site, pages[0])
    _check_database_files(roles)
    found = []
    for choice in _choices(pages):
        chosen = [(block, role) for block, role in roles if set(block.tabs) <= set(choice)]
        check_order(chosen)
        check_answers(chosen)
        _check_environment(pages[-1], chosen)
        found.append(Way(site, pages[-1], choice, _steps(pages[-1], project, chosen), project, chosen))
    return found


def choices(site: Site, path: Path) -> list[Choice]:
    """The ways in which a page can be followed: each tab with each of the others, where sets of tabs have other labels.

    Sets with the same labels are one choice, as they are on the site. A page without tabs has one way. Raises
    ReaderError.
    """
    return _choices(list(_with_foundations(site, path.resolve(), read_page)))


def needs(roles: Sequence[Role]) -> list[frozenset[int]]:
    """For each block of a way, by its role, the earlier ones that it relies on, counted from 0.

    A file is written wherever one is, and an answer is found on the page alone. An operation relies on its tables, what
    it sends on the operation. All others work with what there is: files, the terminal, the database.
    """
    found: list[frozenset[int]] = []
    latest: dict[Role, int] = {}
    for number, role in enumerate(roles):
        match role:
            case Role.FILE | Role.SETUP | Role.ANSWER:
                found.append(frozenset())
            case Role.OPERATION:
                found.append(frozenset({latest[Role.SETUP]}))
            case Role.SENT:
                found.append(frozenset({latest[Role.OPERATION]}))
            case _:
                found.append(_together(roles[:number]))
        latest[role] = number
    return found


def _together(roles: Sequence[Role]) -> frozenset[int]:
    return frozenset(number for number, role in enumerate(roles) if role not in APART)


def _steps(page: Page, project: Path | None, chosen: list[tuple[Block, Role]]) -> list[Step]:
    roles = [role for _, role in chosen]
    after_start = [frozenset({0, *(number + 1 for number in each)}) for each in [*needs(roles), _together(roles)]]
    steps = [Step(START, partial(_copy, project), frozenset())]
    for (block, role), needed in zip(chosen, after_start, strict=False):
        name = block.name if block.page == page.name else f"{block.page}, {block.name}"
        steps.append(Step(name, partial(do, block=block, role=role), needed))
    if has_to_agree(page):
        steps.append(Step(AGREE, partial(agree, page), after_start[-1]))
    if has_revisions(page):
        steps.append(Step(UNDO, partial(undo, page), after_start[-1]))
    return steps


def _choices(pages: list[Page]) -> list[Choice]:
    labels = dict.fromkeys(tab.labels for page in pages for block in page.blocks for tab in block.tabs)
    return list(itertools.product(*([Tab(each, label) for label in each] for each in labels)))


def _with_foundations(site: Site, path: Path, read: Read, above: tuple[Path, ...] = ()) -> Iterator[Page]:
    """A page, after the page that it builds on, and so on."""
    page = read(site, path)
    if foundation := page.meta.get("builds_on"):
        other = (path.parent / str(foundation)).resolve()
        if other in (*above, path):
            raise ReaderError(f"{page.name}:1: builds_on: {foundation} goes round in a circle")
        if not other.is_file():
            raise ReaderError(f"{page.name}:1: builds_on: there is no page {foundation}, seen from this one")
        yield from _with_foundations(site, other, read, (*above, path))
    yield page


def _project(site: Site, page: Page) -> Path | None:
    """The folder of this repository that a page starts from (`project: example`)."""
    if not (name := page.meta.get("project")):
        return None
    project = (site.root / str(name)).resolve()
    if site.root not in project.parents:
        raise ReaderError(f"{page.name}:1: project: {name} is not in this repository: name one of its folders")
    if not any(path.is_file() for path in project.rglob("*")):
        raise ReaderError(f"{page.name}:1: project: this repository has no folder {name} with files")
    return project


def _copy(project: Path | None, reader: Reader) -> None:
    """Put the folder that a page starts from into the reader's folder."""
    if not project:
        return
    for file in project.rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts:
            target = reader.folder / file.relative_to(project)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(reader.address.to_test(file.read_text()))
    reader.report(f"# {reader.site.name(project)}: copied")


def _check_database_files(roles: list[tuple[Block, Role]]) -> None:
    """Refuse two included files that would share the file which says what the database holds after them."""
    owners: dict[Path, Block] = {}
    for block, role in roles:
        if role in CHANGES_DATABASE:
            owner = owners.setdefault(database_file(block), block)
            if owner.include.file != block.include.file:
                raise block.error(f"{owner.include.name} has the same name: give one of the two files another one")


def _check_environment(page: Page, chosen: list[tuple[Block, Role]]) -> None:
    """Refuse a page that asks for what there is not, or runs Python where its packages are not."""
    if (found := page.meta.get("environment", "clean")) != "clean":
        raise ReaderError(f"{page.name}:1: environment: {found} is not known (known: clean)")
    for block, role in chosen:
        if role is Role.EXAMPLE and "environment" in page.meta:
            raise block.error(
                "a page with a clean environment runs Python by a command: make it a file and a console block"
            )
