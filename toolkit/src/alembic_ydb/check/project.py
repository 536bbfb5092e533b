"""A project's revisions run on an emulator, one after the other, each up, down, up and once more."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from traceback import walk_tb
from typing import Any

from alembic import autogenerate
from alembic.config import Config
from alembic.operations import Operations
from alembic.operations.ops import MigrateOperation
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, MigrationStep
from alembic.script import Script, ScriptDirectory

from ydb_emulator import Emulator
from ydb_emulator.errors import Status, YdbError

from . import elsewhere
from .contents import OWN, contents
from .record import REFUSED, UNKNOWN, History, Operation, Place, Revision, Run, Statement, Turn
from .restore import restore
from .snapshot import Snapshot


class Recorder:
    """Keeps what reaches the emulators while a revision runs."""

    def __init__(self, line: str, start: Snapshot | None = None):
        self.line = line
        self.start = start
        self.emulators: dict[str, Emulator] = {}
        self.run: Run | None = None
        self.file = ""

    def endpoint(self, database: str) -> str:
        """host:port of the emulator of a database, which is started now if nobody has asked for it before."""
        path = "/" + database.strip("/")
        if path not in self.emulators:
            emulator = self.emulators[path] = Emulator(path=path, line=self.line)
            emulator.database.watch = self._statement
            emulator.start()
            if self.start is not None:
                restore(self.start, emulator)
        return f"127.0.0.1:{self.emulators[path].port}"

    def stop(self) -> None:
        for emulator in self.emulators.values():
            emulator.stop()

    def _statement(self, text: str, error: YdbError | None) -> None:
        """Called by the emulator while the program waits for its answer: its stack says which line asked."""
        if self.run is None or any(name in text for name in OWN):
            return
        place = self.place(sys._current_frames()[threading.main_thread().ident or 0])
        if error is None:
            statement = Statement(text, place)
        else:
            outcome = UNKNOWN if error.status is Status.UNSUPPORTED and "emulator" in str(error) else REFUSED
            words = "; ".join(text for issue in error.issues for text in issue.texts()[-1:])
            statement = Statement(text, place, outcome, error.status.name, words)
        self.run.statements.append(statement)

    def operation(self, asked: MigrateOperation) -> None:
        if self.run is not None:
            self.run.operations.append(Operation(asked, self.place(sys._getframe())))

    def place(self, frame: Any) -> Place:
        """The innermost line of the revision that runs, in a stack."""
        while frame is not None:
            if frame.f_code.co_filename == self.file:
                return Place(self.file, frame.f_lineno)
            frame = frame.f_back
        return Place(self.file)


class Walk:
    """What a check does where a command of Alembic's would upgrade: every pending revision, and then the models."""

    def __init__(self, config: Config, recorder: Recorder):
        self.script = ScriptDirectory.from_config(config)
        self.recorder = recorder
        merges = [script.revision for script in self.script.walk_revisions() if script.is_merge_point]
        self.history = History(recorder.line, heads=tuple(self.script.get_heads()), merges=tuple(merges))
        self._comparison = autogenerate.RevisionContext(
            config,
            self.script,
            {
                "message": None, "autogenerate": True, "sql": False, "head": "head", "splice": False,
                "branch_label": None, "version_path": None, "rev_id": None, "depends_on": None,
            },
        )  # fmt: skip

    def upgrade(self, heads: Any, context: MigrationContext) -> Iterator[MigrationStep]:
        """Alembic runs each step that this yields, and then asks for the next. Its name is what a guard looks at."""
        database = self._database(context)
        if len(self.history.heads) > 1 or self.history.merges:
            return  # the version table has room for one head
        for step in self.script._upgrade_revs("heads", heads):
            revision = Revision(step.revision.revision, step.revision.path, database)
            self.history.revisions.append(revision)
            yield from self._turns(revision, step.revision, context)
            if revision.runs[Turn.UPGRADE].failed:
                return
        if context.opts.get("target_metadata") is None:
            return  # there are no models
        try:
            self._comparison.run_autogenerate(self.script.get_heads(), context)
        except Exception as error:  # autogenerate or a hook of the project stops at what it cannot write
            self.history.comparison = _words(error)
            return
        for operations in self._comparison.generated_revisions[-1].upgrade_ops_list:
            self.history.differences.extend(operations.as_diffs())

    def _turns(self, revision: Revision, script: Script, context: MigrationContext) -> Iterator[MigrationStep]:
        """The steps of a revision: up, down (and its upgrade() once more before), up."""
        database = self.recorder.emulators[revision.database].database
        start = database.state
        up, down, again = (
            MigrationStep.upgrade_from_script(self.script.revision_map, script),
            MigrationStep.downgrade_from_script(self.script.revision_map, script),
            MigrationStep.upgrade_from_script(self.script.revision_map, script),
        )
        upgrade, downgrade = up.migration_fn, down.migration_fn

        def repeat_and_downgrade(**arguments: Any) -> None:
            end = database.state
            self._record(revision, Turn.REPEAT, upgrade, context, arguments)
            _new_transaction(context)
            database.state = end
            self._record(revision, Turn.DOWNGRADE, downgrade, context, arguments)

        up.migration_fn = lambda **arguments: self._record(revision, Turn.UPGRADE, upgrade, context, arguments)
        down.migration_fn = repeat_and_downgrade
        again.migration_fn = lambda **arguments: self._record(revision, Turn.AGAIN, upgrade, context, arguments)
        yield up
        if revision.runs[Turn.UPGRADE].failed:
            return
        yield down
        if revision.runs[Turn.DOWNGRADE].failed:
            database.state = start
        yield again

    def _record(
        self, revision: Revision, turn: Turn, function: Callable, context: MigrationContext, arguments: Any
    ) -> None:
        """Run a function of a revision. What it raises is kept and goes no further."""
        emulator = self.recorder.emulators[revision.database]
        run = self.recorder.run = revision.runs[turn] = Run(turn, contents(emulator))
        self.recorder.file = revision.file
        try:
            function(**arguments)
        except Exception as error:
            run.failed = _words(error)
            run.place = _failed_at(error, revision.file)
            _new_transaction(context)
        finally:
            self.recorder.run = None
        run.after = contents(emulator)

    def _database(self, context: MigrationContext) -> str:
        """The path of the database that a context works on."""
        assert context.connection is not None
        raw: Any = context.connection.connection.dbapi_connection
        return "/" + raw.database.strip("/")


