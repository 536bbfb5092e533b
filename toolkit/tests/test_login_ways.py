"""The environment names one way to log in. Anything else ends the command, before it connects."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
import ydb
from project import Project

from alembic_ydb import login
from alembic_ydb.login import LoginError, credentials
from ydb_emulator import Emulator

ALL = ("YDB_USER", *login.WAYS)


def test_no_variable_is_an_error_that_names_the_choices() -> None:
    """It fell to the metadata service, before."""
    for environ in ({}, dict.fromkeys(ALL, ""), {"YDB_ANONYMOUS_CREDENTIALS": "0"}, {"YDB_PASSWORD": "secret"}):
        with pytest.raises(LoginError) as error:
            credentials(environ)
        assert all(name in str(error.value) for name in ALL)
        assert "secret" not in str(error.value)


def test_two_ways_are_refused() -> None:
    for first in ALL:
        for second in ALL:
            if first != second:
                with pytest.raises(LoginError, match="More than one way") as error:
                    credentials({first: "1", second: "1", "YDB_PASSWORD": "secret"})
                assert first in str(error.value) and second in str(error.value) and "secret" not in str(error.value)


def test_each_way() -> None:
    user = credentials({"YDB_USER": "alice", "YDB_PASSWORD": ""})
    assert (type(user), user.user, user.password) == (ydb.StaticCredentials, "alice", "")
    assert (
        type(credentials({"YDB_ANONYMOUS_CREDENTIALS": "1", "YDB_METADATA_CREDENTIALS": "0"}))
        is ydb.AnonymousCredentials
    )
    assert credentials({"YDB_ACCESS_TOKEN_CREDENTIALS": "t1.abc"}).get_auth_token() == "t1.abc"


def test_the_environment_that_is_given_counts_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YDB_USER", "mallory")
    monkeypatch.setenv("YDB_PASSWORD", "secret")
    assert type(credentials({"YDB_ANONYMOUS_CREDENTIALS": "1"})) is ydb.AnonymousCredentials


@pytest.mark.parametrize("name", sorted(login.SWITCHES))
def test_a_switch_is_one_or_zero(name: str) -> None:
    for value in ("true", "yes", "2", " 1", "on"):
        with pytest.raises(LoginError, match=f"{name} has to be 1 or 0"):
            credentials({name: value, "YDB_USER": "alice", "YDB_PASSWORD": ""})


def test_what_cannot_be_used_ends_with_a_sentence(tmp_path: Path) -> None:
    (nonsense := tmp_path / "nonsense.json").write_text("nonsense")
    (empty := tmp_path / "empty.json").write_text("{}")
    (key := tmp_path / "key.json").write_text(
        json.dumps({"id": "a", "service_account_id": "b", "private_key": "secret"})
    )
    for name in ("YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS", "YDB_OAUTH2_KEY_FILE"):
        for file in (tmp_path / "missing.json", tmp_path, nonsense, empty, key):
            with pytest.raises(LoginError, match=f"^{name} cannot be used: ") as error:
                credentials({name: str(file)})
            assert "secret" not in str(error.value)
    for text in ("two words", "line\n", "\tt", "ключ", "a\x00"):
        with pytest.raises(LoginError, match="the token has a blank, a line end") as error:
            credentials({"YDB_ACCESS_TOKEN_CREDENTIALS": text})
        assert text not in str(error.value)
    for name in ("YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS", "YDB_OAUTH2_KEY_FILE"):
        for length in (1, 1000):  # what is in the file instead of its name was printed, before
            with pytest.raises(LoginError, match=f"^{name} cannot be used: ") as error:
                credentials({name: '{"private_key": "secret"}' * length})
            assert "secret" not in str(error.value)
    with pytest.raises(LoginError, match="YDB_PASSWORD needs YDB_USER"):
        credentials({"YDB_PASSWORD": "x", "YDB_ANONYMOUS_CREDENTIALS": "1"})
    with pytest.raises(LoginError, match="YDB_USER needs YDB_PASSWORD"):
        credentials({"YDB_USER": "alice"})


def test_each_variable_of_the_sdk_is_known() -> None:
    """But for YDB_PASSWORD, which goes with YDB_USER."""
    source = inspect.getsource(ydb.credentials_from_env_variables)
    assert set(re.findall(r'getenv\("(\w+)"', source)) == {*ALL, "YDB_PASSWORD"}


TOP = "from alembic_ydb import login"
ONLINE = """
    given = {{"credentials": login.credentials(os.environ)}}
    with sa.create_engine({url!r}, poolclass=sa.NullPool, connect_args=given).connect() as connection:
        context.configure(connection=connection)
        context.run_migrations()
"""


def test_a_command_logs_in_or_ends_before_it_connects(
    project: Project, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in (*ALL, "YDB_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    with Emulator(users={"alice": "correct-horse"}) as emulator:
        project.env(TOP, online=ONLINE.format(url=emulator.url))
        project.table("a1", None)
        assert project.run("upgrade", "head") == 255
        assert not emulator.faults.requests
        assert project.run("upgrade", "head", "--sql") == 0  # needs none
        monkeypatch.setenv("YDB_USER", "alice")
        monkeypatch.setenv("YDB_PASSWORD", "correct-horse")
        assert project.run("upgrade", "head") == 0
        monkeypatch.setenv("YDB_PASSWORD", "wrong")
        with pytest.raises(sa.exc.InterfaceError):
            project.run("current")
    assert "Log in as alice" in caplog.messages
    assert not any("correct-horse" in message for message in caplog.messages)
