"""Every module of a production env.py at once: each does its part, whatever the others do."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from project import Project

from ydb_emulator import Emulator

ENV = """\
import os
import sqlalchemy as sa
from alembic import context
from ydb_sqlalchemy.alembic import YDBImpl
from alembic_ydb import guard, lease, login, tenants, timeouts

guard.check(context)

def migrate(url):
    given = {{"credentials": login.credentials(os.environ)}}
    engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args=given)
    with engine.connect().execution_options(**timeouts.options(os.environ)) as connection:
        context.configure(
            connection=connection, target_metadata=sa.MetaData(), include_name=lease.include_name
        )
        with lease.held(context.get_context()), context.begin_transaction():
            context.run_migrations()

if context.is_offline_mode():
    context.configure(dialect_name="yql", literal_binds=True)
    context.run_migrations()
else:
    tenants.run(context, tenants.directories({url!r}, ["acme", "bolt"]), migrate)
"""
OFF = ("YDB_USER", "YDB_PASSWORD", "ALEMBIC_LEASE_SECONDS", "ALEMBIC_LEASE_PATIENCE", "ALEMBIC_STATEMENT_SECONDS")


@pytest.fixture
def together(project: Project, ydb_emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A revision that makes a table, for two tenants. Nobody needs to log in."""
    for name in OFF:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("YDB_ANONYMOUS_CREDENTIALS", "1")
    (project.folder / "migrations" / "env.py").write_text(ENV.format(url=project.url))
    project.table("t1", None)
    return project


def made(project: Project) -> list[str]:
    return sorted(name for name in project.tables() if name.endswith("/t1"))


def leases(project: Project) -> list[str | None]:
    engine = sa.create_engine(project.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        owners = [connection.scalar(sa.text(f"SELECT owner FROM `{name}/alembic_lease`")) for name in ("acme", "bolt")]
    engine.dispose()
    return owners


def test_up_and_down(together: Project) -> None:
    assert together.run("upgrade", "head") == 0
    assert made(together) == ["acme/t1", "bolt/t1"]
    assert leases(together) == [None, None]
    assert together.run("downgrade", "base") == 255
    assert together.run("-x", "tenant=acme", "-x", "allow-downgrade=no", "downgrade", "base") == 255
    assert made(together) == ["acme/t1", "bolt/t1"]
    assert together.run("-x", "tenant=acme", "-x", "allow-downgrade=yes", "downgrade", "base") == 0
    assert made(together) == ["bolt/t1"]
    assert together.run("upgrade", "head", "--sql") == 0
    assert together.run("downgrade", "t1:base", "--sql") == 255


WRONG = [
    ("YDB_USER", "alice"),  # a second way to log in
    ("YDB_ANONYMOUS_CREDENTIALS", ""),
    ("YDB_ANONYMOUS_CREDENTIALS", "yes"),
    ("ALEMBIC_LEASE_SECONDS", "1m"),
    ("ALEMBIC_LEASE_PATIENCE", "0"),
    ("ALEMBIC_STATEMENT_SECONDS", "0"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_one_wrong_setting_ends_it_for_each_tenant_and_changes_nothing(
    together: Project, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert together.run("upgrade", "head") == 255
    assert "FAILED: failed for acme, bolt: 2 of 2 tenants" in "".join(capfd.readouterr())
    assert together.tables() == set()


def test_its_own_tables_are_left_alone_by_autogenerate(together: Project) -> None:
    together.revision("t1", None)
    assert together.run("upgrade", "head") == 0
    assert together.run("-x", "tenant=acme", "check") == 0
