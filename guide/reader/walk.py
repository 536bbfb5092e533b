"""Walking a page as a reader does: block by block, in one folder, with one terminal and one database."""

import difflib
import itertools
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import ydb

from . import fragment, operation, yql
from .address import PORT, Address, IdError
from .database import dump_directory
from .engine import Engine, connect
from .environment import environment, new_environment
from .errors import ReaderError
from .example import ExampleError, run_example
from .matching import Comparison, compare, masked
from .page import Block, Page, Site, read_page
from .rendered import Tab
from .roles import Role, check_order, role_of, where_in_file
from .server import named_port, on_any_port, run_server, serving, told_port
from .session import Command, SessionError, parse, serialise, shortened
from .shell import Shell, ShellError
from .snippets import rewrite

Choice = tuple[Tab, ...]
"""The tabs that a reader follows, one of each kind."""

HINT = "If what happened is right, record it: pytest --update"
NOT_FOUND = re.compile(r"bash: (\S+): command not found")


@dataclass
class Walk:
    """One walk: what it works with, and what has become of it so far.

    folder: the reader's project folder. variables: the environment of commands.
    ask: sends YQL to the database. dump: tells what it holds; state: what it held last. operations: runs operations
    of Alembic, apart from that; sent: what the last one sent. servers: those that the page has started. report: told of
    all that happens. updated: the files that were rewritten.
    """

    site: Site
    address: Address
    folder: Path
    variables: dict[str, str]
    shell: Shell
    ask: Callable[[str], list[str]]
    dump: Callable[[], str]
    operations: operation.Runner | None
    servers: ExitStack
    report: Callable[[str], None]
    update: bool
    state: str = ""
    sent: list[str] = field(default_factory=list)
    updated: list[Path] = field(default_factory=list)

    def record(self, path: Path) -> None:
        if path not in self.updated:
            self.updated.append(path)


def walk(
    site: Site,
    path: Path,
    engine: Engine,
    scratch: Path,
    *,
    choice: Choice | None = None,
    update: bool = False,
    dump: Callable[[], str] | None = None,
    report: Callable[[str], None] = lambda _: None,
    finish: Callable[[Walk], None] = lambda _: None,
) -> list[Path]:
    """Walk a page, after the pages that it builds on.

    In: the site, the page's file, an engine with an empty database, an empty folder to work in; one of the page's
    `choices` of tabs (the first, if not given); whether to rewrite captured output instead of comparing it; what tells
    the state of the database, if not the engine itself; what is told of commands, output and, at the end, the
    database; what else to do at the end. Out: the files that were rewritten.
    Raises ReaderError where a page is wrong.
    """
    pages = list(_with_foundations(site, path.resolve()))
    # All blocks are checked before any of them runs.
    roles = [(block, role_of(block)) for page in pages for block in page.blocks]
    ways = _choices(pages)
    choice = ways[0] if choice is None else choice
    if choice not in ways:
        raise ReaderError(f"{pages[-1].name}: it has other tabs than those that were chosen")
    steps = [(block, role) for block, role in roles if set(block.tabs) <= set(choice)]
    check_order(steps)
    _check_environment(pages[-1], steps)
    _check_database_files(roles)
    try:
        with _walking(site, pages[-1], engine, scratch, update, dump, report) as state:
            _copy_project(state, pages[0])
            for block, role in steps:
                STEPS[role](state, block)
                if role in CHANGES_DATABASE:
                    _check_database(state, block)
                _check_masks(block)
            report(state.state)
            finish(state)
            return state.updated
    except ShellError as error:
        raise ReaderError(f"{pages[-1].name}: a server that it started: {error}") from error


def choices(site: Site, path: Path) -> list[Choice]:
    """The ways in which a page can be followed: each tab with each of the others, where sets of tabs have other labels.

    Sets with the same labels are one choice, as they are on the site. A page without tabs has one way. Raises
    ReaderError.
    """
    return _choices(list(_with_foundations(site, path.resolve())))


