"""The pytest plugin, in test suites of its users."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator

import pytest

from ydb_emulator import Emulator
from ydb_emulator.releases import DEFAULT, NAMES
from ydb_emulator.scratch import connect, parse_url

pytest_plugins = "pytester"

USES_THE_DATABASE = """
import pytest
import sqlalchemy as sa

@pytest.mark.parametrize("number", [1, 2])
def test_it_is_empty(ydb_url, number):
    engine = sa.create_engine(ydb_url)
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == []
        connection.execute(sa.DDL("CREATE TABLE t (id Int64 NOT NULL, PRIMARY KEY (id))"))
        assert sa.inspect(connection).get_table_names() == ["t"]
    engine.dispose()
"""
OTHER = """
def pytest_addoption(parser):
    parser.addoption("--ydb", action="store_true")
"""
OTHER_BY_CONSTANT = """
OPTION = "--ydb"

def pytest_addoption(parser):
    parser.getgroup("other").addoption(OPTION, action="store_true")
"""
CLASH = "leave one of them out, this one with -p no:ydb_emulator"


@pytest.fixture
def real() -> Iterator[Emulator]:
    """What stands for a real YDB."""
    with Emulator() as emulator:
        yield emulator


def names(url: str) -> list[str]:
    """What the database holds."""
    engine = parse_url(url)
    with connect(engine) as driver:
        children = driver.scheme_client.list_directory(engine.database).children
    return [child.name for child in children if not child.name.startswith(".")]


def usage_error(result: pytest.RunResult) -> str:
    """The one message that a run ends with before any test."""
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    [line] = [line for line in result.errlines if line]
    return line


def on_two_workers(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, *options: str) -> pytest.RunResult:
    """Run pytest with two workers, which load what they need of all that is installed here."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return pytester.runpytest("-p", "xdist", "-p", "ydb_emulator.pytest_plugin", "-n", "2", *options)


# --- fixtures --------------------------------------------------------------------------------------------------


