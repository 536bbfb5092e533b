"""Every case of conformance/, on the emulator or, with `--ydb URL`, on a real YDB."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import ydb

from guide.measure.in_place import in_place
from ydb_emulator.cases import OK, Case, load
from ydb_emulator.conformance import Runner, client, difference
from ydb_emulator.pytest_plugin import SERVER
from ydb_emulator.refusals import SOURCE, Reached, places, recording
from ydb_emulator.scratch import Engine, remove, scratch_directory

CASES = load(Path(__file__).with_name("conformance"))

MOVING = re.compile(r"https://github\.com/ydb-platform/ydb/(?:blob|tree)/main/([^)#]+)")
NO_COMMIT = {
    "ydb/core/kqp/opt/physical/kqp_opt_build_txs.cpp",
    "ydb/docs/en/core/yql/reference/syntax/pragma/global.md",
    "ydb/docs/en/core/yql/reference/syntax/returning.md",
    "ydb/docs/en/core/yql/reference/syntax/select/limit_offset.md",
    "ydb/tests/datashard/vector_index",
    "ydb/tests/functional/scheme_tests/test_execute_scheme_operations.py",
    "ydb/tests/stress",
    "yql/essentials/sql/v1/sql_ddl_topic.cpp",
    "yql/essentials/sql/v1/sql_ut_json.cpp",
    "yql/essentials/tests/sql/suites/in/in_ansi_empty.sql",
    "yql/essentials/tests/sql/suites/lambda/lambda_with_tie.sql",
    "yql/essentials/tests/sql/suites/simple_columns",
    "yql/essentials/udfs/common/math/test",
    "yql/essentials/udfs/common/string/test/canondata",
    "yql/essentials/udfs/common/unicode_base/test/canondata",
    "yql/essentials/udfs/common/yson2/test/canondata",
}
"""Sources of which we know no commit that has them. No new one belongs here."""


Runners = Callable[[Case], AbstractContextManager[Runner]]


@pytest.fixture(scope="module")
def runners(pytestconfig: pytest.Config) -> Iterator[Runners]:
    """What runs a case on an empty database of its line."""
    server = pytestconfig.stash[SERVER]
    with ExitStack() as stack:
        yield _embedded(stack) if server is None else _real(stack, server)


def _embedded(stack: ExitStack) -> Runners:
    """One emulator for each line, emptied for each case.

    They answer in place: a case is about what is answered, and gRPC would take longer than most answers.
    """
    from ydb_emulator import Emulator

    stack.enter_context(in_place())
    running: dict[str, tuple[Emulator, ydb.Driver, ydb.QuerySessionPool]] = {}

    @contextmanager
    def runner(case: Case) -> Iterator[Runner]:
        if case.line not in running:
            line, *flags = case.line.split() or ["26.2"]
            made = {flag.removeprefix("-"): not flag.startswith("-") for flag in flags}
            emulator = stack.enter_context(Emulator(line=line, flags=made))
            driver = stack.enter_context(_driver(f"127.0.0.1:{emulator.port}", emulator.database.path))
            running[case.line] = emulator, driver, stack.enter_context(ydb.QuerySessionPool(driver))
        emulator, driver, pool = running[case.line]
        emulator.database.clear()

        @contextmanager
        def slowly() -> Iterator[threading.Event]:
            try:
                yield emulator.faults.delay_scheme_operation(3600).is_underway
            finally:
                emulator.faults.clear()
                emulator.database.hurry()

        @contextmanager
        def login(user: str) -> Iterator[ydb.QuerySessionPool]:
            config = ydb.DriverConfig(
                f"grpc://127.0.0.1:{emulator.port}",
                emulator.database.path,
                credentials=ydb.StaticCredentials.from_user_password(user, ""),
            )
            with ydb.Driver(config) as driver, ydb.QuerySessionPool(driver) as own:
                driver.wait(timeout=60, fail_fast=True)
                yield own

        with _closing(Runner(pool, slowly=slowly, login=login, driver=driver)) as runner:
            yield runner

    return runner


def _real(stack: ExitStack, server: Engine) -> Runners:
    """A directory for each case; cases about another line than the server's are skipped."""
    engine = stack.enter_context(scratch_directory(server))
    driver = stack.enter_context(_driver(engine.endpoint, engine.database))
    pool = stack.enter_context(ydb.QuerySessionPool(driver))
    version = pool.execute_with_retries("SELECT Version() AS version")[0].rows[0]["version"].decode()

    @contextmanager
    def runner(case: Case) -> Iterator[Runner]:
        if case.line and not version.removeprefix("stable-").replace("-", ".").startswith(case.line):
            pytest.skip(f"about YDB {case.line}, not {version}")
        if re.search(r"/\*@(\w+-)?(during|cancelled)", case.statement):
            pytest.skip("needs a scheme operation that takes as long as the test says")
        if case.area == "users-groups-access-rights":
            pytest.skip("users and groups are the database's, not a directory's")
        directory = f"{engine.directory}/{case.id}"
        driver.scheme_client.make_directory(directory)
        try:
            with _closing(Runner(pool, directory, driver=driver)) as runner:
                yield runner
        finally:
            remove(driver, directory)

    return runner


@contextmanager
def _driver(endpoint: str, database: str) -> Iterator[ydb.Driver]:
    driver = client(endpoint, database)
    try:
        yield driver
    finally:
        driver.stop(timeout=1)


@contextmanager
def _closing(runner: Runner) -> Iterator[Runner]:
    try:
        yield runner
    finally:
        runner.close()


@dataclass
class Runs:
    """The cases that have run in this module, and what of the emulator they have reached."""

    reached: Reached
    done: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def runs() -> Iterator[Runs]:
    with recording() as reached:
        yield Runs(reached)


def test_sources_of_ydb_are_links_to_a_commit() -> None:
    """A branch moves, and with it what a case was read from."""
    found = {path for case in CASES for source in case.sources for path in MOVING.findall(source)}
    assert found == NO_COMMIT


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case: Case, runners: Runners, runs: Runs) -> None:
    runs.done.add(case.id)
    with runners(case) as runner:
        found = difference(case, runner.run(case), runner.directory)
        assert found is None, found


def test_every_accepted_case_tells_what_came_of_it() -> None:
    """OK alone would also hold of an emulator that does nothing."""
    assert [case.id for case in CASES if case.expected == OK and not case.text] == []


def test_each_refusal_is_reached_by_a_case(runners: Runners, runs: Runs, pytestconfig: pytest.Config) -> None:
    """What the emulator says in YDB's name is owed to a case, and so to a source. Needs the emulator."""
    if pytestconfig.stash[SERVER] is not None:
        return
    for case in CASES:
        if case.id not in runs.done:
            with runners(case) as runner:
                runner.run(case)
    unowed = [str(place) for place in places() if not place.own and not runs.reached.has(place)]
    assert not unowed, "no case reaches:\n" + "\n".join(unowed)


def test_no_refusal_in_ydbs_name_is_a_guess() -> None:
    files = {SOURCE / place.file for place in places() if not place.own}
    lines = [(file, number, line) for file in files for number, line in enumerate(file.read_text().splitlines(), 1)]
    assert [f"{file}:{number}" for file, number, line in lines if "# a guess" in line] == []