def _choices(pages: list[Page]) -> list[Choice]:
    labels = dict.fromkeys(tab.labels for page in pages for block in page.blocks for tab in block.tabs)
    return list(itertools.product(*([Tab(each, label) for label in each] for each in labels)))


def _with_foundations(site: Site, path: Path, above: tuple[Path, ...] = ()) -> Iterator[Page]:
    """A page, after the page that it builds on, and so on."""
    page = read_page(site, path)
    if foundation := page.meta.get("builds_on"):
        other = (path.parent / str(foundation)).resolve()
        if other in (*above, path):
            raise ReaderError(f"{page.name}:1: builds_on: {foundation} goes round in a circle")
        if not other.is_file():
            raise ReaderError(f"{page.name}:1: builds_on: there is no page {foundation}, seen from this one")
        yield from _with_foundations(site, other, (*above, path))
    yield page


@contextmanager
def _walking(
    site: Site,
    page: Page,
    engine: Engine,
    scratch: Path,
    update: bool,
    dump: Callable[[], str] | None,
    report: Callable[[str], None],
) -> Iterator[Walk]:
    """Set up the reader's folder, environment, terminal and database."""
    clean, real = "environment" in page.meta, "processes" in page.meta
    folder, home = scratch / "project", scratch / "home"
    folder.mkdir()
    home.mkdir()
    prefix = new_environment(scratch / "environment") if clean else Path(sys.prefix)
    variables = environment(home, prefix, warm=not clean and not real)
    address = Address(engine, folder, prefix)
    with ExitStack() as stack:
        ask, operations = _no_database, None
        if dump is None:
            driver = stack.enter_context(connect(engine))
            pool = stack.enter_context(ydb.QuerySessionPool(driver))
            dump = partial(dump_directory, driver, pool, engine)
            ask = partial(yql.run, pool, directory=engine.directory if engine.directory != engine.database else None)
            # A pool of its own: the driver of SQLAlchemy sets how values are read.
            operations = operation.Runner(address, driver, stack.enter_context(ydb.QuerySessionPool(driver)))
        shell = stack.enter_context(Shell(folder, variables))
        servers = stack.enter_context(ExitStack())
        yield Walk(site, address, folder, variables, shell, ask, dump, operations, servers, report, update)


