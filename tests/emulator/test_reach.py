"""The pages that count and list the cases say what the cases say."""

from pathlib import Path

import pytest
import ydb

from tests import claims
from tests.site import CASES, ROOT
from ydb_emulator import Emulator

from . import listing
from .cases import client, load
from .reach import AREAS, PAGE, area, render, unsupported
from .test_cases import DO_NOT_HOLD


def test_the_pages_say_what_the_cases_say(pytestconfig: pytest.Config, updated: set[Path]) -> None:
    cases = load()
    expected = {PAGE: render(cases, DO_NOT_HOLD), **listing.render(cases, DO_NOT_HOLD), claims.PAGE: claims.render()}
    found = {path: path.read_text() for path in [PAGE, *CASES.glob("**/*.md")] if path.exists()}
    changed = {path for path in {*expected, *found} if expected.get(path) != found.get(path)}
    if pytestconfig.getoption("--update"):
        CASES.mkdir(exist_ok=True)
        for path in changed:
            path.write_text(expected[path]) if path in expected else path.unlink()
        updated |= changed
        return
    names = ", ".join(sorted(path.relative_to(ROOT).as_posix() for path in changed))
    assert not changed, f"{names}: the cases or claims have changed: pytest --update writes the pages anew"


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
