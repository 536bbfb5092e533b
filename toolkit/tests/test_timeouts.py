"""The limit of a statement is the one of the setting, and reaches YDB's SDK."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from project import Project

from alembic_ydb.timeouts import TimeoutsError, options
from ydb_emulator import Emulator

TOP = "from alembic_ydb import timeouts"
ONLINE = """
    with sa.create_engine({url!r}, poolclass=sa.NullPool).connect() as connection:
        connection = connection.execution_options(**timeouts.options(os.environ))
        context.configure(connection=connection)
        context.run_migrations()
"""


def test_two_hours_unless_the_environment_says_otherwise() -> None:
    assert options({})["ydb_request_settings"].timeout == 7200
    assert options({"ALEMBIC_STATEMENT_SECONDS": "600"})["ydb_request_settings"].timeout == 600


def test_nonsense_is_refused() -> None:
    for text in ("", "0", "-1", "1.5", "1e3", "inf", "nan", "86401", "2h", " 5", "٣", "9" * 5000):
        with pytest.raises(TimeoutsError, match="ALEMBIC_STATEMENT_SECONDS has to be a whole number"):
            options({"ALEMBIC_STATEMENT_SECONDS": text})


def test_nonsense_ends_a_command_before_anything_is_sent(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.env(TOP, online=ONLINE.format(url=project.url))
    project.table("a1", None)
    monkeypatch.setenv("ALEMBIC_STATEMENT_SECONDS", "2h")
    assert project.run("upgrade", "head") == 255
    assert project.tables() == set()


def test_a_statement_is_waited_for_so_long(
    project: Project, ydb_emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.env(TOP, online=ONLINE.format(url=project.url))
    project.table("a1", None)
    assert project.run("stamp", "base") == 0  # makes the version table
    monkeypatch.setenv("ALEMBIC_STATEMENT_SECONDS", "2")
    ydb_emulator.faults.delay_scheme_operation(3600)
    with pytest.raises(sa.exc.OperationalError, match="Deadline exceeded on request"):
        project.run("upgrade", "head")
    ydb_emulator.database.hurry()


def test_it_is_a_limit_for_connections_of_an_engine_too(ydb_url: str) -> None:
    engine = sa.create_engine(ydb_url, poolclass=sa.NullPool, execution_options=options({}))
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT 1")) == 1
        driver: Any = connection.connection.dbapi_connection
        assert driver.get_ydb_request_settings().timeout == 7200
    engine.dispose()
