"""Console sessions as files: commands, exit statuses and output, in trycmd's grammar.

    $ command
    > continuation of the command
    ? 1
    output
    ...

`? N` is there only if the exit status is not 0. In the output a line `...` stands for any lines, `[..]` for any text
within a line.
"""

import re
from dataclasses import dataclass, field

from .matching import ANY_LINES, ANY_TEXT

TRACEBACK = "Traceback (most recent call last):"

# What Alembic says of itself at the start of each command, with the prefix that `alembic init` gives to log lines or
# without one: three to nine lines that are the same everywhere.
OPENING = re.compile(
    r"(INFO  \[alembic\.runtime\.\w+\] )?"
    r"(Context impl \w+\.|Will assume (non-)?transactional DDL\.|setting up autogenerate plugin [\w.]+)"
)


@dataclass
class Command:
    """A command of a session: its text, exit status and output, and its line in the session."""

    text: str
    status: int = 0
    output: list[str] = field(default_factory=list)
    line: int = 1


class SessionError(ValueError):
    """A session file that is not in the grammar, or elides what must be shown. Holds the line and what is wrong."""

    def __init__(self, line: int, message: str):
        super().__init__(f"line {line}: {message}")


def parse(text: str) -> list[Command]:
    """Parse a session. Raises SessionError, also for elisions that leave nothing to check."""
    commands = _parse(text)
    for command in commands:
        if command.output and all(line == ANY_LINES for line in command.output):
            raise SessionError(command.line, f"output that is only {ANY_LINES} says nothing: show at least one line")
        if ANY_TEXT in (line.strip() for line in command.output):
            raise SessionError(
                command.line, f"a line that is only {ANY_TEXT} says nothing: show the line, or part of it"
            )
        if command.status and command.output and (command.output[-1] == ANY_LINES or ANY_TEXT in command.output[-1]):
            raise SessionError(command.line, "the last line of a failing command is its message: show it in full")
    return commands


def _parse(text: str) -> list[Command]:
    commands: list[Command] = []
    in_command = False
    for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
        if line.startswith("$ ") and line[2:].strip():
            commands.append(Command(line[2:], line=number))
            in_command = True
        elif not commands:
            raise SessionError(number, "a console session starts with '$ ' and a command")
        elif in_command and line.startswith("> "):
            commands[-1].text += "\n" + line[2:]
        elif in_command and (status := re.fullmatch(r"\? (\d+)", line)):
            commands[-1].status = int(status[1])
            in_command = False
        else:
            commands[-1].output.append(line)
            in_command = False
    return commands


def without_opening(recorded: list[str], output: list[str]) -> list[str]:
    """An output as it is compared with a recorded one: the opening lines are left out unless that shows one."""
    if any(map(OPENING.fullmatch, recorded)):
        return output
    return [line for line in output if not OPENING.fullmatch(line)]


def shortened(output: list[str]) -> list[str]:
    """An output without the frames of its tracebacks: what comes before, `...`, and the last exception."""
    if TRACEBACK not in output:
        return output
    start = output.index(TRACEBACK)
    last = len(output) - 1 - output[::-1].index(TRACEBACK)
    end = next(number for number in range(last + 1, len(output)) if not output[number].startswith(" "))
    return [*output[: start + 1], ANY_LINES, *output[end:]]


def serialise(commands: list[Command]) -> str:
    """The text of a session. Raises SessionError if some output would not be read back as output."""
    lines = []
    for command in commands:
        lines.append("$ " + command.text.replace("\n", "\n> "))
        if command.status:
            lines.append(f"? {command.status}")
        lines += command.output
    text = "\n".join(lines) + "\n"
    told = [(command.text, command.status, command.output) for command in commands]
    if [(command.text, command.status, command.output) for command in _parse(text)] != told:
        raise SessionError(1, "some output looks like a command ('$ '), a continuation ('> ') or a status ('? 1')")
    return text
