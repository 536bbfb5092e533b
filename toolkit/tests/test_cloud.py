"""The logins of a cloud, against stand-ins of its services, and a YDB with TLS that asks for the token they give."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import ydb
import ydb.iam
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from project import Project
from sqlalchemy.ext.asyncio import create_async_engine
from stand_ins import MESSAGES, METADATA_PATH, SERVICE, TOKENS, Iam, Metadata, iam_service, metadata_service
from ydb.iam import auth

from alembic_ydb import login
from alembic_ydb.address import sqlalchemy_url
from ydb_emulator import Emulator

DATABASE = "/ru-central1/b1gexample/etnexample"
USERS = {"ajeexample": "unused"}
"""Whom YDB knows: the service account. Its password is for the stand-ins alone, which take its token for theirs."""

TOP = "from alembic_ydb import address, login"
ONLINE = """
    engine = sa.create_engine(
        address.sqlalchemy_url(os.environ["YDB_CONNECTION_STRING"]),
        poolclass=sa.NullPool,
        connect_args={"credentials": login.credentials(os.environ)},
    )
    with engine.connect() as connection:
        context.configure(connection=connection)
        context.run_migrations()
"""


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate for localhost, `server.pem`, and its key, `server.key`."""
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost "
        "-addext subjectAltName=DNS:localhost -keyout server.key -out server.pem"
    )
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def tls(pair: Path) -> tuple[bytes, bytes]:
    return (pair / "server.key").read_bytes(), (pair / "server.pem").read_bytes()


@pytest.fixture
def cloud(pair: Path, tls: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """A YDB as in a cloud: TLS, a path of its own, a token in each request. The environment leads to it."""
    for name in ("YDB_USER", "YDB_PASSWORD", *login.WAYS):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("YDB_SSL_ROOT_CERTIFICATES_FILE", str(pair / "server.pem"))
    with Emulator(path=DATABASE, users=USERS, tls=tls) as emulator:
        text = f"grpcs://localhost:{emulator.port}/?database={DATABASE}"
        monkeypatch.setenv("YDB_CONNECTION_STRING", text)
        assert sqlalchemy_url(text) == emulator.url
        yield emulator


@pytest.fixture
def token(cloud: Emulator) -> str:
    [(user, password)] = USERS.items()
    return cloud._access.login(user, password)


@pytest.fixture
def example(project: Project) -> Project:
    project.env(TOP, online=ONLINE)
    project.table("a1", None)
    return project


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver waits for a moment, instead of for ten seconds."""
    wait = ydb.Driver.wait
    monkeypatch.setattr(ydb.Driver, "wait", lambda driver, timeout, **options: wait(driver, 0.1, **options))


# --- the metadata service --------------------------------------------------------------------------------------


def test_alembic_logs_in_with_the_token_of_the_metadata_service(
    example: Project, cloud: Emulator, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YDB_METADATA_CREDENTIALS", "1")
    with metadata_service(Metadata.giving(token)) as service:
        monkeypatch.setattr(auth, "DEFAULT_METADATA_URL", service.url)
        assert example.run("upgrade", "head") == 0
    assert set(service.requests) == {(METADATA_PATH, "Google")}
    assert cloud.database.state.catalog["a1"]


@pytest.mark.filterwarnings("ignore:The dbapi:sqlalchemy.exc.SADeprecationWarning")  # the dialect's own, async
@pytest.mark.parametrize("driver", ["yql+ydb", "yql+ydb_async"])
def test_the_address_of_the_service_is_an_argument(
    cloud: Emulator, token: str, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both drivers take the object, and ask once for all that follows."""
    with metadata_service(Metadata.giving(token)) as service:
        given = {"credentials": ydb.iam.MetadataUrlCredentials(service.url)}
        url = cloud.url.replace("yql+ydb", driver)
        if driver == "yql+ydb":
            engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args=given)
            with engine.connect() as connection:
                assert connection.scalar(sa.text("SELECT 1")) == 1
        else:

            async def select() -> int | None:
                engine = create_async_engine(url, poolclass=sa.NullPool, connect_args=given)
                async with engine.connect() as connection:
                    return await connection.scalar(sa.text("SELECT 1"))

            assert asyncio.run(select()) == 1
    assert len(service.requests) == 1


