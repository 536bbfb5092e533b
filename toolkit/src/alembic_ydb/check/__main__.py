"""`alembic-ydb check`: the command line, what pyproject.toml sets, and the processes, one a release line."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from . import explain
from .processes import ENDS, answers
from .record import Finding
from .request import Answer, Request

FOUND, COULD_NOT_RUN, STOPPED = 1, 2, 130
INI, TOML, TABLE = "alembic.ini", "pyproject.toml", "alembic-ydb"
SETTINGS = ("lines", "select", "ignore")
ALWAYS = "YDB102"
"""What the emulator does not know is never a pass."""
HEADS, REFUSED = "YDB001", "YDB101"
NOT_SILENCED = "No comment silences this while a revision after it is not run: start from a snapshot that has this one"


class CouldNotRun(Exception):
    """Its text is the whole message."""


@dataclass(frozen=True)
class Options:
    """What to do: the project, the release lines, and the codes that are looked at."""

    request: Request
    lines: tuple[str, ...]
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    format: str
    forks: bool


def program() -> int:
    """The program. Its processes are sessions of their own: it has to end them, whatever ends it."""
    for each in ENDS:
        if signal.getsignal(each) != signal.SIG_IGN:  # as nohup wants it
            signal.signal(each, signal.default_int_handler)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # `>&-`: only the status is wanted
            setattr(sys, name, open(os.devnull, "w"))
    gc.disable()  # what is imported stays: the collector would go through all of it again and again
    return main(forks=True)


def main(arguments: Sequence[str] | None = None, forks: bool = False) -> int:
    """0 where nothing was found, 1 where something was, 2 where the revisions could not be run.

    `forks`: whether this process is for the command alone, so that those that run the revisions may be forked from it.
    """
    given = _parser().parse_args(arguments)
    given.forks = forks
    try:
        status: int = given.run(given)
        return status
    except ImportError as error:
        if (error.name or "").partition(".")[0] != "ydb_emulator":
            raise
        print("alembic-ydb check needs the emulator: install the wheel of ydb-emulator, too", file=sys.stderr)
        return COULD_NOT_RUN
    except CouldNotRun as error:
        print(f"alembic-ydb {given.command}: {error}", file=sys.stderr)
        return COULD_NOT_RUN
    except KeyboardInterrupt:
        print(f"alembic-ydb {given.command}: stopped", file=sys.stderr)
        return STOPPED


def _check(given: argparse.Namespace) -> int:
    from . import report

    if given.explain:
        return _explain(given.explain)
    if given.rows and not given.url:
        raise CouldNotRun("--rows is for --from. A snapshot has the rows that it was taken with")
    options = _options(given)
    with tempfile.TemporaryDirectory() as folder:
        if given.url:
            file = Path(folder, "snapshot")
            [taken] = answers(
                [Request("", snapshot=str(file), url=given.url, rows=given.rows, seconds=given.timeout)], given.forks
            )
            if taken.error:
                raise CouldNotRun(taken.error)
            options = replace(options, request=replace(options.request, snapshot=str(file)))
        findings, answered = check(options)
    if options.format == "text":
        printed = report.text(findings, answered, _is_coloured(given.color))
    else:
        printed = report.FORMATS[options.format](findings, answered)
    if printed:
        say(printed)
    return FOUND if findings else 0


def say(text: str) -> None:
    """Whoever reads it may stop early. Raises CouldNotRun where it cannot be written."""
    letters = getattr(sys.stdout, "encoding", None) or "utf-8"  # a terminal or a file may not have every one
    try:
        print(text.encode(letters, "backslashreplace").decode(letters), flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python writes the rest when it ends
        if not isinstance(error, BrokenPipeError):
            raise CouldNotRun(f"the report cannot be written: {error.strerror}") from None


def _snapshot(given: argparse.Namespace) -> int:
    from alembic.util import CommandError

    from ..login import credentials
    from .snapshot import take

    try:
        snapshot = take(given.url, credentials(os.environ), given.rows)
        snapshot.write(given.file)
    except CommandError as error:
        raise CouldNotRun(str(error)) from None
    except OSError as error:
        raise CouldNotRun(f"{given.file} cannot be written: {error.strerror}") from None
    described = [entry.path for entry in snapshot.entries if entry.description]
    print(f"{len(snapshot.entries)} tables and views of {snapshot.database} are in {given.file}")
    if described:
        print(f"Without changefeeds and partitions, as this YDB has no SHOW CREATE TABLE: {', '.join(described)}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="alembic-ydb", description="Alembic on YDB.")
    commands = parser.add_subparsers(required=True, dest="command", metavar="COMMAND")
    command = commands.add_parser("check", help="try the pending revisions on the emulator, and say what would happen")
    command.add_argument(
        "-c", "--config", action="append", default=[], metavar="FILE",
        help="Alembic's configuration file (ALEMBIC_CONFIG, or alembic.ini and pyproject.toml); repeat it for both",
    )  # fmt: skip
    command.add_argument("-n", "--name", default="alembic", help="the section of the configuration file (alembic)")
    command.add_argument("-x", action="append", default=[], metavar="ARGUMENT", help="passed on to env.py")
    start = command.add_mutually_exclusive_group()
    start.add_argument("--from", dest="url", metavar="URL", help="begin with what this YDB has, which is only read")
    start.add_argument("--from-file", metavar="FILE", help="begin with a snapshot: `alembic-ydb snapshot`")
    command.add_argument("--rows", type=_count, default=0, help="how many rows of each table to read with --from (0)")
    command.add_argument("--line", action="append", default=[], help="a release line of YDB, such as 25.4; repeat it")
    command.add_argument("--all-lines", action="store_true", help="every release line that the emulator knows")
    command.add_argument("--select", action="append", default=[], metavar="CODE", help="look at these rules alone")
    command.add_argument("--ignore", action="append", default=[], metavar="CODE", help="do not look at this rule")
    command.add_argument("--timeout", type=_seconds, default=600, metavar="SECONDS", help="for each line (600)")
    command.add_argument("--format", choices=["text", "github", "json", "sarif"], default="text")
    command.add_argument("--color", choices=["auto", "always", "never"], default="auto", help="on a terminal (auto)")
    command.add_argument("--explain", metavar="CODE", help="say what a code means, and check nothing")
    command.set_defaults(run=_check)
    command = commands.add_parser("snapshot", help="write what a YDB has into a file, for `check --from-file`")
    command.add_argument("url", metavar="URL", help="yql+ydb://host:port/database; how to log in: the environment")
    command.add_argument("file", metavar="FILE", type=Path)
    command.add_argument("--rows", type=_count, default=0, help="how many rows of each table to keep (0)")
    command.set_defaults(run=_snapshot)
    return parser


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of rows")
    return int(text)


def _seconds(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 86400:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds from 1 to 86400")
    return int(text)


def _is_coloured(asked: str) -> bool:
    """See https://no-color.org: NO_COLOR is for what is not asked for on the command line."""
    if asked == "auto":
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return asked == "always"


