"""What the page on permissions says of commands and of the lease, where it does not show it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from alembic_ydb.lease import TRANSIENT, Lease, Settings
from tests.project import Project, project

HEAD = "9085c679f5dc"
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
        example.run("YDB_USER=root alembic upgrade head")
        yield example


@contextmanager
def user(example: Project, *grants: tuple[str, tuple[str, ...]]) -> Iterator[str]:
    """A user with rights on paths, who is gone at the end. Out: the variable with which a command runs as that user."""
    example.execute("CREATE USER other PASSWORD '1234'")
    for path, rights in grants:
        example.execute(f"GRANT {', '.join(rights)} ON `{path}` TO other")
    try:
        yield "YDB_USER=other"
    finally:
        for path, _ in grants:
            example.execute(f"REVOKE ALL ON `{path}` FROM other")
        example.execute("DROP USER other")


def test_current_needs_two_rights_on_the_version_table(owned: Project) -> None:
    with user(owned, (VERSION, SEEN)) as other:
        assert HEAD in owned.run(f"{other} alembic current")
    with user(owned, (VERSION, SEEN[:1])) as other:
        assert "AccessDenied" in owned.run(f"{other} alembic current", 1)


def test_stamp_needs_to_write_the_version_too(owned: Project) -> None:
    with user(owned, (VERSION, MOVED)) as other:
        for revision in ("820b994ffa7c", "base", "head"):
            owned.run(f"{other} alembic stamp {revision}")
    for revision, lacking in (("820b994ffa7c", "UPDATE ROW"), ("base", "ERASE ROW")):
        with user(owned, (VERSION, tuple(right for right in MOVED if right != lacking))) as other:
            assert "AccessDenied" in owned.run(f"{other} alembic stamp {revision}", 1)


def test_downgrade_needs_what_its_revision_does(owned: Project) -> None:
    with user(owned, (VERSION, MOVED), (TABLES[-1], ("DESCRIBE SCHEMA", "REMOVE SCHEMA"))) as other:
        owned.run(f"{other} alembic downgrade -1")
        assert "Access denied for scheme request" in owned.run(f"{other} alembic upgrade head", 1)
        owned.run("YDB_USER=root alembic upgrade head")


def test_check_lists_the_tables_of_the_database(owned: Project) -> None:
    with user(owned, (VERSION, ("SELECT ROW",)), ("/local", ("DESCRIBE SCHEMA",))) as other:
        assert "No new upgrade operations" in owned.run(f"{other} alembic check")
    with user(owned, (VERSION, SEEN), *((table, ("DESCRIBE SCHEMA",)) for table in TABLES)) as other:
        assert "Access denied" in owned.run(f"{other} alembic check", 1)


def test_a_version_table_that_is_not_seen_is_created_again(owned: Project) -> None:
    before = owned.dump()
    with user(owned, ("/local", ("CREATE TABLE",))) as other:
        assert HEAD not in owned.run(f"{other} alembic current")
        assert "path exist" in owned.run(f"{other} alembic upgrade head", 1)
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

    with user(owned), pytest.raises(sa.exc.DatabaseError, match="Access denied for scheme request") as refused:
        take()
    assert not isinstance(refused.value, TRANSIENT)
    owned.execute("CREATE TABLE alembic_lease (name Utf8 NOT NULL, owner Utf8, expires Timestamp, PRIMARY KEY (name))")
    with user(owned, ("/local/alembic_lease", SEEN)), pytest.raises(TRANSIENT, match=r"status: AccessDenied\."):
        take()
    with user(owned, ("/local/alembic_lease", (*SEEN, "UPDATE ROW"))):
        take()
    owned.execute("DROP TABLE alembic_lease")
