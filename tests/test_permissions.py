"""What the page on permissions says of commands and of the lease, where it does not show it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
import sqlalchemy as sa
import ydb_dbapi
from alembic import command
from alembic.util.exc import DatabaseNotAtHead

from alembic_ydb.lease import TRANSIENT, Lease, Settings
from tests.project import Project, project

AT_HEAD = partial(command.current, check_heads=True)
"""`alembic current`, which raises DatabaseNotAtHead where that is so."""
SEEN = ("DESCRIBE SCHEMA", "SELECT ROW")
MOVED = (*SEEN, "UPDATE ROW", "ERASE ROW")
VERSION = "/local/alembic_version"
TABLES = ("/local/series", "/local/seasons", "/local/episodes")


@pytest.fixture(scope="module")
def owned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The example, brought up to date by its owner, with an env.py that logs in."""
    with project(tmp_path_factory.mktemp("permissions") / "project") as example:
        env = example.folder / "migrations" / "env.py"
        login = 'connect_args={"credentials": {"username": os.environ["YDB_USER"], "password": "1234"}}'
        before = env.read_text()
        env.write_text(before.replace("poolclass=pool.NullPool", f"poolclass=pool.NullPool, {login}"))
        assert env.read_text() != before
        example.call(command.upgrade, "head", YDB_USER="root")
        yield example


@contextmanager
def user(example: Project, *grants: tuple[str, tuple[str, ...]]) -> Iterator[str]:
    """A user with rights on paths, who is gone at the end. Out: the name."""
    example.execute("CREATE USER other PASSWORD '1234'")
    for path, rights in grants:
        example.execute(f"GRANT {', '.join(rights)} ON `{path}` TO other")
    try:
        yield "other"
    finally:
        for path, _ in grants:
            example.execute(f"REVOKE ALL ON `{path}` FROM other")
        example.execute("DROP USER other")


def refused(words: str) -> pytest.RaisesExc[Exception]:
    """What a command raises that YDB refuses. SQLAlchemy has its own error for a statement, none for a description."""
    return pytest.raises((sa.exc.DBAPIError, ydb_dbapi.Error), match=words)


def test_current_needs_two_rights_on_the_version_table(owned: Project) -> None:
    with user(owned, (VERSION, SEEN)) as other:
        owned.call(AT_HEAD, YDB_USER=other)
    with user(owned, (VERSION, SEEN[:1])) as other, refused("AccessDenied"):
        owned.call(AT_HEAD, YDB_USER=other)


def test_stamp_needs_to_write_the_version_too(owned: Project) -> None:
    with user(owned, (VERSION, MOVED)) as other:
        for revision in ("820b994ffa7c", "base", "head"):
            owned.call(command.stamp, revision, YDB_USER=other)
    for revision, lacking in (("820b994ffa7c", "UPDATE ROW"), ("base", "ERASE ROW")):
        rights = tuple(right for right in MOVED if right != lacking)
        with user(owned, (VERSION, rights)) as other, refused("AccessDenied"):
            owned.call(command.stamp, revision, YDB_USER=other)


def test_downgrade_needs_what_its_revision_does(owned: Project) -> None:
    with user(owned, (VERSION, MOVED), (TABLES[-1], ("DESCRIBE SCHEMA", "REMOVE SCHEMA"))) as other:
        owned.call(command.downgrade, "-1", YDB_USER=other)
        with refused("Access denied for scheme request"):
            owned.call(command.upgrade, "head", YDB_USER=other)
        owned.call(command.upgrade, "head", YDB_USER="root")


def test_check_lists_the_tables_of_the_database(owned: Project) -> None:
    with user(owned, (VERSION, ("SELECT ROW",)), ("/local", ("DESCRIBE SCHEMA",))) as other:
        owned.call(command.check, YDB_USER=other)
    with user(owned, (VERSION, SEEN), *((table, ("DESCRIBE SCHEMA",)) for table in TABLES)) as other:
        with refused("Access denied"):
            owned.call(command.check, YDB_USER=other)


def test_a_version_table_that_is_not_seen_is_created_again(owned: Project) -> None:
    before = owned.dump()
    with user(owned, ("/local", ("CREATE TABLE",))) as other:
        with pytest.raises(DatabaseNotAtHead):
            owned.call(AT_HEAD, YDB_USER=other)
        with refused("path exist"):
            owned.call(command.upgrade, "head", YDB_USER=other)
    assert owned.dump() == before


def test_the_lease_waits_where_it_may_not_write(owned: Project) -> None:
    """Refused rows are ABORTED, as a conflict is, which the lease tries again; a refused table is an error at once."""
    url, connect = owned.emulator.url, {"credentials": {"username": "other", "password": "1234"}}
    engine = sa.create_engine(url, connect_args=connect, poolclass=sa.NullPool)

    def take() -> None:
        lease = Lease(engine, Settings())
        try:
            lease.take()
        finally:
            lease.is_lost = True  # its thread has nothing to give back
            lease.leave()
            assert lease.has_left.wait(60)

    with user(owned), pytest.raises(sa.exc.DatabaseError, match="Access denied for scheme request") as error:
        take()
    assert not isinstance(error.value, TRANSIENT)
    owned.execute("CREATE TABLE alembic_lease (name Utf8 NOT NULL, owner Utf8, expires Timestamp, PRIMARY KEY (name))")
    with user(owned, ("/local/alembic_lease", SEEN)), pytest.raises(TRANSIENT, match=r"status: AccessDenied\."):
        take()
    with user(owned, ("/local/alembic_lease", (*SEEN, "UPDATE ROW"))):
        take()
    owned.execute("DROP TABLE alembic_lease")