def _explain(code: str) -> int:
    if code not in explain.NAMES:
        raise CouldNotRun(f"there is no rule {code}. There are {', '.join(explain.NAMES)}")
    say(explain.explanation(code).text)
    return 0


def _options(given: argparse.Namespace) -> Options:
    from ydb_emulator import releases

    ini, toml = _configuration(given.config)
    settings = _settings(toml)
    lines = given.line or settings.get("lines") or [releases.DEFAULT]
    if given.all_lines:
        lines = list(releases.NAMES)
    for line in lines:
        if line not in releases.NAMES:
            raise CouldNotRun(f"{line!r} is not a release line: use one of {', '.join(releases.NAMES)}")
    select, ignore = given.select or settings.get("select", []), given.ignore + settings.get("ignore", [])
    for code in [*select, *ignore]:
        if not code or not any(known.startswith(code) for known in explain.NAMES):
            raise CouldNotRun(f"there is no rule {code or repr(code)}. There are {', '.join(explain.NAMES)}")
    if ALWAYS in ignore:
        raise CouldNotRun(f"{ALWAYS} cannot be ignored: try the revision on a YDB, and say so in a comment in it")
    return Options(
        Request("", ini, toml, given.name, tuple(given.x), given.from_file, seconds=given.timeout),
        tuple(dict.fromkeys(lines)),
        tuple(select),
        tuple(ignore),
        given.format,
        given.forks,
    )


