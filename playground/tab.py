"""What a browser tab holds: a folder, a terminal, an emulator. The page's worker calls it, and nothing else."""

from __future__ import annotations

import gc
import io
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from . import generated, messages, transport

gc.disable()  # while all is imported: what comes stays, and would be looked through again and again
generated.install()
transport.install()
messages.install()

import ydb  # noqa: E402 - what it imports is installed above

from . import sdk  # noqa: E402 - after the stand-ins

sdk.install()

from guide.reader import yql  # noqa: E402 - after the stand-ins
from guide.reader.database import dump_directory  # noqa: E402 - after the stand-ins
from ydb_emulator import Emulator  # noqa: E402 - after the stand-ins
from ydb_emulator.scratch import Engine  # noqa: E402 - after the stand-ins
from ydb_emulator.yql.automaton import automaton  # noqa: E402 - after the stand-ins

from .steps import Follower  # noqa: E402 - after the stand-ins
from .terminal import Terminal  # noqa: E402 - after the stand-ins

gc.enable()

PORT = 2136
DATABASE = "/local"
ENGINE = Engine(f"localhost:{PORT}", DATABASE, DATABASE)
HIDDEN = {"__pycache__"}


class Tab:
    """A project's folder with a database of a release line. `write` takes what commands print, `sources`
    is called before a traceback.

    `statements` are the queries that were sent since the last look, each with how it was refused, or "".
    """

    def __init__(
        self,
        folder: str,
        files: Mapping[str, str],
        line: str,
        write: Callable[[str], object],
        sources: Callable[[], object] = lambda: None,
    ) -> None:
        self.folder = Path(folder)
        self.statements: list[list[str]] = []
        self._is_watched = True
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        for name, text in files.items():
            self.save(name, text)
        emulator = Emulator(PORT, DATABASE, line)
        emulator.database.watch = self._watch
        transport.serve(PORT, emulator.methods())
        automaton()
        self._driver = ydb.Driver(endpoint=f"grpc://localhost:{PORT}", database=DATABASE)
        self._driver.wait(1, fail_fast=True)
        self._pool = ydb.QuerySessionPool(self._driver)
        self.terminal = Terminal(self.folder, write, lambda text: yql.run(self._pool, text))
        self.terminal.sources = sources
        self._follower = Follower(self, ENGINE)

    def close(self) -> None:
        """End what talks to the database."""
        self._pool.stop()
        self._driver.stop()

    def _watch(self, text: str, error: Exception | None) -> None:
        if self._is_watched:
            self.statements.append([text, str(error) if error else ""])

    def warm(self) -> None:
        """Import what commands need, while the reader reads or types."""
        self.terminal.warm()

    def run(self, line: str) -> int:
        """Run a line of the terminal. Out: its status."""
        return self.terminal.run(line)

    def ask(self, text: str) -> list[str]:
        """What YDB answers to a query."""
        return yql.run(self._pool, text)

    def step(self, step: Mapping[str, Any]) -> dict[str, str]:
        """Do a step of a page. Out: how it went (`steps.Follower.do`)."""
        return self._follower.do(step)

    def place(self, name: str) -> Path:
        """Where a file of the project is. Raises ValueError for one outside of it."""
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder.resolve()) or path == self.folder.resolve():
            raise ValueError(f"{name} is outside of the project")
        return path

    def save(self, name: str, text: str) -> None:
        """Write a file of the project. Raises ValueError for one outside of it."""
        path = self.place(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def files(self) -> dict[str, str]:
        """The texts of the project by their names."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and not HIDDEN & {*path.parts}:
                found[path.relative_to(self.folder).as_posix()] = path.read_text(errors="replace")
        return found

    def database(self) -> str:
        """All tables with columns, keys, indexes and rows, as text."""
        self._is_watched = False
        try:
            return dump_directory(self._driver, self._pool, ENGINE)
        finally:
            self._is_watched = True

    def state(self) -> dict[str, Any]:
        """What the page shows after a command: files, the database, what was sent since the last time."""
        sent, self.statements = self.statements, []
        return {"files": self.files(), "database": self.database(), "statements": sent}

    def archive(self) -> bytes:
        """The project as a zip."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in self.files().items():
                archive.writestr(f"example/{name}", text)
        return packed.getvalue()
