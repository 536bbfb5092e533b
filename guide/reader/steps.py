"""What is done with each block: in the reader's folder, terminal and database, as a reader does it."""

import difflib
import os
import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from . import fragment, operation, packages, yql
from .address import PORT, Address
from .downloads import wheels
from .environment import environment, new_environment
from .errors import Differs, ReaderError
from .example import ExampleError, run_example
from .matching import compare, masked
from .page import Block, Site
from .roles import CHANGES_DATABASE, Role, database_file, where_in_file
from .server import named_port, on_any_port, run_server, serving, told_port
from .session import Command, SessionError, parse, serialise, shortened
from .shell import Shell, ShellError
from .shown import answer, as_shown, bind, lines_of, part
from .snippets import rewrite
from .syntax import check_syntax

HINT = "If what happened is right, record it: pytest --update"
NOT_FOUND = re.compile(r"bash: (\S+): command not found")
NOT_KEPT = re.compile(r"ERROR: No matching distribution found for (\S+)")


@dataclass
class Reader:
    """What a page is followed with, and what has become of it so far.

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


def do(reader: Reader, block: Block, role: Role) -> None:
    """Do what a block is for.

    Raises Differs if all was done, and only what was shown differs from what the block shows; ReaderError if not, and
    nothing that relies on it can be done.
    """
    shown = None
    try:
        STEPS[role](reader, block)
    except Differs as error:
        shown = error
    if role in CHANGES_DATABASE:
        try:
            _check_database(reader, block)
        except ReaderError as error:
            raise ReaderError(f"{shown}\n{error}" if shown else str(error)) from error
    if shown:
        raise shown
    _check_masks(block)


def _write_file(reader: Reader, block: Block) -> None:
    """Write a block to the file that its title names."""
    file = _file(reader, block)
    _check_syntax(block, block.text)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(reader.address.to_test(block.text))
    reader.report(f"# {block.title}: written")


def _apply_section(reader: Reader, block: Block) -> None:
    """Find a section in the file that its title names, or make the change that it shows."""
    file = _file(reader, block)
    if not file.is_file():
        raise block.error(f"a section of {block.title}, but there is no such file yet: show the whole file first")
    text = file.read_text()
    if fragment.contains(reader.address.to_reader(text), block.text):
        reader.report(f"# {block.title}: excerpt")
        return
    try:
        changed = fragment.apply(block.title, text, reader.address.to_test(block.text))
    except ValueError as error:
        raise block.error(f"{block.title} does not contain this section, nor can it be applied: {error}") from error
    _check_syntax(block, changed)
    file.write_text(changed)
    reader.report(f"# {block.title}: changed")


def _apply_diff(reader: Reader, block: Block) -> None:
    """Make the change that a diff shows in the file that its title names."""
    file = _file(reader, block)
    if not file.is_file():
        raise block.error(f"a diff of {block.title}, but there is no such file yet: show the whole file first")
    try:
        changed = fragment.apply_diff(file.read_text(), reader.address.to_test(block.text))
    except ValueError as error:
        raise block.error(f"it cannot be applied to {block.title}: {error}") from error
    _check_syntax(block, changed)
    file.write_text(changed)
    reader.report(f"# {block.title}: changed")


def _check_syntax(block: Block, text: str) -> None:
    try:
        check_syntax(block.title, text)
    except ValueError as error:
        raise block.error(str(error)) from error


def _compare_generated(reader: Reader, block: Block) -> None:
    """Compare a block with the file that a command made."""
    file = _file(reader, block)
    if not file.is_file():
        beside = ", ".join(sorted(path.name for path in file.parent.glob("*"))) or "nothing"
        beside = reader.address.to_reader(beside)
        raise block.error(
            f"no command made {block.title}; in its folder there is {beside}. If only the id differs, write the same "
            "id in this title and in the recorded output that shows it, whose block needs data-mask=revision-id"
        )
    recorded, actual = lines_of(block.text), lines_of(reader.address.to_reader(file.read_text()))
    comparison = part(recorded, actual, block.masks, whole=not block.include.section)
    same, record = bind(reader.address, comparison, actual)
    if not same and block.include.section:
        raise block.error(f"{block.title} holds no such lines\n{_diff(block.title, recorded, record)}", Differs)
    if not same:
        _differ(reader, block, f"{block.title} is not as shown", "\n".join(record) + "\n")
    reader.report(f"# {block.title}: as generated")


def _run_session(reader: Reader, block: Block) -> None:
    """Run the commands of a block and compare output and exit statuses."""
    recorded = parse(block.text)
    happened = _run_commands(reader, block, reader.shell, recorded)
    if happened != recorded:
        ended_alike = [each.status for each in happened] == [each.status for each in recorded]
        kind = Differs if ended_alike else ReaderError
        try:
            _differ(reader, block, "the commands did something else", serialise(happened), kind)
        except SessionError as error:
            raise block.error(f"cannot be recorded: {error}") from error


def _run_commands(reader: Reader, block: Block, shell: Shell, recorded: list[Command]) -> list[Command]:
    """Run commands in a terminal. Out: the same with what happened, in the recorded words where those stand for it."""
    happened: list[Command] = []
    for command in recorded:
        where = f"{where_in_file(block, command.line - 1)}: $ {command.text.splitlines()[0]}"
        try:
            result = shell.run(reader.address.to_test(command.text))
        except ShellError as error:
            raise block.error(f"{where}: {reader.address.to_reader(str(error))}") from error
        output, actual, record = answer(reader.address, command.output, result.output, block.masks)
        reader.report(f"$ {command.text}\n{output}".rstrip("\n"))
        for line in actual:
            if line not in command.output and (missing := NOT_FOUND.fullmatch(line)):
                raise block.error(f"{where}: {missing[1]} is not installed: install it, or show how on the page")
            if "PIP_NO_INDEX" in shell.environment and (missing := NOT_KEPT.fullmatch(line)):
                raise block.error(
                    f"{where}: {missing[1]} is not among what pages install: name it in {packages.__name__}"
                )
        if reader.update and not command.output:
            record = shortened(record)
        happened.append(Command(command.text, result.status, record, command.line))
    return happened


def _run_server(reader: Reader, block: Block) -> None:
    """Start a server on a port that it chooses itself, and compare what it prints until it is ready.

    One on the port of the page's YDB is interrupted, since that one is there already. One on another port goes on, and
    what follows on the page finds it there. The commands before it install it in an environment of its own.
    """
    *before, command = parse(block.text)
    page_port = named_port(command.text) or PORT
    where = f"{where_in_file(block, command.line - 1)}: $ {command.text}"
    folder, variables, happened = reader.folder, reader.variables, []
    if before:
        folder, variables = _new_terminal(reader)
        with Shell(folder, variables) as shell:
            happened = _run_commands(reader, block, shell, before)
    try:
        text = on_any_port(reader.address.to_test(command.text), page_port)
        expected = None if reader.update else len(command.output)
        server = text, folder, variables, expected
        output = run_server(*server) if page_port == PORT else reader.servers.enter_context(serving(*server))
        port = told_port(output)
    except (ShellError, ValueError) as error:
        raise block.error(f"{where}: {error}") from error
    if page_port != PORT:
        reader.address.ports[page_port] = port
    actual = [re.sub(rf"\b{port}\b", str(page_port), reader.address.to_reader(line)) for line in output]
    reader.report("\n".join([f"$ {command.text}", *actual]))
    same, record = bind(reader.address, compare(command.output, actual, block.masks), actual)
    if not same or happened != before:
        happened.append(Command(command.text, 0, record))
        _differ(reader, block, "the server printed something else", serialise(happened))


def _new_terminal(reader: Reader) -> tuple[Path, dict[str, str]]:
    """A folder with the site's download, and the variables of a Python environment with nothing in it but pip."""
    scratch = reader.folder.parent / "server"
    scratch.mkdir()
    wheels(reader.site.root, scratch)
    variables = environment(reader.folder.parent / "home", new_environment(scratch / "environment"))
    return scratch, variables | packages.variables()


