"""The terminal of a browser tab: a small shell whose commands run in this process, each as if in a new one.

What a command imported from the project is forgotten after it, and so is what the project changed in Alembic. What it
changed in other packages, such as a type that it told SQLAlchemy how to compile, stays until the tab is reset.
"""

from __future__ import annotations

import gc
import io
import logging
import os
import re
import runpy
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from difflib import SequenceMatcher
from importlib import import_module, invalidate_caches
from pathlib import Path

import ydb

from .words import Operator, Word, commands, parts

STATUSES = {status.name for status in ydb.issues.StatusCode}
REGISTERING = {"alembic", "alembic_ydb"}
KEPT, FORGOTTEN = ("sqlalchemy.orm", "ydb_sqlalchemy.sqlalchemy"), ("alembic.config",)
"""What commands import, as it stays and as it is imported again."""
HELP = """\
alembic …           any command of Alembic
python FILE …       also -c CODE and -m MODULE
yql QUERY           sends the rest of the line as YQL; yql alone reads queries until exit
ls, cat, head, tail, grep, sort, diff, pwd, cd, mkdir, rm, mv, cp, echo, export, unset
timeout TIME …      runs a command to its end: no time is kept here, Stop or Ctrl+C ends it
Each runs in this page; the database is an emulator of YDB, in this page too."""


_QUERY = re.compile(r"\s*yql\s+(?=[^\s'\"])(.+)", re.DOTALL)
"""A query without quotation marks around it: it goes to YDB as it is typed."""
_YQL = re.compile(
    r"\s*(alter|commit|create|delete|drop|explain|grant|insert|pragma|replace|revoke|select|truncate|update|upsert|values)"
    r"(?=\s|$)",
    re.IGNORECASE,
)
"""What a query begins with that somebody typed as a command."""


