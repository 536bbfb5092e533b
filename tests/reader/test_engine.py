"""The tests run on an empty database alone, and leave nothing."""

import socket

import pytest
import sqlalchemy as sa

from guide.reader.database import dump
from guide.reader.engine import Engine, check_scratch, connect, parse_url, remove, scratch_directory
from tests.reader.throwaway import execute, refusal


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


def test_unreachable_server() -> None:
    with socket.socket() as silent:  # it has the port, and does not listen
        silent.bind(("127.0.0.1", 0))
        message = refusal(lambda: check_scratch(f"yql+ydb://127.0.0.1:{silent.getsockname()[1]}/local"))
    assert "no YDB answers there" in message and message.endswith("Connection refused")
    assert "\n" not in message


def test_server_that_is_no_ydb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guide.reader.engine.TIMEOUT", 1)
    with socket.create_server(("127.0.0.1", 0)) as other:
        message = refusal(lambda: check_scratch(f"yql+ydb://127.0.0.1:{other.getsockname()[1]}/local"))
    assert "no YDB answers there" in message and "\n" not in message


def test_a_database_in_use_is_refused(emulator: Engine) -> None:
    assert check_scratch(emulator.url) == emulator
    execute(emulator, "CREATE TABLE `alembic_guide_0/t` (id Int64 NOT NULL, PRIMARY KEY (id))")
    assert check_scratch(emulator.url) == emulator
    execute(emulator, "CREATE TABLE orders (id Int64 NOT NULL, PRIMARY KEY (id))")
    assert "the database is not empty (orders): tests run only on" in refusal(lambda: check_scratch(emulator.url))


def test_a_directory_for_each_test(emulator: Engine) -> None:
    with scratch_directory(emulator) as first, scratch_directory(emulator) as second:
        assert first.directory != second.directory
        for engine in (first, second):
            client = sa.create_engine(engine.url)
            with client.connect() as connection:
                connection.execute(sa.DDL("CREATE TABLE t (id Int64 NOT NULL, PRIMARY KEY (id))"))
            client.dispose()
        execute(emulator, f"CREATE TABLE `{first.directory}/deep/er/t` (id Int64 NOT NULL, PRIMARY KEY (id))")
    assert dump(parse_url(emulator.url)) == ""


def test_a_test_that_leaves_its_directory_fails(emulator: Engine) -> None:
    def stray() -> None:
        with scratch_directory(emulator):
            execute(emulator, "CREATE TABLE stray (id Int64 NOT NULL, PRIMARY KEY (id))")

    assert "the test left something outside /local/alembic_guide_" in refusal(stray)


def test_only_directories_of_tests_are_removed(emulator: Engine) -> None:
    with connect(emulator) as driver:
        assert "refusing to remove it" in refusal(lambda: remove(driver, "/local"))
