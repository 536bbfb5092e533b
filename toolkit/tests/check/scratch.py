"""A project in a folder, for a check as a command."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Iterable, Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent
from typing import Any, NamedTuple
from unittest.mock import patch

from alembic_ydb.check.__main__ import main
from guide.reader.python import command as command_of_python

ENV = """\
from alembic import context
from sqlalchemy import create_engine
from ydb_sqlalchemy.alembic import YDBImpl

with create_engine("yql+ydb://prod.example:2135/production").connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
"""
"""Its address is nobody's: a check that connected there would fail."""

REVISION = """\
import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision, down_revision = {revision!r}, {before!r}


def upgrade() -> None:
{upgrade}


def downgrade() -> None:
{downgrade}
"""


class Done(NamedTuple):
    """How a command ended, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


def run(folder: Path, *arguments: str, environ: Mapping[str, str] | None = None) -> Done:
    """`alembic-ydb` in a folder. The revisions run in processes of their own, which start warm."""
    python, variables = command_of_python(folder)
    out, err = io.StringIO(), io.StringIO()
    with (
        chdir(folder),
        redirect_stdout(out),
        redirect_stderr(err),
        patch.dict(os.environ, variables | dict(environ or {}), clear=True),
        patch.object(sys, "executable", python),
    ):
        status = main([*arguments])
    return Done(status, out.getvalue(), err.getvalue())


@dataclass
class Scratch:
    """A folder with `alembic.ini`, `env.py` and revisions, one after the other."""

    folder: Path
    last: str | None = None

    def __post_init__(self) -> None:
        (self.folder / "migrations" / "versions").mkdir(parents=True)
        (self.folder / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
        self.env(ENV)

    def env(self, text: str) -> None:
        (self.folder / "migrations" / "env.py").write_text(text)

    def revision(self, revision: str, upgrade: str, downgrade: str = "pass", before: str | None = None) -> Path:
        """Write a revision after the last one, or after `before`."""
        file = self.folder / "migrations" / "versions" / f"{revision}.py"
        bodies = (indent(body, "    ") for body in (upgrade, downgrade))
        texts = dict(zip(("upgrade", "downgrade"), bodies, strict=True))
        text = REVISION.format(revision=revision, before=before or self.last, **texts)
        file.write_bytes(text.encode(errors="surrogateescape"))
        self.last = revision
        return file

    def run(self, *arguments: str, command: str = "check", environ: Mapping[str, str] | None = None) -> Done:
        """`alembic-ydb check` in the folder."""
        return run(self.folder, command, *arguments, environ=environ)

    def findings(self, *arguments: str) -> list[dict[str, Any]]:
        """What `--format json` says. Fails where the check could not run."""
        done = self.run("--format", "json", *arguments)
        assert done.returncode in (0, 1), done.stderr
        found: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
        return found


def codes(findings: Iterable[dict[str, Any]], revision: str) -> list[str]:
    """The codes that are found in a revision, each once, in order."""
    return sorted({finding["code"] for finding in findings if finding["revision"] == revision})


def renamed(text: str, number: int) -> str:
    """The text with a table `t` that is this number's own, and `new_t` and the like."""
    return re.sub(r"\b(other_|new_|v_|nowhere_)?t\b", rf"\1t{number}", text)
