"""The page that counts the cases says what the cases say."""

from pathlib import Path

import pytest
import ydb

from ydb_emulator import Emulator

from .cases import client, load
from .reach import AREAS, PAGE, area, render, unsupported
from .test_cases import DO_NOT_HOLD


def test_the_page_counts_the_cases(pytestconfig: pytest.Config, updated: set[Path]) -> None:
    page = render(load(), DO_NOT_HOLD)
    if pytestconfig.getoption("--update") and PAGE.read_text() != page:
        PAGE.write_text(page)
        updated.add(PAGE)
    assert PAGE.read_text() == page, "the cases have changed: pytest --update writes the page anew"


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
