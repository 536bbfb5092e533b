"""Builds are listed and waited for; one that came to nothing is told, and nonsense ends in one sentence."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import ydb

from alembic_ydb.builds import BuildError, builds, cancel, forget, get, main, wait
from ydb_emulator import Emulator
from ydb_emulator.errors import Status

pytestmark = pytest.mark.usefixtures("shared_driver")

UNKNOWN = "ydb://buildindex/7?id=1"


@pytest.fixture
def engine(ydb_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    """Of a database with a table, which YDB_URL names."""
    monkeypatch.setenv("YDB_URL", ydb_url)
    engine = sa.create_engine(ydb_url)
    execute(engine, "CREATE TABLE t (id Int64 NOT NULL, n Int64, PRIMARY KEY (id))")
    yield engine
    engine.dispose()


@pytest.fixture
def driver(engine: sa.Engine) -> Iterator[ydb.Driver]:
    with engine.connect() as connection:
        dbapi: Any = connection.connection.driver_connection
        yield dbapi._driver


@pytest.fixture
def slow(engine: sa.Engine, ydb_emulator: Emulator) -> Iterator[threading.Thread]:
    """A build that goes on until it is cancelled or hurried."""
    delay = ydb_emulator.faults.delay_scheme_operation(3600)
    thread = threading.Thread(target=index, args=(engine, "slow"))
    thread.start()
    assert delay.is_underway.wait(10)
    yield thread
    ydb_emulator.database.hurry()
    thread.join()


def execute(engine: sa.Engine, statement: str) -> None:
    with engine.connect() as connection:
        connection.execute(sa.DDL(statement))


def index(engine: sa.Engine, name: str) -> bool:
    """Whether it is built."""
    try:
        execute(engine, f"ALTER TABLE t ADD INDEX {name} GLOBAL ON (n)")
    except sa.exc.DBAPIError:
        return False
    return True


def ended(*arguments: str) -> str:
    """What the program ends with, which has to be one sentence."""
    with pytest.raises(SystemExit) as end:
        main(arguments)
    sentence = str(end.value.code)
    assert sentence and "\n" not in sentence
    return sentence


def test_builds_are_listed_the_newest_first(engine: sa.Engine, driver: ydb.Driver) -> None:
    """Page by page: here a page has one."""
    assert builds(driver) == []
    index(engine, "a")
    execute(engine, "ALTER TABLE t ADD COLUMN c Int64 DEFAULT 7")
    found = builds(driver)
    assert [(build.table, build.index, build.state) for build in found] == [
        ("/local/t", "", "done"),
        ("/local/t", "a", "done"),
    ]
    assert str(found[0]).endswith("column of /local/t: done") and str(found[1]).endswith("index a of /local/t: done")
    assert get(driver, found[1].id) == found[1]


def test_all_pages_are_read(engine: sa.Engine, driver: ydb.Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alembic_ydb.builds.PAGE", 1)
    for name in "abc":
        index(engine, name)
    assert [build.index for build in builds(driver)] == ["c", "b", "a"]


def test_it_waits_until_a_build_is_over(driver: ydb.Driver, slow: threading.Thread, ydb_emulator: Emulator) -> None:
    told: list[str] = []

    def tell(text: str) -> None:
        told.append(text)
        ydb_emulator.database.hurry()
        slow.join()

    wait(driver, pause=0.01, tell=tell)
    assert "transferring data, 0 %" in told[0] and told[-1].endswith("index slow of /local/t: done")


def test_it_gives_up_and_the_build_goes_on(driver: ydb.Driver, slow: threading.Thread) -> None:
    with pytest.raises(BuildError, match="not over after 0.01 s, and it goes on: .* index slow"):
        wait(driver, seconds=0.01, pause=1, tell=str)
    assert not builds(driver)[0].is_over


def test_one_that_is_cancelled_or_rejected_is_an_error(
    engine: sa.Engine, driver: ydb.Driver, slow: threading.Thread, ydb_emulator: Emulator
) -> None:
    [build] = builds(driver)
    with pytest.raises(BuildError, match="hasn't been finished yet"):
        forget(driver, build.id)
    cancel(driver, build.id)
    slow.join()
    with pytest.raises(BuildError, match="not built: .* cancelled"):
        wait(driver, [build.id], tell=str)
    ydb_emulator.faults.reject_build("no room")
    assert not index(engine, "other")
    with pytest.raises(BuildError, match="not built: .* index other of /local/t: rejected, no room"):
        wait(driver, [builds(driver)[0].id], tell=str)
    forget(driver, build.id)
    assert [build.index for build in builds(driver)] == ["other"]


def test_a_lost_request_is_sent_again(engine: sa.Engine, driver: ydb.Driver, ydb_emulator: Emulator) -> None:
    index(engine, "a")
    ydb_emulator.faults.fail("ListOperations", Status.UNAVAILABLE)
    ydb_emulator.faults.drop_connection("GetOperation")
    [build] = builds(driver)
    wait(driver, [build.id], tell=str)
    assert not ydb_emulator.faults.pending


@pytest.mark.parametrize("do", [get, cancel, forget])
@pytest.mark.parametrize("id", [UNKNOWN, "nonsense", ""])
def test_no_build_is_an_error(driver: ydb.Driver, do: Any, id: str) -> None:
    with pytest.raises(BuildError):
        do(driver, id)


def test_the_program(engine: sa.Engine, capsys: pytest.CaptureFixture[str]) -> None:
    main([])
    main(["wait"])
    assert capsys.readouterr().out == "YDB knows of no builds\nno build goes on\n"
    index(engine, "a")
    main(["list"])
    id, _, told = capsys.readouterr().out.partition(" ")
    assert told == "index a of /local/t: done\n"
    main(["wait", id])
    assert capsys.readouterr().out == f"{id} {told}"
    assert "has been finished already" in ended("cancel", id)
    main(["forget", id])
    main([])
    assert capsys.readouterr().out == "YDB knows of no builds\n"
    assert UNKNOWN in ended("wait", UNKNOWN)
    assert f"{UNKNOWN}: " in ended("cancel", UNKNOWN), "which of several"


def test_two_builds_are_told_apart(engine: sa.Engine, driver: ydb.Driver, slow: threading.Thread) -> None:
    execute(engine, "CREATE TABLE u (id Int64, n Int64, PRIMARY KEY (id))")
    execute(engine, "ALTER TABLE u ADD INDEX quick GLOBAL ON (n)")
    assert {build.index: build.is_over for build in builds(driver)} == {"quick": True, "slow": False}
    with pytest.raises(BuildError, match="not over after 0.01 s, .* index slow of /local/t"):
        wait(driver, [build.id for build in builds(driver)], seconds=0.01, pause=1, tell=str)


@pytest.mark.parametrize("what", ["wait", "cancel", "forget"])
def test_other_operations_are_left_alone(what: str, engine: sa.Engine, ydb_emulator: Emulator) -> None:
    """Such as somebody's backup: nothing is sent."""
    told = "'ydb://export/6?id=1' is not the ID of a build, which begins with ydb://buildindex/"
    assert told in ended(what, "ydb://export/6?id=1")
    sent = ydb_emulator.faults.requests
    assert not {name for name in sent if name.endswith("Operation")}


