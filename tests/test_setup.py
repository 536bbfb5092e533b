"""What the pages on setting up say, where no page can show it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
import ydb as sdk
from alembic.config import Config
from ydb import iam, oauth2_token_exchange

from guide.reader.engine import Engine


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
