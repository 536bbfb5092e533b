"""A lease in YDB: one process at a time changes the schema.

In env.py: `with held(context.get_context()): context.run_migrations()`, and `include_name=include_name`.
"""

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext

TABLE = "alembic_lease"
SECONDS = int(os.environ.get("ALEMBIC_LEASE_SECONDS", "60"))  # an owner that is not heard of for so long has lost it
PATIENCE = int(os.environ.get("ALEMBIC_LEASE_PATIENCE", "600"))  # wait so long for another owner

log = logging.getLogger("alembic.lease")


class LeaseError(Exception):
    """The lease could not be had, or was lost."""


def include_name(name: str | None, kind: str, parents: object) -> bool:
    """Keep the lease's table out of autogenerate."""
    return (kind, name) != ("table", TABLE)


@contextmanager
def held(migration: MigrationContext) -> Iterator[None]:
    """Hold the lease as long as an upgrade, a downgrade or a stamp runs. Other commands only read, and need none.

    Each statement of the migration renews it first, so that none is sent once the lease is lost. Raises LeaseError.
    """
    if "destination_rev" not in migration.opts:
        yield
        return
    connection = migration.connection
    assert connection is not None, "offline, there is nothing to hold"
    with connection.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as own:
        lease = Lease(own)
        lease.acquire()
        done = threading.Event()
        threading.Thread(target=lease.renew_until, args=(done,), daemon=True).start()
        sa.event.listen(connection, "before_cursor_execute", lease.before_statement)
        try:
            yield
        finally:
            sa.event.remove(connection, "before_cursor_execute", lease.before_statement)
            done.set()
            lease.release()


class Lease:
    """A row with an owner and a time of expiry. Each statement is a transaction; the clock is that of YDB."""

    def __init__(self, connection: sa.Connection):
        self.connection = connection
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex}"
        self.lock = threading.RLock()

    def acquire(self) -> None:
        """Wait until nobody else owns it. Raises LeaseError when patience ends."""
        columns = "name Utf8 NOT NULL, owner Utf8, expires Timestamp, PRIMARY KEY (name)"
        self.connection.execute(sa.DDL(f"CREATE TABLE IF NOT EXISTS {TABLE} ({columns})"))
        self.execute(f"UPSERT INTO {TABLE} (name) VALUES ('alembic')")
        deadline = time.monotonic() + PATIENCE
        is_told = False
        while not self.set("owner IS NULL OR expires < CurrentUtcTimestamp()"):
            if not is_told:
                log.info("Waiting for the owner of the lease, %s", self.current())
                is_told = True
            if time.monotonic() > deadline:
                raise LeaseError(f"{self.current()} owns the lease: waited {PATIENCE} s for it")
            time.sleep(0.5)

    def renew(self) -> None:
        """Let it last another while. Raises LeaseError if somebody else has taken it."""
        if not self.set("owner = :owner"):
            raise LeaseError(f"{self.current()} has taken the lease: nothing more is sent")

    def renew_until(self, done: threading.Event) -> None:
        """Renew it while a statement takes long. If that fails, the next statement tells."""
        while not done.wait(SECONDS / 3):
            with suppress(LeaseError, sa.exc.SQLAlchemyError):
                self.renew()

    def before_statement(self, *_: object) -> None:
        self.renew()

    def release(self) -> None:
        """Let the next one have it at once. If that fails, it expires."""
        if not self.lock.acquire(timeout=10):
            return
        with suppress(sa.exc.SQLAlchemyError):
            self.execute(f"UPDATE {TABLE} SET owner = NULL, expires = NULL WHERE name = 'alembic' AND owner = :owner")
        self.lock.release()

    def set(self, condition: str) -> bool:
        """Make it one's own where the condition holds. Out: whether it is one's own now."""
        expires = f"CurrentUtcTimestamp() + Interval('PT{SECONDS}S')"
        self.execute(f"UPDATE {TABLE} SET owner = :owner, expires = {expires} WHERE name = 'alembic' AND ({condition})")
        return self.current() == self.owner

    def current(self) -> str | None:
        with self.lock:
            return self.connection.scalar(sa.text(f"SELECT owner FROM {TABLE} WHERE name = 'alembic'"))

    def execute(self, text: str) -> None:
        statement = sa.text(text)
        with self.lock:
            self.connection.execute(statement, {"owner": self.owner} if ":owner" in text else {})
