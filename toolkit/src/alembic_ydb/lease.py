"""A lease in YDB: one process at a time changes the schema. Of alembic-ydb 0.2.

In env.py: `with held(context.get_context()): context.run_migrations()`, and `include_name=include_name`.

If you copied it before 0.2, replace the file: it could wait far longer than its patience, without a word, and told
nobody of a renewal that failed. The table, the variables and `held` are as before; LeaseError is a CommandError now.
"""

import logging
import os
import queue
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import sqlalchemy as sa
import ydb
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError

TABLE = "alembic_lease"
log = logging.getLogger("alembic.lease")


class LeaseError(CommandError):
    """The lease could not be had, or was lost."""


class Owned(Exception):
    """Somebody else owns the lease."""


# The functions of Alembic's commands that change no schema and move no version: current, history and show, edit, check
# and revision, merge, ensure_version.
READERS = {
    *("display_version", "_display_current_history", "show_current", "edit_current"),
    *("retrieve_migrations", "nothing", "do_ensure_version"),
}

# What is tried again until there is no time left.
TRANSIENT = (Owned, TimeoutError, sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.InternalError)


@dataclass(frozen=True)
class Settings:
    """How long a lease lasts that is not renewed, and how long to wait for it, in seconds. Raises LeaseError."""

    seconds: int = 60
    patience: int = 600

    def __post_init__(self) -> None:
        for name, value, least, most in (("SECONDS", self.seconds, 3, 3600), ("PATIENCE", self.patience, 1, 86400)):
            if not least <= value <= most:
                raise LeaseError(f"ALEMBIC_LEASE_{name} has to be from {least} to {most}, not {value}")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """From ALEMBIC_LEASE_SECONDS and ALEMBIC_LEASE_PATIENCE, as far as they are set."""
        given = {name: environ.get(f"ALEMBIC_LEASE_{name.upper()}") for name in ("seconds", "patience")}
        try:
            return cls(**{name: int(text) for name, text in given.items() if text is not None})
        except ValueError as error:
            raise LeaseError(f"ALEMBIC_LEASE_SECONDS and ALEMBIC_LEASE_PATIENCE are whole numbers: {error}") from None

    @property
    def limit(self) -> float:
        """What one request of the lease may take: a renewal that hangs leaves time for the next one."""
        return min(3.0, self.seconds / 6)


def include_name(name: str | None, kind: str, parents: object) -> bool:
    """Keep the lease's table out of autogenerate."""
    return (kind, name) != ("table", TABLE)


@contextmanager
def held(migration: MigrationContext, settings: Settings | None = None) -> Iterator[None]:
    """Hold the lease as long as an upgrade, a downgrade or a stamp runs. Other commands only read, and need none; where
    a program made the context itself, without a command or with a function of its own, it is held.

    Each statement of the migration renews it first, so that none is sent once the lease is lost. Without settings it
    reads them from the environment. Raises LeaseError.
    """
    function = getattr(migration.opts.get("fn"), "__name__", "")
    if migration.as_sql or ("destination_rev" not in migration.opts and function in READERS):
        yield
        return
    connection = migration.connection
    assert connection is not None
    if connection.dialect.is_async:
        raise LeaseError("The lease needs a synchronous engine, yql+ydb: its thread has no way to an asynchronous one")
    lease = Lease(connection.engine, settings or Settings.from_environment(os.environ))
    try:
        lease.acquire()
        sa.event.listen(connection, "before_cursor_execute", lease.before_statement)
        try:
            yield
        finally:
            sa.event.remove(connection, "before_cursor_execute", lease.before_statement)
    finally:
        lease.leave()