def _copy_project(walk: Walk, page: Page) -> None:
    """Put the folder of this repository that a page starts from (`project: example`) into the reader's folder."""
    if not (name := page.meta.get("project")):
        return
    project = walk.site.root / str(name)
    files = [path for path in project.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    if not files:
        raise ReaderError(f"{page.name}:1: project: this repository has no folder {name} with files")
    for file in files:
        target = walk.folder / file.relative_to(project)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(walk.address.to_test(file.read_text()))
    walk.report(f"# {name}: copied")


def _no_database(_: str) -> list[str]:
    raise ReaderError("this walk has no YDB to ask")


def _write_file(walk: Walk, block: Block) -> None:
    """Write a block to the file that its title names."""
    file = _file(walk, block)
    _check_syntax(block, block.text)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(walk.address.to_test(block.text))
    walk.report(f"# {block.title}: written")


def _apply_section(walk: Walk, block: Block) -> None:
    """Find a section in the file that its title names, or make the change that it shows."""
    file = _file(walk, block)
    if not file.is_file():
        raise block.error(f"a section of {block.title}, but there is no such file yet: show the whole file first")
    text = file.read_text()
    if fragment.contains(walk.address.to_reader(text), block.text):
        walk.report(f"# {block.title}: excerpt")
        return
    try:
        file.write_text(fragment.apply(block.title, text, walk.address.to_test(block.text)))
    except ValueError as error:
        raise block.error(f"{block.title} does not contain this section, nor can it be applied: {error}") from error
    walk.report(f"# {block.title}: changed")


def _apply_diff(walk: Walk, block: Block) -> None:
    """Make the change that a diff shows in the file that its title names."""
    file = _file(walk, block)
    if not file.is_file():
        raise block.error(f"a diff of {block.title}, but there is no such file yet: show the whole file first")
    try:
        changed = fragment.apply_diff(file.read_text(), walk.address.to_test(block.text))
    except ValueError as error:
        raise block.error(f"it cannot be applied to {block.title}: {error}") from error
    _check_syntax(block, changed)
    file.write_text(changed)
    walk.report(f"# {block.title}: changed")


def _check_syntax(block: Block, text: str) -> None:
    try:
        fragment.check_syntax(block.title, text)
    except ValueError as error:
        raise block.error(str(error)) from error


def _compare_generated(walk: Walk, block: Block) -> None:
    """Compare a block with the file that a command made."""
    file = _file(walk, block)
    if not file.is_file():
        beside = ", ".join(sorted(path.name for path in file.parent.glob("*"))) or "nothing"
        beside = walk.address.to_reader(beside)
        raise block.error(
            f"no command made {block.title}; in its folder there is {beside}. If only the id differs, write the same "
            "id in this title and in the recorded output that shows it, whose block needs data-mask=revision-id"
        )
    recorded, actual = _lines(block.text), _lines(walk.address.to_reader(file.read_text()))
    comparison = compare(recorded, actual, block.masks, elide=False)
    if block.include.section:
        size = len(recorded)
        windows = (actual[start : start + size] for start in range(len(actual) - size + 1))
        parts = (compare(recorded, window, block.masks, elide=False) for window in windows)
        comparison = next((part for part in parts if part.same), comparison)
    same, record = _bind(walk, comparison, actual)
    if not same and block.include.section:
        raise block.error(f"{block.title} holds no such lines\n{_diff(block.title, recorded, record)}")
    if not same:
        _differ(walk, block, f"{block.title} is not as shown", "\n".join(record) + "\n")
    walk.report(f"# {block.title}: as generated")


def _run_session(walk: Walk, block: Block) -> None:
    """Run the commands of a block and compare output and exit statuses."""
    happened: list[Command] = []
    recorded = parse(block.text)
    for command in recorded:
        where = f"{where_in_file(block, command.line - 1)}: $ {command.text.splitlines()[0]}"
        try:
            result = walk.shell.run(walk.address.to_test(command.text))
        except ShellError as error:
            raise block.error(f"{where}: {walk.address.to_reader(str(error))}") from error
        output = _as_shown(walk.address.to_reader(result.output))
        walk.report(f"$ {command.text}\n{output}".rstrip("\n"))
        actual = _lines(output)
        for line in actual:
            if line not in command.output and (missing := NOT_FOUND.fullmatch(line)):
                raise block.error(f"{where}: {missing[1]} is not installed: install it, or show how on the page")
        _, record = _bind(walk, compare(command.output, actual, block.masks), actual)
        if walk.update and not command.output:
            record = shortened(record)
        happened.append(Command(command.text, result.status, record, command.line))
    if happened != recorded:
        try:
            _differ(walk, block, "the commands did something else", serialise(happened))
        except SessionError as error:
            raise block.error(f"cannot be recorded: {error}") from error


def _run_server(walk: Walk, block: Block) -> None:
    """Start a server on a port that it chooses itself, and compare what it prints until it is ready.

    One on the port of the page's YDB is interrupted, since that one is there already. One on another port goes on, and
    what follows on the page finds it there.
    """
    [command] = parse(block.text)
    page_port = named_port(command.text) or PORT
    where = f"{where_in_file(block)}: $ {command.text}"
    try:
        text = on_any_port(walk.address.to_test(command.text), page_port)
        # A server of this repository is run from its checkout, by readers and here.
        expected = None if walk.update else len(command.output)
        server = text, walk.site.root, walk.variables, expected
        output = run_server(*server) if page_port == PORT else walk.servers.enter_context(serving(*server))
        port = told_port(output)
    except (ShellError, ValueError) as error:
        raise block.error(f"{where}: {error}") from error
    if page_port != PORT:
        walk.address.ports[page_port] = port
    actual = [re.sub(rf"\b{port}\b", str(page_port), walk.address.to_reader(line)) for line in output]
    walk.report("\n".join([f"$ {command.text}", *actual]))
    same, record = _bind(walk, compare(command.output, actual, block.masks), actual)
    if not same:
        _differ(walk, block, "the server printed something else", serialise([Command(command.text, 0, record)]))


def _run_example(walk: Walk, block: Block) -> None:
    """Run a Python block and compare what it prints."""
    try:
        happened = _as_shown(walk.address.to_reader(run_example(walk.address.to_test(block.text), walk.folder)))
    except ExampleError as error:
        raise block.error(f"{where_in_file(block)}: {walk.address.to_reader(str(error))}") from error
    walk.report(happened)
    if happened != block.text:
        _differ(walk, block, "it printed something else", happened)


def _run_yql(walk: Walk, block: Block) -> None:
    """Send the requests of a block and compare the answers."""
    recorded, happened = yql.parse(block.text), []
    for request in recorded:
        actual = [walk.address.to_reader(line) for line in walk.ask(walk.address.to_test(request.text))]
        walk.report("\n".join([request.text, *actual]))
        _, record = _bind(walk, compare(request.answer, actual, block.masks), actual)
        happened.append(yql.Request(request.text, record, request.line))
    if happened != recorded:
        _differ(walk, block, "YDB answered something else", yql.serialise(happened))


def _set_up(walk: Walk, block: Block) -> None:
    """Keep the code that makes the tables of operations, and compare what it makes."""
    if walk.operations is None:
        raise block.error("this walk has no YDB to run operations on")
    outcome = _outcome(block, walk.operations.set_up)
    if outcome.refusal:
        raise block.error("\n".join([f"{where_in_file(block)}: the setup is refused", *outcome.lines]))
    walk.report(f"# {block.include}: set up")
    _compare_database(walk, block, outcome.before, outcome.after)


def _run_operation(walk: Walk, block: Block) -> None:
    """Run an operation on tables that are set up anew, and compare what they have become."""
    outcome = _outcome(block, walk.operations.run)
    walk.sent = outcome.lines
    walk.report("\n".join([block.text, *outcome.lines]))
    _compare_database(walk, block, outcome.before, outcome.after)


def _outcome(block: Block, run: Callable[[str], operation.Outcome]) -> operation.Outcome:
    try:
        return run(block.text)
    except (ReaderError, SyntaxError) as error:
        raise block.error(f"{where_in_file(block)}: {error}") from error


def _compare_sent(walk: Walk, block: Block) -> None:
    """Compare what the operation above sent, and the answers."""
    comparison = compare(_lines(block.text), walk.sent, block.masks)
    same, record = _bind(walk, comparison, walk.sent)
    if not same:
        _differ(walk, block, "the operation did something else", "\n".join(record) + "\n")


STEPS: dict[Role, Callable[[Walk, Block], None]] = {
    Role.FILE: _write_file,
    Role.SECTION: _apply_section,
    Role.DIFF: _apply_diff,
    Role.GENERATED: _compare_generated,
    Role.SESSION: _run_session,
    Role.SERVER: _run_server,
    Role.EXAMPLE: _run_example,
    Role.YQL: _run_yql,
    Role.SETUP: _set_up,
    Role.OPERATION: _run_operation,
    Role.SENT: _compare_sent,
}


CHANGES_DATABASE = (Role.SESSION, Role.EXAMPLE, Role.YQL)


def database_file(block: Block) -> Path:
    """The file beside a block's own that says what the database holds after it."""
    section = f".{block.include.section}" if block.include.section else ""
    return block.include.file.with_name(f"{block.include.file.stem}{section}.database")


def _check_database_files(roles: list[tuple[Block, Role]]) -> None:
    """Refuse two included files that would share the file which says what the database holds after them."""
    owners: dict[Path, Block] = {}
    for block, role in roles:
        if role in CHANGES_DATABASE:
            owner = owners.setdefault(database_file(block), block)
            if owner.include.file != block.include.file:
                raise block.error(f"{owner.include.name} has the same name: give one of the two files another one")


def _check_database(walk: Walk, block: Block) -> None:
    """Compare what the database holds with what is recorded, if the block changed it."""
    before, walk.state = walk.state, walk.address.to_reader(walk.dump())
    _compare_database(walk, block, before, walk.state)


def _compare_database(walk: Walk, block: Block, before: str, after: str) -> None:
    file = database_file(block)
    name = walk.site.name(file)
    if after == before:
        if not file.exists():
            return
        if not walk.update:
            raise block.error(f"it left the database as it was: remove {name} (pytest --update does)")
        file.unlink()
    else:
        recorded, actual = _lines(file.read_text()) if file.exists() else [], _lines(after)
        same, record = _bind(walk, compare(recorded, actual, block.masks, elide=False), actual)
        if file.exists() and same:
            return
        if not walk.update:
            what = "the database is not as in" if file.exists() else "it changed the database, and there is no"
            raise block.error(f"{what} {name}\n{_diff(name, recorded, record)}\n{HINT}")
        file.write_text("".join(line + "\n" for line in record))
    walk.record(file)


def _check_environment(page: Page, steps: list[tuple[Block, Role]]) -> None:
    """Refuse a page that asks for what there is not, or runs Python where its packages are not."""
    for name, known in (("environment", "clean"), ("processes", "real")):
        if page.meta.get(name, known) != known:
            raise ReaderError(f"{page.name}:1: {name}: {page.meta[name]} is not known (known: {known})")
    for block, role in steps:
        if role is Role.EXAMPLE and "environment" in page.meta:
            raise block.error(
                "a page with a clean environment runs Python by a command: make it a file and a console block"
            )


def _check_masks(block: Block) -> None:
    """Refuse a mask that hides nothing: it is there by mistake, and would hide something one day."""
    files = [file for file in (block.include.file, database_file(block)) if file.exists()]
    recorded = [line for file in files for line in _lines(file.read_text())]
    for mask in block.masks:
        if not masked(recorded, mask):
            raise block.error(f"the mask {mask} is not needed: there is nothing of that kind to hide")


def _bind(walk: Walk, comparison: Comparison, actual: list[str]) -> tuple[bool, list[str]]:
    """Let generated ids stand for the recorded ones. Out: whether all agrees, and what to record."""
    try:
        for recorded, found in comparison.ids:
            walk.address.bind(recorded, found)
    except IdError:
        return False, actual
    return comparison.same, comparison.record


def _differ(walk: Walk, block: Block, what: str, happened: str) -> None:
    """A block does not show what happened: rewrite its file under `--update`, fail with a diff otherwise."""
    if walk.update:
        try:
            rewrite(block.include, happened)
        except ValueError as error:
            raise block.error(f"cannot be recorded: {error}") from error
        walk.record(block.include.file)
        return
    recorded, now = _lines(block.text), _lines(happened)
    where = where_in_file(block, len(os.path.commonprefix([recorded, now])))
    raise block.error(f"{where}: {what}\n{_diff(block.include.name, recorded, now)}\n{HINT}")


def _diff(name: str, recorded: list[str], happened: list[str]) -> str:
    lines = difflib.unified_diff(recorded, happened, f"{name} (recorded)", "what happened", lineterm="")
    return "\n".join(lines)


def _file(walk: Walk, block: Block) -> Path:
    """The file that a block's title names, in the reader's folder. Raises ReaderError if it is outside."""
    file = walk.folder / walk.address.to_test(block.title)
    if not file.resolve().is_relative_to(walk.folder.resolve()):
        raise block.error(f"{block.title!r} would leave the reader's folder: a link on the way leads out of it")
    if file.is_dir() or any(parent.is_file() for parent in file.parents):
        raise block.error(f"{block.title!r} cannot be a file: a folder has that name, or a file is in the way")
    return file


def _as_shown(text: str) -> str:
    """What Markdown leaves of a text in a fence: spaces instead of tabs, and none on an empty line."""
    return re.sub(r"(?m)^ +$", "", text.expandtabs(4))


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []
