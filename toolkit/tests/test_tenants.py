"""Whatever one tenant does, the others are migrated, and the command says which failed."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.util import CommandError
from project import Project

from alembic_ydb.tenants import TenantsFailed, directories
from ydb_emulator import Emulator
from ydb_emulator.errors import Status

pytestmark = pytest.mark.usefixtures("shared_driver")

NAMES = ("acme", "bolt", "core")
ALL = {f"{name}/t1" for name in NAMES}


@pytest.fixture
def tenants(project: Project) -> Project:
    """Three tenants, in directories of the database. The lease is held for each."""
    with_run(project, "")
    project.table("t1", None)
    return project


def with_run(project: Project, options: str, names: tuple[str, ...] = NAMES) -> None:
    """Write env.py. In: more arguments of `run`."""
    project.env(
        top="from alembic_ydb import lease, tenants",
        inside="lease.held(context.get_context(), lease.Settings(60, 2)), ",
        online=f"tenants.run(context, tenants.directories({project.url!r}, {names!r}), migrate{options})",
    )


def made(project: Project) -> set[str]:
    """The tables that the revisions made."""
    return {name for name in project.tables() if name.rpartition("/")[2] not in ("alembic_version", "alembic_lease")}


def execute(project: Project, *statements: str) -> None:
    engine = sa.create_engine(project.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(sa.DDL(statement))
    engine.dispose()


def test_one_or_all(tenants: Project) -> None:
    assert tenants.run("-x", "tenant=bolt", "upgrade", "head") == 0
    assert made(tenants) == {"bolt/t1"}
    assert tenants.run("upgrade", "head") == 0
    assert made(tenants) == ALL
    assert tenants.run("current", "--check-heads") == 0


FAILURES = {
    "NameError": "nonsense",
    "ZeroDivisionError": "1 / 0",
    "SystemExit": "raise SystemExit(0)",
    "ProgrammingError": 'op.execute("SELECT * FROM no_such_table")',
    "CommandError": "from alembic.util import CommandError; raise CommandError('not this one')",
}


@pytest.mark.parametrize("error", FAILURES)
def test_whatever_a_revision_raises_the_others_go_on(
    tenants: Project, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], error: str
) -> None:
    """A NameError kept it from the tenants that follow, before; a SystemExit(0) would have looked like success."""
    fails = f"""if "bolt" in op.get_bind().engine.url.query["ydb_table_path_prefix"]:
        {FAILURES[error]}"""
    tenants.revision("t0", "t1", fails)
    assert tenants.run("upgrade", "head") == 255
    assert made(tenants) == ALL
    assert "FAILED: failed for bolt: 1 of 3 tenants" in "".join(capfd.readouterr())
    [record] = [
        record for record in caplog.records if record.levelno == logging.ERROR and record.name == "alembic.tenants"
    ]
    assert record.exc_info and record.exc_info[0] is not None and record.exc_info[0].__name__ == error
    assert tenants.run("-x", "tenant=core", "current", "--check-heads") == 0
    assert tenants.run("-x", "tenant=bolt", "current", "--check-heads") == 255


def test_a_lease_that_cannot_be_had_holds_up_nobody_else(tenants: Project, capfd: pytest.CaptureFixture[str]) -> None:
    """LeaseError kept it from the tenants that follow, before."""
    execute(
        tenants,
        "CREATE TABLE `acme/alembic_lease` (name Utf8 NOT NULL, owner Utf8, expires Timestamp, PRIMARY KEY (name))",
        "UPSERT INTO `acme/alembic_lease` (name, owner, expires) VALUES "
        "('alembic', 'someone', CurrentUtcTimestamp() + Interval('PT1H'))",
    )
    assert tenants.run("upgrade", "head") == 255
    assert made(tenants) == ALL - {"acme/t1"}
    assert "failed for acme: 1 of 3 tenants" in "".join(capfd.readouterr())


def test_a_database_that_refuses_everything_holds_up_nobody_else(tenants: Project, ydb_emulator: Emulator) -> None:
    ydb_emulator.faults.fail(
        status=Status.UNAUTHORIZED, message="Access denied", times=1_000_000, matching=lambda text: "/core" in text
    )
    assert tenants.run("upgrade", "head") == 255
    ydb_emulator.faults.clear()
    assert made(tenants) == ALL - {"core/t1"}


def test_the_first_failure_may_end_it(tenants: Project, capfd: pytest.CaptureFixture[str]) -> None:
    with_run(tenants, ", stop=True")
    tenants.revision("t2", "t1", "nonsense")
    assert tenants.run("upgrade", "head") == 255
    assert "failed for acme: 1 of 3 tenants; not begun: 2" in "".join(capfd.readouterr())
    assert made(tenants) == {"acme/t1"}


@pytest.mark.parametrize("arguments", ["revision --autogenerate", "check"])
def test_what_compares_with_one_database_asks_which(
    tenants: Project, capfd: pytest.CaptureFixture[str], arguments: str
) -> None:
    """One revision was made of what three databases lack, before."""
    assert tenants.run("upgrade", "head") == 0
    assert tenants.run(*arguments.split()) == 255
    assert "choose it with -x tenant=NAME" in "".join(capfd.readouterr())
    with pytest.raises(CommandError, match="choose it with -x tenant=NAME"):
        command.check(tenants.config())
    assert len(list((tenants.folder / "migrations" / "versions").glob("*.py"))) == 1


def test_nonsense_changes_nothing(tenants: Project, capfd: pytest.CaptureFixture[str]) -> None:
    for given in ("tenant=acne", "tenant=", "tenant", "tenant=acme,bolt", "tenant=*", "tenant=ACME"):
        assert tenants.run("-x", given, "upgrade", "head") == 255
        assert "FAILED: no such tenant" in "".join(capfd.readouterr())
    assert tenants.run("-x", "tenant=acme", "-x", "tenant=bolt", "upgrade", "head") == 255
    assert "more than one tenant" in "".join(capfd.readouterr())
    with_run(tenants, "", names=())
    assert tenants.run("upgrade", "head") == 255
    assert "there are no tenants" in "".join(capfd.readouterr())
    assert made(tenants) == set()


def test_a_program_is_told_by_an_error(tenants: Project) -> None:
    tenants.revision("t2", "t1", "nonsense")
    with pytest.raises(TenantsFailed, match="failed for acme, bolt, core: 3 of 3 tenants"):
        command.upgrade(tenants.config(), "head")
    command.upgrade(tenants.config("tenant=core"), "t1")


def test_directories_of_a_database() -> None:
    url = "yql+ydb://ydb.example:2135/ru/b1/etn?protocol=grpcs"
    assert directories(url, ["acme"]) == {"acme": f"{url}&ydb_table_path_prefix=%2Fru%2Fb1%2Fetn%2Facme"}
    assert sa.make_url(directories(url, ["acme"])["acme"]).query["ydb_table_path_prefix"] == "/ru/b1/etn/acme"
    for name in ("", ".", "..", "a/b", "/acme", " ", "one,two", "one two", 'a"; DROP TABLE t; --', "a\\", "a\n"):
        with pytest.raises(CommandError, match="not the name of a tenant's directory"):
            directories(url, [name])
    with pytest.raises(
        CommandError, match="a list of names, not the text 'acme'"
    ):  # four tenants, a, c, m and e, before
        directories(url, "acme")
    with pytest.raises(CommandError, match="names no database"):
        directories("yql+ydb://ydb.example:2135", ["acme"])
    with pytest.raises(CommandError, match="^the port in the URL of the tenants is no number$"):
        directories("yql+ydb://alice:one@two:three@ydb.example:2135/local", ["acme"])
    with pytest.raises(CommandError, match="has a ydb_table_path_prefix"):
        directories(f"{url}&ydb_table_path_prefix=/ru/b1/etn/x", ["acme"])