CHECK = "Check that metadata service configured properly"
WRONG = {
    "a token of another": (Metadata.giving("t1.another"), "Could not find correct token validator"),
    "no service account": (Metadata([(404, "")]), "404 Client Error"),
    "no JSON": (Metadata([(200, "<html>")]), "Expecting value"),
    "no token": (Metadata([(200, "{}")]), CHECK),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_the_metadata_service_does_not_give(
    example: Project, cloud: Emulator, impatient: None, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is changed."""
    monkeypatch.setenv("YDB_METADATA_CREDENTIALS", "1")
    answers, words = WRONG[kind]
    with metadata_service(Metadata([*answers.answers])) as service:
        monkeypatch.setattr(auth, "DEFAULT_METADATA_URL", service.url)
        with pytest.raises(sa.exc.InterfaceError, match=words) as error:
            example.run("upgrade", "head")
    told = f"MetadataUrlCredentials: (?s:.)*{CHECK}"
    assert bool(re.search(told, str(error.value))) == (kind != "a token of another")
    assert "a1" not in cloud.database.state.catalog


def test_no_metadata_service(
    example: Project, cloud: Emulator, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YDB_METADATA_CREDENTIALS", "1")
    monkeypatch.setattr(auth, "DEFAULT_METADATA_URL", f"http://127.0.0.1:1{METADATA_PATH}")
    with pytest.raises(sa.exc.InterfaceError, match=CHECK):
        example.run("upgrade", "head")
    assert not cloud.faults.requests


# --- the key of a service account ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def private() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if ydb[yc] were: the messages of yandexcloud, made from its protocol. What signs is what it brings."""
    monkeypatch.setattr(auth, "iam_token_service_pb2", MESSAGES)
    monkeypatch.setattr(auth, "iam_token_service_pb2_grpc", SERVICE)


@pytest.fixture
def iam(token: str, private: rsa.RSAPrivateKey, tls: tuple[bytes, bytes], installed: None) -> Iterator[Iam]:
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    with iam_service(Iam(token, "ajeexample", "ajkexample", public), *tls) as service:
        yield service


def key_file(private: rsa.RSAPrivateKey, **others: str) -> dict[str, str]:
    """What `yc iam key create` writes: en/iam/operations/iam-token/create-for-sa.md in yandex-cloud/docs."""
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key = {
        "id": "ajkexample",
        "service_account_id": "ajeexample",
        "created_at": "2026-11-29T10:04:56Z",
        "key_algorithm": "RSA_2048",
        "private_key": pem.decode(),
    }
    return key | others


def through(iam: Iam, tls: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the credentials go to the stand-in where nobody says otherwise. Its parameters are the SDK's own."""
    made = auth.TokenServiceCredentials.__init__

    def init(self: auth.TokenServiceCredentials, endpoint: str | None = None, channel: dict | None = None) -> None:
        made(self, endpoint or iam.endpoint, channel or {"root_certificates": tls[1]})

    monkeypatch.setattr(auth.TokenServiceCredentials, "__init__", init)


def test_alembic_logs_in_with_the_token_of_a_service_account(
    example: Project,
    cloud: Emulator,
    iam: Iam,
    private: rsa.RSAPrivateKey,
    tls: tuple[bytes, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (file := tmp_path / "key.json").write_text(json.dumps(key_file(private)))
    monkeypatch.setenv("YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS", str(file))
    through(iam, tls, monkeypatch)
    assert example.run("upgrade", "head") == 0
    assert cloud.database.state.catalog["a1"]
    [claims] = iam.requests
    assert (claims["iss"], claims["aud"], claims["exp"] - claims["iat"]) == ("ajeexample", TOKENS, 3600)


def test_a_line_above_the_key_does_no_harm(
    cloud: Emulator, iam: Iam, private: rsa.RSAPrivateKey, tls: tuple[bytes, bytes]
) -> None:
    key = key_file(private)
    key["private_key"] = "PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <ajkexample>\n" + key["private_key"]
    made = ydb.iam.ServiceAccountCredentials.from_content(
        json.dumps(key), iam_endpoint=iam.endpoint, iam_channel_credentials={"root_certificates": tls[1]}
    )
    engine = sa.create_engine(cloud.url, poolclass=sa.NullPool, connect_args={"credentials": made})
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT 1")) == 1


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ({"id": "ajkother"}, "the key is not known"),
        ({"service_account_id": "ajeother"}, "Invalid issuer"),
        ({"private_key": "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n"}, "Could not"),
    ],
)
def test_a_key_that_gets_no_token(
    example: Project,
    cloud: Emulator,
    iam: Iam,
    private: rsa.RSAPrivateKey,
    tls: tuple[bytes, bytes],
    tmp_path: Path,
    impatient: None,
    monkeypatch: pytest.MonkeyPatch,
    others: dict[str, str],
    words: str,
) -> None:
    """Nothing reaches YDB, and nothing of the key is told."""
    (file := tmp_path / "key.json").write_text(json.dumps(key_file(private, **others)))
    monkeypatch.setenv("YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS", str(file))
    through(iam, tls, monkeypatch)
    with pytest.raises(sa.exc.InterfaceError, match=words) as error:
        example.run("upgrade", "head")
    assert "secret" not in str(error.value)
    assert not cloud.faults.requests
