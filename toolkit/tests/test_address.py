"""What the console of a cloud shows becomes the URL of the same database. Nonsense ends with a sentence."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
import ydb
from sqlalchemy import make_url

from alembic_ydb.address import AddressError, main, sqlalchemy_url
from ydb_emulator import Emulator

DATABASE = "/ru-central1/b1gexample/etnexample"
CONSOLE = f"grpcs://ydb.serverless.yandexcloud.net:2135/?database={DATABASE}"
URL = f"yql+ydb://ydb.serverless.yandexcloud.net:2135{DATABASE}?protocol=grpcs"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (CONSOLE, URL),
        (CONSOLE.replace("?database=", "?database=%2F").replace("=%2F/", "=%2F"), URL),
        (f"grpcs://ydb.serverless.yandexcloud.net:2135{DATABASE}", URL),
        (f"grpcs://YDB.serverless.yandexcloud.net:2135?database={DATABASE}/", URL),
        ("grpc://localhost:2136/?database=/local", "yql+ydb://localhost:2136/local"),
        ("grpc://localhost:2136/local", "yql+ydb://localhost:2136/local"),
        ("grpc://10.0.0.1:2136/Root/my_db", "yql+ydb://10.0.0.1:2136/Root/my_db"),
        ("grpc://h:1/?database=/a%3Fb%23c%25", "yql+ydb://h:1/a%3Fb%23c%25"),
    ],
)
def test_a_connection_string_becomes_a_url(text: str, url: str) -> None:
    assert sqlalchemy_url(text) == url
    assert sqlalchemy_url(text, "yql+ydb_async") == url.replace("yql+ydb:", "yql+ydb_async:")


@pytest.mark.parametrize("text", [CONSOLE, "grpc://localhost:2136/?database=/local"])
def test_the_dialect_makes_of_the_url_what_the_sdk_makes_of_the_string(text: str) -> None:
    url = make_url(sqlalchemy_url(text))
    [_, given] = url.get_dialect()().create_connect_args(url)
    endpoint = f"{given.get('protocol', 'grpc')}://{given['host']}:{given['port']}"
    config = ydb.DriverConfig.default_from_connection_string(text)
    assert (ydb.DriverConfig(endpoint).secure_channel, ydb.DriverConfig(endpoint).endpoint, given["database"]) == (
        config.secure_channel,
        config.endpoint,
        config.database,
    )


def test_the_url_reaches_a_database_with_a_path_of_a_cloud() -> None:
    with Emulator(path=DATABASE) as emulator:
        text = f"grpc://127.0.0.1:{emulator.port}/?database={DATABASE}"
        engine = sa.create_engine(sqlalchemy_url(text), poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.execute(sa.DDL("CREATE TABLE t (id Int64, PRIMARY KEY (id))"))
            assert sa.inspect(connection).get_table_names() == ["t"]
    assert sqlalchemy_url(text) == emulator.url


NONSENSE = {
    "": "There is no connection string",
    " ": "blank",
    f"{CONSOLE}\n": "line end",
    f'"{CONSOLE}"': "has to begin with grpcs:// or grpc://",
    CONSOLE.replace("etn", "этн"): "not ASCII",
    URL: "a URL for SQLAlchemy already",
    "yql://h:1/local": "a URL for SQLAlchemy already",
    CONSOLE.replace("grpcs", "https"): "the address of a web page",
    "https://console.yandex.cloud/folders/b1g/ydb/databases/etn": "the address of a web page",
    CONSOLE.replace("grpcs", "GRPCS"): "has to begin with grpcs:// or grpc://",
    CONSOLE.replace("grpcs://", ""): "has to begin with grpcs:// or grpc://",
    "ydb://h:1/local": "has to begin with grpcs:// or grpc://",
    DATABASE: "has to begin with grpcs:// or grpc://",
    "grpcs://": "no host",
    f"grpcs:///?database={DATABASE}": "no host",
    f"grpcs://:2135/?database={DATABASE}": "no host",
    "grpcs://h,i:2135/local": "is no name",
    "grpcs://h:2135": "names no database",
    "grpcs://h:2135/": "names no database",
    "grpcs://h:2135/?database=": "names no database",
    "grpcs://h:2135/?database=/": "names no database",
    "grpcs://h:2135/?database=local": "has to begin with a slash",
    "grpcs://h:2135/?database=/a%20b": "blank",
    "grpcs://h:2135/?database=/a%0Ab": "line end",
    "grpcs://h:2135/a?database=/a": "names the database twice",
    "grpcs://h:2135/?database=/a&database=/b": "names the database twice",
    "grpcs://h:2135/?database=/a&token=secret": "more than the database",
    "grpcs://h:2135/?Database=/a": "more than the database",
    "grpcs://h:2135/a#secret": "more than the database",
    f"grpcs://h/?database={DATABASE}": "no port",
    "grpcs://h:/local": "no port",
    "grpcs://h:0/local": "no port",
    "grpcs://h:99999/local": "cannot be read",
    "grpcs://h:port/local": "cannot be read",
    "grpcs://[::1/local": "cannot be read",
    "grpcs://[::1]:2135/local": "IPv6",
    "grpcs://alice:secret@h:2135/local": "a name or a password",
}


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_ends_with_a_sentence(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(AddressError, match=re.escape(NONSENSE[text])) as error:
        sqlalchemy_url(text)
    assert "\n" not in str(error.value) and "secret" not in str(error.value)
    with pytest.raises(SystemExit) as end:
        main([text])
    assert end.value.code == str(error.value)  # printed, with the status 1
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("arguments", [[], [CONSOLE, CONSOLE]])
def test_the_program_takes_one(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="Give one connection string"):
        main(arguments)


def test_the_program_prints_the_url(capsys: pytest.CaptureFixture[str]) -> None:
    main([CONSOLE])
    assert capsys.readouterr().out == URL + "\n"
