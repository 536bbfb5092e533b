"""The starter's env.py: all of its parts together, each pair of them, each option wrong, two at once, one killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from project import command_line

from guide.reader.python import command as python
from ydb_emulator import Emulator

pytestmark = pytest.mark.usefixtures("shared_driver")

STARTER = Path(__file__).parent.parent / "starter"
VARIABLES = ("YDB_", "ALEMBIC_")
TABLES = {"customers", "orders", "pages"}
TAKEN = """
UPSERT INTO alembic_lease (name, owner, expires)
VALUES ('alembic', 'another', CurrentUtcTimestamp() + Interval('P1D'))
"""


class Starter:
    """A copy of the starter, and the URL of an empty YDB. Commands run in this process."""

    def __init__(self, folder: Path, url: str, capsys: pytest.CaptureFixture[str]):
        self.folder, self.url, self.capsys = folder, url, capsys

    def run(self, *arguments: str) -> tuple[int, str]:
        """A command of Alembic. Out: its exit status, and what it prints on standard output."""
        self.capsys.readouterr()
        status = 0
        try:
            command_line().main(["-c", str(self.folder / "alembic.ini"), *arguments])
        except SystemExit as end:
            status = int(end.code or 0) % 256
        return status, self.capsys.readouterr().out

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A command of Alembic in a process of its own."""
        program, variables = python(self.folder)
        given = {name: value for name, value in os.environ.items() if name.startswith(VARIABLES)}
        return subprocess.Popen(
            [program, "-m", "alembic", *arguments],
            cwd=self.folder,
            env=variables | given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def tables(self, tenant: str = "") -> set[str]:
        """The tables of the application."""
        return self.names(tenant) - {"alembic_version", "alembic_lease"}

    def names(self, tenant: str = "") -> set[str]:
        with self.connect(tenant) as connection:
            return set(sa.inspect(connection).get_table_names())

    def execute(self, statement: str, tenant: str = "") -> None:
        with self.connect(tenant) as connection:
            connection.execute(sa.DDL(statement))

    def connect(self, tenant: str = "") -> sa.Connection:
        database = sa.make_url(self.url).database
        url = f"{self.url}?ydb_table_path_prefix=/{database}/{tenant}" if tenant else self.url
        return sa.create_engine(url, poolclass=sa.NullPool).connect()


@pytest.fixture
def starter(
    tmp_path: Path, ydb_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Starter]:
    folder = tmp_path / "starter"
    shutil.copytree(STARTER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in [name for name in os.environ if name.startswith(VARIABLES)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("YDB_URL", ydb_url)
    monkeypatch.setenv("YDB_ANONYMOUS_CREDENTIALS", "1")
    monkeypatch.setattr("logging.config.fileConfig", lambda *_, **__: None)  # the loggers are those of this run
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield Starter(folder, ydb_url, capsys)
    sys.modules.pop("models", None)


def test_an_upgrade_makes_what_the_models_say_and_leaves_nothing_behind(starter: Starter) -> None:
    assert starter.run("upgrade", "head")[0] == 0
    assert starter.tables() == TABLES
    assert starter.run("check")[0] == 0
    with starter.connect() as connection:
        assert connection.scalar(sa.text("SELECT owner FROM alembic_lease")) is None


NONSENSE = [
    pytest.param({"YDB_URL": None}, [], "which YDB? Set YDB_URL", id="no url"),
    pytest.param({"YDB_URL": "postgresql://localhost/x"}, [], "which YDB? Set YDB_URL", id="another url"),
    pytest.param({"YDB_URL": "yql+ydb://localhost:1/local\n"}, [], "which YDB? Set YDB_URL", id="url with a line end"),
    pytest.param({"YDB_URL": "yql+ydb://h:1/local?protocol=grpsc"}, [], "the protocol grpsc", id="protocol"),
    pytest.param({"YDB_PASSWORD": "x"}, [], "YDB_PASSWORD needs YDB_USER", id="a password of nobody"),
    pytest.param({"YDB_URL": "yql+ydb://"}, [], "YDB_URL", id="half a url"),
    pytest.param({"YDB_ANONYMOUS_CREDENTIALS": None}, [], "YDB_USER", id="no login"),
    pytest.param({"YDB_USER": "alice"}, [], "YDB_USER", id="two logins"),
    pytest.param({"YDB_ANONYMOUS_CREDENTIALS": "maybe"}, [], "YDB_ANONYMOUS_CREDENTIALS", id="login"),
    pytest.param({"YDB_ROOT_CERTIFICATES": "/nowhere.pem"}, [], "/nowhere.pem", id="no certificates"),
    pytest.param({"YDB_TENANTS": "one/../two"}, [], "one/../two", id="tenant"),
    pytest.param({"YDB_TENANTS": "one two"}, ["-x", "tenant=three"], "three", id="no such tenant"),
    pytest.param({}, ["-x", "tenant=one"], "no such tenant: one", id="a tenant of none"),
    pytest.param({"YDB_TENANTS": "one two"}, ["-x", "tenants=one"], "no such option: -x tenants", id="misspelt"),
    pytest.param({"YDB_TENANTS": "one,two"}, [], "one,two", id="commas"),
    pytest.param({"YDB_TENANTS": ""}, [], "YDB_TENANTS names no tenant", id="empty tenants"),
    pytest.param({"YDB_TENANTS": " "}, [], "YDB_TENANTS names no tenant", id="blank tenants"),
    pytest.param({"ALEMBIC_LEASE_SECONDS": "soon"}, [], "ALEMBIC_LEASE_SECONDS", id="seconds"),
    pytest.param({"ALEMBIC_LEASE_SECONDS": "0"}, [], "ALEMBIC_LEASE_SECONDS", id="no seconds"),
    pytest.param({"ALEMBIC_LEASE_PATIENCE": "-1"}, [], "ALEMBIC_LEASE_PATIENCE", id="patience"),
    pytest.param({"ALEMBIC_STATEMENT_SECONDS": "long"}, [], "ALEMBIC_STATEMENT_SECONDS", id="statement"),
]


@pytest.mark.parametrize(("variables", "options", "says"), NONSENSE)
def test_nonsense_is_one_sentence_and_changes_nothing(
    starter: Starter, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str | None], options: list[str], says: str
) -> None:
    for name, value in variables.items():
        monkeypatch.delenv(name) if value is None else monkeypatch.setenv(name, value)
    status, printed = starter.run(*options, "upgrade", "head")
    assert status == 255
    assert "FAILED: " in printed and says in printed
    assert starter.names() == set()


@pytest.mark.parametrize("tenants", ["", "one two"], ids=["one database", "tenants"])
def test_guard_a_downgrade_needs_yes(starter: Starter, monkeypatch: pytest.MonkeyPatch, tenants: str) -> None:
    if tenants:
        monkeypatch.setenv("YDB_TENANTS", tenants)
    where = tenants.split() or [""]
    assert starter.run("upgrade", "head")[0] == 0
    for asked in ([], *(["-x", f"allow-downgrade={value}"] for value in ("no", "true", "YES"))):
        status, printed = starter.run(*asked, "downgrade", "-1")
        assert status == 255 and "Downgrades lose data" in printed, asked
        assert [starter.tables(name) for name in where] == [TABLES] * len(where)
    assert starter.run("-x", "allow-downgrade=yes", "downgrade", "-1")[0] == 0
    assert [starter.tables(name) for name in where] == [TABLES - {"pages"}] * len(where)


def test_guard_offline_too(starter: Starter) -> None:
    status, printed = starter.run("downgrade", "head:base", "--sql")
    assert status == 255 and "DROP" not in printed


def test_lease_and_hooks_autogenerate_leaves_the_lease_alone(starter: Starter) -> None:
    assert starter.run("upgrade", "head")[0] == 0
    assert "alembic_lease" in starter.names()
    before = set((starter.folder / "migrations" / "versions").iterdir())
    assert starter.run("revision", "--autogenerate", "-m", "nothing")[0] == 0
    [made] = (
        set((starter.folder / "migrations" / "versions").iterdir())
        - before
        - {starter.folder / "migrations" / "versions" / "__pycache__"}
    )
    assert "op." not in made.read_text().replace("from alembic import op", "")


def test_lease_and_tenants_one_that_is_taken_does_not_hold_up_the_others(
    starter: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YDB_TENANTS", "one two")
    assert starter.run("upgrade", "a1a1a1a1a1a1")[0] == 0
    starter.execute(TAKEN, "one")
    monkeypatch.setenv("ALEMBIC_LEASE_PATIENCE", "1")
    status, printed = starter.run("upgrade", "head")
    assert status == 255 and "one" in printed and "two" not in printed
    assert (starter.tables("one"), starter.tables("two")) == ({"customers"}, TABLES)


def test_lease_what_only_reads_does_not_wait_for_it(starter: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    assert starter.run("upgrade", "head")[0] == 0
    starter.execute(TAKEN)
    monkeypatch.setenv("ALEMBIC_LEASE_PATIENCE", "1")
    assert starter.run("current")[0] == 0
    assert starter.run("check")[0] == 0
    assert starter.run("upgrade", "head")[0] == 255


def test_tenants_and_autogenerate_needs_one(starter: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YDB_TENANTS", "one two")
    assert starter.run("upgrade", "head")[0] == 0
    status, printed = starter.run("check")
    assert status == 255 and "tenant" in printed
    assert starter.run("-x", "tenant=two", "check")[0] == 0


def test_offline_needs_neither_address_nor_login(starter: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("YDB_URL", "YDB_ANONYMOUS_CREDENTIALS"):
        monkeypatch.delenv(name)
    status, printed = starter.run("upgrade", "head", "--sql")
    assert status == 0
    assert [line for line in printed.splitlines() if line.startswith(("CREATE TABLE", "ALTER"))] == [
        "CREATE TABLE alembic_version (",
        "CREATE TABLE IF NOT EXISTS customers (",
        "ALTER TABLE customers ADD INDEX ix_customers_email GLOBAL SYNC ON (email);",
        "CREATE TABLE IF NOT EXISTS orders (",
        "CREATE TABLE IF NOT EXISTS pages (",
    ]
    assert "alembic_lease" not in printed
    status, printed = starter.run("-x", "tenant=one", "upgrade", "head", "--sql")
    assert status == 255 and "leave out -x tenant" in printed and "CREATE" not in printed


def test_an_older_line_has_to_be_named_for_autogenerate(starter: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    with Emulator(line="25.4") as older:
        monkeypatch.setenv("YDB_URL", older.url)
        assert starter.run("upgrade", "head")[0] == 0
        status, printed = starter.run("check")
        assert (status, "YDB does not tell the indexes of customers" in printed) == (255, True)
        env = starter.folder / "migrations" / "env.py"
        env.write_text(env.read_text().replace("hooks(metadata)", 'hooks(metadata, line="25.4")'))
        assert starter.run("check")[0] == 0


def test_from_python_loggers_are_left_alone(starter: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[object] = []
    monkeypatch.setattr("logging.config.fileConfig", lambda *given, **_: called.append(given))
    command.upgrade(Config(starter.folder / "alembic.ini"), "head")
    options = Namespace(x=["allow-downgrade=yes"])
    command.downgrade(Config(starter.folder / "alembic.ini", cmd_opts=options), "base")
    assert called == []
    starter.run("current")
    assert len(called) == 1


def test_two_at_once_run_each_revision_once(starter: Starter) -> None:
    both = [starter.start("upgrade", "head") for _ in range(2)]
    told = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert sorted(text.count("Running upgrade") for text in told) == [0, 4]
    assert starter.tables() == TABLES


def test_one_that_was_killed_is_gone_on_with(starter: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed while it holds the lease: the next one waits until that has expired, and goes on."""
    monkeypatch.setenv("ALEMBIC_LEASE_SECONDS", "3")
    first = starter.folder / "migrations" / "versions" / "a2a2a2a2a2a2_customers_are_found_by_email.py"
    text = first.read_text()
    first.write_text(
        text.replace("def upgrade() -> None:\n", "def upgrade() -> None:\n    print('here', flush=True); input()\n")
    )
    process = starter.start("upgrade", "head")
    assert process.stdout is not None
    assert any(line == "here\n" for line in process.stdout)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    first.write_text(text)
    assert starter.tables() == {"customers"}
    assert starter.run("upgrade", "head")[0] == 0
    assert starter.tables() == TABLES
    assert starter.run("check")[0] == 0