class Failed(Exception):
    """A command that says why and ends with a status."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status


class Output(io.TextIOBase):
    """Standard output and error: goes where `write` leads at the time, as Alembic keeps the one that it was given."""

    def __init__(self) -> None:
        self.to: Callable[[str], object] = lambda text: None

    def write(self, text: str) -> int:
        self.to(text)
        return len(text)

    def isatty(self) -> bool:
        return False


class _Logs:
    """How logging is set up, to be so again."""

    def __init__(self) -> None:
        self._known = {logger: _setup(logger) for logger in _loggers()}

    def restore(self) -> None:
        """What has come since is as if it were new."""
        for logger in _loggers():
            level, handlers, logger.propagate, logger.disabled = self._known.get(
                logger, (logging.NOTSET, [], True, False)
            )
            logger.handlers[:] = handlers
            logger.setLevel(level)


def _loggers() -> list[logging.Logger]:
    named = logging.Logger.manager.loggerDict.values()
    return [logging.root, *(logger for logger in named if isinstance(logger, logging.Logger))]


def _setup(logger: logging.Logger) -> tuple[int, list[logging.Handler], bool, bool]:
    return logger.level, list(logger.handlers), logger.propagate, logger.disabled


class Terminal:
    """Runs lines in a folder. `write` takes what they print; `ask` sends YQL and returns the answer's lines."""

    def __init__(self, folder: Path, write: Callable[[str], object], ask: Callable[[str], list[str]]) -> None:
        self.folder, self.write, self.ask = folder, write, ask
        self.cwd = folder
        self.variables: dict[str, str] = {}
        self.sources: Callable[[], object] = lambda: None
        """Called before a traceback is written: it shows the lines of sources, which may have to be brought."""
        self._output, self._errors, self._has_run_code = Output(), Output(), False
        self._input = ""
        gc.freeze()  # what there is stays, and is not looked at again after each command
        self._builtins = {name[1:]: getattr(self, name) for name in _COMMANDS}

    def warm(self) -> None:
        """Import what commands need, before the first one does."""
        with self._process({}, lambda text: None, lambda text: None):
            gc.disable()
            for name in KEPT:
                import_module(name)
            gc.freeze()
            for name in FORGOTTEN:
                import_module(name)
            gc.enable()

    def run(self, line: str) -> int:
        """Run a line, which may hold several commands. Out: the status of the last one."""
        if not self.cwd.is_dir():
            self.cwd = self.folder  # the folder where it was has been removed
            self.folder.mkdir(exist_ok=True)
        if query := _QUERY.fullmatch(line):
            return self._pipe([[Word((("yql", False),)), Word(((query[1], False),))]])
        if typed := _YQL.match(line):
            self.write(f"{typed[1]}: not found here. To send YQL, put yql before it: yql {line.strip()}\n")
            return 127
        try:
            found = commands(line)
        except ValueError as error:
            self.write(f"{error}\n")
            return 2
        status = 0
        for sign, pipeline in found:
            if sign != "&&" or status == 0:
                status = self._pipe(pipeline)
        return status

    def _pipe(self, pipeline: list[list[Word | Operator]]) -> int:
        """Run commands, each with what the one before it wrote. Out: the status of the last one."""
        self._input = ""
        for command in pipeline[:-1]:
            written: list[str] = []
            self._run(command, written.append)
            self._input = "".join(written)
        return self._run(pipeline[-1], self.write)

    def _run(self, command: list[Word | Operator], write: Callable[[str], object]) -> int:
        """Run one command, with assignments before it and redirections behind it."""
        values = self.variables
        command = [each for each in command if isinstance(each, Operator) or each.is_quoted or each.text(values)]
        named, redirections = parts(command)
        words = [each.text(values) for each in named]
        given = {}
        while words and "=" in words[0] and words[0].split("=", 1)[0].isidentifier():
            name, given[name] = words.pop(0).split("=", 1)
        with ExitStack() as stack:
            try:
                write, errors = self._redirected(redirections, write, stack)
            except Failed as error:
                self.write(f"{error}\n")
                return error.status
            if not words:
                self.variables |= given
                return 0
            with self._process(self.variables | given, write, errors):
                status = self._call(words, write, errors)
                self._output.to = self._errors.to = lambda text: None
                if self._has_run_code:
                    gc.collect()  # what a command held says now, if anything, that it was not closed
                return status

    def _redirected(
        self, signs: list[Word | Operator], write: Callable[[str], object], stack: ExitStack
    ) -> tuple[Callable[[str], object], Callable[[str], object]]:
        """Where output and errors go. Raises Failed for what is not understood, or for a file that can't be written."""
        errors, rest = self.write, iter(signs)
        for each in rest:
            if each == Operator("2>&1"):
                errors = write
                continue
            name = next(rest, None)
            if not isinstance(each, Operator) or not isinstance(name, Word):
                raise Failed("one file is to follow at the end", 2)
            path = name.text(self.variables)
            try:
                file = stack.enter_context((self.cwd / path).open("a" if each.sign.endswith(">>") else "w"))
            except OSError as error:
                raise Failed(f"{path}: {error.strerror}") from None
            if each.sign.startswith("2"):
                errors = file.write
            else:
                write = file.write
        return write, errors

    def _call(self, words: list[str], write: Callable[[str], object], errors: Callable[[str], object]) -> int:
        name, *arguments = words
        command = self._builtins.get(name)
        if command is None:
            errors(f"{name}: not found here; help lists what there is\n")
            return 127
        try:
            command(arguments, write)
        except Failed as error:
            errors(f"{error}\n" if str(error) else "")
            return error.status
        except SystemExit as end:
            if isinstance(end.code, str):
                errors(f"{end.code}\n")
                return 1
            return (end.code or 0) & 255
        except BaseException as error:
            if isinstance(error, OSError) and not self._has_run_code:
                errors(f"{name}: {str(error.filename).removeprefix(f'{self.cwd}/')}: {error.strerror}\n")
                return 1
            self.sources()
            errors(_traceback())
            return 1
        return 0

    @contextmanager
    def _process(
        self, variables: dict[str, str], write: Callable[[str], object], errors: Callable[[str], object]
    ) -> Iterator[None]:
        """What a new process would have of its own."""
        path, environment = list(sys.path), dict(os.environ)
        argv, streams, folder = sys.argv, (sys.stdin, sys.stdout, sys.stderr), os.getcwd()
        os.environ.update(variables)
        os.chdir(self.cwd)
        sys.stdin, sys.stdout, sys.stderr = io.StringIO(self._input), self._output, self._errors
        self._output.to, self._errors.to, self._has_run_code = write, errors, False
        invalidate_caches()
        logs = _Logs()
        try:
            yield
        finally:
            self._output.to = self._errors.to = self.write
            sys.stdin, sys.stdout, sys.stderr = streams
            sys.argv, sys.path[:] = argv, path
            os.environ.clear()
            os.environ.update(environment)
            os.chdir(folder)
            self._forget()
            logs.restore()

    def _forget(self) -> None:
        """Drop the project's modules, and with them Alembic, which keeps what they registered in it."""
        project = str(self.folder)
        own = [name for name, module in sys.modules.items() if str(getattr(module, "__file__", "")).startswith(project)]
        used = [name for name in sys.modules if name.split(".")[0] in REGISTERING or name == "ydb_sqlalchemy.alembic"]
        for name in [*own, *(used if self._has_run_code else [])]:
            module = sys.modules.pop(name)
            above, _, last = name.rpartition(".")
            if above in sys.modules and vars(sys.modules[above]).get(last) is module:
                delattr(sys.modules[above], last)  # where `from package import module` would find it

    # --- commands ----------------------------------------------------------------------------------------------

    def _alembic(self, arguments: list[str], write: Callable[[str], object]) -> None:
        if arguments[:1] == ["edit"]:
            raise Failed("alembic edit starts an editor, which is not here: choose the file in the list of files")
        self._has_run_code = True
        import_module("alembic.config").main(argv=arguments, prog="alembic")

    def _python(self, arguments: list[str], write: Callable[[str], object]) -> None:
        self._has_run_code = True
        match arguments:
            case ["-c", code, *rest]:
                sys.argv, sys.path[:0] = ["-c", *rest], [""]
                exec(compile(code, "<string>", "exec"), {"__name__": "__main__"})
            case ["-m", "alembic", *rest]:
                self._alembic(rest, write)
            case ["-m", module, *rest]:
                sys.argv, sys.path[:0] = [module, *rest], [""]
                runpy.run_module(module, run_name="__main__", alter_sys=True)
            case [file, *rest] if not file.startswith("-"):
                if not (self.cwd / file).is_file():
                    raise Failed(f"python: can't open file '{self.cwd / file}': [Errno 2] No such file or directory", 2)
                sys.argv, sys.path[:0] = [file, *rest], [str((self.cwd / file).parent)]
                runpy.run_path(file, run_name="__main__")
            case _:
                raise Failed("python FILE, python -c CODE or python -m MODULE: there is no prompt of Python here", 2)

    def _yql(self, arguments: list[str], write: Callable[[str], object]) -> None:
        if not arguments:
            raise Failed("yql 'SELECT …'", 2)
        answer = self.ask(" ".join(arguments))
        write("".join(f"{line}\n" for line in answer))
        if answer and answer[0] in STATUSES:
            raise Failed("")

    def _help(self, arguments: list[str], write: Callable[[str], object]) -> None:
        write(f"{HELP}\n")

    def _pwd(self, arguments: list[str], write: Callable[[str], object]) -> None:
        write(f"{self.cwd}\n")

    def _cd(self, arguments: list[str], write: Callable[[str], object]) -> None:
        folder = (self.cwd / (arguments[0] if arguments else self.folder)).resolve()
        if not folder.is_dir():
            raise Failed(f"cd: {arguments[0]}: No such file or directory")
        self.cwd = folder

    def _ls(self, arguments: list[str], write: Callable[[str], object]) -> None:
        for place in [name for name in arguments if not name.startswith("-")] or ["."]:
            path = self.cwd / place
            names = [place] if path.is_file() else sorted(os.listdir(path))
            for name in names:
                if name != "__pycache__":
                    write(f"{name}\n")

    def _cat(self, arguments: list[str], write: Callable[[str], object]) -> None:
        for name in arguments:
            write((self.cwd / name).read_text())

    def _head(self, arguments: list[str], write: Callable[[str], object]) -> None:
        count, lines = self._counted(arguments)
        write("".join(lines[:count]))

    def _tail(self, arguments: list[str], write: Callable[[str], object]) -> None:
        count, lines = self._counted(arguments)
        write("".join(lines[-count:] if count else []))

    def _grep(self, arguments: list[str], write: Callable[[str], object]) -> None:
        flags = [each for each in arguments if each in ("-i", "-v", "-iv", "-vi")]
        rest = [each for each in arguments if each not in flags]
        if not rest or rest[0].startswith("-"):
            raise Failed("grep [-i] [-v] PATTERN FILE …: other options are not known here", 2)
        pattern = _pattern(rest[0], re.IGNORECASE if "i" in "".join(flags) else 0)
        found = [line for line in self._lines(rest[1:]) if bool(pattern.search(line)) != ("v" in "".join(flags))]
        write("".join(found))
        if not found:
            raise Failed("")

    def _sort(self, arguments: list[str], write: Callable[[str], object]) -> None:
        write("".join(sorted(self._lines(arguments))))

    def _diff(self, arguments: list[str], write: Callable[[str], object]) -> None:
        if len(arguments) != 2 or any(name.startswith("-") and name != "-" for name in arguments):
            raise Failed("diff FILE FILE, or - for what the command before it wrote: options are not known here", 2)
        old, new = (self._lines([] if name == "-" else [name]) for name in arguments)
        differs = False
        for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if kind == "equal":
                continue
            differs = True
            before, after = _numbers(i1, i2), _numbers(j1, j2)
            write(f"{before}{ {'insert': 'a', 'delete': 'd', 'replace': 'c'}[kind] }{after}\n")
            write("".join(f"< {line}" for line in old[i1:i2]) + "---\n" * (kind == "replace"))
            write("".join(f"> {line}" for line in new[j1:j2]))
        if differs:
            raise Failed("")

    def _timeout(self, arguments: list[str], write: Callable[[str], object]) -> None:
        if len(arguments) < 2 or not re.fullmatch(r"\d+(\.\d+)?[smhd]?", arguments[0]):
            raise Failed("timeout DURATION COMMAND: options are not known here", 2)
        name, *rest = arguments[1:]
        if name not in self._builtins:
            raise Failed(f"{name}: not found here; help lists what there is", 127)
        self._builtins[name](rest, write)

    def _counted(self, arguments: list[str]) -> tuple[int, list[str]]:
        """How many lines are wanted, and the lines."""
        match arguments:
            case ["-n", count, *names] if count.isdigit():
                return int(count), self._lines(names)
            case [option, *names] if option[:1] == "-" and option[1:].isdigit():
                return int(option[1:]), self._lines(names)
        return 10, self._lines(arguments)

    def _lines(self, names: list[str]) -> list[str]:
        """The lines of files, or of what the command before it in the line wrote."""
        texts = [path.read_text() for path in self._paths(names)] if names else [self._input]
        return [line for text in texts for line in text.splitlines(keepends=True)]

    def _mkdir(self, arguments: list[str], write: Callable[[str], object]) -> None:
        for name in arguments:
            if name != "-p":
                (self.cwd / name).mkdir(parents="-p" in arguments, exist_ok="-p" in arguments)

    def _rm(self, arguments: list[str], write: Callable[[str], object]) -> None:
        for path in self._paths(arguments):
            if path.is_dir() and any("r" in flag for flag in arguments if flag.startswith("-")):
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=any("f" in flag for flag in arguments if flag.startswith("-")))

    def _mv(self, arguments: list[str], write: Callable[[str], object]) -> None:
        *sources, target = self._paths(arguments)
        for source in sources:
            shutil.move(source, target)

    def _cp(self, arguments: list[str], write: Callable[[str], object]) -> None:
        *sources, target = self._paths(arguments)
        for source in sources:
            if source.is_dir():
                shutil.copytree(source, target / source.name if target.is_dir() else target)
            else:
                shutil.copy(source, target)

    def _echo(self, arguments: list[str], write: Callable[[str], object]) -> None:
        write(" ".join(arguments) + "\n")

    def _export(self, arguments: list[str], write: Callable[[str], object]) -> None:
        for each in arguments:
            name, _, value = each.partition("=")
            self.variables[name] = value

    def _unset(self, arguments: list[str], write: Callable[[str], object]) -> None:
        for name in arguments:
            self.variables.pop(name, None)

    def _paths(self, arguments: list[str]) -> list[Path]:
        """The files that arguments name, with `*` for many. Raises Failed for a pattern that fits nothing."""
        found: list[Path] = []
        for name in arguments:
            if "*" in name:
                matches = sorted(self.cwd.glob(name))
                if not matches:
                    raise Failed(f"{name}: No such file or directory")
                found += matches
            elif not name.startswith("-"):
                found.append(self.cwd / name)
        return found


