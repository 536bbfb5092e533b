"""A project's revisions run on an emulator, one after the other, each up, down, up and once more."""

from __future__ import annotations

import gc
import os
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, update_wrapper
from traceback import walk_tb
from typing import Any

import sqlalchemy as sa
import ydb
import ydb_dbapi
from alembic import autogenerate
from alembic.config import Config
from alembic.operations import AbstractOperations
from alembic.operations.batch import BatchOperationsImpl
from alembic.operations.ops import MigrateOperation, OpContainer
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, MigrationStep
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError

from ydb_emulator import Emulator
from ydb_emulator.errors import NOWHERE, Status, YdbError

from . import elsewhere
from .contents import LEASE, contents
from .record import REFUSED, UNKNOWN, History, Operation, Place, Revision, Run, Statement, Turn
from .restore import restore
from .snapshot import Snapshot


class RevisionsUnreadable(Exception):
    """A revision file could not be imported, or the one that it follows is missing. Its cause is the error."""


class Recorder:
    """Keeps what reaches the emulators while a revision runs."""

    def __init__(self, line: str, start: Snapshot | None = None):
        self.line = line
        self.start = start
        self.emulators: dict[tuple[str, str], Emulator] = {}  # by address and path: of two clusters, paths may be equal
        self.run: Run | None = None
        self.file = ""
        self._runs_on = ""  # the address of the emulator that the revision runs on
        self._state: Any = None  # what the database of the revision held before
        self._asked = Place("")  # where SQLAlchemy or Alembic were last asked for something
        self._batches: dict[BatchOperationsImpl, list[Place]] = {}  # where each operation of a batch was asked for
        self._sends: Place | None = None  # where the operation was asked for that a batch sends at its end
        self._batch_failure: tuple[BaseException, Place] | None = None

    def endpoint(self, address: str, database: str) -> str:
        """host:port of the emulator of a database, which is started now if nobody has asked for it before.

        In: the address that was asked for, or that of an emulator. A revision that connects by itself means the
        database that it runs on, if that has this path.
        """
        path = "/" + database.strip("/")
        if self.run is not None and path == self.run.database:
            return self._runs_on
        if any(address == _address(emulator) for emulator in self.emulators.values()):
            return address
        asked = address.partition("://")[2] or address, path
        if asked not in self.emulators:
            emulator = self.emulators[asked] = Emulator(path=path, line=self.line)
            emulator.database.watch = partial(self._statement, emulator)
            emulator.database.watch_request = partial(self._statement, emulator, at_once=True)
            emulator.start()
            if self.start is not None:
                restore(self.start, emulator)
        return _address(self.emulators[asked])

    def emulator(self, context: MigrationContext) -> Emulator:
        """The one that a context works on."""
        address = _connection(context)._driver._driver_config.endpoint
        return next(each for each in self.emulators.values() if _address(each) == address)

    def stop(self) -> None:
        for emulator in self.emulators.values():
            emulator.stop()

    def _statement(self, emulator: Emulator, text: str, error: YdbError | None, at_once: bool = False) -> None:
        """Called by the emulator while the program waits for its answer: its stacks say which line asked."""
        if self.run is None or LEASE in text:  # which a thread of its own renews
            return
        place = self._waiting()
        state = emulator.database.state
        if error is None:
            before = self.run.states[-1] if self.run.states else self._state
            statement = Statement(text, place, changed=state.catalog is not before.catalog, at_once=at_once)
        else:
            outcome = UNKNOWN if error.status is Status.UNSUPPORTED and "emulator" in str(error) else REFUSED
            words = "; ".join(text for issue in error.issues for text in issue.texts()[-1:])
            statement = Statement(text, place, outcome, error.status.name, words, _caret(text, error), at_once=at_once)
        self.run.statements.append(statement)
        self.run.states.append(state)

    def operation(self, asked: MigrateOperation) -> None:
        if self.run is not None:
            self.cursor()
            self.run.operations.append(Operation(asked, self._asked))

    def batched(self, batch: object) -> None:
        """Called after an operation: one of a batch_alter_table only waits in its list until the block ends."""
        if isinstance(batch, BatchOperationsImpl):
            places = self._batches.setdefault(batch, [])
            places += [self._asked] * (len(batch.batch) - len(places))

    def flush(self, batch: BatchOperationsImpl, send: Callable[[BatchOperationsImpl], None]) -> None:
        """Send a batch. Meanwhile the stack has the `with`, and what is sent was asked for in the block."""
        waiting = batch.batch
        batch.batch = _Waiting(waiting, self, self._batches.pop(batch, []))
        try:
            send(batch)
        except Exception as error:
            if self._sends is not None:
                self._batch_failure = error, self._sends
            raise
        finally:
            batch.batch, self._sends = waiting, None

    def failed_at(self, error: BaseException) -> Place:
        """The line of the revision at which an exception left it."""
        if self._batch_failure is not None and self._batch_failure[0] is error:
            return self._batch_failure[1]
        lines = [lineno for frame, lineno in walk_tb(error.__traceback__) if frame.f_code.co_filename == self.file]
        return Place(self.file, lines[-1] if lines else 0)

    def cursor(self, *_: object) -> None:
        """Called before a statement is sent: under asyncio, no thread's stack has the revision while it waits."""
        place = self.place(sys._getframe())
        if place.line:
            self._asked = place

    def begin(self, run: Run, file: str, emulator: Emulator) -> None:
        self._runs_on, self._state = _address(emulator), emulator.database.state
        self.run, self.file, self._asked = run, file, Place(file)
        self._batches, self._batch_failure = {}, None

    def _waiting(self) -> Place:
        """The line of the revision in the main thread, in another one that it started, or the last that asked."""
        if self._sends is not None:
            return self._sends
        frames = stacks()
        main = frames.pop(threading.main_thread().ident or 0)
        places = (self.place(frame) for frame in (main, *frames.values()))
        return next((place for place in places if place.line), self._asked)

    def place(self, frame: Any) -> Place:
        """The innermost line of the revision that runs, in a stack."""
        while frame is not None:
            if frame.f_code.co_filename == self.file:
                return Place(self.file, frame.f_lineno)
            frame = frame.f_back
        return Place(self.file)


