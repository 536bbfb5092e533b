"""What the pages on setting up say, where no page can show it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
import ydb as sdk
from alembic.config import Config

from tests.reader.engine import Engine


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
