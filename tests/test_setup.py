"""What the pages on setting up say, where no page can show it."""

from __future__ import annotations

import inspect
import re
import runpy
import sys
from collections.abc import Callable
from importlib.metadata import requires
from pathlib import Path

import pytest
import sqlalchemy as sa
import ydb as sdk
from alembic.config import Config
from packaging.requirements import Requirement
from ydb import iam, oauth2_token_exchange
from ydb.default_pem import load_default_pem
from ydb.oauth2_token_exchange import token_exchange
from ydb_dbapi import utils
from ydb_dbapi.utils import prepare_credentials

from guide.paths import ROOT
from guide.reader.engine import Engine, connect


@pytest.mark.parametrize(("pool", "stopped"), [(sa.pool.NullPool, 1), (sa.pool.QueuePool, 0)])
def test_without_a_pool_a_closed_connection_stops_its_driver(
    pool: type[sa.pool.Pool], stopped: int, ydb: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    drivers, stop = [], sdk.Driver.stop

    def record(driver: sdk.Driver, *arguments: object, **named: object) -> None:
        drivers.append(driver)
        stop(driver, *arguments, **named)

    monkeypatch.setattr(sdk.Driver, "stop", record)
    engine = sa.create_engine(ydb.url, poolclass=pool)
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
    count = len(set(drivers))
    engine.dispose()
    assert (count, len(set(drivers))) == (stopped, 1)


def test_a_percent_sign_is_written_twice() -> None:
    config = Config()
    with pytest.raises(ValueError, match="invalid interpolation syntax"):
        config.set_main_option("sqlalchemy.url", "a%40b")
    config.set_main_option("sqlalchemy.url", "a%%40b")
    assert config.get_main_option("sqlalchemy.url") == "a%40b"


def test_the_first_variable_decides_how_to_log_in(monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[str] = []

    def using(name: str) -> Callable:
        return lambda *_, **__: used.append(name)

    monkeypatch.setattr(iam.ServiceAccountCredentials, "from_file", using("service account"))
    monkeypatch.setattr(sdk.credentials, "AnonymousCredentials", using("anonymous"))
    monkeypatch.setattr(iam, "MetadataUrlCredentials", using("metadata"))
    monkeypatch.setattr(sdk.credentials, "AuthTokenCredentials", using("token"))
    monkeypatch.setattr(oauth2_token_exchange.Oauth2TokenExchangeCredentials, "from_file", using("exchange"))
    variables = {
        "YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS": "service account",
        "YDB_ANONYMOUS_CREDENTIALS": "anonymous",
        "YDB_METADATA_CREDENTIALS": "metadata",
        "YDB_ACCESS_TOKEN_CREDENTIALS": "token",
        "YDB_OAUTH2_KEY_FILE": "exchange",
    }
    for name in variables:
        monkeypatch.setenv(name, "1")
    for name in variables:
        sdk.credentials_from_env_variables()
        monkeypatch.delenv(name)
    sdk.credentials_from_env_variables()  # none is left

    assert used == [*variables.values(), "metadata"]


KEYS = {
    "username": ("password", "name"),
    "token": ("AccessTokenCredentials", "token"),
    "service_account_json": ("from_content", '{"id": "key"}'),
    "service_account_file": ("from_file", "key.json"),
}
"""The keys of a dictionary, in the order in which the driver looks for them: what is made of each, and from what."""


def test_the_keys_of_a_dictionary_decide_how_to_log_in(monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[tuple[str, object]] = []

    def using(name: str) -> Callable:
        return lambda first, *_: used.append((name, first))

    monkeypatch.setattr(sdk.StaticCredentials, "from_user_password", using("password"))
    monkeypatch.setattr(sdk, "AccessTokenCredentials", using("AccessTokenCredentials"))
    monkeypatch.setattr(iam.ServiceAccountCredentials, "from_content", using("from_content"))
    monkeypatch.setattr(iam.ServiceAccountCredentials, "from_file", using("from_file"))
    values = {
        "username": "name",
        "token": "token",
        "service_account_json": {"id": "key"},
        "service_account_file": "key.json",
    }
    for key in KEYS:
        prepare_credentials(values)
        values.pop(key)

    assert used == list(KEYS.values())
    for without in ({"unknown": "value"}, {"username": "", "password": "secret"}, {"token": ""}):
        assert isinstance(prepare_credentials(without), sdk.AnonymousCredentials)


def test_the_page_names_every_key_of_a_dictionary() -> None:
    known = set(re.findall(r'credentials\.get\(\s*"(\w+)"', inspect.getsource(utils)))
    assert known == {*KEYS, "password"}
    page = (ROOT / "docs" / "setup" / "login.md").read_text()
    assert [key for key in known if f"`{key}`" not in page] == []


def test_a_token_is_sent_as_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever class is made of it, none has a way to fetch another one."""
    monkeypatch.setenv("YDB_ACCESS_TOKEN_CREDENTIALS", "given")
    ways = {
        sdk.credentials_from_env_variables(): sdk.credentials.AuthTokenCredentials,
        prepare_credentials({"token": "given"}): sdk.AccessTokenCredentials,
    }
    for credentials, made in ways.items():
        assert type(credentials) is made
        assert not isinstance(credentials, sdk.credentials.AbstractExpiringTokenCredentials)
        assert list(credentials.auth_metadata()) == [("x-ydb-auth-ticket", "given")]


def test_a_password_is_sent_again_after_three_minutes() -> None:
    """The SDK takes a token to last 30 minutes, and fetches another one when a tenth of that is over."""
    credentials = sdk.StaticCredentials.from_user_password("name", "password")
    credentials._update_token_info({"expires_in": 30 * 60, "access_token": "first"}, 1000)
    assert credentials._refresh_in == 1000 + 180


def test_some_ways_to_log_in_need_a_package(monkeypatch: pytest.MonkeyPatch) -> None:
    required = [Requirement(each) for each in requires("ydb") or []]
    assert not {"requests", "pyjwt"} & {each.name.lower() for each in required if not each.marker}
    monkeypatch.setitem(sys.modules, "requests", None)
    monkeypatch.setattr(token_exchange, "requests", None)
    with pytest.raises(ImportError, match="Install requests library"):
        sdk.iam.MetadataUrlCredentials()
    with pytest.raises(sdk.ConnectionError, match="Install requests library"):
        oauth2_token_exchange.Oauth2TokenExchangeCredentials("http://localhost").auth_metadata()


def test_connections_share_the_driver_of_a_pool(ydb: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    made, stopped = [], []
    init, stop = sdk.Driver.__init__, sdk.Driver.stop

    def record(driver: sdk.Driver, *arguments: object, **named: object) -> None:
        made.append(driver)
        init(driver, *arguments, **named)

    def record_stop(driver: sdk.Driver, *arguments: object, **named: object) -> None:
        stopped.append(driver)
        stop(driver, *arguments, **named)

    monkeypatch.setattr(sdk.Driver, "__init__", record)
    monkeypatch.setattr(sdk.Driver, "stop", record_stop)
    with connect(ydb) as driver, sdk.QuerySessionPool(driver) as pool:
        engine = sa.create_engine(ydb.url, poolclass=sa.NullPool, connect_args={"ydb_session_pool": pool})
        for _ in range(2):
            with engine.connect() as connection:
                assert connection.scalar(sa.text("SELECT 1")) == 1
        assert (made, stopped) == ([driver], [])


def test_the_list_of_the_sdk_has_no_authority_of_yandex() -> None:
    """Where it has one, docs/setup/tls.md can say so. Beside each certificate there is whose it is."""
    authorities = load_default_pem().decode()
    assert "# Subject: CN=GlobalSign Root CA" in authorities
    assert "yandex" not in authorities.lower()


def test_with_a_pool_the_address_does_not_matter(ydb: Engine) -> None:
    """Nor do credentials. An option of the driver is refused, since nothing would come of it."""
    url = sa.make_url(ydb.url).set(host="localhost", port=1)
    with connect(ydb) as driver, sdk.QuerySessionPool(driver) as pool:
        options = {"ydb_session_pool": pool, "credentials": {"username": "nobody", "password": "wrong"}}
        engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args=options)
        with engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT 1")) == 1
        refused = sa.create_engine(url, connect_args={"ydb_session_pool": pool, "disable_discovery": True})
        with pytest.raises(sa.exc.ProgrammingError, match="ydb_session_pool comes with its own driver"):
            refused.connect()


@pytest.mark.parametrize("program", ["operate/backup/copies.py", "recipes/changefeed/consume.py"])
def test_programs_of_pages_take_tls_from_the_url(program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used: dict[str, object] = {}

    def record(**named: object) -> None:
        used.update(named)
        raise SystemExit

    (tmp_path / "ca.pem").write_text("an authority")
    url = f"yql+ydb://ydb.example:2135/local?protocol=grpcs&root_certificates_path={tmp_path}/ca.pem"
    monkeypatch.setenv("YDB_URL", url)
    monkeypatch.setattr(sdk, "Driver", record)
    monkeypatch.setattr(sys, "argv", [program, "take", "monday"])
    with pytest.raises(SystemExit):
        runpy.run_path(str(ROOT / "snippets" / program), run_name="__main__")
    assert used == {"endpoint": "grpcs://ydb.example:2135", "database": "/local", "root_certificates": b"an authority"}