def _new_transaction(context: MigrationContext) -> None:
    """Let what follows have a new one: a statement that fails ends its transaction in YDB."""
    assert context.connection is not None
    raw: Any = context.connection.connection.dbapi_connection
    raw.rollback()
    raw.begin()


def _words(error: BaseException) -> str:
    said = str(getattr(error, "orig", error)).strip() or type(error).__name__
    return f"{type(error).__name__}: {said}"


def _failed_at(error: BaseException, file: str) -> Place:
    """The innermost line of the file that an exception passed."""
    lines = [lineno for frame, lineno in walk_tb(error.__traceback__) if frame.f_code.co_filename == file]
    return Place(file, lines[-1] if lines else 0)


@contextmanager
def _recorded_operations(recorder: Recorder) -> Iterator[None]:
    invoke: Callable[..., Any] = Operations.invoke

    def recorded(self: Operations, operation: MigrateOperation) -> Any:
        recorder.operation(operation)
        return invoke(self, operation)

    Operations.invoke = recorded  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        Operations.invoke = invoke  # type: ignore[method-assign]


def run(config: Config, line: str, start: Snapshot | None = None) -> History:
    """Run the pending revisions of a project on a release line, in this process, which is of no use afterwards.

    In: what each database holds before, nothing by default. Raises what env.py raises, and SnapshotError.
    """
    recorder = Recorder(line, start)
    elsewhere.lead(recorder.endpoint)
    walk = Walk(config, recorder)
    try:
        with (
            _recorded_operations(recorder),
            EnvironmentContext(
                config, walk.script, fn=walk.upgrade, as_sql=False, starting_rev=None, destination_rev="heads", tag=None
            ),
        ):
            walk.script.run_env()
    finally:
        recorder.stop()
    return walk.history
