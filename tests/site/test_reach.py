"""What the page of the emulator's reach says of it is so."""

import pytest
import ydb

from guide.site.reach import AREAS, area, load, unsupported
from ydb_emulator import Emulator
from ydb_emulator.conformance import client


def test_every_area_has_cases() -> None:
    assert {area(case) for case in load()} == set(AREAS)


TABLE = "CREATE TABLE t (id Int64 NOT NULL, name Utf8, n Int32, j Json, y Yson, s String, PRIMARY KEY (id))"


def test_what_is_called_unsupported_is_refused_so() -> None:
    with Emulator() as emulator:
        driver = client(f"127.0.0.1:{emulator.port}", emulator.database.path)
        with ydb.QuerySessionPool(driver) as pool:
            pool.execute_with_retries(TABLE)
            for _, statement in unsupported():
                with pytest.raises(ydb.issues.Unsupported, match="The emulator does not support"):
                    pool.execute_with_retries(statement)
        driver.stop(timeout=1)