def _address(emulator: Emulator) -> str:
    return f"127.0.0.1:{emulator.port}"


def stacks() -> dict[int, Any]:
    """The stack of each thread, by its number.

    On Python 3.11, all threads may wait for each other for ever if garbage is collected meanwhile.
    Source: https://github.com/python/cpython/issues/106883
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        return sys._current_frames()
    finally:
        if collects:
            gc.enable()


class _Waiting(list):
    """The operations of a batch. Whoever goes through them tells the recorder where each was asked for."""

    def __init__(self, operations: list[Any], recorder: Recorder, places: list[Place]):
        super().__init__(operations)
        self._recorder, self._places = recorder, places

    def __iter__(self) -> Iterator[Any]:
        for number, operation in enumerate(super().__iter__()):
            self._recorder._sends = self._places[number] if number < len(self._places) else None
            yield operation
        self._recorder._sends = None


class Walk:
    """What a check does where a command of Alembic's would upgrade: every pending revision, and then the models."""

    def __init__(self, config: Config, recorder: Recorder):
        self.config = config
        self.script = ScriptDirectory.from_config(config)
        self.recorder = recorder
        self.was_asked = False
        self._is_stopped = False  # an upgrade() failed
        known: Any = self.script.revision_map._revision_map
        for name in ("base", "head", "heads"):
            if name in known:
                raise CommandError(f"{os.path.relpath(known[name].path)}: Alembic needs the name {name} itself")
        scripts = list(self.script.walk_revisions())
        self.history = History(
            recorder.line,
            self.script.dir,
            heads={script.revision: script.path for script in scripts if script.is_head},
        )

    def upgrade(self, heads: Any, context: MigrationContext) -> Iterator[MigrationStep]:
        """Alembic runs each step that this yields, and then asks for the next. Its name is what a guard looks at."""
        database = self.recorder.emulator(context).database.path
        self.was_asked, self._is_stopped = True, False
        if len(self.history.heads) > 1:
            return  # the version table has room for one head
        steps = self.script._upgrade_revs("heads", heads)
        merges = {step.revision.revision: step.revision.path for step in steps if step.revision.is_merge_point}
        self.history.merges |= merges
        if merges:
            return  # between, it would need room for several
        metadata: Any = context.opts.get("target_metadata")
        models = (metadata,) if isinstance(metadata, sa.MetaData) else tuple(metadata or ())
        for step in steps:
            revision = Revision(step.revision.revision, step.revision.path, database, models)
            turns = partial(self._turns, revision, step.revision, context, is_last=step is steps[-1])
            step.migration_fn = update_wrapper(turns, step.migration_fn)  # Alembic logs its name
            yield step
        if not steps:
            self._compare(models, context)

    def _compare(self, models: Any, context: MigrationContext) -> None:
        """What autogenerate would still write, if there are models."""
        if not models:
            return
        comparison = autogenerate.RevisionContext(
            self.config,
            self.script,
            {
                "message": None, "autogenerate": True, "sql": False, "head": "head", "splice": False,
                "branch_label": None, "version_path": None, "rev_id": None, "depends_on": None,
            },
        )  # fmt: skip
        options: Any = self.config.cmd_opts
        options.autogenerate = True  # as `alembic revision --autogenerate` has it, which a hook may ask
        try:
            comparison.run_autogenerate(self.script.get_heads(), context)
        except Exception as error:  # autogenerate or a hook of the project stops at what it cannot write
            self.history.comparison = _words(error)
            return
        finally:
            del options.autogenerate
        for written in comparison.generated_revisions:  # none where a hook leaves out what is empty
            for operations in written.upgrade_ops_list:
                self.history.differences.extend(_differences(operations))

    def _turns(
        self, revision: Revision, script: Script, context: MigrationContext, is_last: bool, **arguments: Any
    ) -> None:
        """What Alembic runs for a revision: up, down, up. Before it goes down, its upgrade() runs again.

        It is one step, and an upgrade: a guard in env.py looks at every step, and refuses a downgrade.
        """
        if self._is_stopped:
            self.history.left.append(script.path)
            return
        database = self.recorder.emulator(context).database

        def run(turn: Turn, function: Callable[..., None]) -> Run:
            self._record(revision, turn, function, context, arguments)
            return revision.runs[turn]

        self.history.revisions.append(revision)
        if run(Turn.UPGRADE, script.module.upgrade).failed:
            self._is_stopped = True
            return
        end = database.state
        run(Turn.REPEAT, script.module.upgrade)
        for state in _parts(revision.runs[Turn.UPGRADE]):
            database.state = state
            run(Turn.RESUME, script.module.upgrade)
            if not revision.is_resumed:
                break
        database.state = end
        if run(Turn.DOWNGRADE, lambda **given: script.module.downgrade(**given)).failed:  # it may have none
            database.state = end
        else:
            run(Turn.AGAIN, script.module.upgrade)
        if is_last:
            self._compare(revision.models, context)

    def _record(
        self, revision: Revision, turn: Turn, function: Callable, context: MigrationContext, arguments: Any
    ) -> None:
        """Run a function of a revision. What it raises is kept and goes no further."""
        emulator = self.recorder.emulator(context)
        run = revision.runs[turn] = Run(turn, contents(emulator), database=revision.database)
        self.recorder.begin(run, revision.file, emulator)
        try:
            function(**arguments)
            _new_transaction(context, keep=True)
        except (Exception, SystemExit) as error:
            run.failed = _words(error)
            run.is_answer = _is_answer(error)
            run.place = self.recorder.failed_at(error)
            _new_transaction(context)
        finally:
            self.recorder.run = None
        run.after = contents(emulator)
        if run.after.broken:
            end = emulator.database.state
            for statement, state in zip(run.statements, run.states, strict=True):
                emulator.database.state = state
                for view in contents(emulator).broken:
                    run.breaks.setdefault(view, statement)
            emulator.database.state = end


