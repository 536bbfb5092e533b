"""The revisions of a project on one release line, in a process of its own.

It can reach nothing but its emulators from then on. What env.py prints goes where this process prints.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from threading import Timer, main_thread
from traceback import walk_stack, walk_tb
from types import FrameType
from typing import NoReturn

from alembic.command import upgrade
from alembic.config import Config
from alembic.util import CommandError

from .elsewhere import DIALECT, ReachesElsewhere
from .environment import missing
from .record import Turn
from .request import Answer, Request
from .snapshot import load, take


def answer(request: Request) -> Answer:
    if request.url:
        return _taken(request)
    from . import project
    from .rules import judge

    try:
        config = _config(request)
        config.get_main_option("sqlalchemy.url")  # which reads the file
    except Exception as error:
        return Answer(request.line, error=f"{request.ini or request.toml} cannot be read: {_sentence(error)}")
    try:
        start = load(Path(request.snapshot)) if request.snapshot else None
        database = start.database if start else "/local"
        os.environ.update(missing(os.environ, config, f"yql+ydb://localhost:2136{database}"))
        history = project.run(config, request.line, start)
    except CommandError as error:
        where = _where(error) if isinstance(error, ReachesElsewhere) else ""
        return Answer(request.line, error=f"{_sentence(error)}{where}")
    except project.RevisionsUnreadable as error:
        return Answer(request.line, error=f"the revisions cannot be read: {_words(error.__cause__ or error)}")
    except SystemExit as error:
        return Answer(request.line, error=f"env.py exits with {error.code or 0}")
    except Exception as error:
        if (refused := _refused(error)) is not None:
            return Answer(request.line, error=f"{refused}{_where(error)}")
        if isinstance(error, KeyError) and (why := _missing(error)):
            return Answer(request.line, error=why)
        after = "".join(f" {note}" for note in getattr(error, "__notes__", []) if note.startswith("after "))
        return Answer(request.line, error=f"env.py fails{after}: {_words(error)}")
    statements = Counter(
        statement.outcome for revision in history.revisions for statement in revision.runs[Turn.UPGRADE].statements
    )
    failed = (revision.file for revision in history.revisions if revision.runs[Turn.UPGRADE].failed)
    not_ended = {*failed, *history.left}  # on one of several databases, maybe
    files = dict.fromkeys(each.file for each in history.revisions if each.file not in not_ended)
    found, count = tuple(judge(history)), len(history.revisions)
    return Answer(request.line, found, count, dict(statements), tuple(files), len(history.left))


def _taken(request: Request) -> Answer:
    """Write the snapshot: a process that has talked to a YDB can be forked no more, so it is none that will be."""
    from ..login import credentials  # which imports what talks to clouds: other requests do without

    try:
        take(request.url, credentials(os.environ), request.rows).write(Path(request.snapshot or ""))
    except CommandError as error:
        return Answer(request.line, error=str(error))
    return Answer(request.line)


def _config(request: Request) -> Config:
    options = Namespace(x=list(request.x) or None, name=request.section, config=request.ini, raiseerr=True, quiet=True)
    options.cmd = upgrade, ["revision"], ["sql", "tag"]  # as the command line has it, which env.py may ask
    return Config(request.ini, toml_file=request.toml, ini_section=request.section, cmd_opts=options)


def _sentence(error: BaseException) -> str:
    return " ".join(str(error).split())


def _words(error: BaseException) -> str:
    said = _sentence(error)
    return f"{type(error).__name__}{': ' if said else ''}{said}{_where(error)}"


def _refused(error: BaseException | None) -> ReachesElsewhere | None:
    """What was refused to env.py, where it or a library made another error of that."""
    while error is not None and not isinstance(error, ReachesElsewhere):
        error = error.__cause__ or error.__context__
    return error


def _missing(error: KeyError) -> str:
    """What a KeyError stands for: a variable that env.py wants, or the dialect. Nothing where it is another one."""
    *_, (frame, _) = walk_tb(error.__traceback__)
    [key] = error.args[:1] or [""]
    if key == DIALECT and "alembic" in frame.f_globals.get("__name__", ""):
        return (
            "env.py does not register YDB with Alembic: it has to import ydb_sqlalchemy.alembic, or alembic_ydb.hooks"
        )
    if frame.f_globals.get("__name__") == "os":
        return f"env.py needs the variable {key}: any value will do that it can read{_where(error)}"
    return ""


def _where(error: BaseException) -> str:
    return _innermost(walk_tb(error.__traceback__))


def _innermost(frames: Iterable[tuple[FrameType, int]]) -> str:
    """The innermost line that is the project's own."""
    places = [(os.path.relpath(frame.f_code.co_filename), line) for frame, line in frames]
    own = [(file, line) for file, line in places if not file.startswith(("..", "<")) and "site-packages" not in file]
    return f" ({own[-1][0]}:{own[-1][1]})" if own else ""


def work(request: Request, answered: Path) -> NoReturn:
    """Answer a request, and end this process: gRPC may hang at its exit where env.py leaves a connection open."""
    limit = Timer(request.seconds, _stop, (request, answered))
    limit.daemon = True
    limit.start()
    found = answer(request)
    limit.cancel()
    _end(found, answered)


def _stop(request: Request, answered: Path) -> None:
    """Called while the main thread still works, for ever maybe."""
    from .project import stacks

    where = _innermost(reversed([*walk_stack(stacks().get(main_thread().ident or 0))]))
    said = f"it is stopped after {request.seconds} s{where}: if that ends at all, give it more with --timeout"
    _end(Answer(request.line, error=said), answered)


def _end(found: Answer, answered: Path) -> NoReturn:
    answered.write_text(found.as_json)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
