"""A revision asks what is there: types of all kinds, a build under way, other columns, no table, no database."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import ydb_sqlalchemy.alembic  # noqa: F401 - registers YDB with Alembic
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.util import CommandError

from alembic_ydb.exists import has_column, has_index
from ydb_emulator import Emulator

pytestmark = pytest.mark.usefixtures("shared_driver")


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def connection(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Connection]:
    """In a revision of its database, which has a table whose key is a Uuid."""
    monkeypatch.setattr("alembic.context.is_offline_mode", lambda: False)
    engine = sa.create_engine(emulator.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.DDL("CREATE TABLE t (id Uuid NOT NULL, a Utf8, b Utf8, PRIMARY KEY (id))"))
        with Operations.context(MigrationContext.configure(connection)):
            yield connection


def test_a_column_of_a_table_with_a_uuid(connection: sa.Connection) -> None:
    assert has_column("t", "a") and has_column("t", "id")
    assert not has_column("t", "c")


def test_an_index(connection: sa.Connection) -> None:
    assert not has_index("t", "i", ["a"])
    connection.execute(sa.DDL("ALTER TABLE t ADD INDEX i GLOBAL ON (a, b)"))
    assert has_index("t", "i", ["a", "b"])
    with pytest.raises(CommandError, match="on \\['a', 'b'\\] instead of \\['b', 'a'\\]: drop it first"):
        has_index("t", "i", ["b", "a"])


@pytest.mark.parametrize("what", ["INDEX i GLOBAL ON (a)", "COLUMN i Int32 DEFAULT 7"])
def test_what_is_being_built_is_not_passed_by(what: str, emulator: Emulator, connection: sa.Connection) -> None:
    """YDB describes it already, and if its build comes to nothing, it is gone again."""
    delay = emulator.faults.delay_scheme_operation(3600)

    def build() -> None:
        with sa.create_engine(emulator.url, poolclass=sa.NullPool).connect() as other:
            other.execute(sa.DDL(f"ALTER TABLE t ADD {what}"))

    def exists() -> bool:
        return has_index("t", "i", ["a"]) if what.startswith("INDEX") else has_column("t", "i")

    thread = threading.Thread(target=build)
    thread.start()
    delay.is_underway.wait()
    with pytest.raises(CommandError, match=r"i of t cannot be (read|written)\. If it is being built, wait for it"):
        exists()
    emulator.database.hurry()
    thread.join()
    assert exists()


def test_names_that_must_be_quoted(connection: sa.Connection) -> None:
    connection.execute(sa.DDL("CREATE TABLE `a:b%%c` (id Int32 NOT NULL, `select` Int32, PRIMARY KEY (id))"))
    connection.execute(sa.DDL("ALTER TABLE `a:b%%c` ADD INDEX `i:j` GLOBAL ON (`select`)"))
    assert has_column("a:b%c", "select") and has_column("a:b%c", "id")
    assert has_index("a:b%c", "i:j", ["select"])


def test_an_asynchronous_index_is_not_passed_by(connection: sa.Connection) -> None:
    connection.execute(sa.DDL("ALTER TABLE t ADD INDEX i GLOBAL ASYNC ON (a)"))
    with pytest.raises(CommandError, match="asynchronous. If all is done and built, stamp .* only with StaleRO"):
        has_index("t", "i", ["a"])


@pytest.mark.usefixtures("connection")
def test_no_table() -> None:
    for ask in (lambda: has_column("u", "a"), lambda: has_index("u", "i", ["a"])):
        with pytest.raises(CommandError, match="YDB does not describe u"):
            ask()


def test_with_sql_nothing_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alembic.context.is_offline_mode", lambda: True)
    assert not has_column("t", "a")
    assert not has_index("t", "i", ["a"])