def _differences(operations: OpContainer) -> Iterator[Any]:
    """What Alembic's `as_diffs` gives, and what a hook writes for which that has no words, such as a rename."""
    for operation in operations.ops:
        if isinstance(operation, OpContainer):
            yield from _differences(operation)
            continue
        try:
            difference: Any = operation.to_diff_tuple()
        except NotImplementedError:
            difference = None
        yield difference or (type(operation).__name__, getattr(operation, "table_name", ""))


def _caret(text: str, error: YdbError) -> int:
    """The offset that the innermost issue names, whose rows and columns are counted in bytes from 1; -1 for none."""
    found = NOWHERE
    issues = list(error.issues)
    while issues:
        issue = issues.pop()
        issues += issue.issues
        found = issue.position if issue.position != NOWHERE else found
    lines = text.encode().split(b"\n")
    if not 0 < found.row <= len(lines) or not found.column:
        return -1
    before = b"".join(line + b"\n" for line in lines[: found.row - 1]) + lines[found.row - 1][: found.column - 1]
    return len(before.decode(errors="replace"))


def _parts(run: Run) -> list[Any]:
    """What the database held after each change of the schema that another statement follows."""
    done = list(zip(run.statements, run.states, strict=True))[:-1]
    return [state for statement, state in done if statement.changed]