class Lease:
    """A row with an owner and a time of expiry, which YDB compares with its clock. Each statement is a transaction.

    A thread of its own sends them all, so that nobody waits longer for YDB than he has time.
    """

    def __init__(self, engine: sa.Engine, settings: Settings):
        self.settings = settings
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex}"
        retries = ydb.RetrySettings(max_retries=1, max_session_acquire_timeout=settings.limit, idempotent=True)
        self.engine = engine.execution_options(
            isolation_level="AUTOCOMMIT",
            ydb_request_settings=ydb.BaseRequestSettings().with_timeout(settings.limit),
            ydb_retry_settings=retries,
        )
        self.connection: sa.Connection | None = None
        self.renewed: float | None = None  # when it was taken or renewed last, by the clock of this process
        self.is_lost = False
        self.calls: queue.SimpleQueue[tuple[Callable[[], None], Future[None]] | None] = queue.SimpleQueue()
        self.has_left = threading.Event()
        threading.Thread(target=self.work, name="alembic-lease", daemon=True).start()

    # --- What the migration's thread calls ---

    def acquire(self) -> None:
        """Wait until nobody else owns it. Raises LeaseError when patience ends, whatever YDB answers, or not."""
        patience = self.settings.patience
        self.persist(
            self.take, time.monotonic() + patience, "Waiting for the lease", f"waited {patience} s for the lease"
        )
        log.info("Lease taken for %s s, by %s", self.settings.seconds, self.owner)

    def before_statement(self, *_: object) -> None:
        """Renew it, or raise LeaseError: then the statement is not sent."""
        assert self.renewed is not None
        deadline = max(self.renewed + self.settings.seconds, time.monotonic() + self.settings.limit)
        self.persist(
            self.renew, deadline, "The lease is not renewed", "the lease cannot be renewed: nothing more is sent"
        )

    def leave(self) -> None:
        """Let the next one have it at once. Where YDB does not answer, it expires: nobody waits here for that."""
        self.calls.put(None)
        if not self.has_left.wait(2 * self.settings.limit):
            log.warning("Lease not released, YDB does not answer: it expires within %s s", self.settings.seconds)

    def persist(self, function: Callable[[], None], deadline: float, waiting: str, failed: str) -> None:
        """Have the thread call a function, again and again until it succeeds. Raises LeaseError at the deadline."""
        told = ""
        while True:
            future: Future[None] = Future()
            self.calls.put((function, future))
            try:
                return future.result(max(deadline - time.monotonic(), 0))
            except TRANSIENT as error:
                future.cancel()
                why = str(error).partition("\n")[0] or told or "YDB does not answer"
            except sa.exc.SQLAlchemyError as error:
                raise LeaseError(f"{failed}: {error}") from error
            if why != told:
                log.info("%s: %s", waiting, why)
                told = why
            if time.monotonic() >= deadline:
                raise LeaseError(f"{why}: {failed}")
            time.sleep(0.5)

    # --- What its own thread does ---

    def work(self) -> None:
        """Do what is called for, and renew the lease while nothing is, until it is time to leave."""
        while True:
            try:
                call = self.calls.get(timeout=self.settings.seconds / 3)
            except queue.Empty:
                self.renew_meanwhile()
                continue
            if call is None:
                break
            function, future = call
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(function())
                except Exception as error:
                    future.set_exception(error)
        self.release()

    def take(self) -> None:
        """Take it if it is free or has expired. Raises Owned."""
        try:
            self.execute(f"UPSERT INTO {TABLE} (name) VALUES ('alembic')")
        except sa.exc.ProgrammingError:  # there is no such table
            columns = "name Utf8 NOT NULL, owner Utf8, expires Timestamp, PRIMARY KEY (name)"
            self.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} ({columns})")
            self.execute(f"UPSERT INTO {TABLE} (name) VALUES ('alembic')")
        if (owner := self.extend("owner IS NULL OR expires < CurrentUtcTimestamp()")) != self.owner:
            raise Owned(f"{owner} owns the lease")

    def renew(self) -> None:
        """Let it last another while. Raises LeaseError if it is lost."""
        if (owner := self.extend("owner = :owner")) != self.owner:
            what = f"{owner or 'somebody'} has taken the lease"
            if not self.is_lost:
                log.error("Lease lost: %s", what)
            self.is_lost = True
            raise LeaseError(f"{what}: nothing more is sent")

    def renew_meanwhile(self) -> None:
        """Renew it during a long statement. If that fails, the next statement tells."""
        if self.renewed is not None and not self.is_lost:
            try:
                self.renew()
            except (LeaseError, sa.exc.SQLAlchemyError) as error:
                log.warning("Lease not renewed: %s", str(error).partition("\n")[0])

    def release(self) -> None:
        """Give it back, as long as it may be one's own, and close the connection."""
        deadline = time.monotonic() + self.settings.seconds
        while self.connection is not None and not self.is_lost and time.monotonic() < deadline:
            try:
                self.execute(
                    f"UPDATE {TABLE} SET owner = NULL, expires = NULL WHERE name = 'alembic' AND owner = :owner"
                )
                if self.renewed is not None:
                    log.info("Lease released")
                break
            except TRANSIENT:
                time.sleep(0.5)
            except sa.exc.SQLAlchemyError as error:
                log.warning("Lease not released: %s", error)
                break
        self.has_left.set()
        if self.connection is not None:
            with suppress(sa.exc.SQLAlchemyError):
                self.connection.close()

    def extend(self, condition: str) -> str | None:
        """Make it one's own where the condition holds. Out: whose it is now.

        A lost answer does no harm: what has taken effect is seen by the query.
        """
        start = time.monotonic()
        expires = f"CurrentUtcTimestamp() + Interval('PT{self.settings.seconds}S')"
        self.execute(f"UPDATE {TABLE} SET owner = :owner, expires = {expires} WHERE name = 'alembic' AND ({condition})")
        owner = self.execute(f"SELECT owner FROM {TABLE} WHERE name = 'alembic'")
        if owner == self.owner:
            if self.renewed is not None and (after := start - self.renewed) > self.settings.seconds * 2 / 3:
                log.warning("Lease renewed late: after %.0f s, of %s", after, self.settings.seconds)
            self.renewed = start
        return owner

    def execute(self, text: str) -> str | None:
        """Send a statement, on the connection that the first one opens. Out: the first value of its rows."""
        if self.connection is None:
            self.connection = self.engine.connect()
        statement = sa.DDL(text) if text.startswith("CREATE") else sa.text(text)
        result = self.connection.execute(statement, {"owner": self.owner} if ":owner" in text else {})
        return result.scalar() if result.returns_rows else None