def test_an_application_with_the_asynchronous_driver(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = engine.url.set(drivername="yql+ydb_async")
    monkeypatch.setenv("YDB_URL", url.render_as_string(hide_password=False))
    main([])
    assert capsys.readouterr() == ("YDB knows of no builds\n", "")


def test_the_environment_says_how_to_log_in(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the variables of the starter, of which those that are empty or 0 are not set."""
    with Emulator(users={"alice": "correct-horse"}) as emulator:
        for name, value in (("YDB_URL", emulator.url), ("YDB_OAUTH2_KEY_FILE", ""), ("YDB_METADATA_CREDENTIALS", "0")):
            monkeypatch.setenv(name, value)
        assert "Access denied without user token" in ended()
        monkeypatch.setenv("YDB_USER", "alice")
        monkeypatch.setenv("YDB_PASSWORD", "correct-horse")
        main([])
        assert capsys.readouterr() == ("YDB knows of no builds\n", "")
        monkeypatch.setenv("YDB_PASSWORD", "secret")
        assert "StaticCredentials" in (sentence := ended()) and "secret" not in sentence
        assert capsys.readouterr().err == "", "nor does the SDK write its traceback"


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"YDB_USER": "a", "YDB_METADATA_CREDENTIALS": "1"}, "more than one way to log in to YDB: YDB_USER, YDB_META"),
        ({"YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS": "secret"}, "cannot be used: FileNotFoundError"),
        ({"YDB_OAUTH2_KEY_FILE": "secret"}, "YDB_OAUTH2_KEY_FILE cannot be used: FileNotFoundError"),
        ({"YDB_ROOT_CERTIFICATES": "ca.pem"}, "YDB_ROOT_CERTIFICATES: there is no file ca.pem"),
        ({"YDB_URL": "postgresql://me:secret@db/app"}, "the address is one of postgresql, not of YDB"),
        ({"YDB_URL": "sqlite://"}, "the address is one of sqlite, not of YDB"),
    ],
)
def test_an_environment_at_fault(variables: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ({"YDB_URL": "yql+ydb://localhost/local"} | variables).items():
        monkeypatch.setenv(name, value)
    assert words in (sentence := ended()) and "secret" not in sentence


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], "invalid choice: 'nonsense'"),
        (["list", "nonsense"], "list takes no ID"),
        (["cancel"], "cancel needs the ID of a build"),
        (["forget"], "forget needs the ID of a build"),
        (["wait", "--seconds", "soon"], "invalid number of seconds value: 'soon'"),
        (["wait", "--seconds", "nan"], "invalid number of seconds value: 'nan'"),
        (["wait", "--pause", "0"], "invalid number of seconds value: '0'"),
        (["list", "--sec=1"], "unrecognized arguments: --sec=1"),
    ],
)
def test_nonsense_arguments(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(*arguments) == "2"
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and words in told


@pytest.mark.parametrize(
    ("ini", "words"),
    [
        (None, "no address of YDB"),
        ("[alembic]\nsqlalchemy.url = yql+ydb://secret%\n", "the sqlalchemy.url of alembic.ini cannot be read"),
        ("[alembic]\nsqlalchemy.url = nonsense\n", "Could not parse SQLAlchemy URL"),
        ("[alembic]\nsqlalchemy.url = yql+ydb://a:b@c:secret@h:1/local\n", "the port in the address of YDB"),
        ("[alembic\n", "the sqlalchemy.url of alembic.ini cannot be read"),
    ],
)
def test_no_address(ini: str | None, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("YDB_URL", raising=False)
    if ini is not None:
        (tmp_path / "alembic.ini").write_text(ini)
    sentence = ended()
    assert words in sentence and "secret" not in sentence


@pytest.mark.parametrize("arguments", [[], ["-c", "pyproject.toml"]])
def test_a_pyproject_alone_has_no_address(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("YDB_URL", raising=False)
    (tmp_path / "pyproject.toml").write_text('[tool.alembic]\nscript_location = "migrations"\n')
    assert ended(*arguments).endswith("no address of YDB: set YDB_URL, or sqlalchemy.url in alembic.ini")
