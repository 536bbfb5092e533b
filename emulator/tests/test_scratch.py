"""Tests on a real YDB, for which an emulator stands here: they run on an empty database alone, and leave nothing."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
import ydb

from ydb_emulator import Emulator, scratch
from ydb_emulator.scratch import Engine, ScratchError, check_scratch, connect, parse_url, remove, scratch_directory

TABLE = "(id Int64 NOT NULL, PRIMARY KEY (id))"


@pytest.fixture
def emulator() -> Iterator[Engine]:
    with Emulator() as emulator:
        yield parse_url(emulator.url)


def execute(engine: Engine, *statements: str) -> None:
    with connect(engine) as driver, ydb.QuerySessionPool(driver) as pool:
        for statement in statements:
            pool.execute_with_retries(statement)


def refusal(action: Callable[[], object]) -> str:
    """The message with which an action is refused."""
    with pytest.raises(ScratchError) as refused:
        action()
    return str(refused.value)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("localhost", "'localhost' is not a URL: use yql+ydb://host:port/database"),
        ("yql+ydb://localhost:port/local", "is not a URL"),
        ("postgresql://localhost:2136/local", "the scheme is 'postgresql'"),
        ("yql+ydb://localhost/local", "host or port is missing"),
        ("yql+ydb://localhost:2136", "the database is missing"),
        ("yql+ydb://localhost:2136/local?ydb_table_path_prefix=/local/x", "options and credentials are not supported"),
        ("yql+ydb://root:secret@localhost:2136/local", "options and credentials are not supported"),
    ],
)
def test_bad_url(url: str, message: str) -> None:
    assert message in refusal(lambda: check_scratch(url))


@pytest.mark.parametrize("url", ["yql+ydb://root:secret@localhost:2136/local", "grpc://root:secret@h:port/local"])
def test_a_password_is_not_repeated(url: str) -> None:
    assert "secret" not in refusal(lambda: check_scratch(url))


def test_unreachable_server() -> None:
    with socket.socket() as silent:  # it has the port, and does not listen
        silent.bind(("127.0.0.1", 0))
        message = refusal(lambda: check_scratch(f"yql+ydb://127.0.0.1:{silent.getsockname()[1]}/local"))
    assert "no YDB answers there" in message and message.endswith("Connection refused")
    assert "\n" not in message


def test_server_that_is_no_ydb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "TIMEOUT", 1)
    with socket.create_server(("127.0.0.1", 0)) as other:
        message = refusal(lambda: check_scratch(f"yql+ydb://127.0.0.1:{other.getsockname()[1]}/local"))
    assert "no YDB answers there" in message and "\n" not in message


def test_a_database_in_use_is_refused(emulator: Engine) -> None:
    assert check_scratch(emulator.url) == emulator
    execute(emulator, f"CREATE TABLE `pytest_ydb_0/t` {TABLE}")
    assert check_scratch(emulator.url) == emulator
    execute(emulator, f"CREATE TABLE orders {TABLE}")
    assert "the database is not empty (orders): tests run only on" in refusal(lambda: check_scratch(emulator.url))


def test_a_directory_for_each_test(emulator: Engine) -> None:
    with scratch_directory(emulator) as first, scratch_directory(emulator) as second:
        assert first.directory != second.directory
        for engine in (first, second):
            client = sa.create_engine(engine.url)
            with client.connect() as connection:
                connection.execute(sa.DDL(f"CREATE TABLE t {TABLE}"))
            client.dispose()
        execute(emulator, f"CREATE TABLE `{first.directory}/deep/er/t` {TABLE}")
    with connect(emulator) as driver:
        left = driver.scheme_client.list_directory(emulator.database).children
    assert [child.name for child in left if not child.name.startswith(".")] == []


def test_a_test_that_leaves_its_directory_fails(emulator: Engine) -> None:
    def stray() -> None:
        with scratch_directory(emulator):
            execute(emulator, f"CREATE TABLE stray {TABLE}")

    assert "the test left something outside /local/pytest_ydb_" in refusal(stray)


def test_only_directories_of_tests_are_removed(emulator: Engine) -> None:
    with connect(emulator) as driver:
        assert "refusing to remove it" in refusal(lambda: remove(driver, "/local"))
