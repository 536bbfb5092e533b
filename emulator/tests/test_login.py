"""Logging in: without users of its own the emulator asks for nothing, with them it asks for a token in every call."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
import sqlalchemy as sa
import ydb
import ydb_dbapi
from ydb._grpc.common import ydb_auth_v1_pb2_grpc, ydb_query_v1_pb2_grpc, ydb_table_v1_pb2_grpc
from ydb._grpc.common.protos import ydb_auth_pb2, ydb_query_pb2, ydb_table_pb2

from ydb_emulator import Emulator
from ydb_emulator.access import read_users
from ydb_emulator.errors import Status

LOCAL = {"root": "1234"}
USERS = {"alice": "correct-horse"}
MISSING = "unauthenticated, unauthenticated: { <main>: Error: Access denied without user token }"
UNKNOWN = "unauthenticated, unauthenticated: { <main>: Error: Could not find correct token validator }"
BEFORE_26_1 = "25.4"


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(users=USERS) as emulator:
        yield emulator


def login(emulator: Emulator, user: str, password: str) -> tuple[int, str, str]:
    """What a login is answered with: status, text, token."""
    with grpc.insecure_channel(f"127.0.0.1:{emulator.port}") as channel:
        request = ydb_auth_pb2.LoginRequest(user=user, password=password)
        operation = ydb_auth_v1_pb2_grpc.AuthServiceStub(channel).Login(request).operation
    result = ydb_auth_pb2.LoginResult()
    operation.result.Unpack(result)
    return operation.status, "".join(issue.message for issue in operation.issues), result.token


def select(emulator: Emulator, credentials: object = None, options: str = "") -> int:
    engine = sa.create_engine(emulator.url + options, connect_args={"credentials": credentials})
    try:
        with engine.connect() as connection:
            return connection.execute(sa.text("SELECT 1")).scalar_one()
    finally:
        engine.dispose()


@pytest.mark.parametrize("users", [None, USERS], ids=["local image", "users"])
@pytest.mark.parametrize(
    ("line", "name", "right", "text"),
    [
        (BEFORE_26_1, True, False, "Invalid password"),
        (BEFORE_26_1, False, False, "Cannot find user: nobody"),
        ("26.1", True, False, ""),
        ("26.2", False, False, ""),
        ("26.2", True, True, ""),
    ],
)
def test_login(users: dict[str, str] | None, line: str, name: bool, right: bool, text: str) -> None:
    [(user, password)] = (users or LOCAL).items()
    with Emulator(users=users, line=line) as emulator:
        status, told, token = login(emulator, user if name else "nobody", password if right else "wrong")

    assert (status, told, bool(token)) == (Status.SUCCESS if right else Status.UNAUTHORIZED, text, right)


@pytest.mark.parametrize(("metadata", "refusal"), [([], MISSING), ([("x-ydb-auth-ticket", "made-up")], UNKNOWN)])
def test_every_call_needs_a_token(emulator: Emulator, metadata: list[tuple[str, str]], refusal: str) -> None:
    with grpc.insecure_channel(f"127.0.0.1:{emulator.port}") as channel:
        calls = [
            (ydb_query_v1_pb2_grpc.QueryServiceStub(channel).CreateSession, ydb_query_pb2.CreateSessionRequest()),
            (ydb_table_v1_pb2_grpc.TableServiceStub(channel).DescribeTable, ydb_table_pb2.DescribeTableRequest()),
            (
                lambda *call, **named: list(
                    ydb_query_v1_pb2_grpc.QueryServiceStub(channel).AttachSession(*call, **named)
                ),
                ydb_query_pb2.AttachSessionRequest(),
            ),
        ]
        for call, request in calls:
            with pytest.raises(grpc.RpcError) as error:
                call(request, metadata=metadata)
            assert (error.value.code(), error.value.details()) == (grpc.StatusCode.UNAUTHENTICATED, refusal)


def test_no_call_needs_a_token_without_users() -> None:
    """As with YDB's local image, also with a token that it doesn't know."""
    with Emulator() as emulator:
        assert select(emulator) == select(emulator, {"token": "made-up"}) == 1


@pytest.mark.parametrize(
    "credentials",
    [
        {"username": "alice", "password": "correct-horse"},
        ydb.StaticCredentials.from_user_password("alice", "correct-horse"),
    ],
    ids=["dict", "object"],
)
def test_user_and_password(emulator: Emulator, credentials: object) -> None:
    assert select(emulator, credentials) == 1


def test_token(emulator: Emulator) -> None:
    assert select(emulator, {"token": login(emulator, "alice", "correct-horse")[2]}) == 1


def test_a_token_says_whose_it_is_and_for_how_long(emulator: Emulator) -> None:
    _, claims, _ = login(emulator, "alice", "correct-horse")[2].split(".")
    said = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))

    assert (said["sub"], said["aud"], said["exp"] - said["iat"]) == ("alice", ["/local"], 12 * 3600)
    assert abs(said["iat"] - time.time()) < 60


def run(emulator: Emulator, statement: str, token: str | None = None) -> None:
    credentials = ydb.AccessTokenCredentials(token) if token else None
    with ydb.Driver(endpoint=f"grpc://127.0.0.1:{emulator.port}", database="/local", credentials=credentials) as driver:
        driver.wait(timeout=10)
        with ydb.QuerySessionPool(driver) as pool:
            pool.execute_with_retries(statement)


@pytest.mark.parametrize(
    ("statements", "text"),
    [
        (["CREATE USER bob PASSWORD 'right'"], ""),
        (["CREATE USER bob PASSWORD 'right'", "ALTER USER bob PASSWORD 'other'"], "Invalid password"),
        (["CREATE USER bob PASSWORD 'right' NOLOGIN"], "User bob login denied: account is blocked"),
        (["CREATE USER bob PASSWORD 'right'", "DROP USER bob"], "Cannot find user: bob"),
        (["CREATE GROUP bob"], "bob is a group"),
    ],
)
def test_login_of_users_from_statements(statements: list[str], text: str) -> None:
    with Emulator(line=BEFORE_26_1) as emulator:
        for statement in statements:
            run(emulator, statement)
        assert login(emulator, "bob", "right")[1] == text


def test_a_user_is_locked_out() -> None:
    """Four failures, an hour: account_lockout of ydb/docs/en/core/reference/configuration/auth_config.md."""
    with Emulator(line=BEFORE_26_1) as emulator:
        told = [login(emulator, "root", "wrong")[1] for _ in range(5)]
        assert told == ["Invalid password"] * 4 + ["User root login denied: too many failed password attempts"]
        assert login(emulator, "root", "1234")[0] == Status.UNAUTHORIZED


def test_a_login_has_the_rights_of_its_user() -> None:
    with Emulator() as emulator:
        run(emulator, "CREATE TABLE t (id Int64, PRIMARY KEY (id))")
        run(emulator, "CREATE USER bob PASSWORD 'right'")
        token = login(emulator, "bob", "right")[2]
        with pytest.raises(ydb.issues.SchemeError, match="you do not have access permissions"):
            run(emulator, "SELECT * FROM t", token)
        run(emulator, "GRANT SELECT ON `/local/t` TO bob")
        run(emulator, "SELECT * FROM t", token)


def test_who_may_not_see_a_table_gets_no_description() -> None:
    """The status and the words that ydb/core/tx/tx_proxy/describe.cpp and rpc_describe_table.cpp have."""
    with Emulator() as emulator:
        run(emulator, "CREATE TABLE t (id Int64, PRIMARY KEY (id))")
        run(emulator, "CREATE USER bob PASSWORD 'right'")
        engine = sa.create_engine(
            emulator.url, connect_args={"credentials": {"username": "bob", "password": "right"}}, poolclass=sa.NullPool
        )
        with engine.connect() as connection:
            raw = connection.connection
            for ask in (lambda: raw.describe("t"), raw.get_table_names):
                with pytest.raises(ydb_dbapi.DatabaseError, match="Access denied.*400020"):
                    ask()
            run(emulator, "GRANT DESCRIBE SCHEMA ON `/local` TO bob")
            assert raw.get_table_names() == ["t"]
            assert [column.name for column in raw.describe("t").columns] == ["id"]


def test_directories_and_copies_need_their_rights() -> None:
    """ExtractResolveForACL in ydb/core/tx/tx_proxy/schemereq.cpp."""
    with Emulator() as emulator:
        for statement in ("CREATE TABLE t (id Int64, PRIMARY KEY (id))", "CREATE USER bob PASSWORD 'right'"):
            run(emulator, statement)
        run(emulator, "CREATE TABLE `e/x` (id Int64, PRIMARY KEY (id))")
        run(emulator, "DROP TABLE `e/x`")
        bob = ydb.StaticCredentials.from_user_password("bob", "right")
        config = ydb.DriverConfig(f"grpc://127.0.0.1:{emulator.port}", "/local", credentials=bob)
        with ydb.Driver(config) as driver, ydb.SessionPool(driver, size=1) as pool:
            driver.wait(timeout=5)

            def make() -> None:
                driver.scheme_client.make_directory("/local/d")

            def copy() -> None:
                pool.retry_operation_sync(lambda session: session.copy_tables([("/local/t", "/local/u")]))

            def remove() -> None:
                driver.scheme_client.remove_directory("/local/e")

            steps = (
                (make, ("CREATE DIRECTORY ON `/local`",)),
                (copy, ("SELECT ROW ON `/local/t`", "CREATE TABLE ON `/local`")),
                (remove, ("REMOVE SCHEMA ON `/local`",)),
            )
            for step, rights in steps:
                for right in rights:
                    with pytest.raises(ydb.issues.Unauthorized, match="Access denied for scheme request"):
                        step()
                    run(emulator, f"GRANT {right} TO bob")
                step()


@pytest.mark.parametrize(
    ("credentials", "options", "text"),
    [
        (None, "", MISSING),
        (None, "?disable_discovery=true", MISSING),
        (
            {"user": "alice", "password": "correct-horse"},
            "",
            MISSING,
        ),  # no such key: the driver goes on without a login
        ({"token": "made-up"}, "", UNKNOWN),
        ({"token": "made-up"}, "?disable_discovery=true", UNKNOWN),
    ],
)
def test_sqlalchemy_is_refused(emulator: Emulator, credentials: object, options: str, text: str) -> None:
    with pytest.raises(sa.exc.DBAPIError) as error:
        select(emulator, credentials, options)

    assert text in str(error.value)


def test_a_token_is_of_its_emulator(emulator: Emulator) -> None:
    with Emulator(users=USERS) as other:
        token = login(other, "alice", "correct-horse")[2]

    with pytest.raises(sa.exc.DBAPIError, match="Could not find correct token validator"):
        select(emulator, {"token": token})


@pytest.mark.parametrize(
    ("text", "users"),
    [
        ("a:b\nc:d:e\n", {"a": "b", "c": "d:e"}),
        ("a\n", "line 1 is not name:password"),
        ("a:b\n:c\n", "line 2 is not name:password"),
        ("a:\n", "line 1 is not name:password"),
        ("", "it names no user"),
    ],
)
def test_file_of_users(text: str, users: dict[str, str] | str) -> None:
    if isinstance(users, str):
        with pytest.raises(ValueError, match=users):
            read_users(text)
    else:
        assert read_users(text) == users


def test_file_of_users_is_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    (tmp_path / "users.txt").write_text("алиса:секрет\nwrong\n", encoding="utf-8")
    command = [sys.executable, "-m", "ydb_emulator", "--users", "users.txt"]
    ascii_only = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    printed = subprocess.run(command, cwd=tmp_path, env=ascii_only, capture_output=True, text=True).stderr
    assert printed.endswith("--users: line 2 is not name:password\n")