def test_each_test_has_an_empty_database(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(USES_THE_DATABASE)
    pytester.runpytest().assert_outcomes(passed=2)


def test_all_tests_have_one_server(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest

        seen = []

        @pytest.mark.parametrize("number", [1, 2])
        def test_port(ydb_url, ydb_emulator, number):
            assert ydb_url == ydb_emulator.url
            seen.append(ydb_url)
            assert len(set(seen)) == 1
    """)
    pytester.runpytest().assert_outcomes(passed=2)


def test_nothing_of_one_test_is_left_for_the_next(pytester: pytest.Pytester) -> None:
    """Neither rows nor transactions, faults nor scheme operations that are under way."""
    pytester.makepyfile("""
        import threading
        import pytest
        import ydb

        TABLE = "CREATE TABLE t (id Int64 NOT NULL, n Int64, PRIMARY KEY (id))"
        drivers, open_transactions = [], []

        def connect(database):
            driver = ydb.Driver(endpoint=f"grpc://{database.endpoint}", database=database.database)
            drivers.append(driver)
            return driver, ydb.QuerySessionPool(driver)

        def test_it_leaves_all_open(ydb_scratch, ydb_emulator):
            driver, pool = connect(ydb_scratch)
            pool.execute_with_retries(TABLE)
            transaction = pool.acquire().transaction().begin()
            for _ in transaction.execute("UPSERT INTO t (id, n) VALUES (1, 1)"):
                pass
            open_transactions.append(transaction)
            fault = ydb_emulator.faults.delay_scheme_operation(3600)
            ydb_emulator.faults.fail("ExecuteQuery", times=100, matching=lambda text: "SELECT" in text)
            threading.Thread(
                target=lambda: pool.execute_with_retries("ALTER TABLE t ADD COLUMN x Int64"), daemon=True
            ).start()
            fault.is_underway.wait()

        def test_it_has_a_new_one(ydb_scratch, ydb_emulator):
            assert not ydb_emulator.faults.pending and not ydb_emulator.faults.requests
            driver, pool = connect(ydb_scratch)
            pool.execute_with_retries(TABLE)
            with pytest.raises((ydb.BadSession, RuntimeError)):
                open_transactions[0].commit()
            [result] = pool.execute_with_retries("SELECT * FROM t")
            assert result.rows == [] and [column.name for column in result.columns] == ["id", "n"]
            for driver in drivers:
                driver.stop(timeout=1)
    """)
    pytester.runpytest("-p", "no:threadexception").assert_outcomes(passed=2)


def test_the_line_can_be_chosen(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_line(ydb_emulator): assert ydb_emulator.database.line.name == '25.1'")
    pytester.runpytest("--ydb-line", "25.1").assert_outcomes(passed=1)


def test_the_newest_line_is_the_default(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(f"def test_line(ydb_emulator): assert ydb_emulator.database.line.name == {DEFAULT!r}")
    pytester.runpytest().assert_outcomes(passed=1)


def test_a_test_may_stop_the_server(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import sqlalchemy as sa

        def test_stops(ydb_url, ydb_emulator):
            ydb_emulator.stop()

        def test_after(ydb_url):
            engine = sa.create_engine(ydb_url)
            with engine.connect() as connection:
                assert connection.scalar(sa.text("SELECT 1")) == 1
            engine.dispose()
    """)
    pytester.runpytest().assert_outcomes(passed=2)


def test_each_worker_has_a_server_of_its_own(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    pytester.makepyfile("""
        import pathlib
        import pytest

        @pytest.mark.parametrize("number", range(4))
        def test_port(ydb_emulator, worker_id, number):
            with open(worker_id, "a") as file:
                print(ydb_emulator.port, file=file)
    """)
    on_two_workers(pytester, monkeypatch).assert_outcomes(passed=4)
    ports = [set((pytester.path / worker).read_text().split()) for worker in ("gw0", "gw1")]
    assert [len(each) for each in ports] == [1, 1] and ports[0] != ports[1]


def test_what_is_not_used_is_not_imported(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # others may import anything
    pytester.makepyfile("""
        import sys

        def test_imported():
            assert "ydb_emulator.pytest_plugin" in sys.modules
            assert not {"grpc", "google.protobuf", "ydb", "ydb_emulator.server", "pyrsistent"} & sys.modules.keys()
    """)
    pytester.runpytest_subprocess("-p", "ydb_emulator.pytest_plugin").assert_outcomes(passed=1)


# --- a real YDB ------------------------------------------------------------------------------------------------


def test_a_real_ydb_has_a_directory_for_each_test(pytester: pytest.Pytester, real: Emulator) -> None:
    pytester.makepyfile(USES_THE_DATABASE)
    pytester.runpytest("--ydb", real.url).assert_outcomes(passed=2)
    assert names(real.url) == []


def test_workers_share_a_real_ydb(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, real: Emulator) -> None:
    pytester.makepyfile(USES_THE_DATABASE)
    on_two_workers(pytester, monkeypatch, "--ydb", real.url).assert_outcomes(passed=2)
    assert names(real.url) == []


def test_the_url_is_not_taken_for_a_path(pytester: pytest.Pytester, real: Emulator) -> None:
    """A conftest.py below testpaths is read first only where no path is given."""
    pytester.makeini("[pytest]\ntestpaths = deep")
    folder = pytester.mkdir("deep")
    (folder / "conftest.py").write_text("def pytest_addoption(parser): parser.addoption('--deep', action='store_true')")
    (folder / "test_it.py").write_text(USES_THE_DATABASE)
    pytester.runpytest("--deep", "--ydb", real.url).assert_outcomes(passed=2)


def test_what_is_left_outside_is_told(pytester: pytest.Pytester, real: Emulator) -> None:
    pytester.makepyfile("""
        import sqlalchemy as sa

        def test_stray(ydb_scratch):
            engine = sa.create_engine(f"yql+ydb://{ydb_scratch.endpoint}{ydb_scratch.database}")
            with engine.connect() as connection:
                connection.execute(sa.DDL("CREATE TABLE stray (id Int64 NOT NULL, PRIMARY KEY (id))"))
            engine.dispose()
    """)
    result = pytester.runpytest("--ydb", real.url)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*: the test left something outside /local/pytest_ydb_*: stray"])


def test_the_emulator_is_not_there_beside_a_real_ydb(pytester: pytest.Pytester, real: Emulator) -> None:
    pytester.makepyfile("def test_faults(ydb_emulator): ydb_emulator.faults.clear()")
    result = pytester.runpytest("--ydb", real.url, "-rs")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*needs the emulator, which --ydb replaces*"])


# --- refusals --------------------------------------------------------------------------------------------------


def test_a_database_in_use_is_refused(pytester: pytest.Pytester, real: Emulator) -> None:
    with connect(parse_url(real.url)) as driver:
        driver.scheme_client.make_directory("/local/orders")
    assert usage_error(pytester.runpytest("--ydb", real.url)) == (
        f"ERROR: --ydb: {real.url}: the database is not empty (orders): tests run only on a database for tests alone"
    )
    assert names(real.url) == ["orders"]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "'' is not a URL: use yql+ydb://host:port/database"),
        ("postgresql://localhost/x", "the scheme is 'postgresql': use yql+ydb://host:port/database"),
        ("yql+ydb://localhost/local", "host or port is missing: use yql+ydb://host:port/database"),
    ],
)
def test_a_wrong_url_is_refused(pytester: pytest.Pytester, url: str, words: str) -> None:
    assert usage_error(pytester.runpytest(f"--ydb={url}")).endswith(words)