def _connection(context: MigrationContext) -> Any:
    """The connection of the driver, below what adapts it to asyncio."""
    assert context.connection is not None
    raw: Any = context.connection.connection
    return getattr(raw.driver_connection, "_connection", raw.driver_connection)


def _new_transaction(context: MigrationContext, keep: bool = False) -> None:
    """Let what follows have a new one: a statement that fails ends its transaction in YDB."""
    assert context.connection is not None
    raw: Any = context.connection.connection.dbapi_connection
    raw.commit() if keep else raw.rollback()
    raw.begin()


def _is_answer(error: BaseException | None) -> bool:
    """Whether YDB's answer is what ended it, and not something else after an answer that it swallowed."""
    while error is not None:
        if isinstance(error, (ydb.Error, ydb_dbapi.Error)):
            return True
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return False


def _words(error: BaseException) -> str:
    said = str(getattr(error, "orig", error)).strip()
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


@contextmanager
def _recorded_operations(recorder: Recorder) -> Iterator[None]:
    """Alembic has no event for an operation, in batch_alter_table or not. Methods are replaced: hence the comments."""
    invoke: Callable[..., Any] = AbstractOperations.invoke
    flush = BatchOperationsImpl.flush

    def recorded(self: AbstractOperations, operation: MigrateOperation) -> Any:
        recorder.operation(operation)
        done = invoke(self, operation)
        recorder.batched(self.impl)
        return done

    def flushed(self: BatchOperationsImpl) -> None:
        recorder.flush(self, flush)

    AbstractOperations.invoke = recorded  # type: ignore[method-assign] # Alembic has no hook for it
    BatchOperationsImpl.flush = flushed  # type: ignore[method-assign] # nor for this
    try:
        yield
    finally:
        AbstractOperations.invoke = invoke  # type: ignore[method-assign] # as it was
        BatchOperationsImpl.flush = flush  # type: ignore[method-assign] # as it was


def _walk(config: Config, recorder: Recorder) -> Walk:
    """Raises CommandError where the revisions do not fit together: of some of that, Alembic only warns."""
    failed: BaseException | None = None
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always", UserWarning)
        try:
            walk = Walk(config, recorder)
        except CommandError:
            raise
        except (Exception, SystemExit) as error:  # whatever a revision's file does while it is imported
            failed = error
    told = [str(warning.message) for warning in warned if str(warning.message).startswith("Revision ")]
    if told:
        raise CommandError(told[0]) from failed
    if failed is not None:
        raise RevisionsUnreadable from failed
    for script in walk.script.walk_revisions():
        if not hasattr(script.module, "upgrade"):
            raise CommandError(f"{os.path.relpath(script.path)} has no upgrade()")
    return walk


def run(config: Config, line: str, start: Snapshot | None = None) -> History:
    """Run the pending revisions of a project on a release line, in this process, which is of no use afterwards.

    In: what each database holds before, nothing by default. Raises what env.py raises, with a note of the revision that
    ran last, RevisionsUnreadable from what importing them raises, and SnapshotError.
    """
    recorder = Recorder(line, start)
    elsewhere.lead(recorder.endpoint)
    walk = _walk(config, recorder)
    sa.event.listen(sa.Engine, "before_cursor_execute", recorder.cursor)
    try:
        with (
            _recorded_operations(recorder),
            EnvironmentContext(
                config, walk.script, fn=walk.upgrade, as_sql=False, starting_rev=None, destination_rev="heads", tag=None
            ),
        ):
            walk.script.run_env()
    except Exception as error:
        for revision in walk.history.revisions[-1:]:  # which may have closed Alembic's connection
            error.add_note(f"after {os.path.relpath(revision.file)}")
        raise
    finally:
        recorder.stop()
    if not walk.was_asked:
        raise CommandError("env.py ran no migrations: it has to call context.run_migrations()")
    return walk.history