def _run_example(reader: Reader, block: Block) -> None:
    """Run a Python block and compare what it prints."""
    try:
        happened = as_shown(reader.address.to_reader(run_example(reader.address.to_test(block.text), reader.folder)))
    except ExampleError as error:
        raise block.error(f"{where_in_file(block)}: {reader.address.to_reader(str(error))}") from error
    reader.report(happened)
    if happened != block.text:
        _differ(reader, block, "it printed something else", happened)


def _run_yql(reader: Reader, block: Block) -> None:
    """Send the requests of a block and compare the answers."""
    recorded, happened = yql.parse(block.text), []
    for request in recorded:
        actual = [reader.address.to_reader(line) for line in reader.ask(reader.address.to_test(request.text))]
        reader.report("\n".join([request.text, *actual]))
        _, record = bind(reader.address, compare(request.answer, actual, block.masks), actual)
        happened.append(yql.Request(request.text, record, request.line))
    if happened != recorded:
        _differ(reader, block, "YDB answered something else", yql.serialise(happened))


def _set_up(reader: Reader, block: Block) -> None:
    """Keep the code that makes the tables of operations, and compare what it makes."""
    outcome = _outcome(block, _runner(reader, block).set_up)
    if outcome.refusal:
        raise block.error("\n".join([f"{where_in_file(block)}: the setup is refused", *outcome.lines]))
    reader.report(f"# {block.include}: set up")
    _compare_database(reader, block, outcome.before, outcome.after)


