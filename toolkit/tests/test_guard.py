"""Downgrades are refused unless one value of one option asks for them."""

from __future__ import annotations

import functools
from typing import Any

import pytest
from alembic import command
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from project import Project

from alembic_ydb.guard import DowngradeRefused

pytestmark = pytest.mark.usefixtures("shared_driver")

ASK = "allow-downgrade=yes"


@pytest.fixture
def applied(project: Project) -> Project:
    """At a revision that made a table, with the guard in env.py."""
    project.env(top="from alembic_ydb import guard\nguard.check(context)")
    project.table("a1", None)
    assert project.run("upgrade", "head") == 0
    return project


REFUSED = [
    "",
    "-x allow-downgrade=no",  # passed before
    "-x allow-downgrade",
    "-x allow-downgrade=",
    "-x allow-downgrade=YES",
    "-x allow-downgrade=true",
    "-x allow-downgrade=1",
    "-x allow-downgrade==yes",
    "-x allow_downgrade=yes",
    "-x Allow-Downgrade=yes",
    "-x yes",
    "-x tenant=allow-downgrade=yes",
    "-x allow-downgrade=yes -x allow-downgrade=no",
    "-x allow-downgrade=no -x allow-downgrade=yes",
]


def test_nothing_but_yes_lets_a_downgrade_through(applied: Project, capfd: pytest.CaptureFixture[str]) -> None:
    for options in REFUSED:
        for target in ("-1", "base", "a1:base --sql"):
            assert applied.run(*options.split(), "downgrade", *target.split()) == 255, options
            assert "FAILED: Downgrades lose data." in "".join(capfd.readouterr())
    assert applied.run("-x", "allow-downgrade= yes", "downgrade", "-1") == 255
    assert applied.tables() == {"a1"}


def test_yes_lets_it_through(applied: Project, caplog: pytest.LogCaptureFixture) -> None:
    assert applied.run("-x", ASK, "downgrade", "base") == 0
    assert applied.tables() == set()
    assert "Downgrade allowed by -x allow-downgrade=yes" in caplog.messages


def test_yes_among_other_options(applied: Project) -> None:
    assert applied.run("-x", "tenant=acme", "-x", ASK, "-x", ASK, "downgrade", "-1") == 0
    assert applied.tables() == set()


def test_other_commands_pass(applied: Project) -> None:
    applied.table("b2", "a1")
    for arguments in (
        ["upgrade", "head"],
        ["current"],
        ["history", "-i"],
        ["stamp", "a1"],
        ["upgrade", "a1:b2", "--sql"],
    ):
        assert applied.run(*arguments) == 0


def test_a_program_that_calls_alembic_is_refused_too(applied: Project) -> None:
    with pytest.raises(DowngradeRefused):
        command.downgrade(applied.config(), "base")
    with pytest.raises(DowngradeRefused, match="Not -x allow-downgrade=no"):
        command.downgrade(applied.config("allow-downgrade=no"), "base")
    assert applied.tables() == {"a1"}
    command.downgrade(applied.config(ASK), "base")
    assert applied.tables() == set()


def own(project: Project, *x: str) -> None:
    """What a program does that has an EnvironmentContext and a function of its own: to base."""
    config = project.config(*x)
    script = ScriptDirectory.from_config(config)

    def back(revision: str, current: Any, migration: Any) -> list[Any]:
        return script._downgrade_revs(revision, current)

    with EnvironmentContext(config, script, fn=functools.partial(back, "base"), destination_rev="base"):
        script.run_env()


def test_a_function_of_a_program_is_refused_too(applied: Project) -> None:
    """It passed before, as it has another name than Alembic's own."""
    with pytest.raises(DowngradeRefused):
        own(applied)
    assert applied.tables() == {"a1"}
    own(applied, ASK)
    assert applied.tables() == set()


def test_a_revision_named_downgrade_is_none(applied: Project) -> None:
    """Only the command counts, not what is written in its arguments."""
    applied.table("downgrade", "a1")
    assert applied.run("upgrade", "downgrade") == 0
    assert applied.tables() == {"a1", "downgrade"}


def test_downgrade_to_an_older_revision_by_upgrade_does_nothing(applied: Project) -> None:
    """There is no way past the guard through another command."""
    applied.table("b2", "a1")
    assert applied.run("upgrade", "head") == 0
    assert applied.run("upgrade", "a1") == 0
    assert applied.run("upgrade", "-1") == 255
    assert applied.tables() == {"a1", "b2"}
