"""What a block is for. It follows from how the block is written:

title, a whole file              FILE       written to the file that the title names
title, a section of a file       SECTION    an excerpt of that file, or a line of its settings, changed
title, diff                      DIFF       a change made in the file that the title names
title, data-role="generated"     GENERATED  a file that a command made: compared
console                          SESSION    commands: run, output and exit statuses compared
console, data-role="server"      SERVER     a command that keeps running: started, compared, interrupted (see server.py)
  after others in the same block                they install it, where nothing is but this site's download
python                           EXAMPLE    run by pytest-examples, what it prints compared
sql                              YQL        sent to YDB, the answers compared
python, data-role="setup"        SETUP      makes the tables that operations start from
python, data-role="operation"    OPERATION  the body of an upgrade(): run on tables that are set up anew
sql, data-role="sent"            SENT       what the operation above sent, and the answers: compared
any, data-role="answer"          ANSWER     lines that another block of the page shows, too: found there

A block of commands or requests of which one is to fail has the class `fails`, so that readers see it.
"""

from collections.abc import Sequence
from enum import Enum, auto
from pathlib import Path, PurePosixPath

from . import fragment, operation, yql
from .matching import MASKS
from .page import Block
from .session import SessionError, parse
from .snippets import Include


class Role(Enum):
    FILE = auto()
    SECTION = auto()
    DIFF = auto()
    GENERATED = auto()
    SESSION = auto()
    SERVER = auto()
    EXAMPLE = auto()
    YQL = auto()
    SETUP = auto()
    OPERATION = auto()
    SENT = auto()
    ANSWER = auto()


COMPARED = {Role.SESSION, Role.SERVER, Role.GENERATED, Role.YQL, Role.OPERATION, Role.SENT}
CHANGES_DATABASE = (Role.SESSION, Role.EXAMPLE, Role.YQL)
ATTRIBUTE = {
    "generated": Role.GENERATED,
    "server": Role.SERVER,
    "setup": Role.SETUP,
    "operation": Role.OPERATION,
    "sent": Role.SENT,
    "answer": Role.ANSWER,
}


def role_of(block: Block) -> Role:
    """The role of a block. Raises ReaderError if nothing would run it, or its attributes do not fit."""
    role = _titled_role(block) if block.title else _untitled_role(block)
    if block.role and ATTRIBUTE.get(block.role) != role:
        raise block.error(
            f"data-role={block.role!r} does not fit here: generated is for titled blocks, server for console blocks, "
            "setup and operation for python blocks, sent for sql blocks, answer for blocks without a title"
        )
    if unknown := [mask for mask in block.masks if mask not in MASKS]:
        raise block.error(f"unknown mask: {', '.join(unknown)} (known: {', '.join(sorted(MASKS))})")
    if block.masks and role not in COMPARED:
        raise block.error(
            "a mask is for what is compared with what happened: console, sql, operation and generated blocks"
        )
    fails = _session_fails(block, role) if role in (Role.SESSION, Role.SERVER) else _yql_fails(block, role)
    if fails and "fails" not in block.classes:
        raise block.error(
            f"something in it fails: let readers see that, with the class fails: ``` {{ .{block.language} .fails }}"
        )
    if "fails" in block.classes and not fails:
        raise block.error("nothing in it fails: remove the class fails")
    return role


def _titled_role(block: Block) -> Role:
    if block.language == "console":
        raise block.error("a console block has no title: a title names a file that the reader writes")
    path = PurePosixPath(block.title)
    if path.is_absolute() or ".." in path.parts or not path.name:
        raise block.error(f"{block.title!r} would leave the reader's folder: a title is the path of a file inside it")
    if block.role == "generated":
        return Role.GENERATED
    if block.language == "diff":
        return Role.DIFF
    return Role.SECTION if block.include.section else Role.FILE


def _untitled_role(block: Block) -> Role:
    if block.role == "answer":
        return Role.ANSWER
    match block.language:
        case "console":
            return Role.SERVER if block.role == "server" else Role.SESSION
        case "python":
            return {"setup": Role.SETUP, "operation": Role.OPERATION}.get(block.role, Role.EXAMPLE)
        case "sql":
            return Role.SENT if block.role == "sent" else Role.YQL
    raise block.error(
        "nothing runs this block: give it a title (the file it belongs to), or make it console, python or sql"
    )


def _session_fails(block: Block, role: Role) -> bool:
    """Check a session. Out: whether a command in it is to fail."""
    if block.include.section:
        raise block.error("a console block includes a whole session file, not a section of it")
    try:
        commands = parse(block.text)
    except SessionError as error:
        raise block.error(str(error)) from error
    if role is Role.SERVER and any(command.status for command in commands):
        raise block.error("a server block has no exit status: what it starts keeps running")
    return any(command.status for command in commands)


def _yql_fails(block: Block, role: Role) -> bool:
    """Check a block of requests. Out: whether one of them is to be refused; what is not recorded yet is as declared."""
    if role is Role.SENT:
        fails = operation.fails(block.text)
        return "fails" in block.classes if fails is None else fails
    try:
        requests = yql.parse(block.text) if role is Role.YQL else []
    except ValueError as error:
        raise block.error(str(error)) from error
    if requests and not any(request.answer for request in requests):
        return "fails" in block.classes
    return any(request.fails for request in requests)


def check_order(steps: Sequence[tuple[Block, Role]]) -> None:
    """Check that each operation has a setup above it, and what it sent right below. Raises ReaderError."""
    has_setup = False
    open_operation = None
    for block, role in steps:
        if open_operation and (role is not Role.SENT or _recorded(open_operation) != block.include):
            raise open_operation.error(
                "what it sends is not shown: below it there has to be a sql block with data-role=sent that includes "
                f"{_recorded(open_operation)}"
            )
        if role is Role.SENT and not open_operation:
            raise block.error("there is no operation right above it, which could send this")
        if role is Role.OPERATION and not has_setup:
            raise block.error("there is no setup above it: a python block with data-role=setup makes its tables")
        has_setup = has_setup or role is Role.SETUP
        open_operation = block if role is Role.OPERATION else None
    if open_operation:
        raise open_operation.error("what it sends is not shown: add a sql block with data-role=sent")


def check_answers(steps: Sequence[tuple[Block, Role]]) -> None:
    """Check that the lines of each answer stand in a block that is followed. Raises ReaderError."""
    followed = [_shown(block, role) for block, role in steps if role is not Role.ANSWER]
    for block, role in steps:
        if role is Role.ANSWER and not any(fragment.contains(text, block.text) for text in followed):
            raise block.error("no other block of the page has these lines, one after the other: nothing runs them")


def _shown(block: Block, role: Role) -> str:
    """The text of a block; of a diff, the file's lines after it."""
    lines = block.text.split("\n")
    return "\n".join(line[1:] for line in lines if line[:1] in (" ", "+")) if role is Role.DIFF else block.text


def _recorded(block: Block) -> Include:
    """What the block below an operation includes: the file of the same stem, and the section of the same name."""
    include = block.include
    name = str(PurePosixPath(include.name).with_suffix(".sql"))
    return Include(name, include.file.with_suffix(".sql"), include.section)


def where_in_file(block: Block, index: int = 0) -> str:
    """The place in the included file of a line of the block, counted from 0."""
    return f"{block.include.name}:{block.include.line + index}"


def database_file(block: Block) -> Path:
    """The file beside a block's own that says what the database holds after it."""
    section = f".{block.include.section}" if block.include.section else ""
    return block.include.file.with_name(f"{block.include.file.stem}{section}.database")
