"""A project on an emulator whose requests can fail: the example in a folder of its own, with files of a page."""

from __future__ import annotations

import itertools
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import ydb
from alembic.config import Config

from guide.paths import ROOT
from guide.reader.database import dump_directory
from guide.reader.engine import connect, parse_url
from guide.reader.environment import environment
from guide.reader.plain import plain_alembic
from guide.reader.shell import Result, Shell, piped
from ydb_emulator import Emulator, releases

SNIPPETS = ROOT / "snippets"
BATCHES = ROOT / "toolkit" / "src" / "alembic_ydb" / "batches.py"
"""What the jobs of the recipes import."""


STARTS: dict[tuple[str, str], tuple[Any, Any]] = {}
"""What `Project.start_from` has made: a state of a database, which never changes, and the next id of a table."""


class Project:
    """A copy of the example in a folder, with the URL of an emulator. `run` runs commands in its folder.

    What a test itself asks the database goes over one driver, until the `stack` ends: each takes a while to stop.
    """

    def __init__(self, folder: Path, emulator: Emulator, shell: Shell, stack: ExitStack):
        self.folder, self.emulator, self.shell, self.stack = folder, emulator, shell, stack

    @cached_property
    def sessions(self) -> ydb.QuerySessionPool:
        driver = self.stack.enter_context(connect(parse_url(self.emulator.url)))
        return self.stack.enter_context(ydb.QuerySessionPool(driver))

    def start_from(self, name: str, make: Callable[[], object]) -> None:
        """Bring an empty database to where many tests start. That is made once for each name, in each process.

        It is of tables and rows alone: no user, and no number of a sequence.
        """
        database = self.emulator.database
        key = (name, str(database.line))
        if key not in STARTS:
            make()
            STARTS[key] = (database.state, database.new_table_id())
            return
        database.state, free = STARTS[key]
        while database.new_table_id() != free:  # those before are ids of the tables that are there
            pass

    def at_head(self) -> None:
        """Have run the revisions of the example, and nothing else before."""
        self.start_from("the example", lambda: self.run("alembic upgrade head"))

    def run(self, command: str, status: int | None = 0) -> str:
        """What a command prints. It has to end with the status; None is any."""
        result: Result = self.shell.run(command)
        assert status in (None, result.status), result.output
        return result.output

    def call(self, command: Callable[..., object], *arguments: str, **more: str) -> None:
        """A command of Alembic in this process, as a program calls it, with more variables: for tests that are not
        about a process."""
        plain_alembic()  # the test, or a fixture of its module, may have imported them
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            patch.syspath_prepend(str(self.folder))
            for name in [name for name in os.environ if name.startswith("YDB_")]:  # of whoever runs the tests
                patch.delenv(name)
            for name, value in {"YDB_URL": self.emulator.url, **more}.items():
                patch.setenv(name, value)
            patch.setattr(sys, "dont_write_bytecode", True)  # a file may be written anew in the same second
            try:
                command(Config("alembic.ini"), *arguments)
            finally:
                for name in [name for name in sys.modules if name.partition(".")[0] in ("migrations", "models")]:
                    del sys.modules[name]

    def revision(self, name: str, source: Path | str) -> None:
        """Write a revision, from a snippet or a text."""
        text = source if isinstance(source, str) else source.read_text()
        (self.folder / "migrations" / "versions" / f"{name}.py").write_text(text)

    def add(self, source: Path) -> Path:
        """Copy a program of a page, with the emulator's address. Out: the copy."""
        file = self.folder / source.name
        file.write_text(source.read_text().replace("localhost:2136", f"127.0.0.1:{self.emulator.port}"))
        return file

    def hasten_retries(self, file: str = "migrations/env.py") -> None:
        """Let the SDK try again at once in a program of the project; what it tries again, and how often, stays."""
        path = self.folder / file
        path.write_text(
            f"import ydb.retries\n\nydb.retries.BackoffSettings.calc_timeout = lambda *_: 0\n{path.read_text()}"
        )

    def start(self, program: str, *arguments: str, warm: bool = True, **more: str) -> subprocess.Popen:
        """A process of Alembic or Python, with more variables. Its output is one text.

        One that starts warm ends with its launcher, which it does not see: `kill` waits for that, and what is to be
        stopped and to go on has to be a real one.
        """
        environment = variables(self.folder, warm) | more
        file = shutil.which(program, path=environment["PATH"])
        assert file, f"the project's environment has no {program}"
        return subprocess.Popen(
            [file, *arguments],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def execute(self, *statements: str) -> None:
        """Send statements that are no queries, each by itself."""
        with self.connect() as connection:
            for statement in statements:
                connection.execute(sa.DDL(statement.replace("%", "%%")))

    def query(self, text: str) -> list[tuple]:
        with self.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(text))]

    @contextmanager
    def connect(self) -> Iterator[sa.Connection]:
        options = {"ydb_session_pool": self.sessions}
        with sa.create_engine(self.emulator.url, poolclass=sa.NullPool, connect_args=options).connect() as connection:
            yield connection

    def dump(self) -> str:
        """All that the database holds."""
        return dump_directory(self.sessions._driver, self.sessions, parse_url(self.emulator.url))


def variables(folder: Path, warm: bool = False) -> dict[str, str]:
    return environment(folder, Path(sys.prefix), warm=warm)


@contextmanager
def project(folder: Path, line: str = releases.DEFAULT) -> Iterator[Project]:
    """A project in a folder that does not exist yet, on an emulator of its own, of a release line."""
    shutil.copytree(ROOT / "example", folder, ignore=shutil.ignore_patterns("__pycache__"))
    with Emulator(line=line) as emulator:
        ini = folder / "alembic.ini"
        ini.write_text(ini.read_text().replace("localhost:2136", f"127.0.0.1:{emulator.port}"))
        with Shell(folder, variables(folder, warm=True)) as shell, ExitStack() as stack:
            yield Project(folder, emulator, shell, stack)


def kill(process: subprocess.Popen) -> None:
    """Kill a process, and wait until there is none that could still print."""
    output = os.dup(piped(process.stdout).fileno())  # a thread that reads may close the other one
    process.kill()
    ended = select.poll()
    ended.register(output, 0)
    assert ended.poll(60_000)
    os.close(output)
    process.wait()


def kill_at(project: Project, process: subprocess.Popen, part: str, nth: int) -> str:
    """Kill a process as its n-th statement with a text in it comes, counted from 1, before that runs.

    Out: what it printed.
    """
    seen = itertools.count(1)

    def strike(text: str) -> bool:
        if part not in text or next(seen) != nth:
            return False
        kill(process)
        return True

    project.emulator.faults.drop_connection(matching=strike)
    output, _ = process.communicate()
    assert process.returncode == -signal.SIGKILL, output
    return output


def kill_before(project: Project, statement: int, *arguments: str) -> list[str]:
    """Start Alembic and kill it as its n-th statement that is no SELECT comes, counted from 1, before that runs.

    Out: the statements that YDB got, this one too.
    """
    process = project.start("alembic", *arguments)
    seen: list[str] = []

    def strike(text: str) -> bool:
        if text.lstrip().upper().startswith("SELECT"):
            return False
        seen.append(" ".join(text.split()))
        if len(seen) != statement:
            return False
        kill(process)
        return True

    project.emulator.faults.drop_connection(matching=strike)
    output, _ = process.communicate()
    assert process.returncode == -signal.SIGKILL, output
    assert not project.emulator.faults.pending
    return seen