_COMMANDS = [
    "_alembic", "_cat", "_cd", "_cp", "_diff", "_echo", "_export", "_grep", "_head", "_help", "_ls", "_mkdir", "_mv",
    "_pwd", "_python", "_rm", "_sort", "_tail", "_timeout", "_unset", "_yql",
]  # fmt: skip
NAMES = frozenset(name[1:] for name in _COMMANDS)
"""The commands that there are."""


def _numbers(start: int, end: int) -> str:
    """The lines of a part as `diff` numbers them; of an empty one, the line before it."""
    return f"{start + 1},{end}" if end - start > 1 else str(end)


def _pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """A basic regular expression, as far as it is the same in Python. Raises Failed for any other."""
    if not re.search(r"[(){}+?|]|\[:|\\[^.*^$/\\]", text):
        try:
            return re.compile(text, flags)
        except re.error:
            pass
    raise Failed(f"the pattern {text} is not understood here; . * ^ $ and [] are", 2)


def _traceback() -> str:
    """The traceback of what is being handled, from the first frame that is not the terminal's or that of runpy."""
    kind, error, frames = sys.exc_info()
    own = {__file__, runpy.__file__, "<frozen runpy>"}
    while frames is not None and frames.tb_next is not None and frames.tb_frame.f_code.co_filename in own:
        frames = frames.tb_next
    return "".join(traceback.format_exception(kind, error, frames))