def _settings(file: str | None) -> dict[str, Any]:
    """The table `[tool.alembic-ydb]`. Raises CouldNotRun for a setting that there is not."""
    table = _tools(file).get(TABLE, {})
    if not isinstance(table, dict):
        raise CouldNotRun(f"{file} cannot be read: tool.{TABLE} is no table")
    for name, value in table.items():
        if name not in SETTINGS:
            raise CouldNotRun(f"[tool.{TABLE}] has no setting {name}. There are {', '.join(SETTINGS)}")
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise CouldNotRun(f"[tool.{TABLE}] {name} is a list of strings")
    return table


def _tools(file: str | None) -> dict[str, Any]:
    """The table `[tool]` of pyproject.toml. Raises CouldNotRun."""
    if file is None:
        return {}
    try:
        table = tomllib.loads(Path(file).read_text(encoding="utf-8")).get("tool", {})
    except ValueError as error:  # no TOML, or no UTF-8
        raise CouldNotRun(f"{file} cannot be read: {error}") from None
    if not isinstance(table, dict):
        raise CouldNotRun(f"{file} cannot be read: tool is no table")
    return table


def _configuration(given: Sequence[str]) -> tuple[str | None, str | None]:
    """The two files that Alembic takes: alembic.ini and pyproject.toml, or what was named. Raises CouldNotRun."""
    if len({_kind(name) for name in given}) < len(given):
        raise CouldNotRun(f"--config names one ini file and one {TOML} at most")
    named = [*filter(None, [os.environ.get("ALEMBIC_CONFIG")]), *given]
    files = {_kind(name): name for name in (INI, TOML, *named)}
    for name in files.values():
        if name in named and not Path(name).is_file():
            raise CouldNotRun(f"there is no file {name}")
    ini, toml = (file if Path(file).is_file() else None for file in files.values())
    if ini is None and "alembic" not in _tools(toml):
        raise CouldNotRun(f"there is no {INI} here, and no [tool.alembic] in {files[TOML]}. Name one: --config FILE")
    return ini, toml


def _kind(file: str) -> str:
    return TOML if Path(file).name == TOML else INI


def check(options: Options) -> tuple[list[Finding], list[Answer]]:
    """Run the revisions on each line, and judge them. Raises CouldNotRun."""
    from .silenced import heard

    answered = answers([replace(options.request, line=line) for line in options.lines], options.forks)
    for answer in answered:
        if answer.error:
            raise CouldNotRun(f"YDB {answer.line}: {answer.error}" if len(answered) > 1 else answer.error)
    ended = set.intersection(*(set(answer.files) for answer in answered))
    merged = _merged(answered)
    found = heard(merged, ended)
    if any(answer.left for answer in answered):
        stops = (each for each in merged if each not in found and _is_stop(each, ended))
        found += [replace(each, message=f"{each.message.rstrip('.')}. {NOT_SILENCED}") for each in stops]
    return [each for each in found if _is_wanted(each.code, options) or _is_stop(each, ended)], answered


def _is_stop(finding: Finding, ended: set[str]) -> bool:
    """Whether it is why revisions were not tried: without it, a report of what was selected would look clean."""
    return finding.code == HEADS or (finding.code in (REFUSED, ALWAYS) and finding.place.file not in ended)


def _is_wanted(code: str, options: Options) -> bool:
    if code == ALWAYS:
        return True
    return code.startswith(options.select or "") and not (options.ignore and code.startswith(options.ignore))


def _merged(answered: list[Answer]) -> list[Finding]:
    """Equal findings of several lines as one."""
    merged: dict[Finding, list[str]] = {}
    for answer in answered:
        for finding in answer.findings:
            merged.setdefault(finding, []).append(answer.line)
    return [replace(finding, lines=tuple(dict.fromkeys(lines))) for finding, lines in merged.items()]


if __name__ == "__main__":
    sys.exit(program())