def _run_operation(reader: Reader, block: Block) -> None:
    """Run an operation on tables that are set up anew, and compare what they have become."""
    outcome = _outcome(block, _runner(reader, block).run)
    reader.sent = outcome.lines
    reader.report("\n".join([block.text, *outcome.lines]))
    _compare_database(reader, block, outcome.before, outcome.after, Differs)


def _runner(reader: Reader, block: Block) -> operation.Runner:
    if reader.operations is None:
        raise block.error("this walk has no YDB to run operations on")
    return reader.operations


def _outcome(block: Block, run: Callable[[str], operation.Outcome]) -> operation.Outcome:
    try:
        return run(block.text)
    except (ReaderError, SyntaxError) as error:
        raise block.error(f"{where_in_file(block)}: {error}") from error


def _compare_sent(reader: Reader, block: Block) -> None:
    """Compare what the operation above sent, and the answers."""
    comparison = compare(lines_of(block.text), reader.sent, block.masks)
    same, record = bind(reader.address, comparison, reader.sent)
    if not same:
        _differ(reader, block, "the operation did something else", "\n".join(record) + "\n")


STEPS: dict[Role, Callable[[Reader, Block], None]] = {
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
    Role.ANSWER: lambda *_: None,  # `check_answers` has found it in a block that is followed
}


def _check_database(reader: Reader, block: Block) -> None:
    """Compare what the database holds with what is recorded, if the block changed it."""
    before, reader.state = reader.state, reader.address.to_reader(reader.dump())
    _compare_database(reader, block, before, reader.state)


def _compare_database(
    reader: Reader, block: Block, before: str, after: str, kind: type[ReaderError] = ReaderError
) -> None:
    file = database_file(block)
    name = reader.site.name(file)
    if after == before:
        if not file.exists():
            return
        if not reader.update:
            raise block.error(f"it left the database as it was: remove {name} (pytest --update does)", kind)
        file.unlink()
    else:
        recorded, actual = lines_of(file.read_text()) if file.exists() else [], lines_of(after)
        same, record = bind(reader.address, compare(recorded, actual, block.masks, elide=False), actual)
        if file.exists() and same:
            return
        if not reader.update:
            what = "the database is not as in" if file.exists() else "it changed the database, and there is no"
            raise block.error(f"{what} {name}\n{_diff(name, recorded, record)}\n{HINT}", kind)
        file.write_text("".join(line + "\n" for line in record))
    reader.record(file)


def _check_masks(block: Block) -> None:
    """Refuse a mask that hides nothing: it is there by mistake, and would hide something one day."""
    files = [file for file in (block.include.file, database_file(block)) if file.exists()]
    recorded = [line for file in files for line in lines_of(file.read_text())]
    for mask in block.masks:
        if not masked(recorded, mask):
            raise block.error(f"the mask {mask} is not needed: there is nothing of that kind to hide", Differs)


def _differ(reader: Reader, block: Block, what: str, happened: str, kind: type[ReaderError] = Differs) -> None:
    """A block does not show what happened: rewrite its file under `--update`, fail with a diff otherwise."""
    if reader.update:
        try:
            rewrite(block.include, happened)
        except ValueError as error:
            raise block.error(f"cannot be recorded: {error}") from error
        reader.record(block.include.file)
        return
    recorded, now = lines_of(block.text), lines_of(happened)
    where = where_in_file(block, len(os.path.commonprefix([recorded, now])))
    raise block.error(f"{where}: {what}\n{_diff(block.include.name, recorded, now)}\n{HINT}", kind)


def _diff(name: str, recorded: list[str], happened: list[str]) -> str:
    lines = difflib.unified_diff(recorded, happened, f"{name} (recorded)", "what happened", lineterm="")
    return "\n".join(lines)


def _file(reader: Reader, block: Block) -> Path:
    """The file that a block's title names, in the reader's folder. Raises ReaderError if it is outside."""
    file = reader.folder / reader.address.to_test(block.title)
    if not file.resolve().is_relative_to(reader.folder.resolve()):
        raise block.error(f"{block.title!r} would leave the reader's folder: a link on the way leads out of it")
    if file.is_dir() or any(parent.is_file() for parent in file.parents):
        raise block.error(f"{block.title!r} cannot be a file: a folder has that name, or a file is in the way")
    return file