def test_a_server_that_is_not_there_is_told(pytester: pytest.Pytester) -> None:
    with socket.socket() as silent:  # it has the port, and does not listen
        silent.bind(("127.0.0.1", 0))
        url = f"yql+ydb://127.0.0.1:{silent.getsockname()[1]}/local"
        message = usage_error(pytester.runpytest("--ydb", url))
    assert message.startswith(f"ERROR: --ydb: {url}: no YDB answers there")


def test_an_unknown_line_is_told_the_known_ones(pytester: pytest.Pytester) -> None:
    assert usage_error(pytester.runpytest("--ydb-line", "27")) == (
        f"ERROR: --ydb-line: '27' is not a release line: use one of {', '.join(NAMES)}"
    )


def test_a_line_is_for_the_emulator(pytester: pytest.Pytester) -> None:
    message = usage_error(pytester.runpytest("--ydb", "yql+ydb://h:1/local", "--ydb-line", "26.2"))
    assert message == "ERROR: --ydb-line is for the emulator: a YDB that --ydb names is of the line that it is"


def test_a_package_that_is_imported_before(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test(): pass")
    done = pytester.runpython_c("import ydb_emulator, pytest; pytest.main(['-p', 'no:cacheprovider'])")
    done.assert_outcomes(passed=1, warnings=0)


# --- beside another plugin that takes --ydb --------------------------------------------------------------------


@pytest.mark.parametrize("other", [OTHER, OTHER_BY_CONSTANT], ids=["literal", "constant"])
def test_another_plugin_by_name(pytester: pytest.Pytester, other: str) -> None:
    pytester.makepyfile(other=other)
    pytester.syspathinsert()
    assert usage_error(pytester.runpytest("-p", "other")) == (
        f"ERROR: other has an option --ydb as well as the plugin ydb_emulator: {CLASH}"
    )
    assert pytester.runpytest("-p", "other", "-p", "no:ydb_emulator").ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_another_plugin_in_conftest(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(OTHER)
    assert usage_error(pytester.runpytest()) == (
        f"ERROR: {pytester.path / 'conftest.py'} has an option --ydb as well as the plugin ydb_emulator: {CLASH}"
    )


@pytest.mark.parametrize("place", ["first", "last"])
def test_another_plugin_that_is_installed(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Pytest loads installed plugins in the order in which Python finds them."""
    folder = pytester.mkdir("installed")
    (folder / "other.py").write_text(OTHER)
    metadata = folder / "other-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[pytest11]\nother = other\n")
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path] if place == "first" else [*sys.path, str(folder)])
    assert usage_error(pytester.runpytest()) == (
        f"ERROR: other has an option --ydb as well as the plugin ydb_emulator: {CLASH}"
    )
